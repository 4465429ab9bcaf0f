"""The query desk in a real browser: accessible at every width, and a query taken in by the keyboard alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from tests.browser import chromium as chromium
from tests.browser import faults_at, served
from tests.enquiry_site import CLEAN, HOME_CLERK, SEIZED, Counter, application, flat, owner
from tests.integration.enquiries.conftest import counter as counter  # the fixture
from tests.province import OFFICER

from tongban.access.models import Staff
from tongban.access.sign_in import SEEN_AT
from tongban.domain.query_terms import Acting, Asker, Index, Wanted
from tongban.enquiries.models import Enquiry, QueryRecord

WIDTHS = (360, 1440, 2560)


@pytest.fixture
def site(counter: Counter) -> Iterator[str]:
    with served() as address:
        yield address


def signed_in(browser: Browser, site: str, counter: Counter, username: str) -> Page:
    client = Client()
    client.force_login(Staff.objects.get(username=username))
    session = client.session
    session[SEEN_AT] = int(counter.story.now.timestamp())
    session.save()
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return context.new_page()


def faults(page: Page, address: str) -> list[object]:
    """What there is to complain about at every width."""
    found: list[object] = []
    for width in WIDTHS:
        found += faults_at(page, address, (width,))
        _picture(page, address, width)
    return found


def _picture(page: Page, address: str, width: int) -> None:
    """Keep what the page looks like where `PICTURES_FOLDER` says."""
    if folder := os.environ.get("PICTURES_FOLDER"):
        name = address.strip("/").replace("/", "-").replace("?", "-")
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def test_every_page_of_the_query_desk_is_accessible(chromium: Browser, site: str, counter: Counter) -> None:
    shown = counter.takes(application(Asker.HOLDER, flat(SEIZED), wanted=Wanted.ORIGINALS))
    refused = counter.takes(application(Asker.BUYING, flat(SEIZED), papers=frozenset()))
    clerk = signed_in(chromium, site, counter, HOME_CLERK.username)
    officer = signed_in(chromium, site, counter, OFFICER.username)
    number = QueryRecord.objects.get(enquiry_no=shown.number).pk

    found: dict[str, Any] = {
        address: faults(clerk, f"/desk/enquiries/{address}")
        for address in (
            "", "new", "new/buying/lawyer/result", "new/guardian/in_person/holdings",
            "new/suit_party/in_person/originals", f"{shown.number}/", f"{refused.number}/",
        )
    }  # fmt: skip
    found |= {address: faults(officer, f"/desk/enquiries/log/{address}") for address in ("", f"{number}/")}

    assert {address: one for address, one in found.items() if one} == {}


def test_a_query_is_taken_in_by_the_keyboard_alone(chromium: Browser, site: str, counter: Counter) -> None:
    page = signed_in(chromium, site, counter, HOME_CLERK.username)
    who = owner(flat(CLEAN))
    page.goto("/desk/enquiries/")

    page.keyboard.press("n")
    page.wait_for_url("**/new")
    page.get_by_label("谁来查").select_option(Asker.HOLDER.value)
    page.get_by_role("button", name="下一步").press("Enter")
    page.wait_for_url(f"**/{Asker.HOLDER.value}/{Acting.IN_PERSON.value}/{Wanted.RESULT.value}")
    page.get_by_label("查询人的姓名（名称）").fill(who.name)
    page.get_by_role("textbox", name="证件号码").fill(who.id_no)
    page.get_by_label(Index.IDENTITY.name_zh).check()
    for paper in ("查询申请书", "本人（本单位）的身份证明"):
        page.get_by_label(paper).press("Space")
    page.get_by_role("button", name="向属地查询").press("Enter")
    page.wait_for_url("**/desk/enquiries/CX*/")

    assert page.get_by_text(flat(CLEAN).title.certificate_no).first.is_visible()
    assert Enquiry.objects.get().state == "answered"
