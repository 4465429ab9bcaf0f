"""The window's list of applications, and the first question about a property."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import Actor, actor_of
from tongban.desk.signed_in import signed_in
from tongban.desk.window.forms import SearchForm, without_label
from tongban.desk.window.parts import STATE_TONES, overview_url, state_badge
from tongban.desk.window.property_form import FIND_MAX, FindForm, PropertyForm
from tongban.directory import lookup
from tongban.domain import shelves
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.decision import Place, Refusal
from tongban.domain.errors import InvalidInput, NotFound, OutsideError
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.terms import Channel
from tongban.domain.unit_code import parse_unit_code
from tongban.intake import opening, queries
from tongban.web.parts import Column, KeyPage, Row, Tab, Table, Tone

S = ApplicationState
TABS: Final[Mapping[str, tuple[str, tuple[ApplicationState, ...]]]] = {
    "draft": ("填写中", (S.DRAFT, S.SEALED)),
    "handed-over": ("已移交", (S.HANDED_OVER,)),
    "correction": ("待补正", (S.CORRECTION,)),
    "accepted": ("已受理", (S.ACCEPTED, S.SUSPENDED, S.RECORDED)),
    "ended": ("办结", tuple(state for state in S if state.is_final)),
    "all": ("全部", ()),
}
COLUMNS: Final = (
    Column("收件编号", "code"), Column("申请人"), Column("事项"), Column("属地"), Column("状态"),
    Column("进入本状态", "time"), Column("业务号", "code"), Column("收件人"),
)  # fmt: skip
WINDOW_KEPT: Final = "window_code"
ITEM_KEPT: Final = "item_number"
ONLY_LOOKS: Final = ("home", "item", "find")  # what a button asks for without beginning anything
REFUSED: Final = "desk.refused"  # salt of the signed words from which a notice is printed


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Applications of this window by state, newest first; a number leads straight to its application."""
    actor = actor_of(request)
    wanted = request.GET.get("q", "").strip()
    tab = request.GET.get("tab", "")
    current = "all" if wanted else tab if tab in TABS else "draft"
    keys = {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}
    page = queries.applications(actor, TABS[current][1], number=wanted, **keys)
    if wanted and len(page.rows) == 1 and not any(keys.values()):
        return redirect(overview_url(page.rows[0].number))
    context = {
        "tabs": _tabs(queries.counts(actor), current),
        "table": _table(page.rows, f"没有编号以“{wanted}”结尾的收件" if wanted else f"没有{TABS[current][0]}的收件"),
        "pager": _pager(page, {"q": wanted} if wanted else {"tab": current}),
        "wanted": wanted,
        "search": SearchForm({"q": wanted} if wanted else None),
    }
    return render(request, "desk/window/list.html", context)


def _tabs(counts: Mapping[ApplicationState, int], current: str) -> list[Tab]:
    address = reverse("desk:intake")
    return [
        Tab(
            label, f"{address}?tab={key}", key == current,
            sum(counts.get(state, 0) for state in states or S), key=str(digit),
        )
        for digit, (key, (label, states)) in enumerate(TABS.items(), 1)
    ]  # fmt: skip


def _table(rows: Sequence[queries.ApplicationRow], empty_zh: str) -> Table:
    return Table("收件", COLUMNS, [_row(row) for row in rows], is_queue=True, empty_zh=empty_zh)


def _row(row: queries.ApplicationRow) -> Row:
    tone = STATE_TONES[row.state] if row.state in (S.CORRECTION, S.SUSPENDED) else None
    cells = (
        row.number, row.applicant_zh, row.item_zh, row.home_zh, state_badge(row.state, issues=row.issues), row.state_since,
        row.case_no, row.clerk_zh,
    )  # fmt: skip
    assert tone in (None, Tone.WAITING, Tone.STOPPED), "only what presses is marked"
    return Row(cells, overview_url(row.number), tone)


