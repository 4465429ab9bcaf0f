"""The query desk in a real browser: accessible at every width, and a query taken in by the keyboard alone."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from tests.e2e.test_window_desk import AXE, TAGS, Quiet, Threaded
from tests.enquiry_site import CLEAN, HOME_CLERK, SEIZED, Counter, application, flat, owner
from tests.integration.enquiries.conftest import counter as counter  # the fixture
from tests.province import OFFICER

from tongban.access.models import Staff
from tongban.access.sign_in import SEEN_AT
from tongban.domain.query_terms import Acting, Asker, Index, Wanted
from tongban.enquiries.models import Enquiry, QueryRecord

WIDTHS = (360, 1440, 2560)


@pytest.fixture(scope="module", autouse=True)
def django_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, which Django takes for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def site(counter: Counter) -> Iterator[str]:
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "testserver"]):
        server = make_server(
            "127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), server_class=Threaded, handler_class=Quiet
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


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
    """What axe finds, and how far the page runs over the side, at every width."""
    found: list[object] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        rules = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)["violations"]
        found += [(width, rule["id"], [node["html"] for node in rule["nodes"]]) for rule in rules]
        found += [(width, "runs over the side", over)] if over > 0 else []
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
