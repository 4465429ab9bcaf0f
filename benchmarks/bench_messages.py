"""Messages between institutions of one site: how many a second, how soon, and what a dead peer costs.

A scratch cluster with durable commits; every signature, receipt and piece of evidence on.  Beside the figures stands a
bare-PostgreSQL reference: the rows of one message written in as many durable transactions, without any of our code.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import psycopg
from django.conf import settings
from django.db import connections, transaction

from tongban.runtime import site_file
from tongban.runtime.postgres import EmbeddedPostgres

HOME, WINDOW, FAR = "registry-410526", "registry-410100", "registry-410700"
SITE = "bench"
LATENCY_MESSAGES = 200
REFERENCE_S = 4.0
ASK_S = 4.0


def line(name: str, value: float, unit: str) -> None:
    print(f"{name:62} {value:10,.1f} {unit}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--backlog", type=int, default=5000, help="messages written first and drained then")
    parser.add_argument("--workers", type=int, default=2, help="processes that deliver and process")
    chosen = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tongban-bench-"))
    home.chmod(0o755)
    os.environ.update(TONGBAN_HOME=str(home), DJANGO_SETTINGS_MODULE="tongban.config.settings")
    site = site_file.ensure(home, SITE)
    server = EmbeddedPostgres(home, site)
    server.start()
    try:
        server.prepare()
        migrate = [sys.executable, "-m", "tongban.cli.main", "migrate"]
        subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL)
        django.setup()
        logging.disable(logging.WARNING)
        prepare()
        measure(chosen.backlog, chosen.workers, server.admin_url())
    finally:
        connections.close_all()
        server.stop("immediate")
        shutil.rmtree(home)
        shutil.rmtree(site_file.socket_dir(home), ignore_errors=True)


def prepare() -> None:
    """Two registries here, one at a site that is dead; an authorization; a wiring that does next to nothing."""
    from tongban.access.models import ConfidentialityAgreement  # noqa: PLC0415 - Django is set up by now
    from tongban.directory.models import Institution, Site  # noqa: PLC0415
    from tongban.domain.decision import Verdict  # noqa: PLC0415
    from tongban.exchange.contract.restriction import RestrictionCheckAnswer  # noqa: PLC0415
    from tongban.exchange.contract.status import StatusReport  # noqa: PLC0415
    from tongban.exchange.models import Authorization, AuthorizedItem  # noqa: PLC0415
    from tongban.exchange.wires import Wire  # noqa: PLC0415
    from tongban.vault import keys  # noqa: PLC0415

    wiring: Any = ModuleType("bench_wiring")
    wiring.MESSAGES = {"case.status": Wire(StatusReport)}
    wiring.QUESTIONS = {
        "restriction.check": lambda asked: RestrictionCheckAnswer(
            matched=True, verdict=Verdict.ALLOW, checked_at=asked.now
        )
    }
    sys.modules["bench_wiring"] = wiring
    settings.TONGBAN_WIRING = "bench_wiring"
    Site.objects.create(code=SITE, is_self=True)
    Site.objects.create(code="dead", base_url="http://127.0.0.1:9")
    for code in (HOME, WINDOW, FAR):
        Institution.objects.create(
            code=code,
            kind="registry",
            name_zh=code,
            short_zh=code[-6:],
            division_code=code[-6:],
            site_code="dead" if code == FAR else SITE,
        )
        keys.create_key(code, datetime.now(UTC) - timedelta(days=1), valid_from=datetime.now(UTC) - timedelta(days=1))
    day, end = date(2026, 1, 1), date(2036, 1, 1)
    ConfidentialityAgreement.objects.create(
        kind="registry", first=WINDOW, second=HOME, document_no="1", signed_on=day, valid_from=day, valid_until=end
    )
    grant = Authorization.objects.create(
        grantor=HOME,
        grantee=WINDOW,
        channels=["window"],
        valid_from=day,
        valid_until=end,
        document_no="1",
        granted_at=datetime.now(UTC),
        granted_by="bench",
    )
    AuthorizedItem.objects.create(
        authorization=grant, grantor=HOME, grantee=WINDOW, item="S13", valid_from=day, valid_until=end
    )


def send(subject: str, to: str = WINDOW) -> None:
    from tongban.exchange import outbox  # noqa: PLC0415
    from tongban.exchange.contract.status import StatusReport  # noqa: PLC0415

    now = datetime.now(UTC)
    body = StatusReport(
        application_no=subject, case_no="410526202611220000001", state="ACCEPTED", state_zh="已受理", happened_at=now
    )
    with transaction.atomic():
        outbox.send("case.status", sender=HOME, to=to, subject=subject, body=body, now=now)


def work() -> int:
    """One turn of a worker: deliver, then process."""
    from tongban.exchange import drain, inbox  # noqa: PLC0415

    now = datetime.now(UTC)
    return drain.drain(SITE, now) + inbox.process_next(now)


def workers(count: int, turn: Callable[[], int]) -> list[int]:
    """Processes that work until nothing is left."""
    connections.close_all()
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            random.seed()
            idle = 0
            while idle < 5:
                idle = 0 if turn() else idle + 1
                if idle:
                    time.sleep(0.02)
            os._exit(0)
        children.append(child)
    return children


def measure(backlog: int, count: int, url: str) -> None:
    reference = bare(url)
    line("bare PostgreSQL, one client: messages", reference, "/s")
    began = time.perf_counter()
    for number in range(backlog):
        send(f"SJ-{number // 4}")
    line("send, one client", backlog / (time.perf_counter() - began), "/s")
    began = time.perf_counter()
    for child in workers(count, work):
        os.waitpid(child, 0)
    rate = backlog / (time.perf_counter() - began)
    line(f"backlog of {backlog:,}: delivered and processed, {count} processes", rate, "/s")
    line("  as a share of bare PostgreSQL", 100 * rate / reference, "%")
    check_done(backlog)
    latency(count)
    dead_peer()
    asking()


def check_done(expected: int) -> None:
    from tongban.exchange.models import InboxProcessing, OutboxDelivery, OutboxReceipt  # noqa: PLC0415

    assert InboxProcessing.objects.filter(state="processed").count() == expected
    assert OutboxDelivery.objects.filter(state="delivered").count() == expected
    assert OutboxReceipt.objects.filter(outcome="stored").count() == expected


def latency(count: int) -> None:
    """Committed at A → taken up at B, with a message every 30 ms or so and workers that look every 10 ms."""
    from tongban.exchange.models import InboxProcessing  # noqa: PLC0415

    def turn() -> int:
        if not work():
            time.sleep(0.01)
        return 1

    children = workers(count, turn)
    committed: dict[str, float] = {}
    for number in range(LATENCY_MESSAGES):
        subject = f"late-{number}"
        send(subject)
        committed[subject] = time.time()
        time.sleep(random.uniform(0.01, 0.05))
    rows = InboxProcessing.objects.filter(message__subject__startswith="late-", state="processed")
    while rows.count() < LATENCY_MESSAGES:
        time.sleep(0.1)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    # `settled_at` is the beginning of the turn that processed, so this is the time until the message was taken up.
    settled = [(row.settled_at.timestamp(), row.message.subject) for row in rows.select_related("message")]
    waits = sorted((at - committed[subject]) * 1000 for at, subject in settled)
    line("committed → taken up by its processing, p50", statistics.median(waits), "ms")
    line("committed → taken up by its processing, p99", waits[int(len(waits) * 0.99)], "ms")


def dead_peer() -> None:
    from tongban.exchange import drain  # noqa: PLC0415

    for number in range(1000):
        send(f"far-{number}", FAR)
    times = {}
    for name in ("without", "with"):
        for number in range(100):
            send(f"near-{name}-{number}")
        began = time.perf_counter()
        if name == "with":
            drain.drain("dead", datetime.now(UTC))
        drain.drain(SITE, datetime.now(UTC))
        times[name] = time.perf_counter() - began
    line("100 messages here", times["without"] * 1000, "ms")
    line("100 messages here, 1,000 waiting for a dead site, tried too", times["with"] * 1000, "ms")


def asking() -> None:
    from tongban.exchange import questions  # noqa: PLC0415
    from tongban.exchange.contract.restriction import RestrictionCheckRequest  # noqa: PLC0415

    body = RestrictionCheckRequest(
        unit_code="410526001002GB00001F00010001",
        certificate_no="豫（2026）滑县不动产权第0000001号",
        holder_name="张小花",
        holder_id_no="410526199001011237",
        service_item="S13",
        channel="window",
        purpose="bench",
        application_no="SJ-1",
    )
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < ASK_S:
        questions.ask("restriction.check", sender=WINDOW, to=HOME, body=body, now=datetime.now(UTC))
        count += 1
    line("ask and answer here, signed twice, kept twice, one client", count / (time.perf_counter() - began), "/s")


BARE_TABLES = """
CREATE TABLE bare_line (subject text PRIMARY KEY, seq bigint);
CREATE TABLE bare_sent (id bigserial PRIMARY KEY, subject text, seq bigint, content bytea, UNIQUE (subject, seq));
CREATE TABLE bare_way (id bigint PRIMARY KEY, state text, lease timestamptz);
CREATE TABLE bare_receipt (id bigserial PRIMARY KEY, message bigint, content bytea);
CREATE TABLE bare_got (id bigserial PRIMARY KEY, subject text, seq bigint, content bytea, UNIQUE (subject, seq));
CREATE TABLE bare_work (id bigint PRIMARY KEY, state text);
"""


def bare(url: str) -> float:
    """Messages a second when the rows of each are written in five durable transactions and nothing else is done."""
    content, count = os.urandom(1000), 0
    with psycopg.connect(url, autocommit=True) as connection:
        run = connection.execute
        run(BARE_TABLES)
        began = time.perf_counter()
        while time.perf_counter() - began < REFERENCE_S:
            subject = f"SJ-{count // 4}"
            with connection.transaction():
                drawn = run(
                    "INSERT INTO bare_line VALUES (%s, 1) ON CONFLICT (subject) "
                    "DO UPDATE SET seq = bare_line.seq + 1 RETURNING seq",
                    [subject],
                ).fetchone()
                row = run(
                    "INSERT INTO bare_sent (subject, seq, content) VALUES (%s, %s, %s) RETURNING id",
                    [subject, drawn and drawn[0], content],
                ).fetchone()
                number = row and row[0]
                run("INSERT INTO bare_way VALUES (%s, 'waiting', NULL)", [number])
            run("UPDATE bare_way SET lease = now() WHERE id = %s", [number])
            with connection.transaction():
                run("SELECT 1 FROM bare_got WHERE subject = %s AND seq = %s", [subject, drawn and drawn[0]])
                run(
                    "INSERT INTO bare_got (subject, seq, content) VALUES (%s, %s, %s)",
                    [subject, drawn and drawn[0], content],
                )
                run("INSERT INTO bare_work VALUES (%s, 'waiting')", [number])
            with connection.transaction():
                run("UPDATE bare_way SET state = 'delivered' WHERE id = %s", [number])
                run("INSERT INTO bare_receipt (message, content) VALUES (%s, %s)", [number, content[:300]])
            with connection.transaction():
                run("SELECT content FROM bare_got WHERE id = %s", [number])
                run("UPDATE bare_work SET state = 'processed' WHERE id = %s", [number])
            count += 1
        return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
