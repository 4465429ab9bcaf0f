"""A site of its own as a process, for tests that kill: set up, started, watched and cleared away."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres

PATIENCE_S = 90.0
WEB_ENDS_MAX = 2


def eventually(what: str, is_so: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """The first true answer; fails with `what` when there is none in time."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if found := is_so():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {patience_s:.0f} s: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(home: Path) -> dict[int, str]:
    """Every living process that carries the home in its environment or command line."""
    found = {}
    mark = str(home).encode()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                words = (entry / "cmdline").read_bytes()
                if words and (mark in words or mark in (entry / "environ").read_bytes()):
                    found[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
    return found


class SiteProcess:
    """`tongban run` on a home of its own; `events` are its lines."""

    def __init__(self, home: Path, *, user: Mapping[str, Any] | None = None, python: str = sys.executable) -> None:
        self.home = home
        self.port = free_port()
        self.log = home.parent / f"{home.name}.log"
        self._user = dict(user or {})
        self._python = python
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN_", "DATABASE_"))}
        where = {"TONGBAN_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "tongban.config.settings"}
        # Another interpreter does not find our packages by itself.
        return kept | where | ({} if self._python == sys.executable else {"PYTHONPATH": os.pathsep.join(sys.path)})

    def command(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run one `tongban` command of this site to its end."""
        return subprocess.run(
            [self._python, "-m", "tongban.cli.main", *words],
            env=self.environment, capture_output=True, text=True, check=False, cwd=self.home.parent, timeout=300,
            **self._user, **more,
        )  # fmt: skip

    def start(self, *words: str) -> None:
        """Start it and wait until the pages answer."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self._python, "-m", "tongban.cli.main", "run", "--port", str(self.port), *words],
                env=self.environment, stdout=log, stderr=log, cwd=self.home.parent, **self._user,
            )  # fmt: skip
        before = self.events().count("web ended")
        eventually("the pages answer", lambda: self._cannot_start(before) or self.answers())
        assert not self._cannot_start(before), self.events()[-4000:]

    def _cannot_start(self, web_ends_before: int) -> bool:
        """The supervisor gave up, or the pages end again and again before they ever answer."""
        assert self.process is not None, "only a started site is asked"
        return self.process.poll() is not None or self.events().count("web ended") - web_ends_before > WEB_ENDS_MAX

    def stop(self) -> int:
        assert self.process is not None, "only a started site is stopped"
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def answers(self) -> bool:
        """Whether any page, even an error page of ours, comes back."""
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False
        return True

    def events(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def pid_of(self, name: str) -> int:
        """The process that the supervisor last started under a name."""
        return int(re.findall(rf"{name} started, pid (\d+)", self.events())[-1])

    def started(self, name: str) -> int:
        """How often it was started."""
        return len(re.findall(rf"{name} started, pid", self.events()))

    def database(self) -> EmbeddedPostgres:
        site = site_file.load(self.home)
        assert site is not None, "the home is a site"
        return EmbeddedPostgres(self.home, site)

    def heartbeats(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in (self.home / "run").glob("worker-*.json")]

    def clear(self) -> None:
        """End whatever is left of it, and remove its folders."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in processes_of(self.home):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        eventually("every process of the site is gone", lambda: not processes_of(self.home), 20)
        shutil.rmtree(site_file.socket_dir(self.home), ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def make(home: Path) -> SiteProcess:
    """A site with roles and an empty database; `tongban run` brings the tables."""
    site = site_file.ensure(home, "site-test")
    server = EmbeddedPostgres(home, site)
    server.start()
    server.prepare()
    server.stop()
    return SiteProcess(home)
