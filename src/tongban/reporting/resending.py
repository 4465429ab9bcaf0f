"""What a person may do about a report that stopped: send it again, register it again.  Audited."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, institutions_for, require
from tongban.domain.errors import NotFound, WrongState
from tongban.reporting.models import Delivery, LibraryEntry, Upload, UploadAnswer

RESENT_AT_ONCE_MAX = 500


def resend(upload_id: int, actor: Actor, now: datetime) -> str:
    """Send a parked upload again; the sentence that says how.

    A message the platform refused is made anew from the register and the case as they stand and gets a new number;
    one whose fate is unknown goes again as it is, under its own.  Raises `NotFound`, `NotPermitted`, `WrongState`.
    """
    with transaction.atomic():
        row = Upload.objects.select_for_update().filter(pk=upload_id).first()
        if row is None:
            raise NotFound("upload_unknown", "没有这份上报。")
        require(actor, Permission.REPORTING_RESEND, Scope(frozenset({row.registry}), row.flow_no))
        if row.state != Delivery.PARKED:
            raise WrongState("upload_not_parked", "这份上报没有搁置，不需要重新上报。")
        said = _again(row, now)
        audit(actor, "reporting.resend", f"upload-{row.pk}", case_no=row.case_no, detail={"reason": row.reason_code})
    return said


def resend_all(actor: Actor, now: datetime) -> int:
    """Send every parked upload of the actor's institutions again, the oldest first; how many."""
    places = institutions_for(actor, Permission.REPORTING_RESEND)
    rows = Upload.objects.filter(state=Delivery.PARKED).order_by("pk")
    rows = rows if places is None else rows.filter(registry__in=places)
    chosen = list(rows.values_list("pk", flat=True)[:RESENT_AT_ONCE_MAX])
    for upload_id in chosen:
        resend(upload_id, actor, now)
    return len(chosen)


def register_again(entry_id: int, actor: Actor, now: datetime) -> None:
    """Tell a library a parked change again.  Raises `NotFound`, `NotPermitted`, `WrongState`."""
    with transaction.atomic():
        row = LibraryEntry.objects.select_for_update().filter(pk=entry_id).first()
        if row is None:
            raise NotFound("entry_unknown", "没有这条证照入库记录。")
        require(actor, Permission.REPORTING_RESEND, Scope(frozenset({row.registry}), row.identifier))
        if row.state != Delivery.PARKED:
            raise WrongState("entry_not_parked", "这条入库记录没有搁置，不需要重新登记。")
        row.state, row.attempts, row.bad_replies, row.next_try_at = Delivery.WAITING, 0, 0, now
        row.settled_at = row.lease_until = None
        row.save(update_fields=_DELIVERY)
        audit(actor, "reporting.register_again", f"entry-{row.pk}", detail={"reason": row.reason_code})


_DELIVERY = ["state", "attempts", "bad_replies", "next_try_at", "settled_at", "lease_until"]


def _again(row: Upload, now: datetime) -> str:
    was_refused = UploadAnswer.objects.filter(message_id=row.message_no, is_accepted=False).exists()
    if was_refused:
        row.message_no = ""
    row.state, row.attempts, row.bad_replies, row.next_try_at = Delivery.WAITING, 0, 0, now
    row.settled_at = row.lease_until = None
    row.save(update_fields=[*_DELIVERY, "message_no"])
    return "已重新编号，按登簿内容重新生成后上报。" if was_refused else "已重新排队，用原报文号上报。"
