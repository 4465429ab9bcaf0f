"""What the receiver answers to one message: a signed receipt, stored or refused for good, or an unsigned "later"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from tongban.directory import lookup
from tongban.domain.canonical import canonical_json
from tongban.domain.decision import Refusal
from tongban.domain.errors import BadReply, BadSignature, NotFound
from tongban.exchange import envelope
from tongban.exchange.contract.body import instant_text
from tongban.exchange.contract.receipt import RECEIPT_TYPE, ReceiptBody
from tongban.exchange.contract.receipt import RefusalCode as RefusalCode
from tongban.exchange.envelope import Signed
from tongban.exchange.models import REFUSED, STORED


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was stored; the same message may be sent again.  `code` is for machines, `message_zh` for operators."""

    code: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's signed word about one message.

    `outcome` is `stored` or `refused`; a refusal has a `code`, its Chinese text, and for a missing authorization the
    `refusal` to show.  `digest` is the SM3 of the message bytes, `signed` the receipt's own bytes and signature.
    """

    message_id: str
    outcome: str
    issuer: str
    digest: str
    received_at: datetime
    signed: Signed
    code: str = ""
    message_zh: str = ""
    refusal: Refusal | None = None

    @property
    def is_stored(self) -> bool:
        return self.outcome == STORED


@dataclass(frozen=True, slots=True)
class About:
    """The message a receipt is about."""

    message_id: str
    digest: str
    sender: str
    subject: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class No:
    """A refusal before it is signed."""

    code: RefusalCode
    message_zh: str
    refusal: Refusal | None = None


def issue(issuer: str, about: About, no: No | None, now: datetime) -> Receipt:
    """Sign the receipt for a message as a hosted institution (the receiver, or the operator of this site)."""
    wire = {
        "type": RECEIPT_TYPE,
        "message_id": about.message_id,
        "digest": about.digest,
        "issuer": issuer,
        "to": about.sender,
        "subject": about.subject,
        "seq": about.seq,
        "outcome": STORED if no is None else REFUSED,
        "received_at": instant_text(now),
    }
    if no is not None:
        refusal = None if no.refusal is None else no.refusal.to_wire()
        wire |= {"code": no.code.value, "message_zh": no.message_zh, "refusal": refusal}
    return read(envelope.sign(issuer, canonical_json(wire), now))


def read(signed: Signed) -> Receipt:
    """Parse receipt bytes; raises `BadReply` when they are none.  Says nothing about the signature yet."""
    try:
        wire = ReceiptBody.model_validate(envelope.read_json(signed.content))
    except (ValidationError, ValueError) as error:
        raise envelope.malformed("receipt_malformed", error) from None
    return Receipt(
        message_id=wire.message_id,
        outcome=wire.outcome,
        issuer=wire.issuer,
        digest=wire.digest,
        received_at=wire.received_at,
        signed=signed,
        code=wire.code,
        message_zh=wire.message_zh,
        refusal=wire.refusal,
    )


def check(receipt: Receipt, about: About, *, receiver: str, site: str, now: datetime) -> None:
    """Return when the receipt is about this very message and signed by its receiver; else `BadReply`.

    A refusal may also come from another institution of the site that was reached, its operator.
    """
    if receipt.message_id != about.message_id or receipt.digest != about.digest:
        raise BadReply("receipt_of_another", "回执对应的不是这份报文。")
    try:
        speaks_for_site = not receipt.is_stored and lookup.site_of(receipt.issuer) == site
        if receipt.issuer != receiver and not speaks_for_site:
            raise BadSignature("receipt_issuer", f"回执由 {receipt.issuer} 签发,不是收件方。")
        envelope.check(receipt.issuer, receipt.signed, receipt.received_at, now)
    except (BadSignature, NotFound) as error:
        raise BadReply("receipt_signature", f"回执签名不可信：{error.message_zh}") from error
