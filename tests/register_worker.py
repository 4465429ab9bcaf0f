"""A process of its own for the fault tests of the register: does what its input lines say, answers a line each.

Run as `python -m tests.register_worker`; the environment names site and database.  Commands are JSON lists.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import django

django.setup()

from tests import register_builders as a  # noqa: E402 - tables can be imported once Django is set up
from tongban.domain.decision import Refusal  # noqa: E402
from tongban.domain.errors import TongbanError  # noqa: E402
from tongban.domain.restrictions import Act  # noqa: E402
from tongban.domain.titles import HolderIdentity  # noqa: E402
from tongban.register import book, sealing  # noqa: E402

Answer = dict[str, object]


def answer_of(outcome: book.Recording | Refusal) -> Answer:
    if isinstance(outcome, Refusal):
        return {"refused": outcome.reason.code}
    return {"entries": [ref.to_wire() for ref in outcome.entries]}


def rename(number: int, name: str, key: str, at: str) -> Answer:
    """Give the holder of flat `number` another name, starting from the name it was opened with."""
    before: HolderIdentity = a.title(number).holders[0].identity
    entry = a.renamed(number, before, name)
    return answer_of(book.record(a.request(entry, key=key, now=datetime.fromisoformat(at))))


def note(number: int, order_id: str, at: str) -> Answer:
    """An order arrives for flat `number`."""
    (place,) = book.note_order([a.unit(number)], order_id=order_id, organ="院", now=datetime.fromisoformat(at))
    return {"seq": place.seq, "at": place.at.isoformat(), "hash": place.hash}


def mortgage(numbers: list[int], key: str, locked: list[int], start: float) -> Answer:
    """Record one mortgage on each of these flats in one recording that locks many more, at an agreed moment."""
    entries = [a.mortgaged(number, f"{key}/{number}") for number in numbers]
    request = a.request(*entries, key=key, unit_codes=tuple(map(a.unit, locked)))
    while time.monotonic() < start:
        pass
    return answer_of(book.record(request))


def work(run: str) -> Answer:
    """Record and seal without end, until somebody kills this process; says when it begins."""
    print(json.dumps({"ready": run}), flush=True)
    for number in count():
        entries = [a.mortgaged(flat, f"{run}/{number}/{flat}") for flat in (1, 2, 3)]
        now = a.NOW + timedelta(seconds=number)
        book.record(a.request(*entries, key=f"{run}/{number}", now=now, act=Act.SEIZE))
        if number % 3 == 2:
            sealing.seal(now)
    return {}


COMMANDS: dict[str, Callable[..., Answer]] = {"rename": rename, "note": note, "mortgage": mortgage, "work": work}


def main() -> None:
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        try:
            answer = COMMANDS[command](*arguments)
        except TongbanError as error:
            answer = {"error": error.code}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
