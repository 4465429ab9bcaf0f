"""One application at the window: the overview, the form and the inquiry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import actor_of
from tongban.desk.signed_in import signed_in
from tongban.desk.window import after, parts
from tongban.desk.window.answers import AnswersForm, answers_of, inquiry_form, item_form
from tongban.desk.window.parts import SECTIONS, Section, frame, overview_url
from tongban.directory.local_rules import notes_in_force
from tongban.domain.catalogue import form as item_forms
from tongban.domain.errors import Problem, Stale
from tongban.intake import filling, queries, trying
from tongban.intake.queries import ApplicationView
from tongban.web.parts import Change

FORM, PEOPLE, MATERIALS, INQUIRY, SIGN = SECTIONS
NO_VERSION: Final = -1  # of a page that does not say what it changes: always stale


@signed_in
@require_GET
def overview(request: HttpRequest, number: str) -> HttpResponse:
    """The workbench of a draft or a correction; of any other application where it stands."""
    view = queries.application(number, actor_of(request), timezone.now())
    if not view.is_editable:
        return after.status(request, view)
    following = parts.first_open(view)
    context = {
        "view": view,
        "state": parts.state_badge(view.state, issues=bool(view.item.issues)),
        "sections": parts.section_table(view),
        "facts": parts.home_facts(view),
        "source_zh": parts.source_zh(view),
        "shared": parts.shared_zh(view),
        "following": following,
        "following_url": following.url(number),
        "notes": notes_in_force(view.home_registry, localdate(timezone.now()), view.item.number),
        "corrections": after.correction_table(view),
        "done": request.GET.get("done", ""),
    }
    return render(request, "desk/window/workbench.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def application_form(request: HttpRequest, number: str) -> HttpResponse:
    """The application form; what is typed is kept even while something is still wrong."""

    def save(raw: dict[str, str], version: int) -> tuple[Problem, ...]:
        actor, now = actor_of(request), timezone.now()
        return filling.save_form(number, raw, actor, version=version, now=now) or trying.try_form(
            number, actor, now=now
        )

    return _answers(request, number, FORM, save)


@signed_in
@require_http_methods(["GET", "POST"])
def inquiry(request: HttpRequest, number: str) -> HttpResponse:
    """The inquiry (询问笔录), question by question as it is read out."""

    def save(raw: dict[str, str], version: int) -> tuple[Problem, ...]:
        return filling.save_inquiry(number, raw, actor_of(request), version=version)

    return _answers(request, number, INQUIRY, save)


_Save = Callable[[dict[str, str], int], tuple[Problem, ...]]


def _answers(request: HttpRequest, number: str, section: Section, save: _Save) -> HttpResponse:
    view = _read(request, number)
    if request.method == "GET":
        if not view.is_editable:
            return redirect("desk:intake-content", number)
        return _page(request, view, section, _form(view, section))
    raw = _form(view, section).raw(request.POST)
    try:
        problems = save(raw, version_of(request))
    except Stale:
        return _stale(request, number, section)
    if not problems:
        return redirect(following_url(request, view, section))
    fresh = _read(request, number)
    form = _form(fresh, section, _saved(fresh, section))
    form.tell(problems)
    return _page(request, fresh, section, form, is_saved=True)


def _stale(request: HttpRequest, number: str, section: Section) -> HttpResponse:
    """Somebody else changed it: what was typed stays in the fields, beside what is kept now."""
    view = _read(request, number)
    form = _form(view, section, request.POST)
    form.tell(())
    kept = _saved(view, section)
    changes = [
        Change(str(bound.label), _word(bound.field, kept.get(name, "")), _word(bound.field, request.POST.get(name, "")))
        for name in form.fields
        for bound in (form[name],)
        if request.POST.get(name, "") != kept.get(name, "")
    ]
    return _page(request, view, section, form, stale=changes, status=409)


def _word(field: object, value: str) -> str:
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))


def _form(view: ApplicationView, section: Section, data: Mapping[str, str] | None = None) -> AnswersForm:
    if section is INQUIRY:
        return inquiry_form(view.item, view.inquiry, data)
    return item_form(view.item, view.form, list(view.item.fixed(view.answer.prefill)), data)


def _saved(view: ApplicationView, section: Section) -> Mapping[str, str]:
    return view.inquiry if section is INQUIRY else view.form


def _page(  # noqa: PLR0913 - what a page of answers may have to say
    request: HttpRequest, view: ApplicationView, section: Section, form: AnswersForm, *,
    is_saved: bool = False, stale: list[Change] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    given = {name: str(form[name].value() or "") for name in form.fields}
    if section is INQUIRY:
        answers: Mapping[str, str] = item_forms.clean_answers(view.item, given)
    else:
        answers = {**view.form, **answers_of(form, view.item), **view.item.fixed(view.answer.prefill)}
    context = {
        "frame": frame(view, section),
        "view": view,
        "form": form,
        "sections": form.sections(answers),
        "fixed": parts.fixed_facts(view),
        "source_zh": parts.source_zh(view),
        "is_saved": is_saved,
        "stale": stale,
        "done": request.GET.get("done", ""),
    }
    name = "inquiry" if section is INQUIRY else "form"
    return render(request, f"desk/window/{name}.html", context, status=status)


def _read(request: HttpRequest, number: str) -> ApplicationView:
    return queries.application(number, actor_of(request), timezone.now())


def version_of(request: HttpRequest) -> int:
    """The version of the application that the page was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else NO_VERSION


def following_url(request: HttpRequest, view: ApplicationView, section: Section) -> str:
    """Where to go after saving: on to the next section, or stay when asked to."""
    if request.POST.get("act") == "stay":
        return f"{section.url(view.number)}?done=saved"
    return frame(view, section).next_url


def leave_if_closed(view: ApplicationView) -> HttpResponse | None:
    """Sections are for editing; a handed-over application is looked at on its own page."""
    return None if view.is_editable else redirect(overview_url(view.number))
