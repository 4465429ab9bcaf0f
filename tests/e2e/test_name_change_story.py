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
from tests import at_the_desk as desk
from tests.browser import chromium as chromium
from tests.browser import faults_of
from tests.sites import RunningSite, eventually

from tongban.cli import people, stage

PASSWORD = "Tongban-2026"
WINDOW, OFFICER, REVIEWER, SECOND, REGISTRAR = (account.username for account in stage.CAST)
FLAT = people.flats("410526", "滑县", "滑县", 200)[7]
WISH = people.name_change(FLAT, "韩雨桐", day=date(2026, 11, 20))


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

    number = desk.opens(window.signs_in(WINDOW), WISH)
    desk.completes(window.page, number, WISH, tmp_path)
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


def decides(page: Page, number: str, presses: list[str]) -> None:
    """An officer finds the case, sees a page with nothing to complain about, and presses through one decision."""
    desk.finds(page, number)
    checks_access(page)
    desk.decides(page, number, presses)


def checks_access(page: Page) -> None:
    """Nothing axe could complain about, nothing to scroll sideways for."""
    assert faults_of(page) == []


def downloads(page: Page, number: str, folder: Path) -> Path:
    desk.finds(page, number)
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
