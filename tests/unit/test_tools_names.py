"""Empty names: what says nothing of its purpose is refused, field words that merely contain one are not."""

from pathlib import Path

import pytest
from tools import names


@pytest.mark.parametrize("name", ["CaseManager", "OrderService", "BaseView", "FileUtil", "MessageHandler"])
def test_a_class_with_an_empty_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "m.py").write_text(f"class {name}:\n    pass\n")

    assert names.findings(tmp_path) == [f"src/m.py:1: class called {name}: say what it does"]


@pytest.mark.parametrize("name", ["ServiceItem", "ServiceOpening", "Database", "Baseline"])
def test_a_field_word_that_contains_an_empty_word_passes(tmp_path: Path, name: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "m.py").write_text(f"class {name}:\n    pass\n")

    assert names.findings(tmp_path) == []


@pytest.mark.parametrize("file", ["utils.py", "case_helpers.py", "common/title.py"])
def test_a_file_with_an_empty_name_is_refused(tmp_path: Path, file: str) -> None:
    path = tmp_path / "src" / file
    path.parent.mkdir(parents=True)
    path.write_text("")

    assert len(names.findings(tmp_path)) == 1
