"""`exchange.receipt`: the receiver's signed word about one message (回执)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from tongban.exchange.contract.body import Body, Instant, RefusalBody

RECEIPT_TYPE = "exchange.receipt"


class RefusalCode(StrEnum):
    """Why a message is refused for good; the sender parks it and people look."""

    MALFORMED = "malformed"
    WRONG_RECEIVER = "wrong_receiver"
    SENDER_UNKNOWN = "sender_unknown"
    BAD_SIGNATURE = "bad_signature"
    KIND_UNKNOWN = "kind_unknown"
    KIND_NOT_ALLOWED = "kind_not_allowed"
    BODY_INVALID = "body_invalid"
    NOT_AUTHORIZED = "not_authorized"
    FORGED_DUPLICATE = "forged_duplicate"
    SEQ_TAKEN = "seq_taken"
    ATTACHMENT_MISMATCH = "attachment_mismatch"


class ReceiptBody(Body):
    """What a receipt says.  `digest` is the SM3 of the message's bytes; the last three belong to a refusal."""

    type: Literal["exchange.receipt"]
    message_id: str
    digest: str
    issuer: str
    to: str
    subject: str
    seq: Annotated[int, Field(ge=0)]
    outcome: Literal["stored", "refused"]
    received_at: Instant
    code: str = ""
    message_zh: str = ""
    refusal: RefusalBody | None = None
