"""The public pages in a real browser: accessible in every look, on a phone, without JavaScript, by camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser import chromium as chromium
from tests.browser import faults_of, served
from tests.portal_builders import Certificate, a_certificate, flipped, renamed_again
from tests.province import Province
from tests.stories.conftest import story as story

from tongban.portal import kept_trust, limits
from tongban.web.preferences import COOKIE, Preferences

LOOKS = {"light": Preferences(theme="light"), "dark": Preferences(theme="dark"), "elder": Preferences(size="elder")}
HOUSE = "fits=yes&unit=none&county=410526&land=GBF"
SAID = f"{HOUSE}&window=410102&owner_kind=person&has_agent=no"
SOLD = (
    "matter=sale&thing=residential&price=103万&area_m2=150&seat=town&taker_homes=second&taker_kind=person&certificates=2"
    "&giver_kind=person&held=0&with_loan=on&division=410526"
)
PAGES = (
    "/",
    "/can-i",
    "/can-i/S13",
    "/can-i/S13?fits=yes",
    "/can-i/S13?fits=yes&unit=none&asked=county",
    f"/can-i/S13?{SAID}",
    f"/can-i/S13?{SAID}&limits=none",
    f"/can-i/S13?{SAID}&limits=none&papers=identity",
    f"/can-i/S13?{SAID}&limits=seizure&papers=identity",
    "/can-i/S13?fits=yes&unit=code&county=410526&land=JCF",
    f"/can-i/S13?{HOUSE}&window=410502&owner_kind=person&has_agent=no&limits=none&papers=none",
    "/can-i/S13?fits=no",
    "/estimate",
    "/estimate?matter=sale",
    f"/estimate?{SOLD}",
    f"/estimate?{SOLD}&thing=other",
    "/guides",
    "/guides/S13",
    "/guides/register-query",
    "/windows",
    "/windows/410526",
    "/verify",
    "/verify/file",
    "/verify/code",
    "/verify/number",
    "/verify/offline",
    "/accessibility",
    "/privacy",
)


@pytest.fixture
def site(story: Province, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    limits.forget()
    kept_trust.forget()
    with served() as address:
        yield address


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page on a phone, or however it is asked for; complaints of the browser fail the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(look: str = "light", width: int = 390, **options: Any) -> Page:
        context = chromium.new_context(base_url=site, viewport={"width": width, "height": 844}, **options)
        context.add_cookies([{"name": COOKIE, "value": LOOKS[look].cookie(), "url": site}])
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(("look", "width"), [("light", 320), ("light", 1440), ("dark", 390), ("elder", 390)])
def test_every_page_is_accessible_and_fits_the_screen(phone: Callable[..., Page], look: str, width: int) -> None:
    page = phone(look, width)

    found = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        if problems := faults_of(page):
            found[path] = problems

    assert found == {}


def checked_file(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.goto("/verify/file")
    page.get_by_label("选择证照文件").set_input_files(path)
    page.get_by_role("button", name="开始验").click()


@pytest.mark.parametrize("look", LOOKS)
def test_the_answers_of_a_verification_are_accessible(
    story: Province, phone: Callable[..., Page], tmp_path: Path, look: str
) -> None:
    old = a_certificate(story)
    new = renamed_again(story)
    page = phone(look)

    titles, found = [], []
    for data in (new.pdf, old.pdf, flipped(new.pdf, 5000)):
        checked_file(page, tmp_path / "证书.pdf", data)
        titles.append(page.locator(".verdict__title").inner_text())
        found += faults_of(page)
    for number in (new.certificate_no, "豫（2025）滑县不动产权第0009999号", "1"):
        page.goto("/verify/number")
        page.get_by_label("不动产权证号").fill(number)
        page.get_by_role("button", name="查一查").click()
        found += faults_of(page)

    assert titles == ["真的，现在有效", "真的，但已被新证替换", "不是真的，请不要认"]
    assert found == []


def test_somebody_without_javascript_finds_out_what_to_bring(phone: Callable[..., Page]) -> None:
    page = phone(java_script_enabled=False)
    go_on = page.get_by_role("button", name="继续")

    page.goto("/")
    page.get_by_role("link", name="先查一查").click()
    page.get_by_role("link", name="权利人姓名（名称）变更登记", exact=True).click()
    page.get_by_label("是", exact=True).check()
    go_on.click()
    page.get_by_label("不动产单元号").fill("410526 001001 GB00001 F00010001")
    go_on.click()
    page.get_by_label("您想到哪里去办").select_option(label="中原区")
    go_on.click()
    page.get_by_label("个人", exact=True).check()
    go_on.click()
    page.get_by_label("否", exact=True).check()
    go_on.click()
    go_on.click()  # no limits known
    page.get_by_label("身份证明").check()
    go_on.click()

    assert page.locator(".verdict__title").inner_text() == "可以办，还差 2 样材料"
    assert page.get_by_text("郑州市“全豫通办”专窗").is_visible()
    assert "410526001001" not in page.url and "GB00001" not in page.url
    page.go_back()
    assert page.get_by_text("下面的材料，您手上有哪些？").is_visible()


def test_somebody_without_javascript_learns_what_a_home_costs(phone: Callable[..., Page]) -> None:
    page = phone(java_script_enabled=False)

    page.goto("/")
    page.get_by_role("link", name="税费估算").click()
    page.get_by_label("价钱（元）").fill("80万")
    page.get_by_label("建筑面积（平方米）").fill("118")
    page.get_by_label("原来的主人取得房子多久了").select_option(label="满二年，不满五年")
    page.get_by_role("button", name="算一算").click()

    assert page.get_by_text("买方：约8,080元").is_visible()
    assert page.get_by_text("卖方：约8,000元").is_visible()
    assert not page.get_by_text("契税法第四条").first.is_visible()
    page.get_by_text("法律依据").nth(1).click()
    assert page.get_by_text("契税法第四条").first.is_visible()


def test_somebody_without_javascript_checks_a_file(story: Province, phone: Callable[..., Page], tmp_path: Path) -> None:
    certificate = a_certificate(story)
    page = phone(java_script_enabled=False)

    checked_file(page, tmp_path / "证书.pdf", certificate.pdf)

    assert page.locator(".verdict__title").inner_text() == "真的，现在有效"
    assert page.url.endswith("/verify/file")


def camera_that_reads(code: str) -> str:
    """A stand-in for the browser's own reader of codes, which Chromium has on phones only."""
    return f"window.BarcodeDetector = class {{ async detect() {{ return [{{ rawValue: {code!r} }}]; }} }};"


