"""The page the screen is turned round for, and the hand-over behind it."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.desk.signed_in import signed_in
from tongban.desk.window import parts
from tongban.desk.window.fill import FORM, INQUIRY, MATERIALS, PEOPLE, SIGN, leave_if_closed
from tongban.desk.window.forms import SignatureForm
from tongban.desk.window.parts import HAND_OVER, frame
from tongban.domain.errors import InvalidInput, NotFound, Problem, Stale
from tongban.domain.lifecycle import ApplicationState
from tongban.intake import filling, handover, queries
from tongban.intake.completeness import Gap
from tongban.intake.queries import ApplicationView
from tongban.vault.uploads import check_upload
from tongban.web.parts import Badge, Column, Row, Table, Tone

BEFORE_SIGNING = (FORM, PEOPLE, INQUIRY)


@signed_in
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """What the applicant reads in plain words, the pledge, and the place to sign; one person after the other."""
    view = queries.application(number, actor_of(request), timezone.now(), purpose="申请人核对并签名")
    if request.method == "GET":
        return leave_if_closed(view) or _sign_page(request, view, None)
    form = SignatureForm(request.POST, request.FILES)
    form.full_clean()
    try:
        _keep(request, number, form)
    except InvalidInput as error:
        form.tell(Problem("signature", problem.what_zh, problem.cure_zh) for problem in error.problems)
        return _sign_page(request, view, form, status=422)
    except Stale as error:
        fresh = queries.application(number, actor_of(request), timezone.now(), purpose="申请人核对并签名")
        return _sign_page(request, fresh, None, stale_zh=error.message_zh, status=409)
    return redirect(SIGN.url(number))


def _keep(request: HttpRequest, number: str, form: SignatureForm) -> None:
    image = form.cleaned_data.get("signature")
    position = form.cleaned_data.get("position")
    if image is None:
        raise InvalidInput([Problem("signature", "还没有签名", "请在框里写上名字")])
    if position is None:
        raise NotFound("party_not_found", "没有这个申请人。")
    clean = check_upload(image.read(), image.content_type or "", image.name or "")
    if not clean.media_type.startswith("image/"):
        raise InvalidInput([Problem("signature", "签名要是图片", "请在屏幕上签，或者上传签名的照片")])
    filling.sign(
        number, position, clean, actor_of(request), now=timezone.now(), seen=form.cleaned_data.get("seen") or "none"
    )


def _sign_page(
    request: HttpRequest, view: ApplicationView, form: SignatureForm | None, *, stale_zh: str = "", status: int = 200
) -> HttpResponse:
    unsigned = [party for party in view.present_parties if _is_open(view, party.position)]
    signer = unsigned[0] if unsigned else None
    blocked = [(section, view.gaps_of(section.key)) for section in BEFORE_SIGNING if view.gaps_of(section.key)]
    if signer and form is None:
        form = SignatureForm(None, initial={"seen": view.content_digest, "position": signer.position})
    context = {
        "view": view,
        "signer": signer,
        "others": unsigned[1:],
        "form": form,
        "blocked": [(section, section.url(view.number), problems) for section, problems in blocked],
        "facts": parts.form_facts(view, masked=False),
        "questions": parts.inquiry_facts(view),
        "pledge": view.item.pledge_zh.splitlines(),
        "address_zh": view.answer.unit.address if view.answer.unit else "",
        "stale_zh": stale_zh,
        "following": parts.sections_of(view)[-1],
        "next_url": parts.sections_of(view)[-1].url(view.number),
        "previous_url": INQUIRY.url(view.number),
    }
    return render(request, "desk/window/sign.html", context, status=status)


def _is_open(view: ApplicationView, position: int) -> bool:
    signed = view.signature_of(position)
    return signed is None or signed.content_digest != view.content_digest


@signed_in
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Everything still missing, each with the way there; when nothing is, one press seals and sends."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            handover.hand_over(number, actor, key=request.POST.get("key", "")[:64], now=timezone.now())
        except InvalidInput:
            return _hand_over_page(request, queries.application(number, actor, timezone.now()), status=422)
        return redirect("desk:intake-receipt", number)
    view = queries.application(number, actor, timezone.now())
    if view.state is ApplicationState.CORRECTION:
        return redirect("desk:intake-corrections", number)
    return leave_if_closed(view) or _hand_over_page(request, view)


def _hand_over_page(request: HttpRequest, view: ApplicationView, *, status: int = 200) -> HttpResponse:
    context = {
        "frame": frame(view, HAND_OVER),
        "view": view,
        "gaps": gap_table(view),
        "key": secrets.token_hex(16),
        "facts": parts.form_facts(view, masked=True),
        "papers": parts.custody_table(view),
    }
    return render(request, "desk/window/hand_over.html", context, status=status)


def gap_table(view: ApplicationView) -> Table:
    """What is missing, as a queue: Enter leads to where it is put right."""
    rows = [Row((_section_zh(gap), gap.problem.what_zh, gap.problem.cure_zh), gap_url(view, gap)) for gap in view.gaps]
    return Table(
        "还缺什么", (Column("环节"), Column("缺什么"), Column("怎么办")), rows, is_queue=True, empty_zh="什么都不缺"
    )


def gap_url(view: ApplicationView, gap: Gap) -> str:
    """Where something missing is put right."""
    section = next(one for one in parts.SECTIONS if one.key == gap.section)
    more = f"?m={gap.problem.field}" if section is MATERIALS else ""
    return f"{section.url(view.number)}{more}"


def _section_zh(gap: Gap) -> Badge:
    label = next(one.label_zh for one in parts.SECTIONS if one.key == gap.section)
    return Badge(label, Tone.WAITING)
