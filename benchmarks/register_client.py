"""One client of `bench_register`: gets ready, waits for the start, works for some seconds and prints calls a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

django.setup()

import reference  # noqa: E402 - tables can be imported once Django is set up
from django.db import connection, transaction  # noqa: E402

from tongban.access.actors import Actor, ActorKind  # noqa: E402
from tongban.domain.burden_entries import OpenBurden  # noqa: E402
from tongban.domain.codes import CertificateNo, UnitCode  # noqa: E402
from tongban.domain.entries import AlterHolder, OpenTitle, ReplaceCertificate  # noqa: E402
from tongban.domain.facts import UnitState  # noqa: E402
from tongban.domain.identity import IdDocument  # noqa: E402
from tongban.domain.numbering import certificate_no  # noqa: E402
from tongban.domain.restrictions import Act, Burden, BurdenFact, decide  # noqa: E402
from tongban.domain.terms import Cause, CoOwnership, HolderKind, RightKind  # noqa: E402
from tongban.domain.titles import Holder, HolderIdentity, Title  # noqa: E402
from tongban.register import book, numbers, reading, sealing, stock, verification  # noqa: E402
from tongban.vault import keys  # noqa: E402

LEDGERS = 16
UNITS_PER_LEDGER = 1000
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CLERK = Actor(ActorKind.STAFF, "dengbu", "登簿员")


def registry(ledger: int) -> str:
    return f"registry-{410500 + ledger}"


def unit(ledger: int, number: int) -> UnitCode:
    return UnitCode(f"{410500 + ledger}001002GB00001F{number // 1000 + 1:04d}{number % 1000 + 1:04d}")


def old_certificate(ledger: int, number: int) -> CertificateNo:
    return CertificateNo(f"豫（2020）第{ledger}号簿不动产权第{number:07d}号")


def holder(ledger: int, number: int) -> HolderIdentity:
    return HolderIdentity(f"张三{number % 97}", IdDocument.ID_CARD, f"4105261990{ledger:04d}{number:04d}")


def opened(ledger: int, number: int) -> OpenTitle:
    state = UnitState(unit(ledger, number), f"人民路{number}号", RightKind.STATE_LAND_HOUSE, area_m2="118.26")
    person = Holder(1, HolderKind.PERSON, holder(ledger, number))
    return OpenTitle(Title(state, old_certificate(ledger, number), CoOwnership.SOLE, (person,)), Cause.OTHER)


def load() -> float:
    """Make the registries' keys, record every title and a mortgage on each fifth; titles a second."""
    began, taken = time.perf_counter(), 0.0
    for ledger in range(LEDGERS):
        keys.create_key(registry(ledger), NOW - timedelta(days=1))
        source = stock.StockImport(
            registry=registry(ledger), ledger=f"L{ledger}", recorder=CLERK, key=f"stock-{ledger}", now=NOW
        )
        titles = [opened(ledger, number) for number in range(UNITS_PER_LEDGER)]
        began = time.perf_counter()
        for _ in stock.open_titles(titles, source):
            pass
        taken += time.perf_counter() - began
        mortgages = [
            OpenBurden(unit(ledger, n), BurdenFact(Burden.MORTGAGE, f"m{n}")) for n in range(0, UNITS_PER_LEDGER, 5)
        ]
        book.record(request(ledger, *mortgages, key=f"mortgages-{ledger}"))
    return LEDGERS * UNITS_PER_LEDGER / taken


def request(ledger: int, *entries: AlterHolder | ReplaceCertificate | OpenBurden, key: str) -> book.RecordRequest:
    return book.RecordRequest(
        unit_codes=tuple(dict.fromkeys(entry.unit_code for entry in entries)),
        entries=entries,
        acts=(Act.ALTER_NAME,),
        evidence=frozenset(),
        recorder=CLERK,
        case_no="41052620261122000001",
        key=key,
        now=NOW,
        registry=registry(ledger),
        ledger=f"L{ledger}",
    )


