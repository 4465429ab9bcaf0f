"""Reading a sheet that people made: the first sheet of an xlsx workbook, or CSV in UTF-8 or GB18030; bounded throughout.

Text comes out as it stands in the cells.  Nothing is computed: a formula is reported, never its remembered result.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from tongban.domain.errors import InvalidInput, Problem

SHEET_BYTES_MAX: Final = 50 * 1024 * 1024
PARTS_BYTES_MAX: Final = 200 * 1024 * 1024  # of one part of a workbook, unpacked
PARTS_MAX: Final = 1000
ROWS_MAX: Final = 5000
COLUMNS_MAX: Final = 200
CELL_CHARACTERS_MAX: Final = 2000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_WHOLE = re.compile(r"(-?[0-9]+)\.0+", re.ASCII)
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMMANDS = (
    "=",
    "@",
)  # how a cell begins that a spreadsheet would carry out; plus and minus begin telephone numbers too


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as the spreadsheet counts it, its cells by column (from 0), and the columns with formulas."""

    number: int
    cells: Mapping[int, str]
    formulas: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The head line and the rows below it that are not empty."""

    head: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(data: bytes) -> Sheet:
    """The sheet in a file; what it is comes from its bytes, never from its name.

    Raises InvalidInput when it is empty, too large, locked, broken, or neither xlsx nor CSV.
    """
    if not data.strip():
        raise refuse("文件是空的", "请重新选择文件")
    if len(data) > SHEET_BYTES_MAX:
        raise refuse("文件超过 50 MB", "表里只留要填的列，去掉图片，或者分成几个文件")
    if data.startswith(_OLD_OR_LOCKED):
        raise refuse("这是旧版 .xls 或者设了密码的表格", "请去掉密码，另存为 .xlsx 或者 CSV 再上传")
    rows = list(_bounded(_workbook(data) if data.startswith(b"PK\x03\x04") else _csv(data)))
    if not rows:
        raise refuse("表里没有字", "第一行写列名，从第二行开始一行填一件")
    first, *others = rows
    head = tuple(first.cells.get(place, "").strip() for place in range(max(first.cells) + 1))
    if not others:
        raise refuse("表里只有列名，没有要办的行", "从第二行开始，一行填一件")
    return Sheet(head, tuple(others))


def refuse(what_zh: str, cure_zh: str) -> InvalidInput:
    """The whole file is refused; nothing of it was kept."""
    return InvalidInput([Problem("sheet", what_zh, cure_zh)], code="sheet_refused")


def _bounded(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    count = 0
    for row in rows:
        cells = {place: text for place, text in row.cells.items() if text.strip() or place in row.formulas}
        if not cells:
            continue
        count += 1
        if count > ROWS_MAX + 1:
            raise refuse(f"超过 {ROWS_MAX} 行", f"请分成几个文件，每个不超过 {ROWS_MAX} 行")
        if max(cells) >= COLUMNS_MAX:
            raise refuse(f"第 {row.number} 行超过 {COLUMNS_MAX} 列", "请用下载的样表，不要加别的列")
        if any(len(text) > CELL_CHARACTERS_MAX for text in cells.values()):
            raise refuse(f"第 {row.number} 行有一格超过 {CELL_CHARACTERS_MAX} 个字", "请写短一些")
        yield SheetRow(row.number, cells, row.formulas)


def _csv(data: bytes) -> Iterator[SheetRow]:
    text = _decoded(data)
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            found = {place: cell for place, cell in enumerate(cells) if cell.strip()}
            formulas = frozenset(place for place, cell in found.items() if cell.lstrip().startswith(_COMMANDS))
            yield SheetRow(number, found, formulas)
    except csv.Error:
        raise refuse("CSV 文件的引号或者分隔不对，读不下去", "请用表格软件打开，另存为 .xlsx 再上传") from None


def _decoded(data: bytes) -> str:
    if b"\x00" in data:
        raise refuse("不是表格文件", "只接受 .xlsx，或者 UTF-8、GB18030 的 CSV")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("文字的编码认不出来", "请另存为 .xlsx，或者 UTF-8 的 CSV")


def _workbook(data: bytes) -> Iterator[SheetRow]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = frozenset(book.namelist())
            if len(names) > PARTS_MAX:
                raise refuse("表格文件里的东西太多", "请另存为新的 .xlsx 再上传")
            first = _first_sheet(book)
            shared = _shared(book) if "xl/sharedStrings.xml" in names else []
            yield from _rows(_part(book, first), shared)
    except (zipfile.BadZipFile, KeyError, ET.ParseError, NotImplementedError, RuntimeError, ValueError, IndexError):
        raise refuse("表格文件坏了，或者不是 .xlsx", "请用表格软件打开，另存为 .xlsx 再上传") from None


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    """One part, unpacked up to the bound; a document type, which could swell without end, is never read."""
    with book.open(name) as file:
        content = file.read(PARTS_BYTES_MAX + 1)
    if len(content) > PARTS_BYTES_MAX:
        raise refuse("表格展开以后太大", "请删掉空行、格式和别的工作表，另存为 .xlsx 再上传")
    if b"<!DOCTYPE" in content or b"\x00" in content:
        raise refuse("表格文件的写法不对", "请用表格软件打开，另存为 .xlsx 再上传")
    return content


def _first_sheet(book: zipfile.ZipFile) -> str:
    sheet = ET.fromstring(_part(book, "xl/workbook.xml")).find(f"{_MAIN}sheets/{_MAIN}sheet")  # noqa: S314 - see _part
    links = ET.fromstring(_part(book, "xl/_rels/workbook.xml.rels"))  # noqa: S314 - see _part
    wanted = sheet.get(_RELATED) if sheet is not None else None
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared(book: zipfile.ZipFile) -> list[str]:
    root = ET.fromstring(_part(book, "xl/sharedStrings.xml"))  # noqa: S314 - see _part
    return [_text(one) for one in root]


def _text(element: ET.Element) -> str:
    """Plain and rich text; what is only read aloud above a character (rPh) is left out."""
    runs = [element, *element.findall(f"{_MAIN}r")]
    return "".join(run.findtext(f"{_MAIN}t") or "" for run in runs)


def _rows(content: bytes, shared: list[str]) -> Iterator[SheetRow]:
    number = 0
    for _, element in ET.iterparse(io.BytesIO(content)):  # noqa: S314 - see _part
        if element.tag != f"{_MAIN}row":
            continue
        number = int(element.get("r") or number + 1)
        cells, formulas = dict[int, str](), set[int]()
        for place, cell in enumerate(element):
            at = _column(cell.get("r", ""), place)
            cells[at] = _value(cell, shared)
            if cell.find(f"{_MAIN}f") is not None or cells[at].lstrip().startswith(_COMMANDS):
                formulas.add(at)
        yield SheetRow(number, cells, frozenset(formulas))
        element.clear()


def _column(reference: str, otherwise: int) -> int:
    match = _PLACE.fullmatch(reference)
    if match is None:
        return otherwise
    place = 0
    for letter in match[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _value(cell: ET.Element, shared: list[str]) -> str:
    kind, said = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(said)]
    if kind == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return "" if inline is None else _text(inline)
    whole = _WHOLE.fullmatch(said) if kind == "n" else None
    return whole[1] if whole else said
