"""S13 through the pages, as a clerk in 郑州 and officers in 滑县 do it, up to a certificate that anyone verifies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser import chromium as chromium
from tests.browser import faults_of
from tests.sites import RunningSite, eventually

from tongban.cli import people, play, stage

PASSWORD = "Tongban-2026"
WINDOW, OFFICER, REVIEWER, SECOND, REGISTRAR = (account.username for account in stage.CAST)
FLAT = people.flats("410526", "滑县", "滑县", 200)[7]
NEW_NAME = "韩雨桐"


class Office:
    """One browser context: a person at a desk, with an authenticator."""

    def __init__(self, browser: Browser, site: RunningSite, secrets: dict[str, str]) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=site.url, viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self._secrets = secrets

    def signs_in(self, username: str) -> Page:
        """A fresh session; the code is the one the authenticator shows now."""
        self.context.clear_cookies()
        self.page.goto("/sign-in")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.fill("[name=code]", pyotp.TOTP(self._secrets[username]).now())
        self.page.locator(
            "form:has([name=password]) button[type=submit], form:has([name=password]) button"
        ).first.click()
        expect(self.page).to_have_url(f"{self.page.url.split('/desk')[0]}/desk/")
        return self.page


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[RunningSite, dict[str, str]]]:
    running = RunningSite("site-pages")
    try:
        running.do("found", ["province-410000", "registry-410100", "registry-410526", "court-410526"])
        secrets = running.do("hire_known", [account.username for account in stage.CAST], PASSWORD)
        running.do("befriend")
        running.do("stock")
        yield running, secrets
    finally:
        running.stop()


def test_a_name_change_from_the_window_to_a_verified_certificate(
    site: tuple[RunningSite, dict[str, str]], chromium: Browser, tmp_path: Path
) -> None:
    running, secrets = site
    window, home = Office(chromium, running, secrets), Office(chromium, running, secrets)

    number = receives(window.signs_in(WINDOW), tmp_path)
    eventually(lambda: number in running.do("received"), 60, "the hand-over arrives")
    decides(home.signs_in(OFFICER), number, ["受理"])
    decides(home.signs_in(REVIEWER), number, ["初审通过"])
    decides(home.signs_in(SECOND), number, ["复审通过"])
    eventually(lambda: running.do("state", number) == "DUES_SETTLED", 60, "settled")
    decides(home.signs_in(REGISTRAR), number, ["登簿", "登簿"])
    eventually(lambda: running.do("state", number) == "CERTIFIED", 90, "certified")

    certificate = downloads(home.page, number, tmp_path)
    anyone = chromium.new_context(base_url=running.url, viewport={"width": 390, "height": 844}).new_page()
    verifies_online(anyone, certificate, "现在有效")
    flipped = tmp_path / "flipped.pdf"
    data = bytearray(certificate.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    verifies_online(anyone, flipped, "不是真的")
    verifies_offline(running, certificate, flipped, tmp_path)
    window.page.goto(f"/desk/intake/{number}/")
    expect(window.page.locator("main")).to_contain_text("已发证")


def receives(page: Page, folder: Path) -> str:
    """The clerk asks the home registry, fills everything in and hands over; the application's number."""
    holder = FLAT.holder
    page.goto("/desk/intake/new?item=S13")
    page.fill("[name=unit_code]", FLAT.unit_code)
    page.fill("[name=certificate_no]", FLAT.title.certificate_no)
    page.fill("[name=holder_name]", holder.name)
    page.fill("[name=holder_id_no]", holder.id_no)
    page.get_by_role("button", name="向属地核验").click()
    page.wait_for_url("**/desk/intake/SJ**")
    number = page.url.split("/desk/intake/")[1].split("/")[0]
    base = f"/desk/intake/{number}"
    fills_form(page, base)
    page.goto(f"{base}/people")
    page.check("input[name$=method][value=reader_face]")
    page.check("input[name$=result][value=passed]")
    page.get_by_role("button", name="记下核验结果").click()
    brings_materials(page, base, folder)
    page.goto(f"{base}/inquiry")
    for name, answer in people.name_change(FLAT, NEW_NAME, day=FLAT_DAY).answers.items():
        choice = page.locator(f"input[name$={name}][value={answer}]")
        if choice.is_visible():
            choice.check()
    page.get_by_role("button", name="保存，请申请人签名").click()
    page.goto(f"{base}/sign")
    picture = folder / "signature.png"
    picture.write_bytes(play.signature(NEW_NAME).data)
    page.locator("input[type=file][name$=signature]").set_input_files(picture)
    page.get_by_role("button", name="签名").last.click()
    page.goto(f"{base}/hand-over")
    page.get_by_role("button", name="封存并移交属地").click()
    page.wait_for_load_state()
    page.goto(f"{base}/receipt")
    expect(page.locator("main")).to_contain_text("收件凭证")
    return number


