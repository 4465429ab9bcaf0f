"""Making a move: at once, or on a page of its own with a reason; then on to the next case of the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from types import MappingProxyType
from typing import Final, TypeAlias

from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tongban.access.actors import Actor, actor_of
from tongban.cases import flow, queries, queues
from tongban.cases.moves import Moved, StepData
from tongban.cases.queries import CaseView
from tongban.cases.withdrawing import withdraw_on_paper
from tongban.desk.cases import done, times
from tongban.desk.cases.forms import MoveForm, NoteForm, WithdrawForm
from tongban.desk.cases.queue import after_move
from tongban.desk.cases.review import Trouble, page, queue_of
from tongban.desk.moves import cards
from tongban.desk.signed_in import signed_in
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, Stale, WrongState
from tongban.domain.evidence import proof_name_zh
from tongban.domain.lifecycle import CASE_MOVES
from tongban.vault.blobs import check_upload

Make: TypeAlias = Callable[[str, str, Actor, StepData], Moved | Refusal]

DIRECT: Final = frozenset(card.action for card in cards.CARDS.values() if card.is_direct)
_NOTES_ZH: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "return_to_first": ("退回的理由", "写给初审人看：哪里要重新核对。记入经过。"),
        "suspend": ("暂停的理由", "写明等什么、由谁办，例如：等法院补充法律文书。申请人和收件窗口都会看到。"),
        "resume": ("继续办理的理由", "写明暂停的原因怎样消除了，例如：法院已送达解封通知书（文号）。"),
    }
)
NOTED: Final = frozenset(_NOTES_ZH)


@signed_in
@require_POST
def direct(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """A move made on the review page itself."""
    actor, now = actor_of(request), timezone.now()
    view = queries.case(case_no, actor, now) if action in cards.LOOKED_AT else None
    form = cards.move_form(view, action, request.POST) if view else MoveForm(request.POST)
    if not form.is_valid():
        return page(request, view or queries.case(case_no, actor, now), now, Trouble(422, form=form))
    return make(request, case_no, action, step_data(form, action, now))


def explained(view: Callable[[HttpRequest, str, str], HttpResponse]) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Show the case with who was faster, where a move's page was opened or sent too late."""

    @wraps(view)
    def shown(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
        try:
            return view(request, case_no, action)
        except (Stale, WrongState):
            now = timezone.now()
            found = queries.case(case_no, actor_of(request), now)
            return page(request, found, now, Trouble(409, stale_zh=stale_words(found, action)))

    return shown


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def noted(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """A move that needs a sentence of explanation, on its own page."""
    actor, now = actor_of(request), timezone.now()
    label, help_text = _NOTES_ZH[action]
    if request.method == "POST":
        form = NoteForm(request.POST, label=label, help_text=help_text)
        if form.is_valid():
            return make(request, case_no, action, step_data(form, action, now))
    view = possible(case_no, action, actor, now)
    if request.method != "POST":
        form = NoteForm.fresh(view.state.value, label=label, help_text=help_text)
    return move_page(request, view, action, "desk/cases/note.html", {"form": form})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def withdraw(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """A withdrawal the applicants brought on paper."""
    actor, now = actor_of(request), timezone.now()
    form = WithdrawForm(request.POST, request.FILES)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["scan"]
        try:
            scan = check_upload(sent.read(), sent.content_type or "", sent.name or "")
        except InvalidInput as error:
            form.add_error("scan", error.message_zh)
        else:
            data = step_data(form, action, now)
            return make(request, case_no, action, data, lambda no, _, who, step: withdraw_on_paper(no, who, step, scan))
    view = possible(case_no, action, actor, now)
    if request.method != "POST":
        form = WithdrawForm.fresh(view.state.value)
    return move_page(request, view, action, "desk/cases/withdraw.html", {"form": form})


def step_data(form: MoveForm, action: str, now: datetime, **more: object) -> StepData:
    """The move's data from a valid form."""
    given = form.cleaned_data
    evidence = frozenset(given.get("evidence") or ())
    proofs = "、".join(proof_name_zh(key) for key in sorted(evidence))
    note_zh = f"{proofs}（凭据：{given['proof'].strip()}）" if evidence else given.get("note", "").strip()
    return StepData(
        key=f"{action}:{given['key']}", now=now, note_zh=note_zh, expected_state=given["expected"], evidence=evidence,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def possible(case_no: str, action: str, actor: Actor, now: datetime) -> CaseView:
    """The case, if the actor may make this move on it now; raises NotPermitted, WrongState, NotFound."""
    view = queries.case(case_no, actor, now, purpose=f"办理“{CASE_MOVES[action].name_zh}”")
    queries.require_possible(view, actor, action)
    return view


def make(request: HttpRequest, case_no: str, action: str, data: StepData, how: Make = flow.advance) -> HttpResponse:
    """Make the move and go on to the next case; what stands in the way is shown on the case's own page."""
    actor = actor_of(request)
    at = queue_of(request, data.expected_state)
    next_no = _next(actor, at, case_no, data.now)
    try:
        outcome = how(case_no, action, actor, data)
    except (Stale, WrongState):
        view = queries.case(case_no, actor, data.now)
        return page(request, view, data.now, Trouble(409, stale_zh=stale_words(view, action)))
    except InvalidInput as error:
        return page(request, queries.case(case_no, actor, data.now), data.now, Trouble(422, problems=error.problems))
    if isinstance(outcome, Refusal):
        return page(request, queries.case(case_no, actor, data.now), data.now, Trouble(409, refusal=outcome))
    return after_move(next_no, at, done.token(case_no, outcome.action, outcome.target))


def _next(actor: Actor, at: queues.Queue, case_no: str, now: datetime) -> str:
    """Known before the move, since the case leaves its place in the queue with it; the move itself says who may not."""
    try:
        return queues.next_in(actor, at, case_no, now)
    except (NotFound, NotPermitted):
        return ""


def stale_words(view: CaseView, action: str) -> str:
    """Who was faster, and how the case stands now."""
    last = view.last_move
    made = CASE_MOVES[last.action].name_zh if last.action in CASE_MOVES else last.action
    return (
        f"{last.by_name_zh}已在 {times.clock_zh(last.at)} 办理了“{made}”，案件现在是“{view.state.name_zh}”。"
        f"您的“{CASE_MOVES[action].name_zh}”没有执行，案件和登记簿都没有因此变化。"
    )


def move_page(
    request: HttpRequest, view: CaseView, action: str, template: str, more: Mapping[str, object]
) -> HttpResponse:  # fmt: skip
    """A page for one move of one case; a `form` or `lines` in `more` that came back with errors makes it a 422."""
    at = queue_of(request, view.state.value)
    wrong = any(
        isinstance(one, BaseForm | BaseFormSet) and one.is_bound and not one.is_valid() for one in more.values()
    )
    context = {
        "view": view,
        "at": at,
        "move": CASE_MOVES[action],
        "card": cards.CARDS[action],
        "url": cards.move_url(view.case_no, action, at.key),
        "state": times.state_badge(view.state),
        "limit": times.limit_of(view, timezone.now()),
        **more,
    }
    return render(request, template, context, status=422 if wrong else 200)
