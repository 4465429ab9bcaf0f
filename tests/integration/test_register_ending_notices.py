"""The list of a registry's notices by the last day of their 90: which, in what order, page by page, for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import register_builders as a
from tests.integration.test_register_notice_days import notice as notice_on_first
from tests.integration.test_register_notice_days import sold, write

from tongban.access.actors import Actor, ActorKind, HeldRole
from tongban.access.models import AuditRow
from tongban.access.permissions import Role
from tongban.directory.models import CalendarDay, LedgerDistrict
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.errors import NotPermitted
from tongban.domain.evidence import Evidence
from tongban.domain.restrictions import Act
from tongban.register import ending_notices as ending
from tongban.register import notice_days
from tongban.register.ending_notices import Ending

pytestmark = pytest.mark.django_db

NOTICED = datetime(2026, 1, 12, 2, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 3, 2)
TODAY = datetime(2026, 6, 2, 2, 0, tzinfo=UTC)  # a Tuesday
READER = Actor(
    ActorKind.STAFF, "reader", "查簿员", a.REGISTRY, frozenset({HeldRole(Role.REVIEWER, a.REGISTRY)}), has_agreement=True
)  # fmt: skip


@pytest.fixture(autouse=True)
def calendar(db: None) -> None:
    """The days on which the periods of these tests end; Saturdays and Sundays are days of rest."""
    CalendarDay.objects.all().delete()
    days = [date(2026, 4, 1) + timedelta(days=offset) for offset in range(160)]
    LedgerDistrict.objects.get_or_create(
        division_code=a.LEDGER,
        defaults={"ledger_code": a.LEDGER, "registry_code": a.REGISTRY, "valid_from": date(2000, 1, 1)},
    )
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_workday=day.weekday() < 5, is_final=True) for day in days)


def notice(number: int, kind: Burden = Burden.PRIORITY_NOTICE) -> OpenBurden:
    proof = f"yg-{number}"
    return OpenBurden(a.unit(number), BurdenFact(kind, proof, NOTICED.date(), proof_no=proof), {})


def noticed(number: int, kind: Burden = Burden.PRIORITY_NOTICE) -> None:
    write(notice(number, kind), key=f"n{number}", now=NOTICED + timedelta(seconds=number), act=Act.PRIORITY_NOTICE)


def registered(number: int, day: date) -> None:
    """The house is first registered: from that day on its buyer can apply."""
    now = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
    write(a.opened(number), key=f"r{number}", now=now, act=Act.ALTER_NAME)


def listed(which: Ending = Ending.NEAR, *, now: datetime = TODAY, **keys: str) -> ending.NoticePage:
    return ending.ending_notices(READER, a.REGISTRY, which, now=now, **keys)


def proofs(page: ending.NoticePage) -> list[str]:
    return [one.proof_no for one in page.lines]


def test_what_ends_within_thirty_days_is_near_and_what_ended_is_over() -> None:
    days = {
        1: date(2026, 3, 1),
        2: date(2026, 3, 2),
        3: date(2026, 3, 3),
        4: date(2026, 4, 3),
        5: date(2026, 4, 6),
        6: None,
    }
    for number in days:
        noticed(number)
    for number, day in days.items():
        if day is not None:
            registered(number, day)

    near, over = listed(), listed(Ending.OVER)

    # 3-1 +90 = Saturday 5-30, 3-2 +90 = Sunday 5-31: both move on to Monday 6-1, over on 6-2; 3-3 ends on Monday 6-1 too
    assert proofs(over) == ["yg-1", "yg-2", "yg-3"]
    assert {one.final_by for one in over.lines} == {date(2026, 6, 1)}
    # 4-3 +90 = 7-2, the thirtieth day; 4-6 ends later, the sixth house is not registered yet
    assert proofs(near) == ["yg-4"]
    (line,) = near.lines
    assert (line.able_on, line.final_by, line.since) == (date(2026, 4, 3), date(2026, 7, 2), NOTICED.date())
    assert line.address_zh and line.burden is Burden.PRIORITY_NOTICE
    for one in (*near.lines, *over.lines):
        assert notice_days.final_days(one.unit_code) == {one.proof_no: one.final_by}, "the unit's page says the same"


def test_the_last_day_itself_is_near_and_not_over() -> None:
    noticed(1)
    registered(1, date(2026, 3, 1))
    monday = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)

    assert (proofs(listed(now=monday)), proofs(listed(Ending.OVER, now=monday))) == (["yg-1"], [])
    assert (proofs(listed()), proofs(listed(Ending.OVER))) == ([], ["yg-1"])


def test_a_bank_is_listed_once_the_house_is_its_buyers() -> None:
    write(notice_on_first(Burden.MORTGAGE_NOTICE), key="k1", now=NOTICED, act=Act.PRIORITY_NOTICE)
    registered(1, FIRST_DAY)
    assert proofs(listed(Ending.OVER)) == []

    consent = frozenset({Evidence.NOTICE_HOLDER_CONSENT})
    write(sold(2, 1), key="k3", now=datetime(2026, 3, 20, 2, 0, tzinfo=UTC), evidence=consent)

    (line,) = listed().lines
    assert (line.able_on, line.final_by) == (date(2026, 3, 20), date(2026, 6, 18))


def test_an_altered_notice_keeps_its_start_and_a_cancelled_one_is_gone() -> None:
    for number in (1, 2):
        noticed(number)
        registered(number, FIRST_DAY + timedelta(days=20 + number))
    old = notice(1)
    new = AlterBurden(a.unit(1), old.burden, replace(old.burden, proof_no="yg-1b"), {}, ())
    later = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
    write(new, key="alter", now=later, act=Act.ALTER_NOTICE)
    write(CloseBurden(a.unit(2), "yg-2", "放弃"), key="cancel", now=later, act=Act.CANCEL_NOTICE)

    (line,) = listed().lines

    assert (line.proof_no, line.able_on) == ("yg-1b", FIRST_DAY + timedelta(days=21))


def test_pages_lead_on_and_back_over_notices_of_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "PAGE_ROWS", 2)
    for number in range(1, 6):
        noticed(number)
    at = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    write(*(a.opened(number) for number in range(1, 6)), key="all", now=at, act=Act.ALTER_NAME)

    first = listed()
    second = listed(after=first.next_after)
    third = listed(after=second.next_after)
    back = listed(before=third.previous_before)

    assert [proofs(page) for page in (first, second, third)] == [["yg-1", "yg-2"], ["yg-3", "yg-4"], ["yg-5"]]
    assert (first.previous_before, third.next_after) == ("", "")
    assert (proofs(back), proofs(listed(before=back.previous_before))) == (["yg-3", "yg-4"], ["yg-1", "yg-2"])
    assert listed(before=second.previous_before).previous_before == ""
    for key in ("x", "~~", "2026-04-01~410526~1", "2026-04-01T00:00:00+00:00~410526~-1"):
        assert proofs(listed(after=key)) == ["yg-1", "yg-2"], "what is no key begins at the beginning"


def test_the_list_takes_as_many_statements_for_one_line_as_for_many() -> None:
    def statements() -> int:
        listed()
        with CaptureQueriesContext(connection) as captured:
            listed()
        return len(captured)

    noticed(1)
    registered(1, date(2026, 4, 1))
    one = statements()
    for number in range(2, 30):
        noticed(number)
    for number in range(2, 30):
        registered(number, date(2026, 4, 2))

    assert len(listed().lines) == 29
    assert statements() == one == 7, "figure, two calendars, ledgers; the list, the addresses, the audit row"


def test_only_who_may_read_the_register_sees_the_list_and_every_look_is_audited() -> None:
    noticed(1)
    registered(1, date(2026, 4, 1))
    stranger = replace(READER, roles=frozenset({HeldRole(Role.REVIEWER, "registry-410122")}))

    with pytest.raises(NotPermitted):
        ending.ending_notices(stranger, a.REGISTRY, Ending.NEAR, now=TODAY)
    assert not AuditRow.objects.filter(action="register.notices", outcome="ok").exists()
    listed()

    row = AuditRow.objects.get(action="register.notices")
    assert (row.object_id, row.actor_id, row.purpose) == (a.REGISTRY, "reader", "核对预告登记的期限")
