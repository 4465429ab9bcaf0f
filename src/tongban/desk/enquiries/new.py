"""Taking in a query: first who asks, then only what this asker must say and bring."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tongban.access.actors import Actor, actor_of
from tongban.desk.enquiries.forms import AskerForm, QueryForm
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput
from tongban.domain.query_rules import Query, may_ask
from tongban.domain.query_terms import Acting, Asker, Index, Paper, Part, Wanted
from tongban.enquiries import taking


@signed_in
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Who asks, who came, what is wanted."""
    taking.may_take(actor_of(request))
    form = AskerForm(request.GET if "asker" in request.GET else None)
    if form.is_valid():
        given = form.cleaned_data
        return redirect("desk:enquiries-fill", given["asker"], given["acting"], given["wanted"])
    return render(request, "desk/enquiries/choose.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, asker: str, acting: str, wanted: str) -> HttpResponse:
    """The form of this asker; sent, it is kept and put to the home registry."""
    actor = actor_of(request)
    taking.may_take(actor)
    form = _form(request, actor, asker, acting, wanted)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, status=200 if request.method == "GET" else 422)
    try:
        number = taking.take(form.application(), actor, key=form.cleaned_data["key"], now=timezone.now())
    except InvalidInput as error:
        form.tell(error.problems)
        return _page(request, form, status=422)
    return redirect("desk:enquiry", number)


def _form(request: HttpRequest, actor: Actor, asker: str, acting: str, wanted: str) -> QueryForm:
    try:
        who = {"asker": Asker(asker), "acting": Acting(acting), "wanted": Wanted(wanted)}
    except ValueError:
        raise Http404 from None
    registries = [(registry.code, registry.name_zh) for registry in lookup.registries()]
    own = actor.institution if actor.institution in dict(registries) else ""
    data = request.POST if request.method == "POST" else None
    return QueryForm(data, homes=registries, initial={"key": secrets.token_hex(16), "home": own}, **who)  # type: ignore[arg-type]


def _page(request: HttpRequest, form: QueryForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "parts": [part.name_zh for part in Part if part in form.allowed.parts],
        "would_refuse": _would_refuse(form),
    }
    return render(request, "desk/enquiries/fill.html", context, status=status)


def _would_refuse(form: QueryForm) -> Refusal | None:
    """What would be refused whatever is brought: said before anything is typed."""
    index = (
        Index.IDENTITY if form.wanted is Wanted.HOLDINGS else next(one for one in Index if one in form.allowed.indexes)
    )
    complete = Query(
        form.asker, form.acting, index, form.wanted, frozenset(Paper), "查询", agreed=frozenset(Part)
    )  # fmt: skip
    outcome = may_ask(complete)
    return outcome if isinstance(outcome, Refusal) else None
