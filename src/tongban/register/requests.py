"""What goes into the book and what comes out of it: requests, recordings, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tongban.access.actors import Actor
from tongban.domain.canonical import canonical_json
from tongban.domain.codes import LedgerCode, UnitCode
from tongban.domain.entries import Entry
from tongban.domain.restrictions import Act
from tongban.domain.wires import Wire, as_number, as_text
from tongban.vault.seal import hmac_sm3

ENTRIES_MAX = 1000  # of one recording; every unit among them holds a lock in the database's memory
UNITS_MAX = 1000
KEY_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest:
    """One recording (登簿): what to write, about which units, on whose decision.

    `unit_codes` are all units that must stand still meanwhile; every entry is about one of them.  `acts` are what the
    law looks at, the main one first: it stands in the entries.  `evidence` are the keys of checked proofs.  `key` makes
    the recording happen once.  `order_id` names the order of a court that this recording carries out: itself and later
    orders do not stand in its way.  `ledger` is needed only for units the register does not know yet; empty, the
    directory says which ledger they belong to.  `concerns` are the numbers of the burdens the recording is itself about.
    """

    unit_codes: tuple[UnitCode, ...]
    entries: tuple[Entry, ...]
    acts: tuple[Act, ...]
    evidence: frozenset[str]
    recorder: Actor
    case_no: str
    key: str
    now: datetime
    registry: str
    order_id: str = ""
    ledger: LedgerCode | str = ""
    concerns: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        assert 0 < len(self.entries) <= ENTRIES_MAX, f"a recording has 1 to {ENTRIES_MAX} entries"
        assert 0 < len(self.unit_codes) <= UNITS_MAX, f"a recording has 1 to {UNITS_MAX} units"
        assert self.acts, "a recording is an act of somebody"
        assert 0 < len(self.key) <= KEY_LENGTH_MAX, "a recording has a key"
        strangers = {entry.unit_code for entry in self.entries} - set(self.unit_codes)
        assert not strangers, f"entries about units that would not be locked: {sorted(strangers)}"

    def digest(self) -> bytes:
        """What the key stands for; keyed, since it covers names and numbers.  Who retries and when does not count."""
        content = {
            "unit_codes": sorted(set(self.unit_codes)),
            "entries": [[entry.to_public(), entry.to_private()] for entry in self.entries],
            "acts": [act.value for act in self.acts],
            "evidence": sorted(self.evidence),
            "case_no": self.case_no,
            "registry": self.registry,
            "order_id": self.order_id,
        }
        return hmac_sm3("register.request", canonical_json(content))


@dataclass(frozen=True, slots=True)
class EntryRef:
    """One entry in the book; `hash` is hex and is what inclusion proofs are about."""

    ledger: str
    seq: int
    hash: str
    recorded_at: datetime
    unit_code: str
    unit_seq: int

    def to_wire(self) -> Wire:
        return {
            "ledger": self.ledger,
            "seq": self.seq,
            "hash": self.hash,
            "recorded_at": self.recorded_at.isoformat(),
            "unit_code": self.unit_code,
            "unit_seq": self.unit_seq,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> EntryRef:
        return cls(
            ledger=as_text(wire["ledger"]),
            seq=as_number(wire["seq"]),
            hash=as_text(wire["hash"]),
            recorded_at=datetime.fromisoformat(as_text(wire["recorded_at"])),
            unit_code=as_text(wire["unit_code"]),
            unit_seq=as_number(wire["unit_seq"]),
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """What one recording wrote, in the order of its entries."""

    entries: tuple[EntryRef, ...]

    @property
    def recorded_at(self) -> datetime:
        """The moment the rights changed (民法典 214)."""
        return self.entries[0].recorded_at


@dataclass(frozen=True, slots=True)
class OrderPlace:
    """The place of an order in the sequence of one unit; `hash` (hex) binds it to everything before."""

    unit_code: str
    seq: int
    at: datetime
    hash: str
