"""Orders of courts and the page they meet, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.transfer_builders import holder, page_of, title_of
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.entries import Entry
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.unit_page import UnitPage
from tongban.judicial.ordered import Kind, Ordered
from tongban.judicial.periods import Period

TODAY = date(2026, 11, 27)
WANG = holder("王小明", "19900101")
FREE = page_of(title_of(WANG))
THREE_YEARS = Period(TODAY, date(2029, 11, 26))
HERE, THERE, FAR = "滑县人民法院", "安阳市中级人民法院", "浚县人民法院"
EVERY_DOUBT = frozenset(vars(OrderReasons)[name].code for name in vars(OrderReasons) if name.isupper())


def order(kind: str = Kind.SEIZURE, **changed: object) -> Ordered:
    given = Ordered(
        order_id="o-1", kind=str(kind), organ_zh=HERE, case_no="（2026）豫0526执1号", period=THREE_YEARS,
        arrived_on=TODAY, debtors=("王小明",),
    )  # fmt: skip
    return replace(given, **changed)  # type: ignore[arg-type]


def after(page: UnitPage, entries: tuple[Entry, ...]) -> UnitPage:
    """The page once these entries stand in the book."""
    held = {one.burden_no: one for one in page.burdens}
    for entry in entries:
        match entry:
            case OpenBurden():
                assert entry.burden_no not in held
                held[entry.burden_no] = entry
            case AlterBurden():
                assert held[entry.burden_no].burden == entry.before
                held[entry.burden_no] = entry.opened
            case CloseBurden():
                del held[entry.burden_no]
    return replace(page, burdens=tuple(held.values()))
