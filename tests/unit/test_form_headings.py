"""Long forms are read block by block: every question stands under a heading, and no heading over too many."""

from __future__ import annotations

import pytest

from tongban.desk.window.answers import item_form
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.headings import MOST_QUESTIONS, sections, under
from tongban.domain.catalogue.item import Field, FieldKind, ServiceItem

LONG = [item for item in CATALOGUE.values() if len(item.fields) > MOST_QUESTIONS]


@pytest.mark.parametrize("item", LONG, ids=str)
def test_a_long_form_asks_every_question_under_a_heading(item: ServiceItem) -> None:
    assert [field.key for field in item.fields if not field.heading_zh] == []


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_no_heading_stands_over_more_questions_than_are_taken_in_at_a_glance(item: ServiceItem) -> None:
    assert {heading: len(rows) for heading, rows in sections(item.fields) if len(rows) > MOST_QUESTIONS} == {}


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_no_heading_comes_twice_in_a_form(item: ServiceItem) -> None:
    headings = [heading for heading, _ in sections(item.fields)]

    assert sorted(headings) == sorted(set(headings))


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_the_window_asks_in_the_order_and_under_the_headings_of_the_catalogue(item: ServiceItem) -> None:
    shown = item_form(item, {}, []).sections({})

    assert [(one.heading_zh, tuple(row.bound.name for row in one.rows)) for one in shown] == [
        (heading, tuple(field.key for field in rows)) for heading, rows in sections(item.fields)
    ]


def test_each_person_has_a_heading_and_the_next_is_asked_for_under_the_one_before() -> None:
    asked = dict(sections(CATALOGUE["S02"].fields))

    assert [field.key for field in asked["卖方"]][-1] == "seller2_also"
    assert next(field.key for field in asked["第2位卖方"]) == "seller2_kind"
    assert [field.key for field in asked["买方怎样共有"]] == ["buyer_co_ownership", "buyer_shares"]


def test_a_section_shows_only_while_something_in_it_is_asked() -> None:
    form = item_form(CATALOGUE["S02"], {}, [])

    alone = {one.heading_zh: one.is_asked for one in form.sections({"seller2_also": "no"})}
    two = {one.heading_zh: one.is_asked for one in form.sections({"seller2_also": "yes"})}

    assert (alone["卖方"], alone["第2位卖方"], two["第2位卖方"]) == (True, False, True)


def test_a_question_keeps_its_own_heading_inside_a_block() -> None:
    own = Field("a", "甲", "", FieldKind.TEXT, heading_zh="自己的")
    other = Field("b", "乙", "", FieldKind.TEXT)

    assert [field.heading_zh for field in under("这一块", own, other)] == ["自己的", "这一块"]
