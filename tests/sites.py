"""Real sites for fault tests: a home, a database cluster, a supervisor with web and worker, and a link that can be cut."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests import cluster
from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres

START_LIMIT_S = 120.0
ANSWER_LIMIT_S = 120.0


class PlayerError(RuntimeError):
    """An act at a site raised; the text is the site's own."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(is_so: Callable[[], bool], limit_s: float = 60.0, what: str = "") -> None:
    """Wait until it is so; fails with `what` when it never is."""
    end = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.1)


class RunningSite:
    """One site below a folder of its own, running until `stop`."""

    def __init__(self, code: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix=f"tongban-{code}-", dir=cluster.quick_folder()))
        self.home.chmod(0o755)
        self.port = free_port()
        self.log = self.home / "site.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")},
            "TONGBAN_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        }
        server = EmbeddedPostgres(self.home, site_file.ensure(self.home, code))
        server.start()
        server.prepare()
        server.stop()
        self._player: subprocess.Popen[str] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the supervisor and wait until the pages answer."""
        words = [sys.executable, "-m", "tongban.cli.main", "run", "--port", str(self.port)]
        self.supervisor = subprocess.Popen(
            words, env=self._environment, stdout=self.log.open("ab"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        eventually(self.answers, START_LIMIT_S, f"the site answers; {self.log.read_text()[-3000:]}")

    def answers(self) -> bool:
        assert self.supervisor.poll() is None, self.log.read_text()[-3000:]
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def do(self, act: str, *arguments: object) -> Any:
        """One act of a person at this site; raises PlayerError with what the site said."""
        player = self._player
        if player is None or player.poll() is not None:
            words = [sys.executable, "-m", "tests.site_player"]
            player = self._player = subprocess.Popen(
                words,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                stderr=(self.home / "player.log").open("ab"),
            )
        assert player.stdin is not None, "a player listens"
        assert player.stdout is not None, "a player answers"
        player.stdin.write(json.dumps({"do": act, "with": arguments}) + "\n")
        player.stdin.flush()
        line = player.stdout.readline()
        if not line:
            raise PlayerError("the player died: " + (self.home / "player.log").read_text()[-2000:])
        answer = json.loads(line)
        if "error" in answer:
            raise PlayerError(answer["error"] + "\n" + answer["trace"])
        return answer["ok"]

    def insist(self, act: str, *arguments: object, limit_s: float = 60.0) -> Any:
        """The same act again and again until it succeeds; for sites that are being killed meanwhile."""
        end = time.monotonic() + limit_s
        while True:
            try:
                return self.do(act, *arguments)
            except (PlayerError, BrokenPipeError) as error:
                assert time.monotonic() < end, f"{act} never succeeded: {error}"
                time.sleep(0.3)

    def children(self, of: int | None = None) -> dict[int, str]:
        """Processes below the supervisor: number to command line."""
        found: dict[int, str] = {}
        parents = [of or self.supervisor.pid]
        listing = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in listing.splitlines()]
        while parents:
            parent = parents.pop()
            for number, above, arguments in (row for row in rows if len(row) == 3):
                if int(above) == parent:
                    found[int(number)] = arguments
                    parents.append(int(number))
        return found

    def stop(self) -> None:
        """Stop everything and remove the folder."""
        if self._player is not None and self._player.stdin is not None:
            with suppress(OSError):
                self._player.stdin.close()
            self._player.wait(20)
        self.supervisor.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.supervisor.wait(30)
        self.supervisor.kill()
        site = site_file.load(self.home)
        assert site is not None, "the site had its file"
        EmbeddedPostgres(self.home, site).stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(site_file.socket_dir(self.home), ignore_errors=True)


class Link:
    """A TCP line to a port of this machine that can be cut, also in the middle of an answer."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._is_up = True
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.bytes_let_through: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        self._is_up = False
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def mend(self) -> None:
        self.bytes_let_through = None
        self._is_up = True

    def close(self) -> None:
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._server.accept()
            except OSError:
                return
            if not self._is_up:
                caller.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), 5)
            except OSError:
                caller.close()
                continue
            self._open |= {caller, far}
            for source, sink in ((caller, far), (far, caller)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(16384):
                if self.bytes_let_through is not None:
                    self.bytes_let_through -= len(data)
                    if self.bytes_let_through <= 0:
                        break
                sink.sendall(data)
        for one in (source, sink):
            self._open.discard(one)
            with suppress(OSError):
                one.close()
