"""Uploads go out: numbered, made, sent and settled, each step safe to be killed after and run again.

Nothing is lost: an upload waits until the platform has it.  Nothing goes twice: until an answer is there the same
message goes again under the same number; a new number is drawn only after a refusal.  A unit's uploads go in the order
of its recordings.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.utils.timezone import localdate

from tongban.departments.platform import message
from tongban.departments.platform.port import NationalPlatform, UploadMessage
from tongban.domain.errors import BadReply, Declined, InvalidInput, TongbanError, Unavailable
from tongban.domain.numbering import upload_no
from tongban.reporting import lines, models, recorded
from tongban.reporting.models import REASON_CHARACTERS_MAX, Delivery, Line, Upload, UploadAnswer
from tongban.vault.sm3 import sm3

CALL_MAX = timedelta(seconds=20)  # then the duty returns, and is called again
LEASE = timedelta(minutes=5)  # longer than a batch of answers that all come late
BAD_REPLIES_MAX = 3  # answers nobody understands, until a person must look

_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT u.id FROM reporting_upload u
    WHERE u.state = 'waiting' AND u.next_try_at <= %(now)s AND (u.lease_until IS NULL OR u.lease_until <= %(now)s)
      AND NOT EXISTS (SELECT 1 FROM reporting_upload e
                      WHERE e.unit_code = u.unit_code AND e.id < u.id AND e.state <> 'accepted')
    ORDER BY u.next_try_at, u.id LIMIT %(most)s FOR UPDATE OF u SKIP LOCKED)
UPDATE reporting_upload SET lease_until = %(until)s FROM due WHERE reporting_upload.id = due.id
RETURNING reporting_upload.id
"""
_DRAW = """
INSERT INTO reporting_messagecounter (division, day, last) VALUES (%s, %s, 1)
ON CONFLICT (division, day) DO UPDATE SET last = reporting_messagecounter.last + 1
RETURNING last
"""

log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Send what is due to the national platform; how many uploads were settled (accepted or parked)."""
    settled, began, moment = 0, monotonic(), now
    while moment - now < CALL_MAX:
        platform, most = lines.platform(), lines.may_send(Line.PLATFORM, moment)
        batch = _claim(moment, most) if platform is not None and most else []
        if platform is None or not batch:
            break
        done, goes_on = _send_batch(platform, batch, moment)
        settled += done
        if not goes_on:
            break
        moment = now + timedelta(seconds=monotonic() - began)
    return settled


def _send_batch(platform: NationalPlatform, batch: Sequence[int], now: datetime) -> tuple[int, bool]:
    """How many of the batch were settled, and whether the platform still answers."""
    settled = 0
    for position, upload_id in enumerate(batch):
        made = _made(upload_id, now)
        if made is None:
            settled += 1
            continue
        try:
            accepted = platform.send(made)
        except Declined as no:
            lines.answered(Line.PLATFORM, now)
            _decline(upload_id, made.number, no, now)
        except (Unavailable, BadReply) as error:
            _postpone(upload_id, error, now)
            _release(batch[position + 1 :])
            lines.failed(Line.PLATFORM, error, now)
            return settled, False
        else:
            lines.answered(Line.PLATFORM, now)
            _accept(upload_id, made.number, accepted.info_zh, accepted.content, now)
        settled += 1
    return settled, True


def _claim(now: datetime, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "most": most})
        return sorted(row[0] for row in cursor.fetchall())


def _made(upload_id: int, now: datetime) -> UploadMessage | None:
    """The message of an upload, made and numbered now if it has none; None when it cannot be made and was parked.

    The number and the message are written in one transaction, so no number is ever without its message.
    """
    try:
        with transaction.atomic():
            row = Upload.objects.select_for_update().get(pk=upload_id)
            if row.message_no:
                kept = models.UploadMessage.objects.get(pk=row.message_no)
                return UploadMessage(kept.number, message.file_name(kept.number), bytes(kept.content))
            case = recorded.recorded_case(row)
            number = _draw(row.unit_code[:6], now)
            made = message.upload(case, number, now, lines.dialect())
            models.UploadMessage.objects.create(
                number=number, upload=row, content=made.content, digest=sm3(made.content).hex(), made_at=now
            )
            row.message_no = number
            row.save(update_fields=["message_no"])
            return made
    except InvalidInput as error:
        said = "；".join(f"{problem.what_zh}，{problem.cure_zh}" for problem in error.problems)
        _park(upload_id, error.code, said, now)
    except TongbanError as error:
        _park(upload_id, error.code, error.message_zh, now)
    return None


def _draw(division: str, now: datetime) -> str:
    """The next number of the division and day, gapless: it is the caller's only if the transaction commits."""
    day = localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [division, day])
        (seq,) = cursor.fetchone()
    return upload_no(division, day, seq)


def _accept(upload_id: int, number: str, said_zh: str, content: bytes, now: datetime) -> None:
    with transaction.atomic():
        waiting = Upload.objects.filter(pk=upload_id, state=Delivery.WAITING)
        if waiting.update(
            state=Delivery.ACCEPTED, settled_at=now, lease_until=None, reason_code="", reason_zh="", bad_replies=0
        ):
            UploadAnswer.objects.create(
                message_id=number, is_accepted=True, said_zh=said_zh[:REASON_CHARACTERS_MAX], content=content, at=now
            )


def _decline(upload_id: int, number: str, no: Declined, now: datetime) -> None:
    with transaction.atomic():
        if _park(upload_id, no.code, f"国家平台不接收：{no.message_zh}", now):
            said = no.message_zh[:REASON_CHARACTERS_MAX]
            UploadAnswer.objects.create(message_id=number, is_accepted=False, code=no.code[:64], said_zh=said, at=now)


def _park(upload_id: int, code: str, reason_zh: str, now: datetime) -> bool:
    log.error("upload %d parked: %s %s", upload_id, code, reason_zh)
    return bool(
        Upload.objects.filter(pk=upload_id, state=Delivery.WAITING).update(
            state=Delivery.PARKED,
            settled_at=now,
            lease_until=None,
            reason_code=code[:64],
            reason_zh=reason_zh[:REASON_CHARACTERS_MAX],
        )
    )


def _postpone(upload_id: int, error: Unavailable | BadReply, now: datetime) -> None:
    """The same message goes again later; one whose answer was nonsense too often waits for a person."""
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload_id)
        if row.state != Delivery.WAITING:
            return
        row.attempts += 1
        row.bad_replies += isinstance(error, BadReply)
        row.next_try_at, row.lease_until = now + lines.rest(row.attempts), None
        row.reason_code, row.reason_zh = error.code[:64], error.message_zh[:REASON_CHARACTERS_MAX]
        row.save(update_fields=["attempts", "bad_replies", "next_try_at", "lease_until", "reason_code", "reason_zh"])
        if row.bad_replies >= BAD_REPLIES_MAX:
            _park(upload_id, error.code, f"{error.message_zh}已试{row.attempts}次，是否收到不明。", now)


def _release(uploads: Sequence[int]) -> None:
    Upload.objects.filter(pk__in=uploads, state=Delivery.WAITING).update(lease_until=None)
