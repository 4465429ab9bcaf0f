"""What NOTIFY inside a business transaction costs, against an adaptive poll: figures of decision 0003.

Two questions, one scratch cluster with durable commits:
1. how many transactions a second commit, with and without NOTIFY, by 1 to 16 clients (pgbench);
2. how late a row is seen, and what watching costs while nothing happens, by LISTEN and by polls of several pauses.
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres, tool_path
from tongban.runtime.worker import Rhythm

CLIENTS = (1, 4, 8, 16)
SECONDS = 4
ROUNDS = 2
ROWS = 60
IDLE_S = 4.0
PAUSES_S = (0.05, 0.2, 1.0)
TICK = "SELECT id FROM queue WHERE NOT done ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED"
INSERT = "INSERT INTO business (unit_code, body) VALUES ('410526', repeat('x', 400))"


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home, site_file.ensure(home, "bench"))
    server.start()
    try:
        _make_tables(server.admin_url())
        _commits(server, home)
        _watching(server)
    finally:
        server.stop("immediate")
        shutil.rmtree(home)
        shutil.rmtree(site_file.socket_dir(home))


def _make_tables(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE business (id bigserial PRIMARY KEY, unit_code text, body text)")
        connection.execute(
            "CREATE TABLE queue (id bigserial PRIMARY KEY, at double precision, done boolean NOT NULL DEFAULT false)"
        )
        connection.execute("CREATE INDEX ON queue (id) WHERE NOT done")


def _commits(server: EmbeddedPostgres, home: Path) -> None:
    print("commits/s      plain   NOTIFY   ratio")
    with psycopg.connect(server.admin_url(), autocommit=True) as listener:
        listener.execute("LISTEN tick")
        for clients in CLIENTS:
            plain, notify = [], []
            for _ in range(ROUNDS):
                plain.append(_pgbench(server, home, clients, f"BEGIN;\n{INSERT};\nCOMMIT;\n"))
                notify.append(_pgbench(server, home, clients, f"BEGIN;\n{INSERT};\nNOTIFY tick;\nCOMMIT;\n"))
            a, b = statistics.mean(plain), statistics.mean(notify)
            print(f"{clients:2} clients  {a:8.0f} {b:8.0f}   {b / a:5.2f}", flush=True)


def _pgbench(server: EmbeddedPostgres, home: Path, clients: int, text: str) -> float:
    script = home / "script.sql"
    script.write_text(text)
    address = psycopg.conninfo.conninfo_to_dict(server.admin_url())
    done = subprocess.run(
        [tool_path("pgbench"), "-n", "-f", str(script), "-c", str(clients), "-j", "2", "-T", str(SECONDS),
         "-h", str(address["host"]), "-U", "postgres", "postgres"],
        env={"PGPASSWORD": str(address["password"])}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def _watching(server: EmbeddedPostgres) -> None:
    print("\nseen after     p50 ms   p95 ms   idle calls/s   idle CPU %")
    _report(server, "LISTEN", _listen)
    for pause_s in PAUSES_S:
        _report(
            server, f"poll <= {pause_s} s", lambda url, seen, stop, pause_s=pause_s: _poll(url, seen, stop, pause_s)
        )


Watch = Callable[[str, list[float], threading.Event], int]


def _report(server: EmbeddedPostgres, name: str, watch: Watch) -> None:
    url = server.admin_url()
    idle_calls, idle_cpu = _idle(url, watch)
    seen: list[float] = []
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(url, seen, stop))
    thread.start()
    chance = random.Random(7)
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(ROWS):
            time.sleep(chance.uniform(0.02, 0.5))
            with connection.transaction():
                connection.execute("INSERT INTO queue (at) VALUES (%s)", [time.monotonic()])
                if name == "LISTEN":
                    connection.execute("NOTIFY tick")
    time.sleep(1.5)
    stop.set()
    thread.join()
    assert len(seen) == ROWS, f"{name} saw {len(seen)} of {ROWS} rows"
    ordered = sorted(second * 1000 for second in seen)
    p50, p95 = ordered[ROWS // 2], ordered[int(ROWS * 0.95)]
    print(f"{name:13} {p50:7.1f} {p95:8.1f} {idle_calls:14.1f} {idle_cpu:12.2f}", flush=True)


def _idle(url: str, watch: Watch) -> tuple[float, float]:
    """Calls and CPU (client thread and server process together) a second while nothing happens."""
    stop = threading.Event()
    result: list[float] = []

    def run() -> None:
        began = time.thread_time()
        calls = watch(f"{url}&application_name=watcher", [], stop)
        result.extend((calls, time.thread_time() - began))

    with psycopg.connect(url, autocommit=True) as watcher:
        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(0.5)
        row = watcher.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'watcher' ORDER BY backend_start DESC LIMIT 1"
        ).fetchone()
        assert row, "the watcher has a server process"
        before = _cpu_s(row[0])
        time.sleep(IDLE_S)
        server_s = _cpu_s(row[0]) - before
        stop.set()
        thread.join()
    calls, client_s = result
    return calls / (IDLE_S + 0.5), 100 * (client_s / (IDLE_S + 0.5) + server_s / IDLE_S)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _take(connection: psycopg.Connection[tuple[object, ...]], seen: list[float]) -> int:
    with connection.transaction():
        ids = [row[0] for row in connection.execute(TICK).fetchall()]
        if ids:
            rows = connection.execute("UPDATE queue SET done = true WHERE id = ANY(%s) RETURNING at", [ids]).fetchall()
            seen.extend(time.monotonic() - float(str(row[0])) for row in rows)
    return len(ids)


def _poll(url: str, seen: list[float], stop: threading.Event, pause_s: float) -> int:
    rhythm, calls = Rhythm(pause_s), 0
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.is_set():
            calls += 1
            stop.wait(rhythm.after(_take(connection, seen)))
    return calls


def _listen(url: str, seen: list[float], stop: threading.Event) -> int:
    calls = 1
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("LISTEN tick")
        _take(connection, seen)
        while not stop.is_set():
            # The whole list first: while the generator is open, the connection belongs to it.
            if list(connection.notifies(timeout=0.2, stop_after=1)):
                calls += 1
                _take(connection, seen)
    return calls


if __name__ == "__main__":
    main()
