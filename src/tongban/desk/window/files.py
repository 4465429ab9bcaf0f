"""Bytes for the window: scans as they were taken in, previews of them, and the letters as sealed PDF."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST
from PIL import Image, ImageOps

from tongban.access.actors import actor_of
from tongban.certificates import files
from tongban.certificates.documents import Document
from tongban.certificates.signing import SPECIMEN_ZH
from tongban.desk.signed_in import signed_in
from tongban.desk.window.listing import REFUSED
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.terms import Channel
from tongban.domain.wires import as_mapping
from tongban.intake import letters, queries, results
from tongban.intake.opening import PropertyQuestion

PDF: Final = "application/pdf"
PREVIEW_SIDE_PX: Final = 2000
PREVIEW_QUALITY: Final = 85
NOTICE_AGE_MAX_S: Final = 24 * 3600
# Nothing inside a stored file may load, run or be framed by anybody else.
LOCKED: Final = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@signed_in
@require_GET
def original(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """A file exactly as it was taken in."""
    data, media_type, name = queries.file(number, digest, actor_of(request))
    return _bytes(data, media_type, name)


@signed_in
@require_GET
def preview(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """A picture drawn anew: upright, of a size for the screen, without what a camera writes beside the picture."""
    data, media_type, name = queries.file(number, digest, actor_of(request))
    if not media_type.startswith("image/"):
        raise NotFound("no_preview", "这个文件不是图片，请打开原件。")
    return _bytes(redrawn(data), "image/jpeg", f"{name.rpartition('.')[0] or name}.jpg")


def redrawn(data: bytes) -> bytes:
    """The picture as a JPEG of at most `PREVIEW_SIDE_PX` on its longer side."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", (PREVIEW_SIDE_PX, PREVIEW_SIDE_PX))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((PREVIEW_SIDE_PX, PREVIEW_SIDE_PX))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=PREVIEW_QUALITY)
    return out.getvalue()


def _bytes(data: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(False, name) or "inline"
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": LOCKED,
        },
    )


@signed_in
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """收件凭证 on the screen and for the printer."""
    view = queries.application(number, actor_of(request), timezone.now(), purpose="出具收件凭证")
    letter = letters.receipt(view, queries.who_did(view).get(view.clerk, view.clerk), specimen_zh=_specimen_zh())
    return render(request, "desk/window/receipt.html", {"view": view, "letter": letter})


@signed_in
@require_GET
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """收件凭证 as a file sealed by the window's institution."""
    now = timezone.now()
    view = queries.application(number, actor_of(request), now, purpose="出具收件凭证")
    letter = letters.receipt(view, queries.who_did(view).get(view.clerk, view.clerk), specimen_zh=_specimen_zh())
    return _letter(letter, view.receiving_registry, f"收件凭证{number}.pdf", now)


@signed_in
@require_GET
def told_home_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """告知到属地申请通知书 of a draft the window closed."""
    now = timezone.now()
    view = queries.application(number, actor_of(request), now, purpose="出具告知到属地申请通知书")
    referred = letters.told_home(view, queries.events(view))
    letter = letters.referral(
        referred, view.receiving_registry, number, localdate(view.state_since), specimen_zh=_specimen_zh()
    )
    return _letter(letter, view.receiving_registry, f"告知到属地申请{number}.pdf", now)


@signed_in
@require_GET
def certificate(request: HttpRequest, number: str, licence_id: str = "") -> HttpResponse:
    """An e-certificate or proof, for the applicant at this window."""
    actor, now = actor_of(request), timezone.now()
    view = queries.application(number, actor, now, purpose="领取电子证照")
    data, name = results.certificate(view, licence_id, actor, now)
    return _bytes(data, PDF, name)


@signed_in
@require_POST
def refused_pdf(request: HttpRequest) -> HttpResponse:
    """告知到属地申请通知书 of a question that was answered with no; only in the words this site itself signed."""
    actor, now = actor_of(request), timezone.now()
    try:
        said = signing.loads(request.POST.get("letter", ""), salt=REFUSED, max_age=NOTICE_AGE_MAX_S)
    except signing.BadSignature:
        problem = Problem("letter", "这份通知书已经过期，不能再打印", "请重新核验一次再打印")
        raise InvalidInput([problem]) from None
    question = PropertyQuestion(
        said["item_number"], Channel.WINDOW.value, said["window_code"], said["unit_code"], said["certificate_no"],
        said["holder_name"], said["holder_id_no"],
    )  # fmt: skip
    refusal = Refusal.from_wire(as_mapping(said["refusal"]))
    referred = letters.refused_at_opening(question, refusal, actor, now=now)
    number = f"{localdate(now):%Y%m%d}-{str(said['key'])[:8]}"
    letter = letters.referral(referred, actor.institution, number, localdate(now), specimen_zh=_specimen_zh())
    return _letter(letter, actor.institution, "告知到属地申请通知书.pdf", now)


def _letter(document: Document, owner: str, name: str, now: datetime) -> HttpResponse:
    return _bytes(files.sealed(document, owner, now), PDF, name)


def _specimen_zh() -> str:
    return SPECIMEN_ZH if settings.TONGBAN_DEMO else ""
