"""Every component in a real browser: accessible, within the screen, by keyboard, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser import chromium as chromium
from tests.browser import faults_of, served

from tongban.web.preferences import COOKIE, Preferences

LOOKS = {"light": Preferences(theme="light"), "dark": Preferences(theme="dark"), "elder": Preferences(size="elder")}
PAGES = ("/style-guide", "/style-guide?page=plain", "/preferences")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served(DEBUG=True, ROOT_URLCONF="tests.web_urls", TONGBAN_SHELL="") as address:
        yield address


@pytest.fixture
def window(chromium: Browser, site: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=site, viewport={"width": 1440, "height": 900}, permissions=["camera"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [360, 1440, 2560])
def test_a_page_is_accessible_and_fits_the_screen(window: Page, site: str, path: str, look: str, width: int) -> None:
    window.context.add_cookies([{"name": COOKIE, "value": LOOKS[look].cookie(), "url": site}])
    window.set_viewport_size({"width": width, "height": 900})
    window.goto(path)

    assert faults_of(window) == []


def test_a_queue_is_walked_and_opened_by_keyboard(window: Page) -> None:
    window.goto("/style-guide")

    for key in "jjkjj":
        window.keyboard.press(key)
    here = window.evaluate("[...document.querySelectorAll('tbody tr')].findIndex(row => 'here' in row.dataset)")
    window.keyboard.press("Enter")

    assert here == 2
    assert window.url.endswith("#table")


def test_letters_do_nothing_while_somebody_types(window: Page) -> None:
    window.goto("/style-guide")

    window.locator("#id_remark").press_sequentially("jn?x")

    assert window.locator("#id_remark").input_value() == "jn?x"
    assert window.locator("dialog[open], tr[data-here]").count() == 0


def test_shortcuts_can_be_switched_off(window: Page, site: str) -> None:
    window.context.add_cookies([{"name": COOKIE, "value": Preferences(keys="off").cookie(), "url": site}])
    window.goto("/style-guide")

    window.keyboard.press("j")
    window.keyboard.press("?")

    assert window.locator("dialog[open], tr[data-here]").count() == 0
    assert not window.locator(".button .key").first.is_visible()


def test_the_question_mark_lists_the_shortcuts_of_this_page(window: Page) -> None:
    window.goto("/style-guide")

    window.keyboard.press("?")

    for words in ("下一行", "新建收件", "不予登记"):
        assert window.locator("dialog[open]").get_by_text(words).is_visible()


def test_a_form_is_sent_once_however_often_the_button_is_pressed(window: Page) -> None:
    window.goto("/style-guide")

    sent = window.evaluate(
        """() => {
            let sent = 0;
            window.addEventListener("submit", (event) => { sent += !event.defaultPrevented; event.preventDefault(); });
            const button = document.querySelector("form[data-once] button");
            [1, 2, 3].forEach(() => button.click());
            return sent;
        }"""
    )

    assert sent == 1


def chosen_file(window: Page, field: str) -> list[Any] | None:
    return window.evaluate(  # type: ignore[no-any-return]
        "id => { const file = document.getElementById(id).files[0]; return file ? [file.name, file.type] : null; }",
        field,
    )


def test_a_signature_on_the_screen_becomes_an_ordinary_file(window: Page) -> None:
    window.goto("/style-guide?page=plain")
    window.locator(".pad__canvas").scroll_into_view_if_needed()
    box = window.locator(".pad__canvas").bounding_box()
    assert box is not None

    window.mouse.move(box["x"] + 40, box["y"] + 60)
    window.mouse.down()
    window.mouse.move(box["x"] + 160, box["y"] + 90, steps=8)
    window.mouse.up()
    window.get_by_text("已签名").wait_for()
    signed = chosen_file(window, "id_signature")
    window.get_by_role("button", name="擦掉重写").click()

    assert signed == ["signature.png", "image/png"]
    assert chosen_file(window, "id_signature") is None


def test_a_photo_by_camera_becomes_an_ordinary_file(window: Page) -> None:
    window.goto("/style-guide?page=plain")

    window.get_by_role("button", name="打开摄像头").click()
    window.get_by_role("button", name="拍照").click()
    window.get_by_text("已拍好").wait_for()

    assert chosen_file(window, "id_photo") == ["photo.jpg", "image/jpeg"]


def test_without_javascript_the_look_changes_and_every_field_is_there(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/style-guide?page=plain")

    page.get_by_role("button", name="大字版").click()
    page.get_by_role("button", name="深色").click()

    root = page.locator("html")
    assert (root.get_attribute("data-size"), root.get_attribute("data-theme")) == ("elder", "dark")
    assert page.url.endswith("?page=plain")
    assert page.locator("input[type=file]").count() == 3
    assert all(field.is_visible() for field in page.locator("input[type=file]").all())
    context.close()


def test_without_javascript_papers_are_chosen_and_enlarged(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/style-guide")
    before = page.locator(".viewer__paper img").first.bounding_box()

    page.get_by_text("2.5 倍").first.click()
    after = page.locator(".viewer__paper img").first.bounding_box()
    page.locator(".viewer__list").get_by_text("身份证").click()

    assert before is not None and after is not None
    assert after["width"] > before["width"] * 2.3
    assert [paper.is_visible() for paper in page.locator(".viewer__paper").all()] == [False, True]
    context.close()
