"""The written no: choosing its reason, reading the notice as it will be sent, then deciding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.cases import notices, queries
from tongban.cases.notices import Notice
from tongban.cases.queries import CaseView
from tongban.desk.cases.forms import NEEDS_REGISTRY, RefusalForm
from tongban.desk.moves.making import explained, make, move_page, step_data
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup
from tongban.domain.decision import Fact, Finding, Reason, Refusal, Verdict
from tongban.domain.reasons import REASONS

SEND: Final = "send"
EDIT: Final = "edit"
_GROUPS: Final[Mapping[str, tuple[Notice, str, str]]] = MappingProxyType(
    {
        "not_accept": (Notice.NOT_ACCEPTED, "R", "不予受理的理由（条例第十七条）"),
        "refuse": (Notice.REFUSAL, "N", "不予登记的理由（条例第二十二条）"),
    }
)
REFUSING: Final = frozenset(_GROUPS)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def refuse(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Choose and word the reason; see the notice; send it."""
    actor, now = actor_of(request), timezone.now()
    view = queries.case(case_no, actor, now)
    form = _form(request, view, action)
    step = request.POST.get("act", "")
    if step == SEND and form.is_valid():
        return make(request, case_no, action, step_data(form, action, now, refusal=_refusal(view, form)))
    queries.require_possible(view, actor, action)
    if request.method == "POST" and step != EDIT and form.is_valid():
        document = notices.preview_refusal(case_no, _refusal(view, form), _GROUPS[action][0], actor, now)
        context = {"form": form, "document": document, "notice": _GROUPS[action][0]}
        return move_page(request, view, action, "desk/cases/refusal_preview.html", context)
    return move_page(request, view, action, "desk/cases/refusal.html", {"form": form, "found": _found(view)})


def _form(request: HttpRequest, view: CaseView, action: str) -> RefusalForm:
    kept: dict[str, Any] = {
        "reasons": _reasons(view, action),
        "registries": _registries(view),
    }
    if request.method == "POST":
        return RefusalForm(request.POST, **kept)
    return RefusalForm.fresh(view.state.value, **kept)


def _found(view: CaseView) -> Sequence[Finding]:
    """What the look at the case found in the way, one finding per reason."""
    standing = [one for one in view.decision.findings if one.verdict is not Verdict.ALLOW]
    return tuple({one.reason.code: one for one in standing}.values())


def _reasons(view: CaseView, action: str) -> Sequence[tuple[str, Sequence[Reason]]]:
    """First what was found in this case, then the reasons of the law for this kind of no."""
    _, letter, name_zh = _GROUPS[action]
    found = [one.reason for one in _found(view)]
    known = {one.code for one in found}
    rest = [one for code, one in REASONS.items() if code.startswith(letter) and code not in known]
    groups = [("本案核验发现的", found)] if found else []
    return (*groups, (name_zh, rest))


def _registries(view: CaseView) -> Sequence[tuple[str, str]]:
    """Where else an applicant may have to go; never back to the deciding registry."""
    return [(str(one.code), one.name_zh) for one in lookup.registries() if one.code != view.home_registry]


def _refusal(view: CaseView, form: RefusalForm) -> Refusal:
    given = form.cleaned_data
    reason = form.chosen
    facts = next((one.facts for one in _found(view) if one.reason.code == reason.code), ())
    written = [
        Fact(name_zh, str(given.get(key) or "").strip())
        for key, name_zh in (("facts", "查明的事实"), ("law", "适用条文"))
    ]
    elsewhere = given.get("registry") if reason.code == NEEDS_REGISTRY else ""
    where = lookup.place_of(elsewhere or view.home_registry)
    return Refusal(reason, (*(fact for fact in written if fact.value_zh), *facts), where)
