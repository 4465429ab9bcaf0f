"""Ten service items, in a soak all of them, through the pages of window and home registry up to the certificate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from tests import at_the_desk as desk
from tests.browser import chromium as chromium
from tests.browser import faults_at, served
from tests.province import CLERK, HOME, NOW, OFFICER, REGISTRAR, REVIEWER, SECOND, Province
from tests.stories.conftest import story as story
from tests.thorough import IS_SOAK

from tongban.access.models import Staff
from tongban.access.sign_in import SEEN_AT
from tongban.cases.models import Case
from tongban.certificates import queries as licences
from tongban.cli import examples, play, stage
from tongban.cli.stage import Account
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.lifecycle import CaseState
from tongban.intake import queries
from tongban.register import reading

TEN = ("S02", "S04", "S06", "S12", "S18", "S19", "S24", "S25", "S33", "S37")


@pytest.fixture
def address(story: Province, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    examples.take_units(HOME, NOW)
    with served() as address:
        yield address


class Seats:
    """The desks of the play: each its own browser context, signed in."""

    def __init__(self, browser: Browser, address: str, story: Province) -> None:
        self._browser, self._address, self._story = browser, address, story
        self._pages: dict[str, Page] = {}

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def of(self, account: Account) -> Page:
        """The page of somebody at work; a minute passes."""
        self._story.tick()
        if account.username not in self._pages:
            client = Client()
            client.force_login(Staff.objects.get(username=account.username))
            session = client.session
            session[SEEN_AT] = int(self._story.now.timestamp())
            session.save()
            context = self._browser.new_context(
                base_url=self._address, viewport={"width": 1440, "height": 900}, locale="zh-CN"
            )
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self._address}
            context.add_cookies([cookie])  # type: ignore[list-item]
            self._pages[account.username] = context.new_page()
            self._pages[account.username].set_default_timeout(10_000)
        return self._pages[account.username]


@pytest.fixture
def seats(chromium: Browser, address: str, story: Province) -> Iterator[Seats]:
    found = Seats(chromium, address, story)
    yield found
    found.close()


@pytest.mark.parametrize("number", CATALOGUE if IS_SOAK else TEN)
def test_an_item_goes_through_the_pages_from_question_to_certificate(
    number: str, story: Province, seats: Seats, tmp_path: Path
) -> None:
    item = CATALOGUE[number]
    code = EXAMPLE_UNITS[item.example.unit].unit.unit_code
    at = examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)
    for before in item.example.after:
        examples.play_one(CATALOGUE[before], code, at)
    wish = examples.wish_of(item, reading.page(code), NOW.date().isoformat())

    application = desk.opens(seats.of(CLERK), wish)
    known = queries.application(application, story.actor(CLERK), story.tick()).form
    stage.presign(item, {**known, **wish.form}, story.tick())
    desk.completes(seats.of(CLERK), application, wish, tmp_path)
    story.settles()
    confirmed = frozenset(map(str, item.example.confirmed))
    desk.decides(seats.of(OFFICER), application, ["受理"], confirmed)
    desk.decides(seats.of(REVIEWER), application, ["初审通过"], confirmed)
    desk.decides(seats.of(SECOND), application, ["复审通过"], confirmed)
    story.settles()
    dues = f"/desk/cases/{play.case_of(application)}/dues"
    assert faults_at(seats.of(OFFICER), dues, (360, 1440)) == []
    desk.settles_dues(seats.of(OFFICER))
    story.settles()
    desk.decides(seats.of(REGISTRAR), application, ["登簿", "登簿"], confirmed)
    story.settles()

    case = Case.objects.get(case_no=play.case_of(application))
    assert case.state == CaseState.CERTIFIED
    assert bool(licences.licences_of_case(case.case_no)) == bool(item.issues)
    window = seats.of(CLERK)
    window.goto(f"/desk/intake/{application}/")
    expect(window.locator("main")).to_contain_text("已发证" if item.issues else "已登簿")
