"""A licence library (证照库) as a program of its own: keeps licences with their states, checks them, has moods.

    python -m tongban.simulators.licence_library --port 8102 --file FILE

With a file every change taken in is kept there, one a line, and is known again after a restart.

POST /licences                       one change of one licence (JSON); the same requestId counts once
POST /standings                      {"identifiers": [...]}: the states of those it knows
GET  /licences?organ=410526&following=…   what it holds of one organ, page by page
POST /control                        {"mood": "down"}, or {"forget": "<identifier>"}, or {"set": {"<identifier>": "注销"}}
GET  /control                        its mood, the states it holds, every change it took in

Moods: normal, slow, down, duplicate (takes each change in twice), out_of_order (answers with the answer to another
change), lying (says yes and keeps nothing), nonsense (answers no JSON), declining.
"""

from __future__ import annotations

import argparse
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOODS = ("normal", "slow", "down", "duplicate", "out_of_order", "lying", "nonsense", "declining")
STATES = ("正常", "暂停", "撤销", "注销", "失效")
BODY_BYTES_MAX = 4 * 1024 * 1024
PAGE_ROWS = 100
REQUIRED = (
    *("requestId", "licenseName", "licenseTypeCode", "licenseNumber", "licenseIdentifier", "issuerName"),
    *("issuerCode", "issueDate", "status", "statusSince", "holders"),
)
_IDENTIFIER = re.compile(r"1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{6,18})\.([0-9A-Z]{1,32})\.(\d{3})\.([0-9A-Z])")
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,36."""
    product = 36
    for letter in body:
        product = (((product + _LETTERS.index(letter)) % 36 or 36) * 2) % 37
    return _LETTERS[(1 - product) % 36]


def fault_of(change: dict[str, Any]) -> str:
    """What is wrong with one change, or nothing."""
    missing = [name for name in REQUIRED if not change.get(name)]
    if missing:
        return f"缺少{'、'.join(missing)}"
    match = _IDENTIFIER.fullmatch(str(change["licenseIdentifier"]))
    if match is None or check_character("".join(match.groups()[:4])) != match[5]:
        return "电子证照标识的校验位不对"
    if change["status"] not in STATES:
        return f"证照状态“{change['status']}”不在字典里"
    if not all(one.get("name") and one.get("codeType") and one.get("code") for one in change["holders"]):
        return "持证主体信息不全"
    return ""


@dataclass
class Library:
    """What the library holds and how it behaves; one lock guards all of it."""

    mood: str = "normal"
    delay_s: float = 2.0
    states: dict[str, str] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    organs: dict[str, str] = field(default_factory=dict)
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: int = 0
    last_answer: bytes = b""
    file: Path | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, file: Path) -> None:
        """Keep every change here from now on; those the file holds are taken in again."""
        file.parent.mkdir(parents=True, exist_ok=True)
        for line in file.read_text("utf-8").splitlines() if file.exists() else ():
            self.take(json.loads(line))
        self.file = file

    def take(self, change: dict[str, Any]) -> bytes:
        """One change in; a known requestId changes nothing, an older change never overrides a newer state."""
        key = str(change.get("requestId", ""))
        if self.mood == "declining":
            return _said(key, "9001", "证照库正在维护目录，暂不接收")
        if fault := fault_of(change):
            return _said(key, "1003", fault)
        if key in self.changes and self.changes[key] != change:
            return _said(key, "1002", "同一 requestId 的内容与上次不同")
        if self.mood != "lying" and key not in self.changes:
            identifier = change["licenseIdentifier"]
            self.changes[key] = change
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as kept:
                    kept.write(json.dumps(change, ensure_ascii=False) + "\n")
            if self.since.get(identifier, "") <= change["statusSince"]:
                self.states[identifier], self.since[identifier] = change["status"], change["statusSince"]
            self.organs[identifier] = change["issuerCode"]
        return _said(key, "0000", "")

    def page(self, organ: str, following: str) -> bytes:
        """The licences of one organ after `following`."""
        names = sorted(one for one in self.states if self.organs[one] == organ and one > following)
        page = names[:PAGE_ROWS]
        more = page[-1] if len(names) > PAGE_ROWS else ""
        return _json({"standings": {one: self.states[one] for one in page}, "following": more})

    def set(self, wanted: dict[str, Any]) -> bool:
        """A mood, a licence to forget, or states to change behind everybody's back."""
        mood = wanted.get("mood", self.mood)
        states = wanted.get("set", {})
        if mood not in MOODS or not all(state in STATES for state in states.values()):
            return False
        self.mood, self.delay_s = mood, float(wanted.get("delay_s", self.delay_s))
        self.states.pop(wanted.get("forget", ""), None)
        for identifier, state in states.items():
            self.states[identifier] = state
            match = _IDENTIFIER.fullmatch(identifier)
            self.organs.setdefault(identifier, match[2] if match else "")
        return True


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _said(key: str, code: str, message: str) -> bytes:
    return _json({"requestId": key, "success": code == "0000", "code": code, "message": message})


