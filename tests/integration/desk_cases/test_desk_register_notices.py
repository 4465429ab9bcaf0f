"""The desk's list of notices near the last day of their 90: read by who may read the register, each look audited."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate
from tests.desk_site import Desk
from tests.province import CLERK, HOME, OFFICER, STRANGER
from tests.register_story import burden, record

from tongban.cli import examples
from tongban.domain.burdens import Burden
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import ExampleUnit
from tongban.domain.entries import OpenTitle
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause
from tongban.domain.unit_code import parse_unit_code
from tongban.register import ending_notices, notice_days

NOTICES = "/desk/register/notices/"
PRESALE = EXAMPLE_UNITS[ExampleUnit.PRESALE_FLAT].unit
SOLD = EXAMPLE_UNITS[ExampleUnit.FLAT].title


@pytest.fixture
def noticed(desk: Desk) -> Desk:
    """A flat bought before it was finished, then first registered: from that day on the buyer can apply."""
    examples.take_units(HOME, desk.story.now)
    code = PRESALE.unit_code
    record(desk.story, burden(code, Burden.PRIORITY_NOTICE, 301, "吕明远", price_yuan="746000.00"), Act.PRIORITY_NOTICE)
    assert SOLD is not None
    number = type(SOLD.certificate_no)("豫（2026）滑县不动产权第0009955号")
    title = type(SOLD)(PRESALE, number, SOLD.co_ownership, SOLD.holders)
    record(desk.story, OpenTitle(title, Cause.OTHER), Act.ALTER_NAME)
    return desk


def test_a_notice_is_listed_when_its_last_day_is_near_and_then_as_over(noticed: Desk) -> None:
    begun = localdate(noticed.story.now)
    assert "30天内没有到期的预告登记" in noticed.person(OFFICER).opens(NOTICES).words

    noticed.story.tick(days=70)
    near = noticed.person(OFFICER).opens(NOTICES)
    noticed.story.tick(days=30)
    over = noticed.person(OFFICER).opens(NOTICES, tab="over")

    last = notice_days.final_day(PRESALE.unit_code, begun)
    assert last is not None and f" {(last - begun).days - 70} 天" in near.words
    for page in (near, over):
        assert parse_unit_code(PRESALE.unit_code).grouped in page.words and PRESALE.address_zh in page.words
        assert "吕明远" not in page.words, "whose it is, the unit's page tells for a purpose"
        assert f"/desk/register/?unit={PRESALE.unit_code}" in page.text
    assert "已过" in over.words
    row = noticed.audited(action="register.notices")[-1]
    assert (row.object_id, row.actor_id, row.outcome) == (HOME, OFFICER.username, "ok")


def test_who_may_not_read_the_register_sees_no_list_and_the_denial_is_audited(noticed: Desk) -> None:
    window, stranger = noticed.person(CLERK), noticed.person(STRANGER)

    refused = window.opens(NOTICES), stranger.opens(NOTICES, registry=HOME)

    assert [page.status for page in refused] == [403, 403]
    assert all(parse_unit_code(PRESALE.unit_code).grouped not in page.words for page in refused)
    denied = [(one.actor_id, one.outcome) for one in noticed.audited(object_id="notices")]
    assert denied == [(CLERK.username, "denied"), (STRANGER.username, "denied")]
    assert noticed.audited(action="register.notices") == []
    assert "/desk/register/notices/" in noticed.person(OFFICER).opens("/desk/register/").text


def test_the_page_leads_on_by_key_and_takes_as_many_statements_for_any_number(
    noticed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed.story.tick(days=70)
    officer = noticed.person(OFFICER)
    one = officer.queries_of(NOTICES)
    assert one <= 12
    monkeypatch.setattr(ending_notices, "PAGE_ROWS", 1)
    record(noticed.story, burden(PRESALE.unit_code, Burden.MORTGAGE_NOTICE, 302, "银行"), Act.PRIORITY_NOTICE)

    assert "after=" not in officer.opens(NOTICES).text, "the bank waits for the transfer"
    assert officer.queries_of(NOTICES) == one