def name_change(ledger: int, number: int, after: CertificateNo) -> book.RecordRequest:
    """S13: another name, and the certificate that goes with it."""
    before = holder(ledger, number)
    renamed = HolderIdentity("新名", before.id_kind, before.id_no)
    entries = (
        AlterHolder(unit(ledger, number), 1, Cause.NAME_CHANGE, before, renamed, "household_register", "第1号"),
        ReplaceCertificate(unit(ledger, number), old_certificate(ledger, number), after),
    )
    return request(ledger, *entries, key=f"case-{ledger}-{number}")


def record(index: int, clients: int) -> Callable[[int], object]:
    """One name change per call; each client has ledgers of its own when there are several."""
    mine = range(index, LEDGERS, clients)
    offset = 0 if clients == 1 else UNITS_PER_LEDGER // 3

    def once(turn: int) -> object:
        ledger, number = mine[turn % len(mine)], offset + turn // len(mine)
        after = certificate_no(2026, "滑县", ledger * 100_000 + number)
        done = book.record(name_change(ledger, number, after))
        assert isinstance(done, book.Recording)
        return done

    return once


def record_with_number(index: int, clients: int) -> Callable[[int], object]:
    """The same as a case does it: lock, draw the certificate number, record, one transaction."""
    mine, offset = range(index, LEDGERS, clients), 2 * UNITS_PER_LEDGER // 3

    def once(turn: int) -> object:
        ledger, number = mine[turn % len(mine)], offset + turn // len(mine)
        with transaction.atomic():
            book.lock([unit(ledger, number)])
            drawn = numbers.draw("certificate", registry(ledger), 2026)
            after = certificate_no(2026, "郑州", ledger * 100_000 + drawn)
            return book.record(name_change(ledger, number, after))

    return once


def note(index: int, clients: int) -> Callable[[int], object]:
    return lambda turn: book.note_order(
        [unit(turn % LEDGERS, UNITS_PER_LEDGER + turn // LEDGERS)], order_id=f"o{index}-{turn}", organ="院", now=NOW
    )


def any_unit(turn: int) -> UnitCode:
    return unit(turn % LEDGERS, turn * 7 % UNITS_PER_LEDGER)


def checked(turn: int) -> object:
    return decide(Act.ALTER_NAME, reading.burdens(any_unit(turn), today=NOW.date()), frozenset())


def sealed() -> float:
    """Entries a second brought under signed heads."""
    began, covered = time.perf_counter(), 0
    while fresh := sealing.seal(NOW):
        covered += fresh
    return covered / (time.perf_counter() - began)


def verified() -> float:
    """Entries a second verified."""
    began, entries = time.perf_counter(), 0
    for report in verification.verify_site():
        assert report.is_sound, report.breaks[:3]
        entries += report.entries
    return entries / (time.perf_counter() - began)


def loop(work: Callable[[int], object], seconds: float) -> float:
    """Calls a second."""
    work(0)
    done, began = 1, time.perf_counter()
    while time.perf_counter() - began < seconds:
        work(done)
        done += 1
    return (done - 1) / (time.perf_counter() - began)


def main(what: str, index: int, clients: int, seconds: float, url: str) -> None:
    once = {"load": load, "seal": sealed, "verify": verified}
    per_client = {"record": record, "record_with_number": record_with_number, "note": note}
    reads: dict[str, Callable[[int], object]] = {
        "burdens": lambda turn: reading.burdens(any_unit(turn)),
        "check": checked,
        "title": lambda turn: reading.title(any_unit(turn)),
        "hundred": lambda turn: reading.burdens_of([any_unit(100 * turn + n) for n in range(100)]),
        "proof": lambda turn: sealing.inclusion_proof(f"L{turn % LEDGERS}", turn * 7 % UNITS_PER_LEDGER + 1),
    }
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    if what in once:
        figure = once[what]()
    elif what == "reference":
        figure = reference.recordings(url, list(range(index + 1, LEDGERS + 1, clients)), seconds, f"{clients}-{index}")
    elif what == "look_up":
        figure = reference.look_ups(url, seconds)
    else:
        figure = loop(per_client[what](index, clients) if what in per_client else reads[what], seconds)
    print(figure, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5])
