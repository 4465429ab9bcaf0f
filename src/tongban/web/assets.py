"""Collects the pinned browser assets from node_modules into the git-ignored static folder `vendor`.

Run `npm ci --ignore-scripts`, then `python -m tongban.web.assets`.  Pages work without them: device signing falls
back to an upload, and nothing else needs JavaScript.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of one npm package, under the name our pages load, with its licence beside it."""

    package: str
    source: str
    name: str
    is_dev: bool = False


ASSETS = (
    Asset("htmx.org", "dist/htmx.min.js", "htmx.js"),
    Asset("htmx.org", "LICENSE", "htmx.LICENSE.txt"),
    Asset("signature_pad", "dist/signature_pad.min.js", "signature_pad.js"),
    Asset("signature_pad", "LICENSE", "signature_pad.LICENSE.txt"),
    Asset("axe-core", "axe.min.js", "axe.js", is_dev=True),
    Asset("axe-core", "LICENSE", "axe.LICENSE.txt", is_dev=True),
)


class MissingAssetError(Exception):
    """A needed file is not in node_modules; the message names it and the command that brings it."""


def collect(node_modules: Path, target: Path = VENDOR) -> tuple[Path, ...]:
    """Copy every asset, replacing what was there; development-only ones are left out where they are not installed."""
    found = tuple((asset, node_modules / asset.package / asset.source) for asset in ASSETS)
    for asset, source in found:
        if not source.is_file() and not asset.is_dev:
            raise MissingAssetError(f"{source} is missing; run: npm ci --ignore-scripts")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return tuple(Path(_copy(source, target / asset.name)) for asset, source in found if source.is_file())


def _copy(source: Path, target: Path) -> str:
    """Copy a text file without its source-map line, which would point at a file we do not ship."""
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(line for line in lines if not line.startswith("//# sourceMappingURL=")), encoding="utf-8")
    return str(target)


def main(arguments: Sequence[str]) -> int:
    """Collect from the node_modules given, or from the one in the current folder."""
    node_modules = Path(arguments[0]) if arguments else Path.cwd() / "node_modules"
    try:
        for path in collect(node_modules):
            print(path.name)
    except MissingAssetError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
