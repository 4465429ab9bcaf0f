"""What every site starts with, and the questions packages ask of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.directory import lookup, recent
from tongban.directory.models import (
    Institution,
    LedgerDistrict,
    ParameterValue,
    RegistryDistrict,
    ServiceOpening,
    Site,
    Window,
)
from tongban.directory.reference import create_missing_keys, sync_reference
from tongban.domain.codes import InstitutionKind
from tongban.domain.decision import Place
from tongban.domain.errors import NotFound
from tongban.domain.terms import Channel
from tongban.vault import keys

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
FLAT_IN_HUAXIAN = "410526001002GB00015F00030027"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province(db):
    sync_reference(NOW)


def test_the_province_has_120_registries():
    found = lookup.registries()

    assert len(found) == 120
    assert len([row for row in found if row.division_code.endswith("00")]) == 17
    assert {row.kind for row in found} == {InstitutionKind.REGISTRY}
    assert lookup.institution("registry-419001").short_zh == "济源市"


def test_every_county_level_division_has_exactly_one_registry_and_one_ledger():
    for county in lookup.counties():
        home = lookup.registry_of_division(county.code, TODAY)
        ledger = lookup.ledger_of_division(county.code, TODAY)

        assert lookup.institution(home).is_active
        assert ledger in lookup.ledgers_of(home, TODAY)
        assert lookup.registry_of_ledger(ledger, TODAY) == home
    assert len(lookup.counties()) == 157


@pytest.mark.parametrize(
    ("division", "registry"),
    [
        ("410526", "registry-410526"),
        ("410102", "registry-410100"),
        ("410181", "registry-410181"),
        ("419001", "registry-419001"),
        ("410502", "registry-410500"),
        ("411702", "registry-411700"),
    ],
)
def test_a_county_has_its_own_registry_and_a_city_district_its_citys(division, registry):
    assert lookup.registry_of_unit(division + FLAT_IN_HUAXIAN[6:], TODAY) == registry


def test_the_ledger_of_yanshi_outlives_its_name_and_its_registry():
    old, new = "410381" + FLAT_IN_HUAXIAN[6:], "410307" + FLAT_IN_HUAXIAN[6:]
    before, after = date(2021, 3, 17), date(2021, 3, 18)

    assert lookup.ledger_of_unit(old, before) == "410381"
    assert lookup.ledger_of_unit(old, after) == lookup.ledger_of_unit(new, after) == "410381"
    assert lookup.registry_of_unit(old, before) == "registry-410381"
    assert lookup.registry_of_unit(old, after) == lookup.registry_of_unit(new, after) == "registry-410300"
    assert not lookup.institution("registry-410381").is_active
    with pytest.raises(NotFound):
        lookup.registry_of_unit(new, before)
    assert lookup.ledgers_of("registry-410300", TODAY) == ("410300", "410322", "410381")


def test_a_unit_outside_the_province_or_in_a_functional_zone_has_no_registry():
    for stranger in ("110101", "410173", "410100", "410000"):
        with pytest.raises(NotFound) as caught:
            lookup.registry_of_unit(stranger + FLAT_IN_HUAXIAN[6:], TODAY)
        assert caught.value.code == "registry_unknown"


def test_running_it_again_adds_nothing_and_keeps_what_people_changed():
    Institution.objects.filter(pk="registry-410526").update(phone="0372-8000000")
    ServiceOpening.objects.filter(registry_code="registry-410526").update(open_until=TODAY)

    synced = sync_reference(NOW)

    assert synced.total == 0
    assert lookup.institution("registry-410526").phone == "0372-8000000"
    assert ServiceOpening.objects.filter(registry_code="registry-410526", open_until=None).count() == 0


def test_every_registry_can_be_found_and_called():
    area_codes = set()
    for row in lookup.registries():
        assert row.address_zh.endswith("政务服务中心一楼不动产登记大厅")
        area, number = row.phone.split("-")
        assert number == "8" + row.division_code
        area_codes.add(area)
    assert len(area_codes) == 16, "开封 shares 0371 with 郑州, 济源 shares 0391 with 焦作"
    place = lookup.place_of("registry-410526")
    assert place == Place("滑县不动产登记中心", "安阳市滑县新华路59号政务服务中心一楼不动产登记大厅", "0372-8410526")


def test_a_site_that_hosts_one_registry_knows_the_others_but_not_where_they_are():
    Institution.objects.all().delete()
    sync_reference(NOW, hosts=["registry-410526"])

    assert lookup.hosted_here("registry-410526")
    assert [row.code for row in lookup.hosted()] == ["registry-410526"]
    assert not lookup.hosted_here("registry-410100")
    assert not lookup.hosted_here("registry-999999")
    with pytest.raises(NotFound) as caught:
        lookup.site_of("registry-410100")
    assert caught.value.code == "site_unknown"
    assert lookup.site_of("registry-410526") == lookup.self_site().code == "site-test"


def test_every_hosted_institution_gets_one_key():
    Institution.objects.exclude(pk__in=["registry-410526", "province-410000"]).update(is_active=False)

    assert create_missing_keys(NOW) == 2
    assert create_missing_keys(NOW) == 0
    assert keys.sign("registry-410526", b"message", NOW).algorithm == "sm2sm3"


def test_a_service_is_open_between_its_days_only():
    ServiceOpening.objects.filter(registry_code="registry-410526", channel="online").delete()
    ServiceOpening.objects.create(
        registry_code="registry-410526", item_number="S13", channel="online",
        open_from=date(2026, 12, 1), open_until=date(2026, 12, 31),
    )  # fmt: skip

    def asked(day: date) -> object:
        return lookup.is_open("registry-410526", "S13", Channel.ONLINE, day)

    closed = lookup.is_open("registry-410526", "S13", "online", TODAY)
    assert closed is not None
    assert closed.reason.code == "D06"
    assert closed.where == lookup.place_of("registry-410526")
    assert ("开通日期", "2026-12-01") in [(fact.name_zh, fact.value_zh) for fact in closed.facts]
    assert asked(date(2026, 12, 1)) is None
    assert asked(date(2026, 12, 31)) is None
    assert asked(date(2027, 1, 1)) is not None
    assert lookup.is_open("registry-410526", "S13", Channel.WINDOW, TODAY) is None
    assert lookup.is_open("registry-410526", "S99", Channel.WINDOW, TODAY) is not None
    assert lookup.is_open("registry-410526", "S99", Channel.JUDICIAL, TODAY) is None


def test_the_provinces_switch_closes_a_channel_everywhere_at_once():
    ParameterValue.objects.create(
        name="opening.online", division_code="410000", value="off", valid_from=TODAY, source_zh="豫〔2026〕1号",
        set_by="admin", set_at=NOW,
    )  # fmt: skip

    assert lookup.is_open("registry-410526", "S13", Channel.ONLINE, TODAY) is not None
    assert lookup.is_open("registry-410526", "S13", Channel.WINDOW, TODAY) is None


def test_a_counter_is_open_in_its_hours_on_working_days_only():
    counter = next(row for row in lookup.windows("registry-410526") if row.is_cross_registry)

    def at(text: str) -> bool:
        return lookup.is_open_now(counter, datetime.fromisoformat(text + "+08:00"))

    assert at("2026-11-23T09:00")
    assert at("2026-11-23T16:59")
    assert not at("2026-11-23T08:59")
    assert not at("2026-11-23T17:00")
    assert not at("2026-11-22T10:00"), "a Sunday"
    assert at("2026-10-10T10:00"), "a Saturday that is worked keeps Monday's hours"
    assert not at("2026-10-01T10:00"), "a holiday on a Thursday"
    assert not at("2030-01-01T10:00"), "a day the calendar does not know"


def test_weekend_hours_count_on_weekends_but_not_on_holidays():
    hours = {"6": ["09:00", "12:00"]}
    Window.objects.filter(code="window-410526-01").update(hours=hours)
    counter = lookup.windows("registry-410526")[0]

    assert lookup.is_open_now(counter, datetime.fromisoformat("2026-11-21T10:00+08:00"))
    assert not lookup.is_open_now(counter, datetime.fromisoformat("2026-10-03T10:00+08:00")), "a holiday"
    assert not lookup.is_open_now(counter, datetime.fromisoformat("2026-11-23T10:00+08:00")), "Monday has no hours"


def test_a_functional_zone_runs_a_counter_of_its_citys_registry():
    names = {row.code: row.name_zh for row in lookup.windows("registry-410100")}

    assert names["window-410173-01"] == "郑州航空港经济综合实验区便民窗口"


def test_no_lookup_costs_more_than_three_queries():
    asks = {
        "institution": lambda: lookup.institution("registry-410526"),
        "registries": lookup.registries,
        "hosted": lookup.hosted,
        "hosted_here": lambda: lookup.hosted_here("registry-410526"),
        "site_of": lambda: lookup.site_of("registry-410526"),
        "registry": lambda: lookup.registry_of_unit(FLAT_IN_HUAXIAN, TODAY),
        "ledger": lambda: lookup.ledger_of_unit(FLAT_IN_HUAXIAN, TODAY),
        "windows": lambda: lookup.windows("registry-410526"),
        "parameter": lambda: lookup.parameter("legal_limit_workdays", "410526", TODAY),
        "calendar": lambda: lookup.calendar(TODAY, TODAY + timedelta(days=120)),
    }
    for name, ask in asks.items():
        with CaptureQueriesContext(connection) as seen:
            ask()
        assert len(seen) == 1, name
    with CaptureQueriesContext(connection) as seen:
        lookup.is_open("registry-410526", "S13", Channel.WINDOW, TODAY)
    assert len(seen) == 3


def test_no_division_has_two_registries_or_ledgers_on_one_day():
    for model, extra in ((RegistryDistrict, {}), (LedgerDistrict, {"ledger_code": "410526"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(
                division_code="410526", registry_code="registry-410500", valid_from=date(2030, 1, 1), **extra
            )


def test_there_is_one_self_only():
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(code="site-other", is_self=True)


def test_an_institution_says_its_kind_in_its_code():
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.create(
            code="registry-410527-01", kind="court", name_zh="某法院", short_zh="某", division_code="410527"
        )


def test_an_answer_found_inside_a_transaction_is_never_kept():
    recent.forget_kept()
    assert lookup.institution("registry-410526").phone == "0372-8410526"

    Institution.objects.filter(pk="registry-410526").update(phone="0372-8999999")

    assert lookup.institution("registry-410526").phone == "0372-8999999"
