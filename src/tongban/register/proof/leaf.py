"""The bytes of the book: what exactly is hashed for an entry, a unit event and a commitment.  Pure; no tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tongban.domain.canonical import canonical_json
from tongban.domain.wires import Wire, as_mapping, as_number, as_text
from tongban.vault.sm3 import sm3

VERSION = 1
SALT_BYTES = 32
ENTRY, ORDER = "entry", "order"


def utc_text(moment: datetime) -> str:
    """A moment as the book writes it: UTC with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def ledger_start(ledger: str) -> bytes:
    """What stands for the predecessor of a ledger's first entry."""
    return sm3(b"tongban ledger " + ledger.encode())


def unit_start(unit_code: str) -> bytes:
    """What stands for the predecessor of a unit's first event."""
    return sm3(b"tongban unit " + unit_code.encode())


def commitment(salt: bytes, private: bytes) -> bytes:
    """Binds to the private part of an entry without showing anything of it: the salt makes guessing hopeless."""
    assert len(salt) == SALT_BYTES, "a commitment without its full salt could be guessed"
    return sm3(b"tongban private part " + salt + private)


def entry_ref(ledger: str, seq: int) -> str:
    """How a unit event names the entry it stands for."""
    return f"{ledger}/{seq}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Everything the hash of one entry covers.  Hashes are lower-case hex; `entry` is the entry's public part.

    `unit_seq` and `unit_previous` place the entry in the sequence of its unit: a signed head over this leaf thereby
    also covers every order of a court that reached the unit before.
    """

    ledger: str
    seq: int
    previous: str
    recorded_at: str
    registry: str
    recorder: str
    case_no: str
    act: str
    unit_seq: int
    unit_previous: str
    request_key: str
    request_position: int
    request_digest: str
    private: str
    entry: Mapping[str, object]

    @property
    def unit_code(self) -> str:
        return as_text(self.entry["unit_code"])

    @property
    def kind(self) -> str:
        return as_text(self.entry["kind"])

    def text(self) -> str:
        """The exact text that is stored and hashed."""
        wire: Wire = {
            "version": VERSION,
            "ledger": self.ledger,
            "seq": self.seq,
            "previous": self.previous,
            "recorded_at": self.recorded_at,
            "registry": self.registry,
            "recorder": self.recorder,
            "case_no": self.case_no,
            "act": self.act,
            "unit_seq": self.unit_seq,
            "unit_previous": self.unit_previous,
            "request": {
                "key": self.request_key,
                "position": self.request_position,
                "digest": self.request_digest,
            },
            "private": self.private,
            "entry": self.entry,
        }
        return canonical_json(wire).decode()

    @classmethod
    def parse(cls, text: str) -> Leaf:
        """Read a stored leaf; raises ValueError, KeyError or TypeError when it is not one."""
        wire = as_mapping(json.loads(text))
        if as_number(wire["version"]) != VERSION:
            raise ValueError("a leaf of another version")
        request = as_mapping(wire["request"])
        return cls(
            ledger=as_text(wire["ledger"]),
            seq=as_number(wire["seq"]),
            previous=as_text(wire["previous"]),
            recorded_at=as_text(wire["recorded_at"]),
            registry=as_text(wire["registry"]),
            recorder=as_text(wire["recorder"]),
            case_no=as_text(wire["case_no"]),
            act=as_text(wire["act"]),
            unit_seq=as_number(wire["unit_seq"]),
            unit_previous=as_text(wire["unit_previous"]),
            request_key=as_text(request["key"]),
            request_position=as_number(request["position"]),
            request_digest=as_text(request["digest"]),
            private=as_text(wire["private"]),
            entry=as_mapping(wire["entry"]),
        )


def leaf_hash(text: str) -> bytes:
    """The hash of an entry."""
    return sm3(text.encode())


@dataclass(frozen=True, slots=True)
class Event:
    """One link in the chain of a unit: a recording or an order, its place and time."""

    unit_code: str
    seq: int
    kind: str
    ref: str
    at: datetime
    previous: bytes

    def hash(self) -> bytes:
        """The hash of this event, which the next event of the unit covers."""
        return sm3(
            canonical_json(
                {
                    "unit_code": self.unit_code,
                    "seq": self.seq,
                    "kind": self.kind,
                    "ref": self.ref,
                    "at": utc_text(self.at),
                    "previous": self.previous.hex(),
                }
            )
        )
