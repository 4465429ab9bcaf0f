"""Outside the catalogue nothing decides by a service number."""

import subprocess
from pathlib import Path

import pytest
from tools import no_item_branches


def _findings(root: Path, path: str, text: str) -> list[str]:
    file = root / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return no_item_branches.findings(root)


@pytest.mark.parametrize(
    "text",
    [
        'if item.number == "S02":\n    pass\n',
        'if item.number in ("S02", "S13"):\n    pass\n',
        'match number:\n    case "S02":\n        pass\n',
        'FEES = {"S02": 80}\n',
        'if number.startswith("S13"):\n    pass\n',
    ],
)
def test_a_branch_on_a_service_number_is_found(tmp_path: Path, text: str) -> None:
    assert _findings(tmp_path, "src/tongban/cases/flow.py", text) != []


def test_a_template_that_branches_on_a_service_number_is_found(tmp_path: Path) -> None:
    text = '{% if item.number == "S13" %}x{% endif %}\n'

    assert _findings(tmp_path, "src/tongban/desk/templates/case.html", text) == [
        "src/tongban/desk/templates/case.html:1: a template branches on a service number; ask the ServiceItem"
    ]


def test_a_service_number_as_an_argument_passes(tmp_path: Path) -> None:
    assert _findings(tmp_path, "src/tongban/cli/demo.py", 'open_application("S13", key="S13x")\n') == []


def test_the_catalogue_itself_may_name_numbers(tmp_path: Path) -> None:
    assert _findings(tmp_path, "src/tongban/domain/catalogue/__init__.py", 'TABLE = {"S13": 1}\n') == []
