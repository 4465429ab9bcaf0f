"""Which rows of a batch lack nothing but signatures: checked once per content and day, and kept beside the row.

It also says which rows the home registry's trial stopped (`trying`), so that they are seen before the hand-over.

A check decrypts and reads a whole application, so a look at a large batch must not check every row again.  What was found
holds for the version of the application it was found on; an edit or another day makes it stale.  The worker checks the
rows it has just worked on, a look at the page checks at most `CHECKED_AT_ONCE` others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tongban.domain.errors import Problem
from tongban.domain.lifecycle import ApplicationState
from tongban.intake import completeness, content, queries, trying
from tongban.intake.completeness import SIGNATURES
from tongban.intake.models import BatchRow
from tongban.vault.sm3 import sm3_hex

LISTED_MAX: Final = 200  # what one person reads and signs at one time
CHECKED_AT_ONCE: Final = 100
STOPPED_SHOWN: Final = 20
_FOUND: Final = ("checked_version", "checked_on", "ready_digest", "stopped_by")


@dataclass(frozen=True, slots=True)
class Ready:
    """An application that lacks nothing but signatures; `digest` is of the content they stand under."""

    row_no: int
    application_no: str
    unit_code: str
    digest: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """An application whose form the home registry would not record, and what it said."""

    row_no: int
    application_no: str
    problems: tuple[Problem, ...]


def listed(number: str, today: date) -> tuple[Ready, ...]:
    """The first applications of a batch that lack nothing but signatures, at most `LISTED_MAX`: the list that is signed.

    Only what was checked on this very content and day; the caller has checked who may read the batch.  One statement.
    """
    fresh = _drafts(number).filter(_is_fresh(today)).exclude(ready_digest="").order_by("row_no")
    facts = fresh.values_list("row_no", "application_id", "application__unit_code", "ready_digest")
    return tuple(Ready(row_no, str(made), unit, digest) for row_no, made, unit, digest in facts[:LISTED_MAX])


def stamp(shown: Sequence[Ready]) -> str:
    """What stands for the list as it was shown: another one when a row or its content is another."""
    return sm3_hex("\n".join(f"{one.application_no} {one.digest}" for one in shown).encode())


def check(number: str, today: date, *, only: Sequence[int] | None = None) -> None:
    """Check the first rows whose application changed since, or only those with these numbers; a bounded piece of work.

    Rows that another look or worker is checking at this moment are left to it.
    """
    found = _drafts(number).exclude(_is_fresh(today))
    found = found if only is None else found.filter(row_no__in=only)
    parts = [f"application__{part}" for part in queries.PARTS]
    with transaction.atomic():
        locked = found.select_for_update(skip_locked=True, of=("self",)).select_related("application")
        rows = list(locked.defer("given", "findings").prefetch_related(*parts).order_by("row_no")[:CHECKED_AT_ONCE])
        for row in rows:
            made = row.application
            assert made is not None, "a draft is there"
            is_complete = {gap.section for gap in completeness.gaps(made, today)} == {SIGNATURES}
            row.ready_digest = content.digest(made) if is_complete else ""
            row.checked_version, row.checked_on, row.stopped_by = made.version, today, len(trying.found(made))
        BatchRow.objects.bulk_update(rows, _FOUND)


def unchecked(number: str, today: date) -> int:
    """How many drafts of a batch still wait to be checked; one statement."""
    return _drafts(number).exclude(_is_fresh(today)).count()


def stopped(number: str, today: date) -> tuple[tuple[Stopped, ...], bool]:
    """The first applications the home registry's trial stopped, at most `STOPPED_SHOWN`, and whether more are; one statement.

    Only what was checked on this very content and day; the caller has checked who may read the batch.
    """
    found = _drafts(number).filter(_is_fresh(today), stopped_by__gt=0).select_related("application").order_by("row_no")
    rows = [(row.row_no, row.application) for row in found.defer("given", "findings")[: STOPPED_SHOWN + 1]]
    shown = tuple(Stopped(row_no, made.number, trying.found(made)) for row_no, made in rows if made is not None)
    return shown[:STOPPED_SHOWN], len(shown) > STOPPED_SHOWN


def _drafts(number: str) -> QuerySet[BatchRow]:
    return BatchRow.objects.filter(batch=number, state=BatchRow.BEGUN, application__state=ApplicationState.DRAFT)


def _is_fresh(today: date) -> Q:
    """Whether the check was of the application as it is, today: a form may be right today and too late tomorrow."""
    return Q(checked_on=today, checked_version=F("application__version"))
