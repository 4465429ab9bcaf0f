"""The review desk without a mouse: queue, documents, decision, next case; and every page fits and is accessible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.browser import chromium as chromium
from tests.browser import faults_at, served
from tests.desk_site import Desk
from tests.integration.desk_cases.conftest import desk as desk
from tests.integration.desk_cases.test_desk_orders import arrives
from tests.province import ASSISTANT, OFFICER, REGISTRAR, REVIEWER, SECOND, SECOND_ASSISTANT
from tests.public_notice import FIRST, accepted, objects, posted

from tongban.cli.stage import Account
from tongban.domain.lifecycle import CaseState
from tongban.judicial.models import Order


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served() as address:
        yield address


class Keyboard:
    """Somebody at a browser who only types."""

    def __init__(self, chromium: Browser, desk: Desk, address: str, account: Account) -> None:
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="zh-CN")
        session = desk.person(account).client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        self.page: Page = context.new_page()

    def goes(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def focused(self) -> str:
        found: str = self.page.evaluate("document.activeElement.id || document.activeElement.innerText")
        return found


def test_from_queue_to_case_to_decision_to_the_next_case(desk: Desk, address: str, chromium: Browser) -> None:
    officer = Keyboard(chromium, desk, address, OFFICER)
    officer.page.goto("/desk/cases/")

    officer.presses("j", "j")
    officer.goes("Enter")
    assert desk.cases["received_later"] in officer.page.url
    officer.presses("d", "ArrowRight", "ArrowRight", "ArrowRight")
    shown = officer.page.locator(".viewer__paper:visible").inner_text()
    officer.goes("a")

    assert shown.startswith("不动产权证书")
    assert desk.case("received_later").state == CaseState.ACCEPTED
    assert desk.cases["received"] in officer.page.url
    assert "已办理“受理”" in officer.focused, "the word of what was done is read out first"


def test_a_correction_list_is_picked_read_and_sent(desk: Desk, address: str, chromium: Browser) -> None:
    officer = Keyboard(chromium, desk, address, OFFICER)
    officer.page.goto(f"/desk/cases/{desk.cases['received']}/")

    officer.goes("c")
    officer.page.locator("input[value='change_evidence:0']").focus()
    officer.presses(" ")
    officer.goes("p")
    officer.goes("a")
    officer.goes("a")

    assert desk.case("received").state == CaseState.CORRECTION
    assert [line.material_key for line in desk.case("received").corrections.all()] == ["change_evidence"]


def test_a_case_is_sent_back_with_a_typed_reason(desk: Desk, address: str, chromium: Browser) -> None:
    second = Keyboard(chromium, desk, address, SECOND)
    second.page.goto("/desk/cases/")

    second.goes("a")
    second.goes("r")
    second.types("户口簿缺一页，请重看")
    second.presses("Tab")
    second.goes("Enter")

    assert desk.case("reviewed").moves.last().note_zh == "户口簿缺一页，请重看"


def test_a_recording_is_read_and_confirmed(desk: Desk, address: str, chromium: Browser) -> None:
    registrar = Keyboard(chromium, desk, address, REGISTRAR)
    registrar.page.goto("/desk/cases/")

    registrar.goes("a")
    registrar.goes("a")
    before = desk.case("ready").state
    registrar.goes("a")

    assert before == CaseState.DUES_SETTLED, "opening the page records nothing"
    assert desk.case("ready").state == CaseState.RECORDED
    assert "这个队列已经办完" in registrar.page.locator("main").inner_text()


def test_every_page_fits_and_has_nothing_axe_complains_about(desk: Desk, address: str, chromium: Browser) -> None:
    pages = {
        REVIEWER: (
            "",
            "{seized}/",
            "{refused}/",
            "{accepted}/application",
            "{accepted}/inquiry",
            "{accepted}/evidence",
        ),
        OFFICER: ("{received}/move/ask_correction", "{received}/move/not_accept", "{received}/move/withdraw"),
        REGISTRAR: ("{certified}/", "{ready}/move/record", "../register/", "unit"),
    }
    found = []
    for account, paths in pages.items():
        page = Keyboard(chromium, desk, address, account).page
        for path in paths:
            url = _unit(page, desk) if path == "unit" else f"/desk/cases/{path.format(**desk.cases)}"
            found += [(path, *fault) for fault in faults_at(page, url, (360, 1440))]

    assert found == []


def test_the_pages_of_a_public_notice_fit_and_are_accessible(desk: Desk, address: str, chromium: Browser) -> None:
    case_no = accepted(desk.story)
    reviewer = Keyboard(chromium, desk, address, REVIEWER)
    found = list(faults_at(reviewer.page, f"/desk/cases/{case_no}/move/publish", (360, 1440)))
    reviewer.page.goto(f"/desk/cases/{case_no}/move/publish")
    for box in reviewer.page.locator("input[name=evidence]").all():
        box.check()
    if reviewer.page.locator("input[name=proof]").count():
        reviewer.page.fill("input[name=proof]", "派出所证明")
    reviewer.goes("a")
    assert desk.case(case_no).state == CaseState.PUBLISHED
    posted(desk.story, case_no, FIRST)
    objects(desk.story, case_no, FIRST)

    for account in (OFFICER, REVIEWER):
        page = Keyboard(chromium, desk, address, account).page
        found += faults_at(page, f"/desk/cases/{case_no}/public-notice", (360, 1440))
    page.goto(f"/desk/cases/{case_no}/public-notice")
    for path in ("/notices", str(page.locator("a", has_text="打印公告").get_attribute("href"))):
        found += faults_at(page, path, (320, 390, 1440))

    assert found == []


def test_an_order_is_read_proposed_and_confirmed_without_a_mouse(desk: Desk, address: str, chromium: Browser) -> None:
    arrives(desk.story, "CX-606")
    release = arrives(desk.story, "CX-608", kind="release", refers_to="CX-606", period_months=None)
    first = Keyboard(chromium, desk, address, ASSISTANT)
    first.page.goto("/desk/orders/")

    first.presses("j")
    first.goes("Enter")
    assert release.message_id in first.page.url
    first.page.locator("input[name=answer]").first.focus()
    first.presses(" ", "Tab", "Tab", " ")  # past the choice of an entry
    assert first.page.locator("input[name=cleared]").is_checked()
    assert first.page.locator("textarea[name=words]").first.is_hidden(), "only what this answer asks"
    first.goes("s")
    assert "意见已提出" in first.page.locator("main").inner_text()
    second = Keyboard(chromium, desk, address, SECOND_ASSISTANT)
    second.page.goto(f"/desk/orders/{release.message_id}/")
    found = list(faults_at(second.page, second.page.url, (360, 1440)))
    for path in ("/desk/orders/", "/desk/orders/new"):
        found += faults_at(second.page, path, (360, 1440))
    second.page.goto(f"/desk/orders/{release.message_id}/")
    second.goes("y")

    assert Order.objects.get(pk=release.pk).state == Order.ENTERED
    assert "已解除查封" in second.page.locator("main").inner_text()
    assert found == []


def _unit(page: Page, desk: Desk) -> str:
    """The register's page of the certified unit, by the link on its case."""
    page.goto(f"/desk/cases/{desk.cases['certified']}/")
    return str(page.locator("a", has_text="看这个单元的登记簿").first.get_attribute("href"))
