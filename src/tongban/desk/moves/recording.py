"""The page before the recording: exactly what will be written, decided anew under the officer's eyes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.cases import queries
from tongban.cases.queries import CaseView
from tongban.desk.cases import panels
from tongban.desk.cases.times import clock_zh
from tongban.desk.moves.cards import move_form
from tongban.desk.moves.making import explained, make, move_page, possible, step_data
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup
from tongban.domain.restrictions import LAW
from tongban.web.parts import Datum


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def record(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Show and confirm; the recording itself reads title and restrictions once more under the unit's lock."""
    actor, now = actor_of(request), timezone.now()
    view = queries.case(case_no, actor, now) if request.method == "POST" else possible(case_no, action, actor, now)
    form = move_form(view, action, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return make(request, case_no, action, step_data(form, action, now))
    context = {
        "form": form,
        "comparison": panels.comparison(view),
        "entries": panels.entries(view.writing),
        "certificate": _certificate(view),
        "reviewers": _reviewers(view),
        "read_at": now,
        "is_clear": all(LAW.proofs_for(one) for one in view.decision.refusals) and not view.writing.problems,
    }
    return move_page(request, view, action, "desk/cases/record.html", context)


def _certificate(view: CaseView) -> list[Datum]:
    """What the new certificate will say; its number is drawn with the recording and never before."""
    title = view.writing.after
    if title is None:
        return []
    holders = "、".join(f"{one.name}{f' {one.share_zh}' if one.share_zh else ''}" for one in title.holders)
    return [
        Datum("证照", f"{view.item.issues_zh}（电子证照）"),
        Datum("证号", f"登簿时取{lookup.institution(view.home_registry).short_zh}本年度下一个号"),
        Datum("权利人", holders),
        Datum("共有情况", title.co_ownership.name_zh),
        Datum("坐落", title.unit.address_zh),
        Datum("作废的原证", view.writing.before.certificate_no if view.writing.before else ""),
    ]


def _reviewers(view: CaseView) -> list[Datum]:
    """Who reviewed, as the moves say."""
    names = {"approve_first": "初审", "approve_second": "复审"}
    last = {move.action: move for move in view.moves if move.action in names}
    return [
        Datum(names[key], f"{move.by_name_zh}，{clock_zh(move.at)}{f'，{move.note_zh}' if move.note_zh else ''}")
        for key, move in last.items()
    ]
