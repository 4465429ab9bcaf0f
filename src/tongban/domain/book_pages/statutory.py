"""The book of one unit laid out as the statutory pages: one block for each right, what is in force first.

Basis: the forms of 国土资发〔2015〕25号 and the mortgage page of 自然资发〔2021〕54号; 条例 8 for what a register says.
Personal columns carry their mark: a reader without a reason of their own gets `Cell.shown(is_full=False)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Final

from tongban.domain.book_pages.versions import Recorded, Standing, UnitBook, Version
from tongban.domain.burden_details import BURDEN_PAGES, BurdenPage, Detail
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import MORTGAGES, Burden
from tongban.domain.facts import UnitState
from tongban.domain.identity import mask_id, mask_name
from tongban.domain.terms import RightKind
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_code import parse_unit_code

HIDDEN_ZH: Final = "已遮挡"
NONE_ZH: Final = "没有记载"


class Secret(Enum):
    """What of a value a reader without a reason of their own may see."""

    NOTHING_HIDDEN = "open"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a page with its value: text, a day or an instant; empty when nothing was recorded."""

    label_zh: str
    value: str | date | datetime | None
    secret: Secret = Secret.NOTHING_HIDDEN
    is_code: bool = False

    def shown(self, *, is_full: bool) -> str | date | datetime | None:
        """The value as this reader may see it; nothing hides that nothing was recorded."""
        return HIDDEN_ZH if self.value and self.secret is Secret.HIDDEN and not is_full else self.value


