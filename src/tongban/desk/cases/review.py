"""The review page: documents on the left, the register and what would be written on the right, the decision below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tongban.access.actors import Actor, actor_of
from tongban.access.require import Scope, allowed
from tongban.cases import notices, queries, queues
from tongban.cases.queries import CaseView
from tongban.cases.queues import QUEUES, Queue
from tongban.desk.cases import done, lists, panels, times, words
from tongban.desk.cases.forms import MoveForm, RevealForm
from tongban.desk.moves import cards
from tongban.desk.register import why
from tongban.desk.signed_in import signed_in
from tongban.domain.decision import Refusal
from tongban.domain.errors import Problem
from tongban.domain.lifecycle import CaseState

FULL: Final = "full"
_SALT: Final = "desk.case.full"
_SECONDS_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the page comes back instead of the next case: somebody was faster, the law says no, or a form is wrong."""

    status: int
    stale_zh: str = ""
    refusal: Refusal | None = None
    problems: Sequence[Problem] = ()
    form: MoveForm | None = None
    reveal: RevealForm | None = None


@signed_in
@require_GET
def review(request: HttpRequest, case_no: str) -> HttpResponse:
    """One case; in full while a fresh reason for that stands in the address."""
    actor, now = actor_of(request), timezone.now()
    return page(request, read(request, case_no, actor, now), now)


@signed_in
@require_POST
def reveal(request: HttpRequest, case_no: str) -> HttpResponse:
    """Show personal numbers in full for a reason, for ten minutes; each look is audited with it."""
    actor, now = actor_of(request), timezone.now()
    form = RevealForm(request.POST)
    if not form.is_valid():
        return page(request, queries.case(case_no, actor, now), now, Trouble(422, reveal=form))
    token = signing.dumps([case_no, actor.id, form.cleaned_data["reason"]], salt=_SALT)
    queue = queue_of(request, "").key if request.GET.get("queue") else "all"
    query = urlencode({"queue": queue, FULL: token})
    return HttpResponseRedirect(f"{reverse('desk:case', args=[case_no])}?{query}")


def read(request: HttpRequest, case_no: str, actor: Actor, now: datetime) -> CaseView:
    """The case as this address may show it."""
    return queries.case(case_no, actor, now, full_reason=full_reason(request, case_no, actor))


def full_reason(request: HttpRequest, case_no: str, actor: Actor) -> str:
    """The reason given for seeing this case in full, if it is this person's and still fresh."""
    try:
        about, who, reason = signing.loads(request.GET.get(FULL, ""), salt=_SALT, max_age=_SECONDS_MAX)
    except (signing.BadSignature, ValueError):
        return ""
    return str(reason) if (about, who) == (case_no, actor.id) else ""


def queue_of(request: HttpRequest, state: str) -> Queue:
    """The queue the officer works through: as the address says, else the one this state waits in."""
    known = QUEUES.get(request.GET.get("queue", ""))
    return known or (queues.queue_of_state(CaseState(state)) if state else QUEUES["all"])


def page(request: HttpRequest, view: CaseView, now: datetime, trouble: Trouble | None = None) -> HttpResponse:
    """The review page, as it is or with the trouble that sent the officer back to it."""
    actor, at = actor_of(request), queue_of(request, view.state.value)
    token = request.GET.get(FULL, "") if view.is_full else ""
    found = trouble or Trouble(200)
    context = {
        "view": view,
        "at": at,
        "trouble": found,
        "done": done.read(request),
        "state": times.state_badge(view.state, issues=bool(view.item.issues)),
        "limit": times.limit_of(view, now),
        "clocks": times.clocks(view.limits) if view.accepted_at else (),
        "papers": panels.papers(view, token),
        "comparison": panels.comparison(view),
        "entries": panels.entries(view.writing),
        "parties": panels.parties(view),
        "materials": panels.materials(view),
        "evidence": panels.evidence(view),
        "journey": panels.journey(view),
        "hand": cards.hand(view, actor.id, at.key, found.form),
        "mask_note": "" if view.is_full else "证件号码和电话已遮挡",
        "reveal": found.reveal or RevealForm(),
        "notices": notices.available(view),
        "may_download": may_download(view, actor),
        "queue_url": lists.queue_url(at.key),
        "next_url": f"{reverse('desk:case_next')}?{urlencode({'queue': at.key, 'after': view.case_no})}",
        "full_url": f"{reverse('desk:case_full', args=[view.case_no])}?{urlencode({'queue': at.key})}",
        "evidence_url": reverse("desk:case_evidence", args=[view.case_no]),
        "dues_url": reverse("desk:case_dues", args=[view.case_no]) if view.item.may_cost else "",
        "awaits_dues": view.state is CaseState.APPROVED,
        "may_answer_dues": allowed(actor, "case.answer_due", Scope(frozenset({view.home_registry}), view.case_no)),
        "notice_url": reverse("desk:case_public_notice", args=[view.case_no])
        if view.item.notice_for(view.form)
        else "",
        "ended": words.ended(view.writing.entries) if view.writing.is_done and not view.licences else (),
        "unit_url": why.unit_url(view.units[0], f"办理登记业务：{view.case_no}", actor.id),
    }
    return render(request, "desk/cases/review.html", context, status=found.status)


def may_download(view: CaseView, actor: Actor) -> bool:
    """Whether this officer may take the certificate file."""
    return allowed(actor, "certificate.download", Scope(frozenset({view.home_registry}), view.case_no))
