"""What a licence says and the registry signs: canonical JSON that tells a stranger little and binds everything printed.

A stranger who scans the code sees the number, the unit, a masked name and two commitments.  Whoever holds the file has
what opens them: the printed words and their salts, attached inside the PDF.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tongban.domain.canonical import canonical_json
from tongban.domain.identity import mask_name
from tongban.domain.terms import Document
from tongban.domain.wires import Wire, as_list, as_mapping, as_mappings, as_number, as_text
from tongban.vault.sm3 import DIGEST_BYTES, sm3

FORMAT = "tongban-licence-1"
ATTACHMENT_FORMAT = "tongban-certificate-1"
KINDS = (Document.CERTIFICATE.value, Document.PROOF.value)
ATTACHMENT_NAME = "licence.json"
SALT_BYTES = 32
NAMED_HOLDERS_MAX = 2  # more holders would only make the code coarser; their number is told instead
ATTACHMENT_BYTES_MAX = 1024 * 1024


class UnreadablePayloadError(ValueError):
    """The bytes are not a payload or an attachment of this product."""


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Where the register says it: ledger, place in it, hash of the entry (hex)."""

    ledger: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The signed head of the ledger that covers the entry; `root` is hex, `at` as the register wrote it."""

    size: int
    root: str
    at: str
    key_id: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class Payload:
    """The signed statement.  `kind` is certificate or proof; `issued_at` is UTC, the moment of signing."""

    identifier: str
    kind: str
    certificate_no: str
    unit_code: str
    holder_zh: str
    holders_commitment: str
    content_commitment: str
    registry: str
    issued_at: str
    entry: EntryPlace
    head: Head
    version: int = 1

    def to_bytes(self) -> bytes:
        """The exact bytes that are signed."""
        return canonical_json({"format": FORMAT, **asdict(self)})

    @property
    def is_proof(self) -> bool:
        return self.kind == Document.PROOF

    @property
    def kind_zh(self) -> str:
        """“不动产权证书” or “不动产登记证明”."""
        return Document(self.kind).name_zh

    @classmethod
    def parse(cls, data: bytes) -> Payload:
        """Read a payload; raises `UnreadablePayloadError` for anything but the canonical bytes of one."""
        try:
            wire = as_mapping(json.loads(data))
            entry, head = as_mapping(wire["entry"]), as_mapping(wire["head"])
            found = cls(
                identifier=as_text(wire["identifier"]),
                kind=as_text(wire["kind"]),
                certificate_no=as_text(wire["certificate_no"]),
                unit_code=as_text(wire["unit_code"]),
                holder_zh=as_text(wire["holder_zh"]),
                holders_commitment=as_text(wire["holders_commitment"]),
                content_commitment=as_text(wire["content_commitment"]),
                registry=as_text(wire["registry"]),
                issued_at=as_text(wire["issued_at"]),
                entry=EntryPlace(as_text(entry["ledger"]), as_number(entry["seq"]), as_text(entry["hash"])),
                head=Head(
                    size=as_number(head["size"]),
                    root=as_text(head["root"]),
                    at=as_text(head["at"]),
                    key_id=as_text(head["key_id"]),
                    algorithm=as_text(head["algorithm"]),
                ),
                version=as_number(wire["version"]),
            )
            _check_forms(found)
            canonical = found.to_bytes()
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise UnreadablePayloadError(str(error)) from None
        if canonical != data:
            raise UnreadablePayloadError("not in canonical form, or with fields that nobody signed for")
        return found


@dataclass(frozen=True, slots=True)
class HolderName:
    """A holder as printed: name in clear, document masked (`id_zh`: “居民身份证 410526********1237”)."""

    name_zh: str
    id_zh: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens the commitments of a payload: the printed words, the holders as printed, and the salt."""

    content: Mapping[str, object]
    holders: tuple[HolderName, ...]
    salt: bytes

    @property
    def content_commitment(self) -> str:
        """Binds to every printed word without showing one (hex)."""
        return _commit(b"content", self.salt, self.content)

    @property
    def holders_commitment(self) -> str:
        """Binds to the holders' names and masked documents (hex)."""
        return _commit(b"holders", self.salt, [asdict(holder) for holder in self.holders])

    @property
    def holder_zh(self) -> str:
        """What a scan shows of the holders: “王**”, “王**、李*”, “王**等3人”."""
        names = [mask_name(holder.name_zh) for holder in self.holders]
        assert names, "a right has a holder"
        return f"{names[0]}等{len(names)}人" if len(names) > NAMED_HOLDERS_MAX else "、".join(names)

    def to_wire(self) -> Wire:
        return {
            "content": dict(self.content),
            "holders": [asdict(holder) for holder in self.holders],
            "salt": self.salt.hex(),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Opening:
        """Raises KeyError, TypeError or ValueError for anything else."""
        salt = bytes.fromhex(as_text(wire["salt"]))
        holders = tuple(
            HolderName(as_text(one["name_zh"]), as_text(one["id_zh"])) for one in as_mappings(wire["holders"])
        )
        if len(salt) != SALT_BYTES or not holders:
            raise ValueError("a salt of the wrong length, or nobody holds the title")
        return cls(as_mapping(wire["content"]), holders, salt)


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file inside the PDF.  `code` is the text of the printed QR code, `renderer` what set the page."""

    payload: bytes
    algorithm: str
    key_id: str
    signature: bytes
    head_signature: bytes
    path: tuple[bytes, ...]
    opening: Opening
    code: str
    renderer: str

    def to_text(self) -> str:
        """Canonical JSON."""
        return canonical_json(
            {
                "format": ATTACHMENT_FORMAT,
                "payload": self.payload.decode(),
                "algorithm": self.algorithm,
                "key_id": self.key_id,
                "signature": self.signature.hex(),
                "head_signature": self.head_signature.hex(),
                "path": [step.hex() for step in self.path],
                "opening": self.opening.to_wire(),
                "code": self.code,
                "renderer": self.renderer,
            }
        ).decode()

    @classmethod
    def parse(cls, data: bytes) -> Attachment:
        """Read an attachment; raises `UnreadablePayloadError` for anything but the canonical bytes of one."""
        if len(data) > ATTACHMENT_BYTES_MAX:
            raise UnreadablePayloadError("too large")
        try:
            wire = as_mapping(json.loads(data))
            if wire["format"] != ATTACHMENT_FORMAT:
                raise ValueError("of another format")
            found = cls(
                payload=as_text(wire["payload"]).encode(),
                algorithm=as_text(wire["algorithm"]),
                key_id=as_text(wire["key_id"]),
                signature=bytes.fromhex(as_text(wire["signature"])),
                head_signature=bytes.fromhex(as_text(wire["head_signature"])),
                path=tuple(bytes.fromhex(as_text(step)) for step in as_list(wire["path"])),
                opening=Opening.from_wire(as_mapping(wire["opening"])),
                code=as_text(wire["code"]),
                renderer=as_text(wire["renderer"]),
            )
            canonical = found.to_text().encode()
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise UnreadablePayloadError(str(error)) from None
        if canonical != data:
            raise UnreadablePayloadError("not in canonical form")
        return found


def number_name_zh(kind: str) -> str:
    """What the number of a licence of this kind is called."""
    return "不动产登记证明号" if kind == Document.PROOF else "不动产权证号"


def utc_text(moment: datetime) -> str:
    """A moment as a payload writes it: UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _commit(what: bytes, salt: bytes, value: object) -> str:
    assert len(salt) == SALT_BYTES, "a commitment without its full salt could be guessed"
    return sm3(b"tongban licence " + what + b" " + salt + canonical_json(value)).hex()


def _check_forms(payload: Payload) -> None:
    if payload.kind not in KINDS:
        raise ValueError("of no kind that a registry issues")
    digests = (payload.holders_commitment, payload.content_commitment, payload.entry.hash, payload.head.root)
    if any(len(bytes.fromhex(digest)) != DIGEST_BYTES for digest in digests):
        raise ValueError("a digest of the wrong length")
    if any(datetime.fromisoformat(moment).tzinfo is None for moment in (payload.issued_at, payload.head.at)):
        raise ValueError("a moment without a time zone")
