"""Changes of the directory by people: permitted, written and audited together, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tongban.access import directory_changes
from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.models import AuditRow
from tongban.access.permissions import Role
from tongban.cases.decisions import switched_exclusions
from tongban.directory import lookup
from tongban.directory.figures import Figure, Opening
from tongban.directory.models import CalendarDay, ParameterValue
from tongban.directory.notices import Notice
from tongban.directory.reference import sync_reference
from tongban.domain.errors import InvalidInput, NotPermitted
from tongban.domain.parameters import PARAMETERS
from tongban.domain.terms import Channel

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HERE, CENTRE = "registry-410526", "province-410000"
LOCAL = Figure("consult_minutes", "410526", "20", TODAY, "滑自然资〔2026〕5号")
STANDARD = Figure("legal_limit_workdays", "410526", "25", TODAY, "豫自然资发〔2026〕77号")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province(db):
    sync_reference(NOW)


def person(role: Role, at: str) -> Actor:
    return Actor(ActorKind.STAFF, "admin", "管理员", at, roles_at(at, [role]))


ADMIN = person(Role.REGISTRY_ADMIN, HERE)
PROVINCE_ADMIN = person(Role.PROVINCE_ADMIN, CENTRE)


def test_a_registry_sets_what_is_its_own_and_it_is_audited():
    directory_changes.set_parameter(ADMIN, LOCAL, NOW)

    assert lookup.parameter_count("consult_minutes", "410526", TODAY) == 20
    assert lookup.parameter_count("consult_minutes", "410100", TODAY) == 30
    row = AuditRow.objects.get(action="parameter.set")
    assert (row.actor_id, row.object_id) == ("admin", "consult_minutes")
    assert row.detail["value"] == "20"
    assert row.detail["source"] == "滑自然资〔2026〕5号"
    assert ParameterValue.objects.get().set_by == "admin"


def test_a_registry_cannot_set_the_provinces_standard_not_even_for_itself():
    with pytest.raises(NotPermitted):
        directory_changes.set_parameter(ADMIN, STANDARD, NOW)
    assert not ParameterValue.objects.exists()

    directory_changes.set_parameter(PROVINCE_ADMIN, STANDARD, NOW)
    assert lookup.parameter_count("legal_limit_workdays", "410526", TODAY) == 25


def test_province_and_registry_lift_and_add_exclusions_by_date_each_in_its_place():
    lifted = Figure("exclusion.X03b", "410526", "off", TODAY + timedelta(days=1), "滑自然资〔2026〕9号")
    added = Figure("exclusion.X07w", "410000", "on", TODAY + timedelta(days=1), "豫自然资发〔2026〕78号")
    directory_changes.set_parameter(ADMIN, lifted, NOW)
    directory_changes.set_parameter(PROVINCE_ADMIN, added, NOW)
    with pytest.raises(NotPermitted):
        directory_changes.set_parameter(ADMIN, replace(lifted, division_code="410000"), NOW)

    tomorrow = TODAY + timedelta(days=1)
    assert switched_exclusions("410526", TODAY) == frozenset()
    assert switched_exclusions("410526", tomorrow) == {"X03b", "X07w"}
    assert switched_exclusions("410100", tomorrow) == {"X07w"}


@pytest.mark.parametrize("figure", [replace(LOCAL, division_code="410100"), replace(LOCAL, division_code="410000")])
def test_a_registry_sets_nothing_for_others(figure):
    with pytest.raises(NotPermitted):
        directory_changes.set_parameter(ADMIN, figure, NOW)

    assert not ParameterValue.objects.exists()


def test_every_local_figure_is_in_the_table():
    assert set(PARAMETERS) >= directory_changes.LOCAL_FIGURES


def test_a_figure_that_breaks_the_rules_leaves_no_audit():
    with pytest.raises(InvalidInput):
        directory_changes.set_parameter(ADMIN, replace(LOCAL, value="soon"), NOW)

    assert not AuditRow.objects.exists()


def test_a_registry_closes_and_opens_its_own_services_only():
    yesterday = TODAY - timedelta(days=1)
    closed = directory_changes.close_service(ADMIN, HERE, "S13", Channel.WINDOW, last_day=yesterday, now=NOW)
    assert closed == 1
    assert lookup.is_open(HERE, "S13", Channel.WINDOW, TODAY) is not None

    directory_changes.open_service(ADMIN, Opening(HERE, "S13", Channel.WINDOW, TODAY), NOW)
    assert lookup.is_open(HERE, "S13", Channel.WINDOW, TODAY) is None
    with pytest.raises(NotPermitted):
        directory_changes.close_service(ADMIN, "registry-410100", "S13", Channel.WINDOW, last_day=yesterday, now=NOW)
    assert list(AuditRow.objects.order_by("pk").values_list("action", flat=True)) == ["opening.close", "opening.open"]


def test_only_the_province_takes_over_a_notice():
    run = [date(2027, 10, day) for day in range(1, 8)]
    notice = Notice(
        2027,
        frozenset(CalendarDay.objects.filter(day__year=2027).exclude(occasion_zh="").values_list("day", flat=True))
        | frozenset(run),
        frozenset({date(2027, 10, 9)}),
        "国办发明电〔2026〕9号",
    )

    with pytest.raises(NotPermitted):
        directory_changes.import_notice(ADMIN, notice, NOW)
    done = directory_changes.import_notice(PROVINCE_ADMIN, notice, NOW)

    assert done.changed == (*run[3:], date(2027, 10, 9))
    assert AuditRow.objects.get(action="calendar.import").detail["changed_days"] == "5"