def _pager(page: queries.Page, kept: Mapping[str, str]) -> KeyPage:
    def url(name: str, key: str) -> str:
        return f"{reverse('desk:intake')}?{urlencode({**kept, name: key})}" if key else ""

    return KeyPage(url("before", page.previous_before), url("after", page.next_after), len(page.rows))


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask the home registry about a property; a yes opens the draft, a no is shown with what was typed."""
    actor = actor_of(request)
    opening.may_open(actor)
    windows = [(window.code, window.name_zh) for window in lookup.windows(actor.institution)]
    item = _chosen(request)
    if request.method == "GET":
        kept = request.session.get(WINDOW_KEPT, "")
        initial = {"key": secrets.token_hex(16), "window_code": kept, "item_number": item.number}
        return _asked(request, PropertyForm(None, windows=windows, item=item, initial=initial))
    form = PropertyForm({**request.POST.dict(), "item_number": item.number}, windows=windows, item=item)
    only_looks = _only_looks(request)
    if only_looks or not form.is_valid():
        return _asked(request, form, status=200 if only_looks else 422)
    return _begin(request, form, actor)


def _chosen(request: HttpRequest) -> ServiceItem:
    """The service the clerk chose: among those found, in the form, in the address, the last one used, or the first."""
    found = shelves.find(request.POST.get("find", "")) if request.POST.get("act") == "find" else ()
    only = found[0].number if len(found) == 1 else ""
    typed = [request.POST.get("choose"), only, request.POST.get("item_number"), request.GET.get("item")]
    said = [str(number) for number in (*typed, request.session.get(ITEM_KEPT))]
    return next((CATALOGUE[number] for number in said if number in CATALOGUE), next(iter(CATALOGUE.values())))


def _only_looks(request: HttpRequest) -> bool:
    return request.POST.get("act") in ONLY_LOOKS or "choose" in request.POST


def _begin(request: HttpRequest, form: PropertyForm, actor: Actor) -> HttpResponse:
    question = _question(form)
    try:
        outcome = opening.begin(question, actor, key=form.cleaned_data["key"], now=timezone.now())
    except InvalidInput as error:
        form.tell(error.problems)
        return _asked(request, form, status=422)
    except OutsideError as error:
        return _asked(request, form, unreached_zh=error.message_zh, status=503)
    request.session[WINDOW_KEPT], request.session[ITEM_KEPT] = question.window_code, question.item_number
    if isinstance(outcome, Refusal):
        return _asked(request, form, refusal=outcome, status=409)
    return redirect(overview_url(outcome.number))


def _question(form: PropertyForm) -> opening.PropertyQuestion:
    given = form.cleaned_data
    return opening.PropertyQuestion(
        given["item_number"], Channel.WINDOW.value, given["window_code"], given["unit_code"],
        given["certificate_no"], given["holder_name"], given["holder_id_no"], form.facts(),
    )  # fmt: skip


def _asked(
    request: HttpRequest,
    form: PropertyForm,
    *,
    refusal: Refusal | None = None,
    unreached_zh: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "opening": form.opening_rows(),
        "refusal": refusal,
        "unreached_zh": unreached_zh,
    }
    context |= _home(str(form["unit_code"].value() or ""))
    wanted = request.POST.get("find", "") if request.POST.get("act") == "find" else ""
    context |= {"finder": FindForm(wanted), **_services(wanted)}
    if refusal:
        asked = {name: form.cleaned_data[name] for name in PropertyForm.base_fields}
        words = {"refusal": refusal.to_wire(), "actor": actor_of(request).id, **asked}
        context["letter"] = signing.dumps(words, salt=REFUSED, compress=True)
    if _only_looks(request):
        form.tell(())  # only the registry was asked for; nothing typed is judged yet
    return render(request, "desk/window/new.html", context, status=status)


@signed_in
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """The services that a few words mean, as a piece of the page above."""
    opening.may_open(actor_of(request))
    return render(request, "desk/window/services.html", _services(request.GET.get("find", "")))


def _services(text: str) -> dict[str, object]:
    return {"wanted": text.strip(), "services": shelves.find(text[:FIND_MAX])}


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Whose district a unit code lies in, as a piece of the page above; says nothing about the property itself."""
    opening.may_open(actor_of(request))
    return render(request, "desk/window/home.html", _home(request.GET.get("unit_code", "")))


def _home(text: str) -> dict[str, Place | str]:
    if not text.strip():
        return {}
    try:
        parts = parse_unit_code(without_label(text))
        registry = lookup.registry_of_unit(parts.code, localdate())
    except InvalidInput as error:
        return {"wrong_zh": error.problems[0].what_zh}
    except NotFound as error:
        return {"wrong_zh": error.message_zh}
    return {"home": lookup.place_of(registry), "grouped": parts.grouped}
