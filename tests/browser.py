"""A real browser against pages served from the test's own process, and what there is to complain about on a page.

Import the fixture `chromium` where it is needed.  Playwright keeps an event loop in the thread of the test, which Django
takes for asynchronous code; the fixture tells it otherwise.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

AXE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without the reports on rules that hold, and without fetching the style sheets once more: a quarter of the time.
RUN = """async tags => {
    const lean = {runOnly: tags, resultTypes: ["violations"], preload: false, iframes: false};
    return (await axe.run(document, lean)).violations;
}"""
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Keep the test output clean."""


class _Threaded(ThreadingMixIn, WSGIServer):
    """Answers beside each other, each in a thread that closes its own connections."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@contextmanager
def served(**settings: Any) -> Iterator[str]:
    """This process's own pages over HTTP for the time of the block; the address."""
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "testserver"], **settings):
        server = make_server(
            "127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), server_class=_Threaded, handler_class=_Quiet
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser with a camera that shows a test picture."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
                  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        )  # fmt: skip
        yield browser
        browser.close()


def faults_of(page: Page) -> list[tuple[str, object]]:
    """What axe finds on the page as it is, and by how many pixels it is wider than the screen."""
    page.evaluate(AXE)
    found: list[tuple[str, object]] = [
        (rule["id"], [node["html"] for node in rule["nodes"]]) for rule in page.evaluate(RUN, TAGS)
    ]
    beyond = page.evaluate(OVER)
    return [*found, *([("wider than the screen", beyond)] if beyond > 0 else [])]


def faults_at(page: Page, address: str, widths: tuple[int, ...]) -> list[tuple[int, str, object]]:
    """The same for one address on screens of several widths."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        found += [(width, *fault) for fault in faults_of(page)]
    return found
