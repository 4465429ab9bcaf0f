"""The window in a real browser: accessible at every width, and a whole application received by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.browser import chromium as chromium
from tests.browser import faults_at, served
from tests.integration.desk_window.conftest import desk as desk  # the fixture
from tests.integration.desk_window.test_desk_batches import LIST
from tests.integration.desk_window.test_desk_together import hands_in
from tests.province import flats
from tests.window_site import Desk, question

from tongban.domain.lifecycle import ApplicationState

WIDTHS = (360, 1440, 2560)
PARTS = {
    "draft": ("", "form", "people", "inquiry", "hand-over", "tell-home", "withdraw"),
    "filled": ("", "people", "materials?m=certificate", "sign", "hand-over", "content"),
    "handed_over": ("", "receipt", "withdraw"),
    "corrected": ("", "corrections"),
    "not_accepted": ("", "papers"),
    "certified": ("", "withdraw"),
    "told_home": ("",),
}


@pytest.fixture
def site(desk: Desk) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def page(chromium: Browser, site: str, desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=site, viewport={"width": 1440, "height": 900}, permissions=["camera"])
    session = desk.person().client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("name", PARTS)
def test_every_page_is_accessible_and_fits_every_screen(page: Page, desk: Desk, name: str) -> None:
    assert [fault for part in PARTS[name] for fault in faults_at(page, desk.url(name, part), WIDTHS)] == []


@pytest.mark.parametrize("address", ["/desk/", "/desk/intake/?tab=all", "/desk/intake/new", "/sign-in", "/password"])
def test_every_list_is_accessible_and_fits_every_screen(page: Page, address: str) -> None:
    assert faults_at(page, address, WIDTHS) == []


def test_the_pages_of_a_batch_are_accessible_and_fit(page: Page, desk: Desk) -> None:
    together = hands_in(desk, 9, 10)

    for address in (LIST, together.removesuffix("together"), together):
        assert faults_at(page, address, (360, 1440)) == [], address


def test_a_whole_application_is_received_by_the_keyboard_alone(page: Page, desk: Desk, site: str) -> None:
    flat, keys = flats()[9], page.keyboard

    page.goto("/desk/")
    keys.press("n")
    page.wait_for_url("**/new")
    page.goto("/desk/intake/new?item=S13")
    page.wait_for_selector("[name=unit_code]:focus")  # typing may begin at once, where the caret stands
    for text in (flat.unit_code, flat.title.certificate_no, flat.holder.name):
        keys.type(text)
        keys.press("Tab")
    keys.type(flat.holder.id_no)
    keys.press("Enter")  # as a card reader ends; it must not send the form
    assert page.url.endswith("/new?item=S13")
    keys.press("Escape")
    keys.press("g")
    page.wait_for_url("**/intake/SJ*/")
    number = page.url.rstrip("/").rsplit("/", 1)[1]
    keys.press("l")
    fills_the_form(page)
    page.wait_for_url("**/people")
    keys.press("Space")
    keys.press("Tab")
    keys.type(flat.holder.id_no)
    keys.press("Enter")
    keys.press("Space")
    keys.press("s")
    page.wait_for_url("**/materials")
    for following in (True, True, False):
        brings_one_material(page)
        if following:
            keys.press("m")
            page.wait_for_function("!location.search.includes('done=')")
    keys.press("l")
    page.wait_for_url("**/inquiry")
    for answer in "yynynnyy" if len(flat.title.holders) > 1 else "yynnnyy":
        keys.press(answer)
    keys.press("s")
    page.wait_for_url("**/sign")
    signs(page)
    page.get_by_role("link", name="核对移交").focus()
    keys.press("Enter")
    page.wait_for_url("**/hand-over")
    keys.press("g")
    page.wait_for_url("**/receipt")

    assert desk.application(number).state == ApplicationState.HANDED_OVER
    assert page.get_by_role("heading", name="收件凭证（待属地受理）").is_visible()


def test_a_service_is_found_and_chosen_by_the_keyboard_and_what_was_typed_stays(page: Page) -> None:
    keys = page.keyboard
    page.goto("/desk/intake/new?item=S13")
    page.wait_for_selector("[name=unit_code]:focus")
    keys.type("410526")
    keys.press("Escape")
    keys.press("/")
    keys.type("离婚")
    page.wait_for_selector("[data-found=离婚]")
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_selector("[name=way]")
    assert page.locator("[name=unit_code]").input_value() == "410526"
    keys.press("Escape")
    keys.press("/")
    keys.type("法拍房")
    page.wait_for_selector("[data-found=法拍房]")
    keys.press("Enter")
    page.wait_for_selector("[name=losers]")


def test_sections_follow_the_answers_and_the_tab_key_goes_down_the_form(page: Page, desk: Desk) -> None:
    flat = flats()[9]
    sent = desk.person().sends("/desk/intake/new", **question(item_number="S02", seller1_kind="person"))
    page.goto(f"{sent.to}form")
    heading = page.get_by_role("heading", name="第2位卖方")
    assert flat.holder.name in page.locator("main").inner_text() and heading.is_hidden()

    page.locator("[name=seller2_also][value=yes]").check()
    assert heading.is_visible()
    page.locator("[name=seller2_also][value=no]").check()
    assert heading.is_hidden()

    page.locator("[name=seller1_phone]").focus()
    passed = []
    for _ in range(8):
        passed.append(str(page.evaluate("document.activeElement.name")))
        page.keyboard.press("Tab")
    seller = ["seller1_phone", "seller1_comes", "seller2_also"]
    assert passed == [*seller, *(f"buyer1_{what}" for what in ("kind", "name", "id_kind", "id_no", "phone"))]


def test_every_line_of_what_is_wrong_leads_the_caret_to_its_field(page: Page, desk: Desk) -> None:
    sent = desk.person().sends("/desk/intake/new", **question(item_number="S02", seller1_kind="person"))
    page.goto(f"{sent.to}form")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_selector(".wrong")

    reached = {}
    for line in page.locator(".wrong li a").all():
        line.focus()
        page.keyboard.press("Enter")
        reached[str(line.get_attribute("href"))] = str(page.evaluate("document.activeElement.name ?? ''"))

    assert reached["#id_buyer2_also_0"] == "buyer2_also"
    assert {href: name for href, name in reached.items() if not href.startswith(f"#id_{name}")} == {}
    assert "" not in reached.values() and len(reached) > 10


def fills_the_form(page: Page) -> None:
    page.wait_for_url("**/form")
    keys = page.keyboard
    keys.type("韩雨桐")
    for press in ("Tab", "Space", "Tab", "Space", "Tab"):
        keys.press(press)
    for text in ("无", "滑县公安局城关派出所", "20261120", "13800000000"):
        keys.type(text)
        keys.press("Tab")
    keys.press("n")
    keys.press("s")


def brings_one_material(page: Page) -> None:
    keys = page.keyboard
    keys.press("c")
    page.locator("[data-start]").focus()
    keys.press("Enter")
    page.locator("[data-take]:not([hidden])").wait_for()
    page.wait_for_function("document.querySelector('video').videoWidth > 0")
    keys.press("Enter")
    page.get_by_text("已拍好").wait_for()
    keys.press("s")
    page.wait_for_url("**done=scanned**")
    keys.press("y")
    page.wait_for_url("**done=paper**")


def signs(page: Page) -> None:
    """The one thing no keyboard does: the applicant's own hand."""
    pad = page.locator(".pad__canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 110, steps=9)
    page.mouse.up()
    page.get_by_text("已签名").wait_for()
    page.get_by_role("button", name="我看过了").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="都签好了").wait_for()


def test_a_condition_shows_and_hides_its_fields_at_once(page: Page, desk: Desk) -> None:
    page.goto(desk.url("draft", "form"))
    agent = page.locator("#id_agent_name")
    before = agent.is_visible()

    page.check("[name=has_agent][value=yes]")
    shown = agent.is_visible()
    page.check("[name=has_agent][value=no]")

    assert (before, shown, agent.is_visible()) == (False, True, False)


def test_without_javascript_the_fields_of_a_condition_come_after_saving(
    chromium: Browser, page: Page, desk: Desk, site: str
) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, viewport={"width": 390, "height": 800})
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(desk.url("draft", "form"))

    plain.check("[name=has_agent][value=yes]")
    plain.get_by_role("button", name="只保存").click()

    assert plain.locator("#id_agent_name").is_visible()
    assert plain.get_by_text("没有填“代办人姓名”").first.is_visible()
    context.close()


def test_the_home_registry_appears_while_the_unit_code_is_typed(page: Page) -> None:
    page.goto("/desk/intake/new?item=S13")

    page.keyboard.type(flats()[9].unit_code)

    page.locator("#home-registry").get_by_text("滑县不动产登记中心").wait_for()
