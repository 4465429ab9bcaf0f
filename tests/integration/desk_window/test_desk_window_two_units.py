"""An application over several units is checked on each of them at the window, and what is found names its unit."""

from __future__ import annotations

from datetime import date

import pytest
from tests.province import CLERK, HOME, OFFICER
from tests.register_story import record
from tests.window_site import Desk, Seen, question

from tongban.cases import flow
from tongban.cases.moves import CorrectionLine, StepData
from tongban.cli import examples, play, stage
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS, NEIGHBOUR, OWNERS_SECOND_FLAT
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Refusal
from tongban.domain.reasons import Reasons
from tongban.domain.restrictions import Act
from tongban.domain.unit_code import parse_unit_code
from tongban.intake import handover
from tongban.intake.models import Application
from tongban.register import reading

EXCHANGE, DIVISION = CATALOGUE["S10"], CATALOGUE["S17"]
FIRST = EXAMPLE_UNITS[EXCHANGE.example.unit].unit.unit_code
OTHER = NEIGHBOUR.unit.unit_code
SEIZED = BurdenFact(
    Burden.SEIZURE, "cf-2", date(2026, 11, 20), date(2029, 11, 19), organ_zh="滑县人民法院", reference="（2026）豫0526执7号"
)  # fmt: skip


@pytest.fixture
def at(desk: Desk) -> examples.Stage:
    story = desk.story
    examples.take_units(HOME, story.now)
    return examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)


def opens(at: examples.Stage, item: ServiceItem) -> str | Refusal:
    wish = examples.wish_of(item, reading.page(FIRST), "2026-11-23")
    return play.begin(wish, at.clerk, window_code=stage.window_of(at.clerk.institution), now=at.tick(), key=str(item))


def begins(at: examples.Stage, item: ServiceItem) -> str:
    begun = opens(at, item)
    assert isinstance(begun, str), begun
    return begun


def types(desk: Desk, number: str, item: ServiceItem, **changed: str) -> Seen:
    form = examples.wish_of(item, reading.page(FIRST), "2026-11-23").form | changed
    return desk.person().sends(desk.url(number, "form"), **form, version=str(desk.application(number).version))


def asks(desk: Desk, **changed: str) -> Seen:
    """The first page of an exchange, where the second home is named as well."""
    wish = examples.wish_of(EXCHANGE, reading.page(FIRST), "2026-11-23")
    facts = {key: wish.form[key] for key in EXCHANGE.opening_fields} | changed
    paper = {"unit_code": wish.unit_code, "certificate_no": wish.certificate_no}
    holder = {"holder_name": wish.holder_name, "holder_id_no": wish.holder_id_no}
    return desk.person().sends("/desk/intake/new", **question(item_number=EXCHANGE.number, **paper, **holder, **facts))


def lays(desk: Desk, code: str, fact: BurdenFact) -> None:
    record(desk.story, OpenBurden(parse_unit_code(code).code, fact, {}), Act.CORRECT)


def test_a_seizure_of_the_second_home_refuses_the_beginning_and_names_the_unit(desk: Desk, at: examples.Stage) -> None:
    lays(desk, OTHER, SEIZED)

    refused = opens(at, EXCHANGE)

    assert isinstance(refused, Refusal) and refused.reason == Reasons.SEIZED
    assert [fact.value_zh for fact in refused.facts] == [parse_unit_code(OTHER).grouped]
    assert not Application.objects.filter(item_number="S10").exists()


def test_a_seizure_that_came_since_is_told_with_its_unit_and_stops_the_hand_over(
    desk: Desk, at: examples.Stage
) -> None:
    number = begins(at, EXCHANGE)
    lays(desk, OTHER, SEIZED)

    page = types(desk, number, EXCHANGE)

    assert page.status == 200
    assert f"不动产单元{parse_unit_code(OTHER).grouped}：" in page.words and "查封" in page.words
    assert SEIZED.reference not in page.words, "whose it is, only the home registry knows"
    assert "房地产管理法" in page.words
    assert page.words.count(parse_unit_code(FIRST).grouped) == 0
    tried = Application.objects.values_list("tried", flat=True).get(number=number)
    assert tried is not None and [one["field"] for one in tried["problems"]] == ["other_unit_code"]


def test_of_a_home_whose_certificate_was_not_shown_nothing_is_told(desk: Desk, at: examples.Stage) -> None:
    lays(desk, OTHER, SEIZED)

    page = asks(desk, other_certificate_no="豫（2025）滑县不动产权第0009999号")

    assert page.status == 422
    assert "第二套的不动产权证号和登记簿上的不一样" in page.words
    assert "查封" not in page.words


def test_what_has_to_be_proved_for_the_second_home_stands_beside_its_unit(desk: Desk, at: examples.Stage) -> None:
    lays(desk, OTHER, BurdenFact(Burden.ADMINISTRATIVE, "xz-2", date(2026, 11, 20), organ_zh="滑县住房和城乡建设局"))
    number = begins(at, EXCHANGE)
    clerk = desk.person()

    before = clerk.opens(desk.url(number))
    assert types(desk, number, EXCHANGE).to == desk.url(number, "people")
    after = clerk.opens(desk.url(number))

    for page in (before, after):
        assert "政府部门作出的限制" in page.words and parse_unit_code(OTHER).grouped in page.words
        assert "滑县住房和城乡建设局" not in page.words


def test_a_merger_is_checked_on_every_old_unit(desk: Desk, at: examples.Stage) -> None:
    second = OWNERS_SECOND_FLAT
    assert second.title is not None
    lays(desk, second.unit.unit_code, SEIZED)
    number = begins(at, DIVISION)

    saved = types(
        desk, number, DIVISION, cause="unit_merger", other1_unit=second.unit.unit_code,
        other1_certificate=second.title.certificate_no, other2_also="no",
    )  # fmt: skip

    assert saved.to == desk.url(number, "people")
    page = desk.person().opens(desk.url(number))
    assert "要查封的法院准许" in page.words and parse_unit_code(second.unit.unit_code).grouped in page.words


def test_a_second_home_of_another_registry_is_refused_at_the_window(desk: Desk, at: examples.Stage) -> None:
    page = asks(desk, other_unit_code="410502001900GB00900F00090006")

    assert page.status == 422
    assert "不动产单元410502 001900 GB00900 F00090006不归" in page.words
    assert "要分别到房产所在地办" in page.words


def test_its_own_case_does_not_stand_in_the_way_of_a_correction(desk: Desk, at: examples.Stage) -> None:
    number = begins(at, EXCHANGE)
    types(desk, number, EXCHANGE)
    play.attend(number, examples.answers_of(EXCHANGE), at.clerk, now=at.tick())
    play.hand_over(number, at.clerk, now=at.tick())
    at.settle()
    line = CorrectionLine("contract", "合同缺最后一页", "请补交")
    data = StepData(key="mend", now=at.tick(), corrections=(line,))
    flow.advance(play.case_of(number), "ask_correction", desk.story.actor(OFFICER), data)
    at.settle()

    page = types(desk, number, EXCHANGE, contract_no="互换2026-1")

    assert page.status == 302
    play.sign(number, at.clerk, now=at.tick())
    handover.supplement(number, {"contract": "补上了"}, at.clerk, key="mended", now=at.tick())
    assert Application.objects.get(number=number).state == "HANDED_OVER"