class Door(BaseHTTPRequestHandler):
    """The HTTP door of one library."""

    library: Library

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        library = self.library
        with library.lock:
            if asked.path == "/control":
                shown = {"mood": library.mood, "asked": library.asked, "states": library.states}
                self._reply(200, _json(shown | {"changes": list(library.changes.values())}))
            elif library.mood == "down":
                self._reply(503, b"")
            elif asked.path == "/licences":
                query = parse_qs(asked.query)
                self._reply(200, library.page(query.get("organ", [""])[0], query.get("following", [""])[0]))
            else:
                self._reply(404, b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_BYTES_MAX:
            self._reply(413, b"")
            return
        try:
            content = json.loads(self.rfile.read(length))
            assert isinstance(content, dict)
        except (ValueError, AssertionError):
            self._reply(400, b"")
            return
        if self.path == "/control":
            with self.library.lock:
                self._reply(204 if self.library.set(content) else 400, b"")
        elif self.path in ("/licences", "/standings"):
            self._answer(content)
        else:
            self._reply(404, b"")

    def _answer(self, content: dict[str, Any]) -> None:
        library = self.library
        with library.lock:
            library.asked += 1
            mood, delay_s = library.mood, library.delay_s
            if mood == "down":
                self._reply(503, b"")
                return
            if self.path == "/standings":
                names = [str(one) for one in content.get("identifiers", [])]
                given = _json({"standings": {one: library.states[one] for one in names if one in library.states}})
            else:
                given = library.take(content)
                if mood == "duplicate":
                    given = library.take(content)
                previous, library.last_answer = library.last_answer, given
                given = previous if mood == "out_of_order" and previous else given
        if mood == "slow":
            time.sleep(delay_s)
        self._reply(200, "系统繁忙".encode() if mood == "nonsense" else given)

    def _reply(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked has stopped waiting

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the changes hold names."""


def server(port: int, host: str = "127.0.0.1", file: Path | None = None) -> ThreadingHTTPServer:
    """A library of its own at this port (0: any free one); `serve_forever` runs it."""
    library = Library()
    if file is not None:
        library.remember(file)
    door = type("LibraryDoor", (Door,), {"library": library})
    return ThreadingHTTPServer((host, port), door)


def main() -> None:
    """Serve until stopped."""
    words = argparse.ArgumentParser(prog="python -m tongban.simulators.licence_library", description="证照库模拟程序")
    words.add_argument("--port", type=int, default=8102)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--file", type=Path)
    chosen = words.parse_args()
    with server(chosen.port, chosen.host, chosen.file) as running:
        print(f"licence library simulator at http://{chosen.host}:{running.server_port}", flush=True)
        running.serve_forever()


if __name__ == "__main__":
    main()
