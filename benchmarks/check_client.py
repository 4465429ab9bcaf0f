"""One client of `bench_restriction_check`."""

from __future__ import annotations

import cProfile
import sys
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import scratch_site
from django.db import connection, transaction
from django.utils import timezone
from django.utils.timezone import localdate

import province  # sets Django up
from tongban.cases import checks, decisions
from tongban.cli import stage
from tongban.cli.people import Flat
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.messages import RESTRICTION_CHECK
from tongban.exchange import questions
from tongban.exchange.contract.restriction import RestrictionCheckAnswer, RestrictionCheckRequest
from tongban.exchange.wires import Question
from tongban.register import reading

ITEM = CATALOGUE["S13"]
NOTHING = ITEM.application_facts({}, frozenset())
WINDOW, HOME = stage.ZHENGZHOU, stage.HUAXIAN


def body(flat: Flat) -> RestrictionCheckRequest:
    return RestrictionCheckRequest(
        unit_code=flat.unit_code,
        certificate_no=flat.title.certificate_no,
        holder_name=flat.holder.name,
        holder_id_no=flat.holder.id_no,
        service_item="S13",
        channel="window",
        purpose="通办收件",
        application_no="SJ41010020261123000001",
    )


def decide(flat: Flat) -> None:
    unit = reading.unit_facts(flat.unit_code)
    assert unit is not None
    assert decisions.unit_findings(ITEM, unit, NOTHING, today=localdate(timezone.now())) == ()


def answer(flat: Flat) -> None:
    now = timezone.now()
    question = Question(uuid4().hex, RESTRICTION_CHECK, WINDOW, HOME, flat.unit_code, now, now, body(flat), "")
    with transaction.atomic():
        said = checks.answer(question)
    assert isinstance(said, RestrictionCheckAnswer)
    assert said.matched


def ask(flat: Flat) -> None:
    said = questions.ask(RESTRICTION_CHECK, sender=WINDOW, to=HOME, body=body(flat), now=timezone.now())
    assert isinstance(said.body, RestrictionCheckAnswer), said.refusal
    assert said.body.matched


WORK: dict[str, Callable[[Flat], None]] = {"decide": decide, "answer": answer, "ask": ask}


def measure(what: str, count: int, seconds: float, threads: int, profile: str = "") -> None:
    work, times = WORK[what], list[float]()
    flats = people_of(count)
    work(flats[0])
    scratch_site.ready()
    end = time.perf_counter() + seconds

    def run(number: int) -> None:
        turn = number
        while time.perf_counter() < end:
            began = time.perf_counter()
            work(flats[turn % count])
            times.append(1000 * (time.perf_counter() - began))
            turn += threads
        connection.close()

    began = time.perf_counter()
    if profile:
        watch = cProfile.Profile()
        watch.runcall(run, 0)
        watch.dump_stats(profile)
    else:
        workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    scratch_site.tell(per_s=len(times) / (time.perf_counter() - began), times_ms=times)


def people_of(count: int) -> tuple[Flat, ...]:
    return province.flats(HOME, count)


if __name__ == "__main__":
    if sys.argv[1] == "stock":
        stage.take_stock(people_of(int(sys.argv[2])), HOME, timezone.now())
    else:
        measure(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])
