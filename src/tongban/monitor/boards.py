"""One way to show and to do things in administration: tables to read, forms to act, one page for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import Actor, actor_of
from tongban.domain.errors import InvalidInput, WrongState
from tongban.web.parts import Datum, KeyPage, Tab, Table

DONE = "monitor_done_zh"


@dataclass(frozen=True, slots=True)
class Act:
    """Something an administrator may do here: `run` gives the sentence that says it was done."""

    name: str
    title_zh: str
    form: type[forms.Form]
    run: Callable[[Actor, Mapping[str, Any], datetime], str]
    button_zh: str
    kind: str = "primary"
    note_zh: str = ""
    initial: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled table or list of facts."""

    title_zh: str = ""
    note_zh: str = ""
    table: Table | None = None
    facts: Sequence[Datum] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """One page of administration.  `back` is (label, url); `search` a form that is sent by GET."""

    title_zh: str
    panels: Sequence[Panel] = ()
    acts: Sequence[Act] = ()
    tabs: Sequence[Tab] = ()
    back: tuple[str, str] | None = None
    lead_zh: str = ""
    search: forms.Form | None = None
    pager: KeyPage | None = None


@dataclass(frozen=True, slots=True)
class ActForm:
    """An act with its form as it stands now."""

    act: Act
    form: forms.Form


Build = Callable[..., Board]


def board(build: Build) -> Callable[..., HttpResponse]:
    """A view that shows what `build(request, actor, now, ...)` gives, and carries out its acts."""

    @login_required
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, **path: object) -> HttpResponse:
        actor, now = actor_of(request), timezone.now()
        shown: Board = build(request, actor, now, **path)
        chosen = request.POST.get("act", "")
        rows = [ActForm(act, _form(act, request if act.name == chosen else None)) for act in shown.acts]
        if chosen and (said := _carry_out(rows, chosen, actor, now)):
            request.session[DONE] = said
            return HttpResponseRedirect(request.get_full_path())
        context = {"board": shown, "rows": rows, "done_zh": request.session.pop(DONE, "")}
        return render(request, "monitor/board.html", context, status=422 if chosen else 200)

    return view


def _form(act: Act, request: HttpRequest | None) -> forms.Form:
    data = request.POST if request else None
    return act.form(data, initial=dict(act.initial), prefix=act.name)


def _carry_out(rows: Sequence[ActForm], chosen: str, actor: Actor, now: datetime) -> str:
    """The sentence of the act that was done; empty when its form has something to put right."""
    row = next((one for one in rows if one.act.name == chosen), None)
    if row is None or not row.form.is_valid():
        return ""
    try:
        return row.act.run(actor, row.form.cleaned_data, now)
    except InvalidInput as error:
        for problem in error.problems:
            name = problem.field if problem.field in row.form.fields else None
            row.form.add_error(name, f"{problem.what_zh}。{problem.cure_zh}")
    except WrongState as error:
        row.form.add_error(None, error.message_zh)
    return ""
