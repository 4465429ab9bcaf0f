"""What a registry recorded on one day: for the daily log, and to see that every recording was reported."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, make_aware

from tongban.domain.burdens import Burden
from tongban.domain.entries import DescribeUnit, OpenTitle
from tongban.register.models import Entry, LedgerHead, RegisteredBurden

_LOCAL = (Burden.ADMINISTRATIVE.value, Burden.DISPUTE.value)


@dataclass(frozen=True, slots=True, order=True)
class RecordedUnit:
    """One recording about one unit; no two of a unit share a time.  `case_no` is empty for orders of organs of state."""

    unit_code: str
    at: datetime
    case_no: str


class _Times(Sequence[datetime]):
    """The times of a ledger's entries, which only ever grow with their numbers; one look-up per question."""

    def __init__(self, ledger: str, length: int) -> None:
        self._ledger = ledger
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: object) -> datetime:  # type: ignore[override]
        assert isinstance(index, int), "one entry at a time"
        at: datetime = Entry.objects.values_list("recorded_at", flat=True).get(ledger=self._ledger, seq=index + 1)
        return at


def keepers() -> tuple[str, ...]:
    """The registries that keep a ledger here."""
    return tuple(LedgerHead.objects.order_by("registry").values_list("registry", flat=True).distinct())


def _of_this_province(ledger: str, first: int, after: int) -> set[int]:
    """The entries that open or close limits the nation has no page for; there are few of them."""
    lying = RegisteredBurden.objects.filter(ledger=ledger, burden__in=_LOCAL)
    begun = lying.filter(from_entry__gte=first, from_entry__lt=after).values_list("from_entry", flat=True)
    ended = lying.filter(to_entry__gte=first, to_entry__lt=after).values_list("to_entry", flat=True)
    return {seq for seq in (*begun, *ended) if seq is not None}


def recorded_on(registry: str, day: date) -> frozenset[RecordedUnit]:
    """Every recording of the registry about every unit on that day; stock data (存量数据) is not among them, nor are limits of
    administrations, which the national platform does not know.

    Finds the day's entries by halving each ledger, so it costs the same on an old ledger as on a new one.
    """
    start = make_aware(datetime.combine(day, time.min), get_current_timezone())
    end = start + timedelta(days=1)
    found: set[RecordedUnit] = set()
    for head in LedgerHead.objects.filter(at__gte=start):
        times = _Times(head.ledger, head.seq)
        first, after = bisect_left(times, start) + 1, bisect_left(times, end) + 1
        rows = Entry.objects.filter(ledger=head.ledger, seq__gte=first, seq__lt=after, registry=registry)
        today = rows.exclude(case_no="", kind=OpenTitle.kind).exclude(kind=DescribeUnit.kind)
        today = today.exclude(seq__in=_of_this_province(head.ledger, first, after))
        found |= {RecordedUnit(*row) for row in today.values_list("unit_code", "recorded_at", "case_no")}
    return frozenset(found)
