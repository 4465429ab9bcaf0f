"""Local figures and openings by date: which one holds, and what may be set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tongban.directory import figures, lookup, queries
from tongban.directory.figures import Figure, Opening
from tongban.directory.models import Division, Institution, ParameterValue, ServiceOpening
from tongban.domain.errors import InvalidInput, NotFound
from tongban.domain.parameters import PARAMETERS
from tongban.domain.terms import Channel

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
HUAXIAN, ANYANG, PROVINCE = "410526", "410500", "410000"
LIMIT = Figure("legal_limit_workdays", PROVINCE, "25", TOMORROW, "豫自然资发〔2026〕77号")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices(db):
    for code, level in ((HUAXIAN, "county"), ("410502", "county"), (ANYANG, "prefecture"), (PROVINCE, "province")):
        Division.objects.create(code=code, name_zh=code, level=level)
    for code in ("registry-410526", "registry-410100"):
        Institution.objects.create(code=code, kind="registry", name_zh=code, short_zh="x", division_code=code[-6:])
        for channel in ("window", "prechecked", "online"):
            ServiceOpening.objects.create(
                registry_code=code, item_number="S13", channel=channel, open_from=date(2026, 1, 1)
            )


def put(figure: Figure) -> None:
    figures.write_figure(figure, set_by="admin", now=NOW)


def limit(division: str, day: date) -> int:
    return lookup.parameter_count("legal_limit_workdays", division, day)


def test_without_a_row_the_default_of_the_table_holds():
    assert limit(HUAXIAN, TODAY) == 30
    assert lookup.parameter("opening.window", HUAXIAN, TODAY) is True
    assert lookup.parameter_text("remedy_text", HUAXIAN, TODAY) == PARAMETERS["remedy_text"].default


def test_a_figure_holds_from_its_day_and_the_county_comes_before_the_province():
    put(LIMIT)
    put(replace(LIMIT, division_code=HUAXIAN, value="20", valid_until=date(2026, 12, 31)))

    assert limit(HUAXIAN, TODAY) == 30
    assert limit(HUAXIAN, TOMORROW) == limit(HUAXIAN, date(2026, 12, 31)) == 20
    assert limit(HUAXIAN, date(2027, 1, 1)) == 25
    assert limit(ANYANG, TOMORROW) == 25


def test_a_city_district_follows_its_city_but_a_county_does_not():
    put(replace(LIMIT, division_code=ANYANG, value="10"))

    assert limit("410502", TOMORROW) == limit(ANYANG, TOMORROW) == 10
    assert limit(HUAXIAN, TOMORROW) == 30


def test_a_new_figure_ends_the_one_in_force_and_keeps_its_past():
    put(LIMIT)
    put(replace(LIMIT, value="22", valid_from=date(2027, 1, 1)))

    assert limit(HUAXIAN, date(2026, 12, 31)) == 25
    assert limit(HUAXIAN, date(2027, 1, 1)) == 22
    assert [row.value for row in queries.figure_history("legal_limit_workdays", HUAXIAN)] == ["22", "25"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "no_such_figure"},
        {"value": "many"},
        {"value": ""},
        {"valid_from": TODAY - timedelta(days=1)},
        {"valid_until": TODAY},
        {"source_zh": ""},
    ],
    ids=["unknown", "not a number", "empty", "in the past", "ends before it begins", "without a source"],
)
def test_a_figure_that_breaks_the_rules_is_not_set(changes):
    with pytest.raises(InvalidInput):
        put(replace(LIMIT, **changes))

    assert not ParameterValue.objects.exists()


def test_a_figure_for_a_place_that_is_not_there_is_not_set():
    with pytest.raises(NotFound):
        put(replace(LIMIT, division_code="990000"))


def test_a_figure_within_planned_days_is_refused():
    put(replace(LIMIT, valid_from=date(2027, 1, 1)))

    with pytest.raises(InvalidInput):
        put(LIMIT)

    assert limit(HUAXIAN, TOMORROW) == 30


def test_the_database_itself_forbids_two_values_on_one_day():
    put(LIMIT)

    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterValue.objects.create(
            name=LIMIT.name, division_code=PROVINCE, value="1", valid_from=TOMORROW, valid_until=TOMORROW,
            source_zh="another", set_by="admin", set_at=NOW,
        )  # fmt: skip


def test_the_page_of_figures_shows_where_each_comes_from():
    put(replace(LIMIT, division_code=HUAXIAN, value="20"))

    lines = {line.parameter.name: line for line in queries.figures(HUAXIAN, TOMORROW)}

    assert set(lines) == set(PARAMETERS)
    assert (lines["legal_limit_workdays"].value, lines["legal_limit_workdays"].set_for) == ("20", HUAXIAN)
    assert (lines["correction_days"].value, lines["correction_days"].set_for) == (
        PARAMETERS["correction_days"].default,
        "",
    )


def test_a_service_is_closed_at_once_and_opened_again_later():
    def asked(day: date) -> object:
        return lookup.is_open("registry-410526", "S13", Channel.WINDOW, day)

    yesterday = TODAY - timedelta(days=1)
    assert figures.end_opening("registry-410526", "S13", Channel.WINDOW, last_day=yesterday, today=TODAY) == 1
    assert asked(TODAY) is not None
    assert asked(yesterday) is None, "what was open stays on record"

    figures.write_opening(Opening("registry-410526", "S13", Channel.WINDOW, TOMORROW), TODAY)
    assert asked(TODAY) is not None
    assert asked(TOMORROW) is None


def test_an_opening_planned_for_later_is_taken_back_by_closing():
    ServiceOpening.objects.filter(registry_code="registry-410526").delete()
    figures.write_opening(Opening("registry-410526", "S13", Channel.WINDOW, date(2027, 3, 1)), TODAY)

    assert figures.end_opening("registry-410526", "S13", Channel.WINDOW, last_day=TODAY, today=TODAY) == 1

    assert not ServiceOpening.objects.filter(registry_code="registry-410526").exists()


@pytest.mark.parametrize(
    "opening",
    [
        Opening("registry-410526", "S13", Channel.WINDOW, TOMORROW),
        Opening("registry-410526", "S99", Channel.WINDOW, TOMORROW),
        Opening("registry-410526", "S13", Channel.JUDICIAL, TOMORROW),
        Opening("registry-410100", "S13", Channel.WINDOW, TODAY - timedelta(days=1)),
    ],
    ids=["open already", "no such item", "not a channel of the item", "in the past"],
)
def test_an_opening_that_breaks_the_rules_is_refused(opening):
    before = ServiceOpening.objects.count()

    with pytest.raises(InvalidInput):
        figures.write_opening(opening, TODAY)

    assert ServiceOpening.objects.count() == before


def test_the_past_of_an_opening_cannot_be_changed():
    with pytest.raises(InvalidInput):
        figures.end_opening("registry-410526", "S13", Channel.WINDOW, last_day=TODAY - timedelta(days=2), today=TODAY)

    assert [line.open_until for line in queries.openings("registry-410526")] == [None, None, None]
