"""The statutory pages of a unit, its summary in plain words and its moments, as the components want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tongban.cases.unit_look import UnitSheet
from tongban.domain.book_pages.plain_words import Plain, plain_words
from tongban.domain.book_pages.statutory import NONE_ZH, Block, Cell, Sheet, holder_text, sheets_of
from tongban.domain.book_pages.versions import Standing, cause_zh
from tongban.domain.burden_entries import CloseBurden
from tongban.domain.entries import (
    AlterHolder,
    CloseTitle,
    DescribeUnit,
    Entry,
    OpenTitle,
    ReplaceCertificate,
    ReplaceTitle,
)
from tongban.register.reading import HistoryLine
from tongban.web.parts import Badge, Column, Datum, Link, Row, Table, Tone

UPTO: Final = "upto"
_TONES: Final = {
    Standing.CURRENT: Tone.DONE,
    Standing.NOT_YET: Tone.WAITING,
    Standing.OVERDUE: Tone.WAITING,
    Standing.LAPSED: Tone.WAITING,
    Standing.HISTORIC: Tone.QUIET,
    Standing.TERMINATED: Tone.QUIET,
    Standing.CANCELLED: Tone.QUIET,
}


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A right in the columns of its page."""

    name_zh: str
    standing: Badge
    is_past: bool
    rows: Sequence[Datum]
    end_rows: Sequence[Datum]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A statutory page: what no entry has ended, and what is over."""

    key: str
    title_zh: str
    number: int
    current: Sequence[ShownBlock]
    past: Sequence[ShownBlock]

    @property
    def is_empty(self) -> bool:
        return not self.current and not self.past


@dataclass(frozen=True, slots=True)
class Moment:
    """A recording of the unit: the register as it stood right after it."""

    upto: int
    text: HistoryLine
    what_zh: str
    url: str
    is_shown: bool


def pages(sheet: UnitSheet) -> list[ShownPage]:
    """All statutory pages in the order of the form, masked as far as this look is."""
    return [_page(one, number, is_full=sheet.is_full) for number, one in enumerate(sheets_of(sheet.book), 1)]


def contents(found: Sequence[ShownPage]) -> Table:
    """不动产权利登记目录: what stands on each page; leads to it."""
    columns = (Column("页", "number"), Column("登记簿页"), Column("现势", "number"), Column("历史、注销", "number"))
    rows = [
        Row((page.number, Link(page.title_zh, f"#{page.key}"), len(page.current), len(page.past)))
        if not page.is_empty
        else Row((page.number, f"{page.title_zh}（{NONE_ZH}）", None, None))
        for page in found
    ]
    return Table("登记目录", columns, rows)


def summary(sheet: UnitSheet) -> tuple[Plain, ...]:
    """What lies on the unit, in words for its owner."""
    return plain_words(sheet.book, sheet.day)


def moments(sheet: UnitSheet, url: str) -> list[Moment]:
    """Every recording of the unit, the latest first, each leading to the register as it stood right after it."""
    found: dict[object, HistoryLine] = {}
    words: dict[object, list[str]] = {}
    for line in sheet.all_lines:
        if line.entry is not None:
            at = (line.at, line.case_no)
            found[at] = line
            words.setdefault(at, []).append(_what_zh(line.entry))
    shown = max((line.unit_seq for line in sheet.lines if line.entry is not None), default=0)
    return [
        Moment(
            line.unit_seq,
            line,
            "、".join(dict.fromkeys(words[at])),
            f"{url}&{UPTO}={line.unit_seq}",
            line.unit_seq == shown,
        )
        for at, line in reversed(found.items())
    ]


_TITLE_WORDS: Final = {
    OpenTitle.kind: "记载权利",
    AlterHolder.kind: "变更权利人信息",
    ReplaceCertificate.kind: "换发证书",
    ReplaceTitle.kind: "权利转移或者变更",
    CloseTitle.kind: "注销权利",
    DescribeUnit.kind: "记载自然状况",
}


def _what_zh(entry: Entry) -> str:
    """What a recording did, in a few words without a name."""
    if isinstance(entry, CloseBurden):
        return f"注销（{entry.cause_zh}）"
    return _TITLE_WORDS.get(entry.kind) or cause_zh(entry)


def _page(sheet: Sheet, number: int, *, is_full: bool) -> ShownPage:
    shown = [_block(one, is_full=is_full) for one in sheet.blocks]
    current = [one for one in shown if not one.is_past]
    return ShownPage(sheet.key, sheet.title_zh, number, current, [one for one in shown if one.is_past])


def _block(block: Block, *, is_full: bool) -> ShownBlock:
    several = len(block.holders) > 1
    holders = [
        Datum(f"{block.holder_zh}{one.holder_no if several else ''}", holder_text(one, is_full=is_full))
        for one in block.holders
    ]
    rows = [*holders, *(_datum(cell, is_full=is_full) for cell in block.cells)]
    ends = [_datum(cell, is_full=is_full) for cell in block.end]
    badge = Badge(block.standing.name_zh, _TONES[block.standing])
    return ShownBlock(block.name_zh, badge, block.standing.is_past, rows, ends)


def _datum(cell: Cell, *, is_full: bool) -> Datum:
    return Datum(cell.label_zh, cell.shown(is_full=is_full), is_code=cell.is_code)
