"""Every component in a real browser: accessible, within the screen, by keyboard, and without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

from tongban.web.preferences import COOKIE, Preferences

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = {"light": Preferences(theme="light"), "dark": Preferences(theme="dark"), "elder": Preferences(size="elder")}
PAGES = ("/style-guide", "/style-guide?page=plain", "/preferences")


class Quiet(WSGIRequestHandler):
    """A request handler that keeps the test output clean."""

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with override_settings(DEBUG=True, ROOT_URLCONF="tests.web_urls", TONGBAN_SHELL="", ALLOWED_HOSTS=["127.0.0.1"]):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), handler_class=Quiet)
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
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--use-fake-device-for-media-stream",
                  "--use-fake-ui-for-media-stream"],
        )  # fmt: skip
        yield browser
        browser.close()


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

    beyond = window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    window.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = window.evaluate("tags => axe.run(document, {runOnly: tags})", tags)["violations"]

    assert beyond <= 0
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


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
