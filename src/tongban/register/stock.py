"""Stock data (存量数据) into the book: many titles per transaction, each an ordinary entry of an ordinary recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice

from tongban.access.actors import Actor
from tongban.domain.decision import Refusal
from tongban.domain.entries import OpenTitle
from tongban.domain.restrictions import Act
from tongban.register import book
from tongban.register.requests import Recording, RecordRequest

TITLES_PER_RECORDING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StockImport:
    """One import: into which ledger of which registry, by whom, when; `key` makes it safe to start again."""

    registry: str
    ledger: str
    recorder: Actor
    key: str
    now: datetime


@dataclass(frozen=True, slots=True)
class StockBatch:
    """One transaction of an import: the titles offered, and what the book made of them."""

    titles: tuple[OpenTitle, ...]
    outcome: Recording | Refusal


def open_titles(titles: Iterable[OpenTitle], source: StockImport) -> Iterator[StockBatch]:
    """Record titles in batches of `TITLES_PER_RECORDING`, one transaction and one lock of the ledger's head each.

    The same key and titles may be given again after a crash: what is recorded stays once.  A batch is refused as a
    whole where an order reached one of its units first; restrictions are those of the strictest act, a transfer.
    """
    remaining = iter(titles)
    for number in count(1):
        batch = tuple(islice(remaining, TITLES_PER_RECORDING))
        if not batch:
            return
        request = RecordRequest(
            unit_codes=tuple(title.unit_code for title in batch),
            entries=batch,
            acts=(Act.TRANSFER,),
            evidence=frozenset(),
            recorder=source.recorder,
            case_no="",
            key=f"{source.key}/{number}",
            now=source.now,
            registry=source.registry,
            ledger=source.ledger,
        )
        yield StockBatch(batch, book.record(request))
