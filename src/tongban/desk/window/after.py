"""After the hand-over: where it stands, corrections, withdrawal, the way to the home registry, originals given back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import actor_of
from tongban.desk.signed_in import signed_in
from tongban.desk.window import journey, parts
from tongban.desk.window.forms import CorrectionsForm, ReasonForm, ReturnForm, WithdrawalForm
from tongban.desk.window.parts import overview_url, state_badge
from tongban.domain import numbering
from tongban.domain.catalogue.item import FoundBy
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.reasons import Reasons
from tongban.intake import filling, handover, queries, results
from tongban.intake.moves import ENDED_WITHOUT_CERTIFICATE
from tongban.intake.queries import ApplicationView
from tongban.vault.uploads import CleanUpload, check_upload
from tongban.web.parts import Column, Row, Table

S = ApplicationState
WITHDRAWABLE = (S.HANDED_OVER, S.CORRECTION, S.ACCEPTED, S.SUSPENDED)


def status(request: HttpRequest, view: ApplicationView) -> HttpResponse:
    """Where an application stands, who acts until when, what comes next."""
    now = timezone.now()
    events = queries.events(view)
    context = {
        "view": view,
        "state": state_badge(view.state, issues=bool(view.item.issues)),
        "journey": journey.journey(view, events),
        "clocks": journey.clocks(view, now),
        "facts": parts.home_facts(view),
        "source_zh": parts.source_zh(view),
        "is_withdrawing": bool(events) and events[-1].action == handover.WITHDRAWAL_REQUESTED,
        "may_withdraw": view.state in WITHDRAWABLE,
        "to_return": view.held if view.state in ENDED_WITHOUT_CERTIFICATE else [],
        "issued": [(numbering.parse_certificate_no(one.certificate_no), one) for one in results.issued(view)],
        "may_take": results.may_take(view),
        "ends_without_paper": view.state in (S.RECORDED, S.CERTIFIED) and not view.item.issues,
        "ended_no": view.title.get("certificate_no", "") if view.item.found_by is FoundBy.PROOF else "",
        "is_told_home": view.state is S.TOLD_HOME,
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/window/status.html", context)


@signed_in
@require_GET
def content(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that was taken in, documents beside data."""
    view = queries.application(number, actor_of(request), timezone.now(), purpose="查看收件内容")
    context = {
        "view": view,
        "state": state_badge(view.state, issues=bool(view.item.issues)),
        "papers": parts.all_scans(view),
        "facts": parts.form_facts(view, masked=True),
        "people": parts.party_facts(view, queries.who_did(view)),
        "questions": parts.inquiry_table(view),
        "custody": parts.custody_table(view),
        "home": parts.home_facts(view),
        "source_zh": parts.source_zh(view),
    }
    return render(request, "desk/window/content.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def corrections(request: HttpRequest, number: str) -> HttpResponse:
    """Answer each line of the home registry's list and send the whole again."""
    actor = actor_of(request)
    view = queries.application(number, actor, timezone.now(), purpose="办理补正")
    if view.state is not S.CORRECTION:
        return redirect(overview_url(number))
    lines = correction_lines(view)
    if request.method == "GET":
        initial = {"key": secrets.token_hex(16), **suggested_answers(view)}
        return _corrections_page(request, view, CorrectionsForm(None, lines=lines, initial=initial))
    form = CorrectionsForm(request.POST, lines=lines)
    form.full_clean()
    key = request.POST.get("key", "")[:64]
    try:
        handover.supplement(number, form.answers(), actor, key=key, now=timezone.now())
    except InvalidInput as error:
        form.tell(error.problems)
        return _corrections_page(request, view, form, status=422)
    return redirect(f"{overview_url(number)}?done=supplement")


def _corrections_page(
    request: HttpRequest, view: ApplicationView, form: CorrectionsForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "view": view,
        "state": state_badge(view.state, issues=bool(view.item.issues)),
        "form": form,
        "rows": [form[name] for name in form.fields if name != "key"],
        "lines": correction_table(view),
        "sections": parts.section_table(view),
        "due_on": journey.until(view),
        "home_url": overview_url(view.number),
    }
    return render(request, "desk/window/corrections.html", context, status=status)


def correction_lines(view: ApplicationView) -> dict[str, str]:
    """One answer per material: what was found wrong with it."""
    lines: dict[str, str] = {}
    for line in view.corrections:
        name = parts.material_zh(view.item, line.material)
        lines[line.material] = (
            f"{lines[line.material]}；{line.what}" if line.material in lines else f"{name}：{line.what}"
        )
    return lines


def correction_table(view: ApplicationView) -> Table:
    """What the home registry wants put right, each line with the way there."""
    rows = [
        Row(
            (parts.material_zh(view.item, line.material), line.what, line.cure),
            parts.mending_url(view, line.material),
        )
        for line in view.corrections
    ]
    return Table("补正清单", (Column("哪一项"), Column("哪里不对"), Column("怎么补")), rows, is_queue=True)


def suggested_answers(view: ApplicationView) -> Mapping[str, str]:
    """What the clerk did since the list came, in words to start from."""
    words = {}
    for line in view.corrections:
        fresh = [scan for scan in view.scans_of(line.material) if scan.added_at >= view.state_since]
        if fresh:
            name = parts.material_zh(view.item, line.material)
            words[f"answer-{line.material}"] = f"已重新提交“{name}”扫描件 {len(fresh)} 页。"
    return words


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take an application back: a draft ends at once, a handed-over one asks the home registry (条例 15)."""
    actor = actor_of(request)
    view = queries.application(number, actor, timezone.now(), purpose="撤回申请")
    is_draft = view.state is S.DRAFT
    if not is_draft and view.state not in WITHDRAWABLE:
        return _not_withdrawable(request, view)
    signers = {} if is_draft else {party.position: party.name for party in view.present_parties}
    if request.method == "GET":
        form = WithdrawalForm(None, signers=signers, initial={"key": secrets.token_hex(16)})
        return _reason_page(request, view, form, "withdraw")
    form = WithdrawalForm(request.POST, request.FILES, signers=signers)
    try:
        wanted = handover.WithdrawalRequest(request.POST.get("reason", ""), _signatures(request, signers))
        handover.withdraw(number, wanted, actor, key=request.POST.get("key", "")[:64], now=timezone.now())
    except InvalidInput as error:
        form.tell(error.problems)
        return _reason_page(request, view, form, "withdraw", status=422)
    return redirect(f"{overview_url(number)}?done=withdraw")


def _signatures(request: HttpRequest, signers: Mapping[int, str]) -> dict[int, CleanUpload]:
    found = {}
    for position in signers:
        file = request.FILES.get(f"sign-{position}")
        if file is not None:
            found[position] = check_upload(file.read(), file.content_type or "", file.name or "")
    return found


def _not_withdrawable(request: HttpRequest, view: ApplicationView) -> HttpResponse:
    if view.state in ENDED_WITHOUT_CERTIFICATE:
        return redirect(overview_url(view.number))
    context = {
        "view": view,
        "state": state_badge(view.state, issues=bool(view.item.issues)),
        "refusal": Refusal(Reasons.TOO_LATE_TO_WITHDRAW, where=view.home),
        "home_url": overview_url(view.number),
    }
    return render(request, "desk/window/withdraw.html", context, status=409)


@signed_in
@require_http_methods(["GET", "POST"])
def tell_home(request: HttpRequest, number: str) -> HttpResponse:
    """Close a draft that cannot be settled at the window, and print where to apply (48号文 五（三）)."""
    actor = actor_of(request)
    view = queries.application(number, actor, timezone.now(), purpose="告知到属地申请")
    if view.state is not S.DRAFT:
        return redirect(overview_url(number))
    if request.method == "GET":
        return _reason_page(request, view, ReasonForm(None, initial={"key": secrets.token_hex(16)}), "tell_home")
    form = ReasonForm(request.POST)
    try:
        key = request.POST.get("key", "")[:64]
        handover.tell_home(number, request.POST.get("reason", ""), actor, key=key, now=timezone.now())
    except InvalidInput as error:
        form.tell(error.problems)
        return _reason_page(request, view, form, "tell_home", status=422)
    return redirect(f"{overview_url(number)}?done=told-home")


def _reason_page(
    request: HttpRequest, view: ApplicationView, form: ReasonForm, name: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "view": view,
        "state": state_badge(view.state, issues=bool(view.item.issues)),
        "form": form,
        "is_draft": view.state is S.DRAFT,
        "held": view.held,
        "home_url": overview_url(view.number),
    }
    return render(request, f"desk/window/{name}.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """Give originals back after a refusal or a withdrawal, counted page by page."""
    actor = actor_of(request)
    view = queries.application(number, actor, timezone.now(), purpose="退还原件")
    typed: ReturnForm | None = None
    if request.method == "POST":
        typed = ReturnForm(request.POST)
        typed.full_clean()
        try:
            filling.record_paper(
                number, request.POST.get("material", ""), filling.RETURNED, actor, now=timezone.now(),
                pages=int(typed.cleaned_data.get("pages") or 0), note_zh=str(typed.cleaned_data.get("note") or ""),
            )  # fmt: skip
        except InvalidInput as error:
            typed.tell(error.problems)
        else:
            return redirect(f"{overview_url(number)}?done=returned")
    return _papers_page(request, view, typed)


def _papers_page(request: HttpRequest, view: ApplicationView, typed: ReturnForm | None) -> HttpResponse:
    wrong = typed["material"].value() if typed else None
    forms = []
    for one in view.held:
        initial = {"material": one.key, "pages": view.pages_held(one.key)}
        form = typed if typed and one.key == wrong else ReturnForm(None, initial=initial, auto_id=f"id_{one.key}_%s")
        forms.append((parts.requirement_zh(one), view.pages_held(one.key), form))
    context = {
        "view": view,
        "state": state_badge(view.state, issues=bool(view.item.issues)),
        "forms": forms,
        "typed": typed,
        "custody": parts.custody_table(view),
        "may_return": view.is_editable or view.state in ENDED_WITHOUT_CERTIFICATE,
        "home_url": overview_url(view.number),
    }
    return render(request, "desk/window/papers.html", context, status=422 if typed else 200)
