"""A seizure of the land covers the same holder's house on it, and the reverse (查扣冻规定 21)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import register_builders as a

from tongban.domain.burdens import Burden
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.entries import OpenTitle
from tongban.domain.facts import UnitState
from tongban.domain.reasons import Reasons
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause, RightKind
from tongban.domain.titles import Title
from tongban.domain.unit_code import land_of
from tongban.register import book, reading

LAND = UnitCode(land_of(a.unit(0)))
OWNER, OTHER = "410526199001010001", "410526199001010002"


def titled(code: UnitCode, number: int, id_no: str) -> OpenTitle:
    holder = a.title(number).holders[0]
    mine = type(holder)(1, holder.kind, a.identity("张小花", id_no), None)
    right = RightKind.STATE_LAND_USE if code == LAND else RightKind.STATE_LAND_HOUSE
    state = UnitState(code, f"人民路{number}号", right, area_m2="118.26")
    return OpenTitle(Title(state, a.certificate(number), a.title(number).co_ownership, (mine,)), Cause.OTHER)


def recorded(*entries: Any, key: str, act: Act = Act.ALTER_NAME, order_id: str = "") -> object:
    return book.record(a.request(*entries, key=key, act=act, case_no="", order_id=order_id))


@pytest.fixture
def parcel(db: None) -> None:
    """Land, the owner's house 1 on it, and house 2 that was sold to another."""
    recorded(titled(LAND, 9, OWNER), key="land")
    recorded(titled(a.unit(1), 1, OWNER), key="house")
    recorded(titled(a.unit(2), 2, OTHER), key="sold")


def seized(code: UnitCode, key: str = "s") -> None:
    entry = a.seized(1, "cf-1")
    outcome = recorded(type(entry)(code, entry.burden), key=key, act=Act.SEIZE)
    assert not isinstance(outcome, Refusal)


def renamed(number: int, key: str = "r") -> object:
    before = a.identity("张小花", OWNER if number == 1 else OTHER)
    return book.record(a.request(a.renamed(number, before, "张大花"), key=key, act=Act.TRANSFER))


def test_the_seizure_of_the_land_holds_the_owners_house_and_says_where_it_stands(parcel: None) -> None:
    seized(LAND)

    (reaching,) = reading.burdens(a.unit(1))
    refused = renamed(1)

    assert (reaching.burden, reaching.from_unit) == (Burden.SEIZURE, LAND)
    assert isinstance(refused, Refusal)
    assert refused.reason == Reasons.SEIZED
    assert any(LAND in fact.value_zh for fact in refused.facts)


def test_what_was_sold_to_another_before_stays_free(parcel: None) -> None:
    """Owners differ: the developer's land is seized, not the flats of buyers."""
    seized(LAND)

    assert reading.burdens(a.unit(2)) == ()
    assert not isinstance(renamed(2), Refusal)


def test_the_seizure_of_a_house_holds_the_land_of_its_owner_and_no_other_house(parcel: None) -> None:
    seized(a.unit(1))

    assert [(one.burden, one.from_unit) for one in reading.burdens(LAND)] == [(Burden.SEIZURE, a.unit(1))]
    assert reading.burdens(a.unit(2)) == ()


def test_a_seizure_of_another_parcel_reaches_nothing(parcel: None) -> None:
    elsewhere = UnitCode(a.unit(0).replace("GB00001", "GB00002"))
    recorded(titled(elsewhere, 7, OWNER), key="elsewhere")
    seized(elsewhere)

    assert reading.burdens(a.unit(1)) == ()
    assert reading.burdens(LAND) == ()


def test_an_order_not_yet_read_on_the_land_holds_the_house_from_its_delivery(parcel: None) -> None:
    """查扣冻规定 1, 23."""
    book.note_order([LAND], order_id="o-1", organ="滑县人民法院", now=a.NOW)

    refused = renamed(1)

    assert isinstance(refused, Refusal)
    assert refused.reason.code == "B01"
    assert reading.earlier_orders("o-2", [a.unit(1)]) == frozenset()
    book.settle_order("o-1", "refused", a.NOW)
    assert not isinstance(renamed(1, "again"), Refusal)


def test_a_released_or_ended_seizure_reaches_no_further(parcel: None) -> None:
    seized(LAND)

    assert reading.burdens(a.unit(1), today=date(2029, 11, 21)) != ()
    assert reading.burdens(a.unit(1), today=date(2029, 11, 21) + timedelta(days=1)) == ()


def test_another_court_may_still_seize_the_house_itself(parcel: None) -> None:
    seized(LAND)
    book.note_order([a.unit(1)], order_id="o-2", organ="浚县人民法院", now=a.NOW)

    outcome = recorded(a.seized(1, "cf-2"), key="second", act=Act.SEIZE, order_id="o-2")

    assert not isinstance(outcome, Refusal)
    assert {one.from_unit for one in reading.burdens(a.unit(1)) if one.burden is Burden.SEIZURE} == {"", LAND}


def test_what_reaches_a_unit_never_enters_its_page(parcel: None) -> None:
    seized(LAND)

    assert reading.page(a.unit(1)).burdens == ()
    assert reading.covered_by(LAND) == (a.unit(1),)
    assert reading.covered_by(a.unit(1)) == (LAND,)
    assert reading.covered_by(a.unit(2)) == ()


@pytest.mark.parametrize(("is_seized", "statements"), [(False, 1), (True, 2)])
def test_it_costs_a_further_question_only_where_the_land_is_seized(
    parcel: None, is_seized: bool, statements: int
) -> None:
    if is_seized:
        seized(LAND)

    with CaptureQueriesContext(connection) as asked:
        reading.burdens_of([a.unit(1), a.unit(2)])

    assert len(asked) == statements
