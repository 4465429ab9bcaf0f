"""Sheets that people, or somebody who means harm, hand in: bounded, never computed, never trusted for their name."""

from __future__ import annotations

import io
import zipfile

import pytest

from tongban.domain.errors import InvalidInput
from tongban.intake.batches import sheets, workbooks

HEAD = ["不动产单元号", "姓名"]


def book(*rows: list[str]) -> bytes:
    return workbooks.workbook([("申请", [HEAD, *rows])])


def rewritten(data: bytes, part: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def told(data: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        sheets.read_sheet(data)
    return refused.value.problems[0].what_zh


def test_text_comes_out_as_it_was_typed() -> None:
    found = sheets.read_sheet(book(["410526", "王 <小> & “丽”"], ["", ""], ["007", "=1+1"]))

    assert found.head == ("不动产单元号", "姓名")
    assert [(row.number, row.cells.get(1), row.formulas) for row in found.rows] == [
        (2, "王 <小> & “丽”", frozenset()),
        (4, "=1+1", frozenset({1})),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_people_save_it_in(encoding: str) -> None:
    found = sheets.read_sheet("不动产单元号,姓名\n410526,王小丽\n@SUM(1),李\n".encode(encoding))

    assert found.rows[0].cells == {0: "410526", 1: "王小丽"}
    assert found.rows[1].formulas == frozenset({0})


def test_bytes_in_no_known_encoding_are_refused() -> None:
    assert "编码" in told(b"\xff\xfe\xfd,\xff\n\xff,\xff\n")


def test_too_many_rows_columns_and_characters_are_refused() -> None:
    assert "5000 行" in told(("单元号\n" + "1\n" * (sheets.ROWS_MAX + 2)).encode())
    assert "200 列" in told(("号" + ",x" * 300 + "\n" + "1" + ",1" * 300 + "\n").encode())
    assert "2000 个字" in told(("单元号\n" + "长" * 2001 + "\n").encode())
    assert sheets.read_sheet(("单元号\n" + "1\n" * sheets.ROWS_MAX).encode()).rows[-1].number == sheets.ROWS_MAX + 1


def test_a_file_over_fifty_megabytes_is_refused_before_it_is_opened() -> None:
    assert "50 MB" in told(b"PK\x03\x04" + b"0" * sheets.SHEET_BYTES_MAX)


def test_a_part_that_swells_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PARTS_BYTES_MAX", 1_000_000)
    bomb = rewritten(book(["1", "甲"]), "xl/worksheets/sheet1.xml", b"<a>" + b" " * 20_000_000 + b"</a>")

    assert len(bomb) < 100_000 and "太大" in told(bomb)


def test_a_workbook_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PARTS_MAX", 3)

    assert "太多" in told(book(["1", "甲"]))


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
        b"<worksheet><sheetData><row>",
        b"\x00\x01",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="x"><c><v>1</v></c></row></sheetData></worksheet>',
    ],
)
def test_a_part_that_is_no_honest_table_is_refused(content: bytes) -> None:
    assert told(rewritten(book(["1", "甲"]), "xl/worksheets/sheet1.xml", content))


def test_a_number_stays_the_digits_it_was_shown_as() -> None:
    content = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>n</t></is></c></row>'
        b'<row r="2"><c r="A2"><v>13800138000.0</v></c></row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>'
        b"</sheetData></worksheet>"
    )
    found = sheets.read_sheet(rewritten(book(["1", "甲"]), "xl/worksheets/sheet1.xml", content))

    assert found.rows[0].cells == {0: "13800138000"}
    assert found.rows[1].formulas == frozenset({0}), "a formula is reported, its remembered result is not believed"
