"""Proving again what was received: the stored bytes of one message against the signature that came with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.domain.errors import BadSignature, NotFound
from tongban.exchange import envelope
from tongban.exchange.envelope import Signed
from tongban.exchange.models import InboxMessage
from tongban.vault.keys import Signature


@dataclass(frozen=True, slots=True)
class Evidence:
    """One received message as evidence; `problem_zh` is empty when digest and signature hold."""

    message_id: str
    source: str
    receiver: str
    signed_at: datetime
    received_at: datetime
    digest: str
    size: int
    algorithm: str
    key_id: str
    problem_zh: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.problem_zh


def check(source: str, receiver: str, message_id: str) -> Evidence:
    """Compute the digest and check the signature anew, by the key in force when it was signed.

    Raises NotFound when no such message was received.  Whoever asks has checked the permission.
    """
    row = InboxMessage.objects.filter(source=source, receiver=receiver, message_id=message_id).first()
    if row is None:
        raise NotFound("message_not_found", "没有这份报文。")
    content = bytes(row.content)
    signed = Signed(content, Signature(row.algorithm, row.key_id, bytes(row.signature)))
    return Evidence(
        message_id=row.message_id, source=row.source, receiver=row.receiver, signed_at=row.signed_at,
        received_at=row.received_at, digest=signed.digest, size=len(content), algorithm=row.algorithm,
        key_id=row.key_id, problem_zh=_problem(row, signed),
    )  # fmt: skip


def _problem(row: InboxMessage, signed: Signed) -> str:
    if signed.digest != row.digest:
        return "报文内容与收到时的摘要不符。"
    try:
        envelope.check(row.source, signed, row.signed_at, row.received_at)
    except BadSignature as error:
        return error.message_zh
    return ""