def test_the_camera_reads_a_code_and_sends_it(story: Province, phone: Callable[..., Page]) -> None:
    certificate: Certificate = a_certificate(story)
    page = phone(permissions=["camera"])
    page.add_init_script(camera_that_reads(certificate.code))
    page.goto("/verify/code")

    page.get_by_role("button", name="用摄像头扫一扫").click()
    page.wait_for_selector(".verdict__title")

    assert page.locator(".verdict__title").inner_text() == "真的，现在有效"


def test_another_code_before_the_camera_is_not_sent(phone: Callable[..., Page]) -> None:
    page = phone(permissions=["camera"])
    page.add_init_script(camera_that_reads("https://example.com/"))
    page.goto("/verify/code")

    page.get_by_role("button", name="用摄像头扫一扫").click()
    page.get_by_text("这不是证书上的二维码，请换一个。").wait_for()

    assert page.get_by_label("二维码里的文字").input_value() == ""


def test_a_browser_that_cannot_read_codes_offers_no_camera(phone: Callable[..., Page]) -> None:
    page = phone()
    page.add_init_script("delete window.BarcodeDetector;")
    page.goto("/verify/code")

    assert page.get_by_role("button", name="用摄像头扫一扫").count() == 0


def test_a_printed_answer_has_no_buttons_and_keeps_the_list(phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto(f"/can-i/S13?{SAID}&limits=none&papers=identity")

    page.emulate_media(media="print")

    assert page.get_by_text("还差这些材料").is_visible()
    assert not page.get_by_role("link", name="重新查一次").is_visible()
    assert not page.locator("header.top").is_visible()
