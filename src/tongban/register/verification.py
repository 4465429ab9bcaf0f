"""Verification: replay everything, recompute everything, and name exactly what is broken.

It proves that the stored book is the one that was written, as far as the site's own keys can.  Whether rows were taken
off the end and the heads with them, only a head that somebody else kept can tell: compare it by a consistency proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tongban.register.checks.chain import check_chain
from tongban.register.checks.events import check_events
from tongban.register.checks.reports import Break, Check, Findings, Report
from tongban.register.checks.rights import check_rights, check_strangers
from tongban.register.checks.tree import check_tree
from tongban.register.checks.unit_rows import of_ledger, without_ledger
from tongban.register.models import LedgerHead

__all__ = ["Break", "Check", "Report", "verify", "verify_site"]


def verify(ledger: str) -> Report:
    """Check one ledger from its first entry to its last signed head, on one unchanging view of the tables."""
    findings, units = Findings(), 0
    with _one_view():
        entries, doubtful = check_chain(ledger, findings)
        check_strangers(ledger, findings)
        for unit in of_ledger(ledger):
            units += 1
            check_events(unit, findings)
            if not any(row.seq in doubtful for row in unit.entries):
                check_rights(ledger, unit, findings)
        heads = check_tree(ledger, doubtful, findings)
    return Report(ledger, entries, units, heads, findings.all())


def verify_site() -> tuple[Report, ...]:
    """Every ledger by code, and at the end the units that only orders ever reached (ledger empty)."""
    ledgers = LedgerHead.objects.order_by("ledger").values_list("ledger", flat=True)
    return (*(verify(ledger) for ledger in ledgers), _verify_without_ledger())


def _verify_without_ledger() -> Report:
    findings, units = Findings(), 0
    with _one_view():
        for unit in without_ledger():
            units += 1
            check_events(unit, findings)
    return Report("", 0, units, 0, findings.all())


@contextmanager
def _one_view() -> Iterator[None]:
    """A read-only snapshot, so that recordings going on meanwhile look like nothing at all."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
