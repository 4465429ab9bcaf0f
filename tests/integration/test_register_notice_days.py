"""From when the holder of an advance notice could apply, as the book shows it, and what a recording makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests import register_builders as a
from tests.entry_inputs import given

from tongban.directory.models import CalendarDay
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.division_form import OWNERS
from tongban.domain.decision import Refusal
from tongban.domain.entries import Entry, ReplaceTitle
from tongban.domain.evidence import Evidence
from tongban.domain.reasons import Reasons
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause
from tongban.register import book, notice_days, reading
from tongban.register.requests import Recording

pytestmark = pytest.mark.django_db

NOTICED = datetime(2026, 1, 12, 2, 0, tzinfo=UTC)
BEGUN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 首次登记
LAST = date(2026, 5, 31)  # 90 days after, a Sunday in the table of these tests
MONDAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    """The days on which the periods of these tests end."""
    CalendarDay.objects.all().delete()
    days = [date(2026, 5, 20) + timedelta(days=offset) for offset in range(90)]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_workday=day.weekday() < 5, is_final=True) for day in days)


def notice(kind: Burden = Burden.PRIORITY_NOTICE, number: str = "yg-1") -> OpenBurden:
    return OpenBurden(a.unit(1), BurdenFact(kind, number, NOTICED.date(), proof_no=number), {})


def write(*entries: Entry, key: str, now: datetime, act: Act = Act.TRANSFER, **more: object) -> Recording | Refusal:
    return book.record(a.request(*entries, key=key, now=now, act=act, **more))


def sold(number: int, before: int) -> ReplaceTitle:
    title = replace(a.title(1, "买房人"), certificate_no=a.certificate(number))
    return ReplaceTitle(a.certificate(before), title, Cause.SALE)


def test_a_buyer_can_apply_from_the_first_registration_and_a_day_of_rest_moves_on() -> None:
    write(notice(), key="k1", now=NOTICED, act=Act.PRIORITY_NOTICE)
    assert reading.burdens(a.unit(1))[0].final_by is None

    write(a.opened(1), key="k2", now=BEGUN, act=Act.ALTER_NAME)

    assert [one.final_by for one in reading.burdens(a.unit(1))] == [MONDAY]
    assert notice_days.final_days(a.unit(1)) == {"yg-1": MONDAY}
    assert notice_days.final_days(a.unit(1), BEGUN - timedelta(days=1)) == {}


def test_a_notice_on_a_house_that_was_registered_before_has_no_known_end() -> None:
    write(a.opened(1), key="k1", now=NOTICED)
    write(notice(), key="k2", now=BEGUN, act=Act.PRIORITY_NOTICE)

    assert [one.final_by for one in reading.burdens(a.unit(1))] == [None]
    later = BEGUN + timedelta(days=3650)
    assert write(sold(2, 1), key="k3", now=later) == Refusal(
        Reasons.NOTICE_CONSENT, reading.burdens(a.unit(1))[0].facts
    )


def test_a_bank_can_apply_only_once_the_house_is_its_buyers() -> None:
    write(notice(Burden.MORTGAGE_NOTICE), key="k1", now=NOTICED, act=Act.PRIORITY_NOTICE)
    write(a.opened(1), key="k2", now=BEGUN, act=Act.ALTER_NAME)
    assert notice_days.final_days(a.unit(1)) == {}

    consent = frozenset({Evidence.NOTICE_HOLDER_CONSENT})
    write(sold(2, 1), key="k3", now=BEGUN + timedelta(days=1), evidence=consent)

    assert notice_days.final_days(a.unit(1)) == {"yg-1": MONDAY}


def test_where_the_calendar_does_not_reach_the_notice_stands() -> None:
    CalendarDay.objects.all().delete()
    write(notice(), key="k1", now=NOTICED, act=Act.PRIORITY_NOTICE)
    write(a.opened(1), key="k2", now=BEGUN, act=Act.ALTER_NAME)

    assert notice_days.final_days(a.unit(1)) == {}


def test_an_overdue_notice_blocks_until_a_registrar_confirms_its_lapse() -> None:
    write(notice(), key="k1", now=NOTICED, act=Act.PRIORITY_NOTICE)
    write(a.opened(1), key="k2", now=BEGUN, act=Act.ALTER_NAME)
    confirmed = frozenset({Evidence.NOTICE_LAPSE_CONFIRMED})
    on_the_last_day = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
    the_day_after = on_the_last_day + timedelta(days=1)

    too_early = write(sold(2, 1), key="k3", now=on_the_last_day, evidence=confirmed)
    not_confirmed = write(sold(2, 1), key="k4", now=the_day_after)
    done = write(sold(2, 1), key="k5", now=the_day_after, evidence=confirmed)

    assert isinstance(too_early, Refusal) and too_early.reason == Reasons.NOTICE_CONSENT
    assert isinstance(not_confirmed, Refusal) and not_confirmed.reason == BurdenReasons.NOTICE_MAY_HAVE_LAPSED
    assert isinstance(done, Recording)
    assert [one.burden for one in reading.burdens(a.unit(1))] == [Burden.PRIORITY_NOTICE]  # it stays until cancelled


def test_a_unit_is_divided_past_a_notice_whose_lapse_was_confirmed_and_it_ends_there() -> None:
    write(notice(), key="k1", now=NOTICED, act=Act.PRIORITY_NOTICE)
    write(a.opened(1), key="k2", now=BEGUN, act=Act.ALTER_NAME)
    assert reading.page(a.unit(1)).final_days == {"yg-1": MONDAY}
    assert reading.page(a.unit(1), BEGUN - timedelta(days=1)).final_days == {}
    divided, owner = CATALOGUE["S17"], a.title(1).holders[0]
    form = {
        **divided.example.answers,
        "certificate_no": a.certificate(1),
        **OWNERS.prefill(owner),
        "new1_unit": a.unit(11),
        "new2_unit": a.unit(12),
    }
    the_day_after = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)

    def divides(key: str, *proofs: Evidence) -> Recording | Refusal:
        pages = [reading.page(code) for code in (a.unit(1), a.unit(11), a.unit(12))]
        entries = divided.entries(given(form, *pages, evidence=frozenset(proofs)))
        return write(*entries, key=key, now=the_day_after, act=Act.ALTER_UNIT, evidence=frozenset(proofs))

    not_confirmed = divides("k3")
    done = divides("k4", Evidence.NOTICE_LAPSE_CONFIRMED)

    assert isinstance(not_confirmed, Refusal) and not_confirmed.reason == BurdenReasons.NOTICE_MAY_HAVE_LAPSED
    assert isinstance(done, Recording)
    assert [reading.burdens(a.unit(number)) for number in (1, 11, 12)] == [(), (), ()]
    assert all(reading.title(a.unit(number)) for number in (11, 12))
