"""Writing entries: each gets its number, its place in its unit and its link in both chains."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tongban.domain.canonical import canonical_json
from tongban.domain.entries import Entry
from tongban.register import models, rows
from tongban.register.proof import leaf
from tongban.register.requests import EntryRef, RecordRequest
from tongban.register.rows import Spot
from tongban.register.standing import Tail
from tongban.register.writing import tables
from tongban.register.writing.projection import Page


@dataclass(slots=True)
class Quill:
    """Writes the entries of one recording; the caller holds the locks of the units and of the heads."""

    request: RecordRequest
    digest: bytes
    at: datetime
    today: date
    heads: Mapping[str, models.LedgerHead]
    tails: Mapping[str, Tail]
    fresh_units: Sequence[models.BAUnit]
    refs: list[EntryRef] = field(default_factory=list)
    _entries: list[tables.Row] = field(default_factory=list)
    _secrets: list[tables.Row] = field(default_factory=list)
    _events: list[tables.Row] = field(default_factory=list)

    def write(self, page: Page) -> None:
        """Every entry of the request with what follows from it."""
        for entry in self.request.entries:
            ref = self._append(entry)
            self.refs.append(ref)
            page.apply(entry, Spot(ref.ledger, ref.seq, self.today))
        tables.execute(
            tables.insert(models.BAUnit, self.fresh_units),
            tables.insert(models.Entry, self._entries),
            tables.insert(models.EntrySecret, self._secrets),
            tables.insert(models.UnitEvent, self._events),
            tables.update(models.LedgerHead, self.heads.values(), columns=("seq", "hash", "at"), key=("ledger",)),
        )
        page.write()

    def _append(self, entry: Entry) -> EntryRef:
        tail = self.tails[entry.unit_code]
        head = self.heads[tail.ledger]
        private = canonical_json({"entry": entry.to_private(), "recorder_zh": self.request.recorder.name_zh})
        salt = secrets.token_bytes(leaf.SALT_BYTES)
        written = self._leaf(entry, head, tail, leaf.commitment(salt, private))
        text = written.text()
        digest = leaf.leaf_hash(text)
        token = rows.sealed_secret(salt + private, Spot(written.ledger, written.seq, self.today))
        self._secrets.append({"ledger": written.ledger, "seq": written.seq, "ciphertext": token})
        self._entries.append(self._row(written, text, digest))
        self._place(tail, written)
        head.seq, head.hash, head.at = written.seq, digest, self.at
        return EntryRef(written.ledger, written.seq, digest.hex(), self.at, written.unit_code, written.unit_seq)

    def _leaf(self, entry: Entry, head: models.LedgerHead, tail: Tail, private: bytes) -> leaf.Leaf:
        return leaf.Leaf(
            ledger=head.ledger,
            seq=head.seq + 1,
            previous=bytes(head.hash).hex(),
            recorded_at=leaf.utc_text(self.at),
            registry=self.request.registry,
            recorder=self.request.recorder.id,
            case_no=self.request.case_no,
            act=self.request.acts[0].value,
            unit_seq=tail.seq + 1,
            unit_previous=tail.hash.hex(),
            request_key=self.request.key,
            request_position=len(self._entries),
            request_digest=self.digest.hex(),
            private=private.hex(),
            entry=entry.to_public(),
        )

    def _row(self, written: leaf.Leaf, text: str, digest: bytes) -> tables.Row:
        return {
            "ledger": written.ledger,
            "seq": written.seq,
            "unit_code": written.unit_code,
            "unit_seq": written.unit_seq,
            "kind": written.kind,
            "act": written.act,
            "registry": written.registry,
            "recorder": written.recorder,
            "case_no": written.case_no,
            "recorded_at": self.at,
            "request_key": written.request_key,
            "request_position": written.request_position,
            "request_digest": self.digest,
            "leaf": text,
            "previous_hash": bytes.fromhex(written.previous),
            "hash": digest,
        }

    def _place(self, tail: Tail, written: leaf.Leaf) -> None:
        ref = leaf.entry_ref(written.ledger, written.seq)
        event = leaf.Event(written.unit_code, written.unit_seq, leaf.ENTRY, ref, self.at, tail.hash)
        tail.seq, tail.hash, tail.at = event.seq, event.hash(), self.at
        self._events.append(event_row(event, tail.hash))


def event_row(event: leaf.Event, digest: bytes) -> tables.Row:
    """The row of one event, with its hash."""
    return {
        "unit_code": event.unit_code,
        "seq": event.seq,
        "kind": event.kind,
        "ref": event.ref,
        "at": event.at,
        "previous_hash": event.previous,
        "hash": digest,
    }
