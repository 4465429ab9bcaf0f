"""A throw-away site for a measurement: a home of its own, PostgreSQL with durable commits, web and workers as in service.

Everything is removed at the end, also after an error.  Clients are processes that get ready, say so, wait for the start
and print one JSON object: `together` starts them all in the same moment.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
START_LIMIT_S = 60.0
STOP_LIMIT_S = 20.0
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ScratchSite:
    """A migrated, empty site whose database runs."""

    home: Path
    code: str
    server: EmbeddedPostgres

    @property
    def environment(self) -> dict[str, str]:
        """For processes of this site; settings of the caller's own site do not get through."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGBAN_")}
        return kept | {
            "TONGBAN_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT), str(FOLDER))),
        }

    def run(self, script: str, *words: object) -> str:
        """What a script of this folder prints, run to its end as a process of this site."""
        command = [sys.executable, str(FOLDER / script), *map(str, words)]
        done = subprocess.run(command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def start_client(self, script: str, *words: object) -> subprocess.Popen[str]:
        """A client of `together`."""
        command = [sys.executable, str(FOLDER / script), *map(str, words)]
        return subprocess.Popen(command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @contextmanager
    def workers(self, count: int, *words: str) -> Iterator[None]:
        """That many `tongban worker` processes for the time of the block."""
        command = [sys.executable, "-m", "tongban.cli.main", "worker", *words]
        with _running([command] * count, self.environment, self.home / "worker.log"):
            yield

    @contextmanager
    def web(self, processes: int) -> Iterator[str]:
        """The web server as `tongban run` starts it; its address."""
        (self.home / "static").mkdir(exist_ok=True)
        port = free_port()
        words = ["--port", str(port), "--workers", str(processes)]
        command = [sys.executable, "-m", "tongban.runtime.web", *words]
        environment = self.environment | {"TONGBAN_DATABASE_POOL": "5"}
        with _running([command], environment, self.home / "web.log"):
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"


@contextmanager
def scratch_site(code: str = "site-bench") -> Iterator[ScratchSite]:
    """A site for the time of the block."""
    home = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    home.chmod(0o755)
    file = site_file.ensure(home, code)
    site = ScratchSite(home, code, EmbeddedPostgres(home, file))
    try:
        site.server.start()
        site.server.prepare()
        migrate = [sys.executable, "-m", "tongban.cli.main", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL, env=site.environment)
        yield site
    finally:
        site.server.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(site_file.socket_dir(home), ignore_errors=True)


def together(clients: Sequence[subprocess.Popen[str]]) -> list[Result]:
    """Let all clients begin in the same moment; what each measured."""
    for client in clients:
        assert client.stdout is not None, "a client has a pipe"
        assert client.stdout.readline() == "ready\n", "a client did not get ready"
    for client in clients:
        assert client.stdin is not None, "a client has a pipe"
        client.stdin.write("go\n")
        client.stdin.flush()
    found = [client.communicate()[0] for client in clients]
    assert all(client.returncode == 0 for client in clients), "a client failed"
    return [json.loads(text.splitlines()[-1]) for text in found]


def ready() -> None:
    """Called by a client: say so and wait for the start."""
    print("ready", flush=True)
    sys.stdin.readline()


def tell(**figures: object) -> None:
    """Called by a client: what it measured."""
    print(json.dumps(figures), flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the others do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def line(name: str, figure: float, unit: str = "/s", note: str = "") -> None:
    print(f"{name:66} {figure:10,.1f} {unit:8} {note}".rstrip(), flush=True)


def print_load() -> None:
    """What else the machine is at belongs beside every figure."""
    print("load average of the machine before: {:.1f}, {:.1f}, {:.1f}".format(*os.getloadavg()), flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(commands: Sequence[list[str]], environment: dict[str, str], log: Path) -> Iterator[None]:
    children: list[subprocess.Popen[bytes]] = []
    try:
        with log.open("ab") as out:
            for command in commands:
                children.append(
                    subprocess.Popen(command, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
                )
        yield
        assert all(child.poll() is None for child in children), log.read_text()[-2000:]
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the web server does not answer")
