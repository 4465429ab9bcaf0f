"""At the window, a notice of a mortgage becomes the mortgage for what is still owed, never for more than was announced."""

from __future__ import annotations

import pytest
from tests.province import CLERK, HOME
from tests.window_site import Desk, Seen

from tongban.cli import examples, play, stage
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.register import reading

ITEM = CATALOGUE["S31M"]
CODE = EXAMPLE_UNITS[ITEM.example.unit].unit.unit_code


@pytest.fixture
def at(desk: Desk) -> examples.Stage:
    story = desk.story
    return examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)


@pytest.fixture
def begun(desk: Desk, at: examples.Stage) -> str:
    """The draft of an application about a notice that is registered."""
    examples.take_units(HOME, at.tick())
    for number in ITEM.example.after:
        examples.play_one(CATALOGUE[number], CODE, at)
    wish = examples.wish_of(ITEM, reading.page(CODE), "2026-11-23")
    window = stage.window_of(at.clerk.institution)
    number = play.begin(wish, at.clerk, window_code=window, now=at.tick(), key="notice")
    assert isinstance(number, str), number
    return number


def types(desk: Desk, number: str, debt_yuan: str) -> Seen:
    """The clerk fills in the whole form, with this amount."""
    form = examples.wish_of(ITEM, reading.page(CODE), "2026-11-23").form | {"debt_yuan": debt_yuan}
    version = str(desk.application(number).version)
    return desk.person().sends(desk.url(number, "form"), **form, version=version)


def test_the_amount_of_the_notice_stands_in_the_form_and_may_be_lowered(
    desk: Desk, at: examples.Stage, begun: str
) -> None:
    offered = desk.person().opens(desk.url(begun, "form"))
    assert offered.value("debt_yuan") == "520000.00"
    assert "不能比预告登记的数额多" in offered.words

    assert types(desk, begun, "480000").to == desk.url(begun, "people")
    play.attend(begun, examples.answers_of(ITEM), at.clerk, now=at.tick())
    examples.finish(ITEM, begun, at)

    (mortgage,) = reading.opened_burdens(CODE)
    assert (mortgage.burden.burden, mortgage.private["debt_yuan"]) == (Burden.MORTGAGE, "480000.00")


def test_more_than_the_notice_announced_is_told_by_the_home_registry_and_kept_for_mending(
    desk: Desk, begun: str
) -> None:
    page = types(desk, begun, "520000.01")

    assert page.status == 200
    assert "预告登记的债权数额是520000.00元" in page.words
    assert page.value("debt_yuan") == "520000.01"
    assert [one.burden.burden for one in reading.opened_burdens(CODE)] == [Burden.MORTGAGE_NOTICE]


def test_an_amount_left_empty_is_asked_for(desk: Desk, begun: str) -> None:
    assert "没有填“现在担保的债权数额（元）”" in types(desk, begun, "").words


def test_what_else_the_notice_says_cannot_be_typed_over(desk: Desk, begun: str) -> None:
    form = examples.wish_of(ITEM, reading.page(CODE), "2026-11-23").form | {"debt_until": "2061-11-19"}

    desk.person().sends(desk.url(begun, "form"), **form, version=str(desk.application(begun).version))

    assert desk.application(begun).form["debt_until"] == "2051-11-19"
