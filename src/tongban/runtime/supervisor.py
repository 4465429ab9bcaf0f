"""The supervisor of a site: database, web and workers as its children, kept alive and stopped in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from tongban.runtime import locks, on_demand
from tongban.runtime.children import Child, Program
from tongban.runtime.postgres import EmbeddedPostgres
from tongban.runtime.site_file import SiteFile

STEP_S = 0.1
DATABASE_START_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
DATABASE_STOP_LIMIT_S = 30.0
WEB_CONNECTIONS = "5"


class StartError(RuntimeError):
    """The site could not be started; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: `workers` are processes for duties, `web` those for pages; `site` None means an outside database.

    `once_ready` are the words of a `tongban` command to be run once when the pages answer.  `beside` are modules to be
    kept running too, each with its arguments: the simulators of a demonstration.
    """

    home: Path
    site: SiteFile | None
    host: str = "127.0.0.1"
    port: int = 8000
    web: int = 1
    workers: int = 1
    once_ready: tuple[str, ...] = ()
    beside: tuple[tuple[str, ...], ...] = ()

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}/"


def _print_line(event: str) -> None:
    print(f"{datetime.now(UTC).astimezone():%H:%M:%S} {event}", flush=True)


class Supervisor:
    """Runs one plan until SIGTERM or SIGINT. One thread: children are watched in steps of 0.1 s."""

    def __init__(self, plan: Plan, report: Callable[[str], None] = _print_line) -> None:
        self._plan = plan
        self._report = report
        self._stopping = False
        self._announced = False
        self._server = EmbeddedPostgres(plan.home, plan.site) if plan.site else None
        self._database: Child | None = None
        self._children: list[Child] = []
        self._presence = locks.Presence(plan.home)

    def run(self) -> int:
        """Start everything, keep it alive, stop it; raises StartError when the site cannot start at all."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            with locks.only_supervisor(self._plan.home, self._plan.address):
                self._refuse_taken_port()
                try:
                    self._start()
                    self._watch()
                finally:
                    self._stop()
        except locks.LockTakenError as error:
            raise StartError(f"this site runs already ({error.holder}); stop that one first") from error
        return 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._plan.host, self._plan.port))
            except OSError as error:
                raise StartError(
                    f"{self._plan.host}:{self._plan.port} is not free ({error.strerror}); choose another with --port"
                ) from error

    def _start(self) -> None:
        self._start_database()
        if self._stopping:
            return
        self._report("bringing the database to the current form")
        if subprocess.run(_tongban("migrate", "--verbosity", "0"), env=self._environment(), check=False).returncode:
            raise StartError("the database could not be migrated; the lines above say why")
        self._children = [Child(program, self._report) for program in self._programs()]

    def _start_database(self) -> None:
        if self._server is None:
            return
        with locks.database_change(self._plan.home):
            self._take_over_running_server(self._server)
            self._presence.enter()
            self._database = Child(self._server.program(), self._report)
            until = time.monotonic() + DATABASE_START_LIMIT_S
            while not self._server.answers():
                if self._stopping:
                    return
                if time.monotonic() > until:
                    raise StartError(f"PostgreSQL does not answer; read {self._server.log_file}")
                self._step_database()
                time.sleep(STEP_S)
            (locks.run_dir(self._plan.home) / on_demand.MARK).unlink(missing_ok=True)

    def _take_over_running_server(self, server: EmbeddedPostgres) -> None:
        """A server left by a command or a killed supervisor becomes a child of ours, unless someone uses it now."""
        if server.is_running() and self._presence.is_alone():
            server.stop()

    def _step_database(self) -> None:
        """Keep the database alive; a server that a command started is used as it is until it ends."""
        assert self._server is not None, "only an embedded server is watched"
        assert self._database is not None, "the child is made before it is watched"
        if self._database.is_alive() or not self._server.is_running():
            self._database.step()

    def _programs(self) -> list[Program]:
        environment = self._environment()
        (self._plan.home / "static").mkdir(exist_ok=True)
        web = [
            sys.executable, "-m", "tongban.runtime.web", "--host", self._plan.host,
            "--port", str(self._plan.port), "--workers", str(self._plan.web),
        ]  # fmt: skip
        pool = {"TONGBAN_DATABASE_POOL": os.environ.get("TONGBAN_DATABASE_POOL", WEB_CONNECTIONS)}
        programs = [Program("web", web, environment | pool)] if self._plan.web else []
        for number in range(1, self._plan.workers + 1):
            programs.append(Program(f"worker {number}", _tongban("worker"), environment))
        for module, *arguments in self._plan.beside:
            programs.append(Program(module.rpartition(".")[2], [sys.executable, "-m", module, *arguments], environment))
        return programs

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "TONGBAN_HOME": str(self._plan.home), "PYTHONUNBUFFERED": "1"}

    def _watch(self) -> None:
        while not self._stopping:
            if self._database is not None:
                self._step_database()
            for child in self._children:
                child.step()
            self._announce()
            time.sleep(STEP_S)

    def _announce(self) -> None:
        """Say once that the pages answer."""
        if self._announced or not self._plan.web:
            return
        with socket.socket() as probe:
            probe.settimeout(STEP_S)
            if probe.connect_ex((self._plan.host, self._plan.port)) == 0:
                self._announced = True
                self._report(f"ready: {self._plan.address}")
                if words := self._plan.once_ready:
                    program = Program(words[0], _tongban(*words), self._environment(), once=True)
                    self._children.append(Child(program, self._report))

    def _stop(self) -> None:
        self._report("stopping")
        for child in self._children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_LIMIT_S
        for child in self._children:
            child.wait_stopped(until)
        if self._database is not None:
            self._database.ask_to_stop()
            self._database.wait_stopped(time.monotonic() + DATABASE_STOP_LIMIT_S)
            self._leave_database()
        self._presence.close()
        self._report("stopped")

    def _leave_database(self) -> None:
        """A server taken over from a command is stopped too, or left to the command that still uses it."""
        assert self._server is not None, "only an embedded server is left"
        with locks.database_change(self._plan.home):
            if not self._server.is_running():
                return
            if self._presence.is_alone():
                self._server.stop()
            else:
                (locks.run_dir(self._plan.home) / on_demand.MARK).touch()


def _tongban(*words: str) -> list[str]:
    return [sys.executable, "-m", "tongban.cli.main", *words]