FLAT_DAY = date(2026, 11, 20)


def fills_form(page: Page, base: str) -> None:
    page.goto(f"{base}/form")
    wanted = people.name_change(FLAT, NEW_NAME, day=FLAT_DAY).form
    for name, value in wanted.items():
        field = page.locator(f"[name={name}]")
        if field.count() == 0:
            continue
        if field.first.get_attribute("type") == "radio":
            page.check(f"[name={name}][value={value}]")
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.first.select_option(value)
        else:
            field.first.fill(value)
    page.get_by_role("button", name="保存，去下一步").click()
    page.wait_for_load_state()


def brings_materials(page: Page, base: str, folder: Path) -> None:
    """A scan of every material, and what happened to the original."""
    page.goto(f"{base}/materials")
    links = page.locator("nav[aria-label=材料] a")
    for url in [link.get_attribute("href") or "" for link in links.all()] or [""]:
        page.goto(page.url.split("?")[0] + url if url.startswith("?") else url or page.url)
        scan = folder / "scan.png"
        scan.write_bytes(play.scan(url or "材料").data)
        page.locator("input[type=file][name$=scans]").set_input_files(scan)
        page.get_by_role("button", name="保存扫描件").click()
        page.wait_for_load_state()
        keeps = "certificate" in page.url
        page.check(f"input[name$=kind][value={'collected' if keeps else 'checked_returned'}]")
        page.get_by_role("button", name="记下原件去向").click()
        page.wait_for_load_state()


def decides(page: Page, number: str, presses: list[str]) -> None:
    """An officer finds the case by its application number and presses through one decision."""
    finds(page, number)
    checks_access(page)
    for words in presses:
        control = (
            page.locator("#decide")
            .get_by_role("button", name=words)
            .or_(page.locator("#decide").get_by_role("link", name=words))
        )
        control.first.click()
        page.wait_for_load_state()


def finds(page: Page, number: str) -> None:
    """The search field takes an application number and leads to its case."""
    page.goto("/desk/cases/")
    page.locator("main form input[type=text], main form input[type=search]").first.fill(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/41*/**")


def checks_access(page: Page) -> None:
    """Nothing axe could complain about, nothing to scroll sideways for."""
    assert faults_of(page) == []


def downloads(page: Page, number: str, folder: Path) -> Path:
    finds(page, number)
    link = page.locator("a", has_text="下载证照").first
    response = page.request.get(link.get_attribute("href") or "")
    assert response.ok
    path = folder / "certificate.pdf"
    path.write_bytes(response.body())
    return path


def verifies_online(page: Page, file: Path, words: str) -> None:
    page.goto("/verify/file")
    page.locator("input[type=file]").first.set_input_files(file)
    page.locator("form:has(input[type=file]) button").last.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(words)
    checks_access(page)


def verifies_offline(running: RunningSite, real: Path, flipped: Path, folder: Path) -> None:
    """The command needs no site and no network; the trust file is what the public page offers."""
    trust = folder / "trust.json"
    running.do("export_trust", str(trust))
    for file, code in ((real, 0), (flipped, 1)):
        words = [sys.executable, "-m", "tongban.cli.main", "verify-certificate", str(file), "--trust", str(trust)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
        assert done.returncode == code, done.stdout + done.stderr
