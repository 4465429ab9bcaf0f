"""Public notices (公告): what is about to be registered and may still be objected to; nothing of it stays after the last day."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from tongban.cases import public_notices
from tongban.cases.public_notices import PAGE_ROWS
from tongban.directory import lookup
from tongban.portal.forms import CountyForm
from tongban.portal.places import cities, county_zh
from tongban.web.parts import KeyPage

View = Callable[..., HttpResponse]


def _kept_out_of_search_engines(view: View) -> View:
    """The names on a notice are public for its days, so no search engine or cache may keep them longer."""

    @wraps(view)
    def shown(request: HttpRequest, **given: object) -> HttpResponse:
        response = view(request, **given)
        response["X-Robots-Tag"] = "noindex, noarchive"
        response["Cache-Control"] = "no-store"
        return response

    return shown


@require_safe
@_kept_out_of_search_engines
def current(request: HttpRequest) -> HttpResponse:
    """The notices that hang out now, of one county or of all this site knows."""
    today = localdate(timezone.now())
    form = CountyForm(cities(), request.GET if request.GET.get("division") else None)
    division = form.cleaned_data["division"] if form.is_valid() else ""
    registry = lookup.registry_of_division(division, today) if division else ""
    found = public_notices.current(today, registry=registry, before=_number(request.GET.get("before", "")))
    shown = found[:PAGE_ROWS]
    older = {"division": division, "before": shown[-1].pk} if len(found) > PAGE_ROWS else {}
    context = {
        "form": form,
        "rows": [(one, lookup.institution(one.registry).name_zh) for one in shown],
        "where_zh": county_zh(division) if division else "",
        "page": KeyPage(next_url=f"?{urlencode(older)}" if older else "", shown=len(shown)),
    }
    return render(request, "portal/notices.html", context)


@require_safe
@_kept_out_of_search_engines
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One notice as it hangs out; also what is printed and posted at the property."""
    shown = public_notices.public_one(number, localdate(timezone.now()))
    return render(request, "portal/notice.html", {"notice": shown, "office": lookup.institution(shown.registry)})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
