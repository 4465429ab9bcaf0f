"""Signed heads and the proofs that lead to them, as values anyone can check without a database.

A proof shows that one entry lies in the tree a registry signed (inclusion), or that a later tree only adds to an
earlier one (consistency).  The leaf of an entry is its 32-byte hash, so a proof tells nothing about the entry but its
place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tongban.domain.canonical import canonical_json
from tongban.domain.wires import Wire, as_list, as_number, as_text
from tongban.register.proof import merkle
from tongban.register.proof.leaf import utc_text

PATH_MAX = 64  # nodes in a proof; enough for 2^64 entries


@dataclass(frozen=True, slots=True)
class Head:
    """A registry's signature over the first `size` entries of a ledger.  `root` and `signature` are hex."""

    ledger: str
    size: int
    registry: str
    root: str
    at: datetime
    algorithm: str
    key_id: str
    signature: str

    def statement(self) -> bytes:
        """The exact bytes that are signed."""
        return statement(self.ledger, self.size, self.registry, root=self.root, at=self.at)

    def to_wire(self) -> Wire:
        return {
            "ledger": self.ledger,
            "size": self.size,
            "registry": self.registry,
            "root": self.root,
            "at": utc_text(self.at),
            "algorithm": self.algorithm,
            "key_id": self.key_id,
            "signature": self.signature,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Head:
        return cls(
            ledger=as_text(wire["ledger"]),
            size=as_number(wire["size"]),
            registry=as_text(wire["registry"]),
            root=as_text(wire["root"]),
            at=datetime.fromisoformat(as_text(wire["at"])).astimezone(UTC),
            algorithm=as_text(wire["algorithm"]),
            key_id=as_text(wire["key_id"]),
            signature=as_text(wire["signature"]),
        )


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The way from the entry `seq` up to the root of `head`; `path` is hex, from the leaf's sibling upwards."""

    ledger: str
    seq: int
    path: tuple[str, ...]
    head: Head

    def to_wire(self) -> Wire:
        return {"ledger": self.ledger, "seq": self.seq, "path": list(self.path), "head": self.head.to_wire()}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> InclusionProof:
        head = wire["head"]
        if not isinstance(head, Mapping):
            raise TypeError("a proof carries its head")
        return cls(as_text(wire["ledger"]), as_number(wire["seq"]), _path(wire["path"]), Head.from_wire(head))


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the tree of `second` entries begins with the tree of `first`; `path` is hex."""

    ledger: str
    first: int
    second: int
    path: tuple[str, ...]

    def to_wire(self) -> Wire:
        return {"ledger": self.ledger, "first": self.first, "second": self.second, "path": list(self.path)}

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> ConsistencyProof:
        first, second = as_number(wire["first"]), as_number(wire["second"])
        return cls(as_text(wire["ledger"]), first, second, _path(wire["path"]))


def statement(ledger: str, size: int, registry: str, *, root: str, at: datetime) -> bytes:
    """What a registry signs: this many entries of this ledger have this root."""
    return canonical_json(
        {
            "kind": "register.head",
            "version": 1,
            "ledger": ledger,
            "size": size,
            "registry": registry,
            "root": root,
            "at": utc_text(at),
        }
    )


def check_inclusion(leaf: str, proof: InclusionProof, head: Head) -> bool:
    """Whether the proof leads from the entry with this hash (hex) to the root of this head.

    Whose signature the head carries is another question: check `head.statement()` with the registry's key.
    """
    if proof.ledger != head.ledger or len(proof.path) > PATH_MAX:
        return False
    try:
        hashed = merkle.hash_leaf(bytes.fromhex(leaf))
        path = [bytes.fromhex(node) for node in proof.path]
        root = bytes.fromhex(head.root)
    except ValueError:
        return False
    return merkle.root_from_inclusion(hashed, proof.seq - 1, head.size, path) == root


def check_consistency(proof: ConsistencyProof, first: Head, second: Head) -> bool:
    """Whether the proof shows that the second head's tree only adds to the first's."""
    if not proof.ledger == first.ledger == second.ledger or len(proof.path) > PATH_MAX + 1:
        return False
    if (proof.first, proof.second) != (first.size, second.size):
        return False
    try:
        path = [bytes.fromhex(node) for node in proof.path]
        roots = bytes.fromhex(first.root), bytes.fromhex(second.root)
    except ValueError:
        return False
    return merkle.is_consistent(first.size, second.size, *roots, path=path)


def _path(value: object) -> tuple[str, ...]:
    return tuple(as_text(node) for node in as_list(value))
