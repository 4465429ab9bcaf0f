"""The signed envelope around everything that crosses: CloudEvents JSON, signed as bytes, never re-serialized.

The signature stands beside the bytes (algorithm, key id, value), so checking it needs no parsing.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from tongban.domain.canonical import canonical_json
from tongban.domain.codes import institution_kind
from tongban.domain.errors import BadReply
from tongban.domain.messages import MessageKind
from tongban.exchange.contract.body import Body, Instant, instant_text
from tongban.exchange.contract.limits import ATTACHMENTS_MAX, ENVELOPE_BYTES_MAX
from tongban.vault import keys
from tongban.vault.blobs import BlobRef
from tongban.vault.keys import Signature
from tongban.vault.sm3 import sm3, sm3_hex

SPEC_VERSION = "1.0"
SUBJECT = re.compile(r"[^\x00-\x1f\x7f]{1,120}")

_Code = Annotated[str, Field(pattern=r"^[a-z]+-[0-9]{6}(-[0-9a-z]{2,12})?$", max_length=64)]
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z._:-]{8,64}$")]


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes and the detached signature over exactly these bytes."""

    content: bytes
    signature: Signature

    @property
    def digest(self) -> str:
        """SM3 of the content in hexadecimal: the name under which evidence refers to it."""
        return sm3_hex(self.content)

    def to_wire(self) -> dict[str, str]:
        return {
            "content": base64.b64encode(self.content).decode(),
            "alg": self.signature.algorithm,
            "keyid": self.signature.key_id,
            "signature": base64.b64encode(self.signature.value).decode(),
        }

    @classmethod
    def from_wire(cls, wire: object) -> Signed:
        """Read what `to_wire` wrote; raises `BadReply` for anything else."""
        try:
            signed = _SignedWire.model_validate(wire)
            content = base64.b64decode(signed.content, validate=True)
            value = base64.b64decode(signed.signature, validate=True)
        except (ValidationError, binascii.Error) as error:
            raise malformed("signed_malformed", error) from None
        return cls(content, Signature(signed.alg, signed.keyid, value))


class _SignedWire(Body):
    content: Annotated[str, Field(max_length=2 * ENVELOPE_BYTES_MAX)]
    alg: Annotated[str, Field(min_length=1, max_length=16)]
    keyid: Annotated[str, Field(min_length=1, max_length=120)]
    signature: Annotated[str, Field(min_length=1, max_length=400)]


class AttachmentLine(Body):
    """One attachment as the envelope lists it; `digest` is the SM3 of the plaintext."""

    digest: _Digest
    size: Annotated[int, Field(ge=0)]
    mediatype: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]

    def ref(self) -> BlobRef:
        return BlobRef(self.digest, self.size, self.mediatype, self.name)


class Envelope(Body):
    """The parsed envelope.  `seq` counts per (source, to, subject); a question has 0, an answer names its question."""

    specversion: Literal["1.0"]
    id: _Id
    source: _Code
    type: Annotated[str, Field(min_length=3, max_length=64)]
    subject: Annotated[str, Field(pattern=SUBJECT.pattern, min_length=1, max_length=120)]
    time: Instant
    datacontenttype: Literal["application/json"]
    to: _Code
    seq: Annotated[int, Field(ge=0, lt=2**62)]
    attachments: Annotated[tuple[AttachmentLine, ...], Field(max_length=ATTACHMENTS_MAX)] = ()
    inreplyto: str = ""
    questiondigest: str = ""
    data: dict[str, Any]

    def refs(self) -> tuple[BlobRef, ...]:
        return tuple(line.ref() for line in self.attachments)


@dataclass(frozen=True, slots=True)
class Heading:
    """Everything an envelope says apart from its body and attachments."""

    id: str
    kind: str
    source: str
    to: str
    subject: str
    seq: int
    time: datetime
    in_reply_to: str = ""
    question_digest: str = ""


def message_id(source: str, to: str, subject: str, seq: int) -> str:
    """The id of a message we send: the same place in the same line always has the same id, written as a UUID."""
    digest = sm3(canonical_json([source, to, subject, seq])).hex()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


def build(heading: Heading, data: Mapping[str, Any], attachments: Sequence[BlobRef] = ()) -> bytes:
    """The exact bytes to sign; refuses bodies with floats, over-long subjects and envelopes beyond 1 MiB."""
    assert SUBJECT.fullmatch(heading.subject), "a subject has 1 to 120 printable characters"
    assert len(attachments) <= ATTACHMENTS_MAX, f"at most {ATTACHMENTS_MAX} attachments"
    wire: dict[str, object] = {
        "specversion": SPEC_VERSION,
        "id": heading.id,
        "source": heading.source,
        "type": heading.kind,
        "subject": heading.subject,
        "time": instant_text(heading.time),
        "datacontenttype": "application/json",
        "to": heading.to,
        "seq": heading.seq,
        "attachments": [
            {"digest": ref.digest, "size": ref.size, "mediatype": ref.media_type, "name": ref.name}
            for ref in attachments
        ],
        "data": data,
    }
    if heading.in_reply_to:
        wire |= {"inreplyto": heading.in_reply_to, "questiondigest": heading.question_digest}
    content = canonical_json(wire)
    if len(content) > ENVELOPE_BYTES_MAX:
        raise ValueError(f"an envelope has at most {ENVELOPE_BYTES_MAX} bytes, not {len(content)}")
    return content


def parse(content: bytes) -> Envelope:
    """Read an envelope; raises `BadReply` for anything that is not one, floats and doubled keys included."""
    try:
        return Envelope.model_validate(read_json(content))
    except (ValidationError, ValueError) as error:
        raise malformed("envelope_malformed", error) from None


def may_carry(kind: MessageKind, source: str, to: str) -> bool:
    """Whether institutions of these kinds send and receive this kind of message."""
    return institution_kind(source) in kind.sender_kinds and institution_kind(to) in kind.receiver_kinds


def sign(owner: str, content: bytes, now: datetime) -> Signed:
    """Sign bytes as a hosted institution; raises `Unavailable` without a key valid now."""
    return Signed(content, keys.sign(owner, content, now))


def check(owner: str, signed: Signed, signed_at: datetime, received_at: datetime) -> None:
    """Return when `signed` is the owner's, by a key good at `signed_at`; else `BadSignature`."""
    name = signed.signature
    keys.check(owner, name.key_id, name.algorithm, signed.content, name.value, signed_at, received_at=received_at)


def read_json(content: bytes, *, bytes_max: int = ENVELOPE_BYTES_MAX) -> Any:
    """A JSON value without floats, doubled keys and bytes beyond the limit; raises `ValueError`."""
    if len(content) > bytes_max:
        raise ValueError(f"more than {bytes_max} bytes")
    try:
        return json.loads(
            content.decode("utf-8"), parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_no_doubles
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def malformed(code: str, error: Exception) -> BadReply:
    """The error for foreign bytes that cannot be read; says which field, never the value."""
    fields = ""
    if isinstance(error, ValidationError):
        fields = "、".join(sorted({".".join(str(step) for step in row["loc"]) or "?" for row in error.errors()}))[:200]
    return BadReply(code, f"报文格式不正确{'：' + fields if fields else ''}。")


def _no_float(text: str) -> object:
    raise ValueError(f"{text[:20]} is not a whole number")


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