@dataclass(frozen=True, slots=True)
class Block:
    """One version of one right in the columns of its page."""

    standing: Standing
    name_zh: str
    holder_zh: str
    holders: tuple[Holder, ...]
    cells: tuple[Cell, ...]
    began: Recorded
    end: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One statutory page; without blocks nothing was ever recorded there."""

    key: str
    title_zh: str
    blocks: tuple[Block, ...] = ()

    @property
    def current(self) -> int:
        """How many rights of this page no entry has ended."""
        return sum(not block.standing.is_past for block in self.blocks)

    @property
    def past(self) -> int:
        return len(self.blocks) - self.current


def holder_text(holder: Holder, *, is_full: bool) -> str:
    """A holder in one line: name, kind, document, share."""
    name = holder.name if is_full else mask_name(holder.name)
    number = holder.id_no if is_full else mask_id(holder.id_no)
    paper = f"{holder.id_kind.name_zh} {number}" if number else ""
    share = f"份额 {holder.share_zh}" if holder.share else ""
    return "，".join(part for part in (name, holder.kind.name_zh, paper, share) if part)


def sheets_of(book: UnitBook) -> tuple[Sheet, ...]:
    """Every page of the statutory form that can apply to the unit, in the order of the form."""
    states = Sheet("unit", "宗地和房屋基本信息", tuple(_state_block(one) for one in book.states))
    return (states, *_title_sheets(book), *_burden_sheets(book.burdens))


_TITLE_PAGES: Final = MappingProxyType(
    {
        RightKind.COLLECTIVE_LAND_OWNERSHIP: "土地所有权登记信息",
        RightKind.STATE_LAND_USE: "建设用地使用权登记信息",
        RightKind.HOMESTEAD: "宅基地使用权登记信息",
        RightKind.COLLECTIVE_LAND_USE: "建设用地使用权登记信息",
        RightKind.STATE_LAND_HOUSE: "房地产权登记信息",
        RightKind.HOMESTEAD_HOUSE: "房地产权登记信息",
        RightKind.COLLECTIVE_LAND_HOUSE: "房地产权登记信息",
        RightKind.LAND_CONTRACT: "农用地使用权登记信息",
        RightKind.FARMLAND_USE: "农用地使用权登记信息",
        RightKind.FOREST: "林权登记信息",
        RightKind.OTHER: "其他相关权利登记信息",
    }
)
_BURDEN_SHEETS: Final = (
    ("easement", Burden.EASEMENT),
    ("habitation", Burden.HABITATION),
    ("mortgage", Burden.MORTGAGE),
    ("notice", Burden.PRIORITY_NOTICE),
    ("objection", Burden.OBJECTION),
    ("seizure", Burden.SEIZURE),
    ("restriction", Burden.ADMINISTRATIVE),
)  # each stands for all kinds that share its page


def page_key(burden: Burden) -> str:
    """The key of the page on which a kind of burden is written."""
    return next(key for key, first in _BURDEN_SHEETS if BURDEN_PAGES[first] is BURDEN_PAGES[burden])


def page_name_zh(key: str) -> str:
    """The short name of a burden page: “抵押权”."""
    return BURDEN_PAGES[dict(_BURDEN_SHEETS)[key]].title_zh.removesuffix("登记信息")


def _title_sheets(book: UnitBook) -> Iterator[Sheet]:
    """One page for each kind of title the unit ever had; for a unit without any, the page where it would stand."""
    found: dict[str, list[Version[Title]]] = {}
    for one in book.titles:
        found.setdefault(_TITLE_PAGES[one.content.unit.right], []).append(one)
    if not found:
        right = book.states[0].content.right if book.states else RightKind.STATE_LAND_HOUSE
        yield Sheet("title", _TITLE_PAGES[right])
    for number, (title_zh, versions) in enumerate(found.items(), 1):
        key = "title" if number == 1 else f"title-{number}"
        yield Sheet(key, title_zh, tuple(_title_block(one) for one in versions))


def _burden_sheets(burdens: Sequence[Version[OpenBurden]]) -> Iterator[Sheet]:
    for key, first in _BURDEN_SHEETS:
        page = BURDEN_PAGES[first]
        lying = (one for one in burdens if BURDEN_PAGES[one.content.burden.burden] is page)
        yield Sheet(key, page.title_zh, tuple(_burden_block(one, page) for one in lying))


# --- blocks ----------------------------------------------------------------------------------------------------------


def _state_block(version: Version[UnitState]) -> Block:
    state, parts = version.content, parse_unit_code(version.content.unit_code)
    cells = (
        Cell("不动产单元号", parts.grouped, is_code=True),
        Cell("宗地代码", parts.parcel_code, is_code=True),
        Cell("坐落", state.address_zh),
        Cell("土地权属性质", parts.ownership_zh),
        Cell("宗地权利", parts.use_zh),
        Cell("权利性质", state.land_nature.name_zh),
        Cell("定着物", parts.fixture_zh),
        Cell("规划用途", state.use_zh),
        Cell("房屋性质", state.house_nature.name_zh if not parts.is_land_only else ""),
        Cell("建筑面积", _area_zh(state.area_m2)),
        Cell("土地面积", _area_zh(state.land_area_m2)),
        Cell("测绘", "有实测面积" if state.surveyed else "没有实测面积"),
        *_entry_cells(version),
    )
    return Block(version.standing, state.address_zh, "", (), cells, version.began, _end_cells(version))


def _title_block(version: Version[Title]) -> Block:
    title = version.content
    unit = title.unit
    cells = (
        Cell("不动产权证书号", title.certificate_no),
        Cell("共有情况", title.co_ownership.name_zh),
        Cell("权利类型", unit.right.name_zh),
        Cell("权利性质", unit.land_nature.name_zh),
        Cell("坐落", unit.address_zh),
        Cell("规划用途", unit.use_zh),
        Cell("建筑面积", _area_zh(unit.area_m2)),
        Cell("土地面积", _area_zh(unit.land_area_m2)),
        Cell("土地使用期限至", _day(unit.land_use_until)),
        *_entry_cells(version),
        Cell("附记", title.note_zh, Secret.HIDDEN),
    )
    holders = title.holders
    return Block(version.standing, title.certificate_no, "权利人", holders, cells, version.began, _end_cells(version))


def _burden_block(version: Version[OpenBurden], page: BurdenPage) -> Block:
    opened = version.content
    fact = opened.burden
    is_ranked = fact.rank and (fact.burden in MORTGAGES or fact.burden is Burden.WAITING_SEIZURE)
    cells = (
        Cell("种类", fact.burden.name_zh),
        *_given(Cell("不动产登记证明号", fact.proof_no)),
        *_given(Cell(page.organ_zh, fact.organ_zh), Cell(page.reference_zh, fact.reference)),
        *_given(Cell("顺位", f"第{fact.rank}顺位" if is_ranked else "")),
        *(_detail_cell(detail, opened) for detail in page.details if detail.key != "note"),
        *_given(Cell(page.since_zh, fact.since), Cell(page.until_zh, fact.until)),
        *_entry_cells(version),
        *(_detail_cell(detail, opened) for detail in page.details if detail.key == "note"),
    )
    name_zh = " ".join(part for part in (fact.burden.name_zh, fact.proof_no or fact.reference) if part)
    holder_zh = page.holder_zh or "权利人"
    return Block(version.standing, name_zh, holder_zh, opened.holders, cells, version.began, _end_cells(version))


def _detail_cell(detail: Detail, opened: OpenBurden) -> Cell:
    secret = Secret.HIDDEN if detail.is_personal else Secret.NOTHING_HIDDEN
    return Cell(detail.label_zh, opened.private.get(detail.key, ""), secret)


def _entry_cells(version: Version[object]) -> tuple[Cell, ...]:
    """What every page says of its entry: 登记类型, 登记原因, 业务号, 登记时间, 登簿人."""
    began = version.began
    return (
        Cell("登记类型", version.registration_zh),
        Cell("登记原因", version.cause_zh),
        *_given(Cell("业务号", began.case_no, is_code=True)),
        Cell("登记时间", began.at),
        Cell("登簿人", began.recorder_zh),
        *_given(Cell("记载编号", began.entry_no, is_code=True)),
    )


def _end_cells(version: Version[object]) -> tuple[Cell, ...]:
    """By which entry a version ended, and why; empty while none has ended it."""
    ended = version.ended
    if ended is None:
        return ()
    word_zh = {Standing.CANCELLED: "注销", Standing.TERMINATED: "终止"}.get(version.standing, "变更")
    return (
        Cell(f"{word_zh}时间", ended.at),
        Cell(f"{word_zh}原因", version.end_zh),
        *_given(Cell(f"{word_zh}业务号", ended.case_no, is_code=True)),
        Cell(f"{word_zh}登簿人", ended.recorder_zh),
        *_given(Cell(f"{word_zh}记载编号", ended.entry_no, is_code=True)),
    )


def _given(*cells: Cell) -> Iterable[Cell]:
    """Columns that only some rights have: left out when empty."""
    return (cell for cell in cells if cell.value)


def _area_zh(area_m2: str) -> str:
    return f"{area_m2} 平方米" if area_m2 else ""


def _day(text: str) -> str | date:
    """The day of an ISO text, or the words that stock data has in its place."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
