"""Create an application: a clerk's POST of the desk page over HTTP, and the service behind it under threads.

The web server runs as `tongban run` starts it, the database with durable commits.  One application costs the window's
signed question, the home registry's signed answer with its look into the register, the evidence of both on both sides,
two audit rows and the draft.  Clients keep their connection and their session; signing in is measured apart.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import secrets
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pyotp
import scratch_site
from scratch_site import ScratchSite, line

CLIENTS = 8
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Browser:
    """One client: a connection, its cookies, and the token its forms carry."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, "", {})

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        return self._ask("POST", path, body, {"Content-Type": FORM_TYPE, "Referer": f"{self.address}{path}"})

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._connection.request(method, path, body, headers)
        reply = self._connection.getresponse()
        text = reply.read().decode()
        for cookie in reply.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if found := TOKEN.search(text):
            self.token = found[1]
        return reply.status, text


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--flats", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--web", type=int, default=2, help="processes of the web server")
    chosen = parser.parse_args()
    scratch_site.print_load()
    with scratch_site.scratch_site() as site:
        clerk = json.loads(site.run("province.py", 1, chosen.flats))
        homes = json.loads(site.run("application_client.py", "flats", chosen.flats))
        for threads in (1, CLIENTS):
            print_service(site, threads, chosen)
        with site.web(chosen.web) as address:
            over_http(address, clerk, homes, chosen)


def print_service(site: ScratchSite, threads: int, chosen: argparse.Namespace) -> None:
    """`opening.begin` in one process."""
    found = json.loads(site.run("application_client.py", "begin", chosen.flats, threads, chosen.seconds / 2))
    print_times(f"opening.begin, one process, {threads} thread(s)", found["per_s"], found["times_ms"])


def over_http(address: str, clerk: dict[str, str], flats: list[dict[str, str]], chosen: argparse.Namespace) -> None:
    first = Browser(address)
    began = time.perf_counter()
    sign_in(first, clerk)
    line("signing in: page and POST", 1000 * (time.perf_counter() - began), "ms")
    browsers = [Browser(address, dict(first.cookies), first.token) for _ in range(CLIENTS)]
    for browser in browsers:
        assert browser.get("/desk/intake/new")[0] == 200, "the clerk may begin applications"
    for count in (1, CLIENTS):
        per_s, times = rate(browsers[:count], clerk["window"], flats, chosen.seconds)
        print_times(f"POST /desk/intake/new, {count} client(s), {chosen.web} web processes", per_s, times)


def sign_in(browser: Browser, clerk: dict[str, str]) -> None:
    browser.get("/sign-in")
    fields = {
        "username": clerk["username"],
        "password": clerk["password"],
        "code": pyotp.TOTP(clerk["totp_secret"]).now(),
    }
    status, text = browser.post("/sign-in", fields)
    assert status == 302, f"signing in failed: {text[-2000:]}"


def rate(
    browsers: list[Browser], window: str, flats: list[dict[str, str]], seconds: float
) -> tuple[float, list[float]]:
    """Applications a second, and how long each took in milliseconds."""
    chosen, times, lock = iter(flats * 1000), [], threading.Lock()
    end = time.perf_counter() + seconds

    def run(browser: Browser) -> None:
        while time.perf_counter() < end:
            with lock:
                fields = {**next(chosen), "item_number": "S13", "window_code": window, "key": secrets.token_hex(16)}
            began = time.perf_counter()
            status, text = browser.post("/desk/intake/new", fields)
            took = time.perf_counter() - began
            assert status == 302, f"{status}: {text[-3000:]}"
            with lock:
                times.append(1000 * took)

    threads = [threading.Thread(target=run, args=(browser,)) for browser in browsers]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / (time.perf_counter() - began), times


def print_times(name: str, per_s: float, times: list[float]) -> None:
    note = f"p50 {statistics.median(times):.0f} ms, p99 {scratch_site.percentile(times, 0.99):.0f} ms"
    line(name, per_s, "/s", note)


if __name__ == "__main__":
    sys.exit(main())
