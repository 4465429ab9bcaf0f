"""Browser assets come from the pinned packages, all or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tongban.web.assets import ASSETS, MissingAssetError, collect

ROOT = Path(__file__).parents[2]


def installed(folder: Path, *, with_dev: bool) -> Path:
    for asset in ASSETS:
        if with_dev or not asset.is_dev:
            file = folder / asset.package / asset.source
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("code();\n//# sourceMappingURL=code.js.map\n", encoding="utf-8")
    return folder


def test_every_asset_is_collected_under_our_name_without_its_source_map(tmp_path: Path) -> None:
    node_modules = installed(tmp_path / "node_modules", with_dev=True)
    target = tmp_path / "vendor"

    collect(node_modules, target)

    assert sorted(file.name for file in target.iterdir()) == sorted(asset.name for asset in ASSETS)
    assert {file.read_text(encoding="utf-8") for file in target.iterdir()} == {"code();\n"}


def test_what_an_earlier_version_left_is_removed(tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    target.mkdir()
    (target / "old.js").touch()

    collect(installed(tmp_path / "node_modules", with_dev=False), target)

    assert not (target / "old.js").exists()
    assert not (target / "axe.js").exists()


def test_a_missing_package_is_named_and_nothing_is_touched(tmp_path: Path) -> None:
    target = tmp_path / "vendor"
    target.mkdir()
    (target / "htmx.js").touch()

    with pytest.raises(MissingAssetError, match="npm ci"):
        collect(tmp_path / "node_modules", target)

    assert (target / "htmx.js").exists()


def test_every_version_is_exact_and_locked_without_registry_addresses() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    versions = wanted["dependencies"] | wanted["devDependencies"]

    assert {name: locked[f"node_modules/{name}"]["version"] for name in versions} == versions
    assert all("resolved" not in package for package in locked.values())
    assert {asset.package for asset in ASSETS} == set(versions)
