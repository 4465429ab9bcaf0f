"""The supervisor under kills: whatever dies comes back, whatever should end ends, nothing is left behind."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.site_process import SiteProcess, eventually, make, processes_of

from tongban.runtime import locks, on_demand, site_file

pytestmark = pytest.mark.xdist_group("supervisor")  # one site for all of them


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    # Not below pytest's own folder: as root, the database server's user must be able to walk there.
    folder = Path(tempfile.mkdtemp(prefix="tongban-run-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made(home: Path) -> Iterator[SiteProcess]:
    site = make(home)
    yield site
    site.clear()


@pytest.fixture
def running(made: SiteProcess) -> SiteProcess:
    """The site, started by the first test that needs it."""
    if made.process is None or made.process.poll() is not None:
        made.start()
        eventually("the worker beats", made.heartbeats)
    return made


@pytest.fixture
def stopped(made: SiteProcess) -> SiteProcess:
    """The same site, not running."""
    if made.process is not None and made.process.poll() is None:
        made.stop()
    return made


def test_pages_and_duties_come_back_after_a_kill_of_the_database_server(running: SiteProcess) -> None:
    before = running.started("postgres")

    os.kill(running.pid_of("postgres"), signal.SIGKILL)

    eventually("the server is started again", lambda: running.started("postgres") > before)
    eventually("the database answers", running.database().answers)
    eventually("the pages answer", running.answers)
    with psycopg.connect(running.database().admin_url("tongban")) as connection:
        assert connection.execute("SELECT count(*) FROM django_migrations").fetchone() != (0,)
    eventually("duties succeed after the restart", lambda: _duty_fails_no_more(running))


def _duty_fails_no_more(site: SiteProcess) -> bool:
    records = [record for beat in site.heartbeats() for record in beat["duties"].values()]
    return bool(records) and any(record["failures_in_row"] == 0 and record["last_ok_at"] for record in records)


def test_pages_come_back_after_a_kill_of_the_web_server(running: SiteProcess) -> None:
    before = running.pid_of("web")

    os.kill(before, signal.SIGKILL)

    eventually("another web server", lambda: running.pid_of("web") != before)
    eventually("the pages answer", running.answers)


def test_pages_come_back_after_a_kill_of_a_web_process(running: SiteProcess) -> None:
    main = running.pid_of("web")
    before = _children_of(main)
    assert before

    os.kill(before[0], signal.SIGKILL)

    eventually("another web process", lambda: before[0] not in _children_of(main) and _children_of(main))
    eventually("the pages answer", running.answers)
    assert running.pid_of("web") == main


def _children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_duties_go_on_after_a_kill_of_the_worker(running: SiteProcess) -> None:
    before = running.pid_of("worker 1")

    os.kill(before, signal.SIGKILL)

    eventually("another worker", lambda: running.pid_of("worker 1") != before)
    eventually("the other worker beats", lambda: any(beat["pid"] != before for beat in running.heartbeats()))


def test_a_second_supervisor_of_one_home_is_refused(running: SiteProcess) -> None:
    refused = running.command("run", "--port", "0")

    assert refused.returncode == 1
    assert "this site runs already" in refused.stderr
    assert str(running.process.pid) in refused.stderr
    assert running.answers()


def test_a_command_uses_the_running_server_and_leaves_it_alone(running: SiteProcess) -> None:
    before = running.started("postgres")

    assert running.command("migrate", "--check").returncode == 0

    assert running.database().is_running()
    assert running.started("postgres") == before


def test_a_stop_leaves_no_process_and_frees_the_lock(running: SiteProcess) -> None:
    assert running.stop() == 0

    assert processes_of(running.home) == {}
    assert locks.supervisor_of(running.home) is None
    assert running.events().strip().endswith("stopped")


def test_nothing_survives_a_kill_of_the_supervisor_and_the_next_one_starts(running: SiteProcess) -> None:
    assert len(processes_of(running.home)) > 4

    running.process.kill()
    running.process.wait()

    eventually("every child is gone", lambda: not processes_of(running.home), 30)
    running.start()
    assert running.stop() == 0


def test_a_taken_port_is_named_before_anything_is_started(stopped: SiteProcess) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        refused = stopped.command("run", "--port", port)

    assert refused.returncode == 1
    assert f"127.0.0.1:{port} is not free" in refused.stderr
    assert processes_of(stopped.home) == {}


def test_the_last_command_stops_the_server_that_commands_started(stopped: SiteProcess) -> None:
    site = site_file.load(stopped.home)
    assert site is not None

    with on_demand.database(stopped.home, site) as server:
        with on_demand.database(stopped.home, site):
            assert server.answers()
        assert server.is_running()

    assert not server.is_running()


def test_a_site_runs_for_an_ordinary_user() -> None:
    if os.geteuid() != 0:
        pytest.skip("this whole file runs as an ordinary user already")
    nobody = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="tongban-user-"))
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    site = SiteProcess(folder / "home", user=user, python=_python_for(user))
    site.log = folder / "run.log"
    try:
        done = site.command("setup")
        assert done.returncode == 0, done.stderr
        site.start("--workers", "0")
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in processes_of(site.home)} == {nobody.pw_uid}
        assert site.stop() == 0
        assert processes_of(site.home) == {}
    finally:
        site.clear()
        shutil.rmtree(folder, ignore_errors=True)


def _python_for(user: dict[str, object]) -> str:
    """An interpreter of our version that an ordinary user may run and that sees our packages."""
    for python in (sys.executable, "/usr/bin/python3"):
        words = [python, "-c", f"import sys, tongban; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"]
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        try:
            if subprocess.run(words, check=False, cwd="/", env=environment, **user).returncode == 0:
                return python
        except PermissionError:
            continue
    pytest.skip("the folders of root are closed to others: no interpreter and packages for an ordinary user")
