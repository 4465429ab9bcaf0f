"""The one-time correction list: lines written or picked from common ones, read as the applicant will, then sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.cases import notices, queries
from tongban.cases.moves import CorrectionLine
from tongban.cases.queries import CaseView
from tongban.desk.cases import phrases as cases_phrases
from tongban.desk.cases.forms import LINES_MAX, CorrectionLineForm, CorrectionLines, MoveForm
from tongban.desk.cases.phrases import Phrase
from tongban.desk.moves.making import explained, make, move_page, step_data
from tongban.desk.signed_in import signed_in

PREFIX: Final = "line"
ADD, PICK, PREVIEW, SEND, REMOVE = "add", "pick", "preview", "send", "remove-"
Lines: TypeAlias = "BaseFormSet[CorrectionLineForm]"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The common lines of one matter; `value` of each is what its checkbox sends."""

    name_zh: str
    phrases: Sequence[tuple[str, Phrase]]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@explained
def correct(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Build the list line by line, see the notice, send it; every step is an ordinary round trip."""
    actor, now = actor_of(request), timezone.now()
    view = queries.case(case_no, actor, now)
    step = request.POST.get("act", "")
    move = MoveForm(request.POST) if request.method == "POST" else None
    if move is None or not move.is_valid():
        queries.require_possible(view, actor, action)
        return _page(request, view, _unsent(view, _blank()), None)
    if step in (PREVIEW, SEND):
        lines = CorrectionLines(request.POST, prefix=PREFIX, form_kwargs=_choices(view))
        if lines.is_valid():
            asked = _asked(lines)
            if step == SEND:
                return make(request, case_no, action, step_data(move, action, now, corrections=asked))
            queries.require_possible(view, actor, action)
            document = notices.preview_supplement(case_no, asked, actor, now)
            context = {"form": move, "lines": lines, "document": document}
            return move_page(request, view, action, "desk/cases/correction_preview.html", context)
        return _page(request, view, lines, move)
    queries.require_possible(view, actor, action)
    return _page(request, view, _unsent(view, _changed(request, view, step)), move)


def _page(request: HttpRequest, view: CaseView, lines: Lines, move: MoveForm | None) -> HttpResponse:
    form = move or MoveForm.fresh(view.state.value)
    context = {"form": form, "lines": lines, "shelves": _shelves(view), "lines_max": LINES_MAX}
    return move_page(request, view, "ask_correction", "desk/cases/correction.html", context)


def _choices(view: CaseView) -> dict[str, Any]:
    return {"matters": cases_phrases.matters(view.item)}


def _unsent(view: CaseView, rows: Sequence[dict[str, str]]) -> Lines:
    return CorrectionLines(prefix=PREFIX, initial=list(rows), form_kwargs=_choices(view))


def _blank() -> list[dict[str, str]]:
    return [{"material": "", "what": "", "cure": ""}]


def _changed(request: HttpRequest, view: CaseView, step: str) -> list[dict[str, str]]:
    """The lines as typed so far, after adding, picking or removing."""
    rows = _typed(request)
    if step.startswith(REMOVE) and step.removeprefix(REMOVE).isdigit():
        place = int(step.removeprefix(REMOVE))
        rows = [row for n, row in enumerate(rows) if n != place]
    elif step == PICK:
        rows = [row for row in rows if any(row.values())] + _picked(request, view)
    elif step == ADD:
        rows += _blank()
    return rows[:LINES_MAX] or _blank()


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    total = request.POST.get(f"{PREFIX}-TOTAL_FORMS", "0")
    count = min(int(total), LINES_MAX) if total.isascii() and total.isdigit() else 0
    names = ("material", "what", "cure")
    return [{name: request.POST.get(f"{PREFIX}-{n}-{name}", "") for name in names} for n in range(count)]


def _picked(request: HttpRequest, view: CaseView) -> list[dict[str, str]]:
    known = {value: (key, phrase) for key, shelf in _by_matter(view).items() for value, phrase in shelf.phrases}
    chosen = [known[value] for value in request.POST.getlist("phrase") if value in known]
    return [{"material": key, "what": phrase.what_zh, "cure": phrase.cure_zh} for key, phrase in chosen]


def _by_matter(view: CaseView) -> dict[str, Shelf]:
    names, common = dict(cases_phrases.matters(view.item)), cases_phrases.phrases(view.item)
    asked = {str(one["key"]) for one in view.rows_of("materials")} | set(cases_phrases.OTHER_MATTERS_ZH)
    return {
        key: Shelf(names[key], [(f"{key}:{n}", phrase) for n, phrase in enumerate(common[key])])
        for key in names
        if key in asked
    }


def _shelves(view: CaseView) -> list[Shelf]:
    return list(_by_matter(view).values())


def _asked(lines: Lines) -> tuple[CorrectionLine, ...]:
    given = [form.cleaned_data for form in lines]
    return tuple(CorrectionLine(one["material"], one["what"].strip(), one["cure"].strip()) for one in given)
