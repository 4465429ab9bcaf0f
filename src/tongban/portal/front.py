"""The front door, the guides, what it costs, the windows, and what this site promises about access and privacy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from tongban.directory import lookup
from tongban.directory.dues_figures import fee_figures, tax_figures
from tongban.directory.local_rules import notes_in_force
from tongban.directory.lookup import PROVINCE_DIVISION
from tongban.domain.taxes.lines import DECIDED_BY_ZH
from tongban.portal import what_if
from tongban.portal.can_i import families, item_of
from tongban.portal.costs import cost
from tongban.portal.estimate_form import EstimateForm
from tongban.portal.forms import CountyForm
from tongban.portal.places import cities, office
from tongban.web.preferences import COOKIE_AGE_S


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """What this is, and the two things most people come for."""
    return render(request, "portal/front_door.html", {"county_form": CountyForm(cities())})


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Every matter that can be dealt with province-wide."""
    return render(request, "portal/guides.html", {"families": families()})


@require_safe
def guide(request: HttpRequest, number: str) -> HttpResponse:
    """One matter from beginning to end, as the catalogue says it."""
    item = item_of(number)
    context = {
        "item": item,
        "parts": [(title, what_if.steps_zh(text)) for title, text in what_if.guide_parts(item)],
        "days": lookup.parameter_count(item.days_parameter, PROVINCE_DIVISION, localdate(timezone.now())),
    }
    return render(request, "portal/guide.html", context)


@require_safe
def estimate(request: HttpRequest) -> HttpResponse:
    """What it will cost: a form, and with answers the estimate before it.  The answers travel in the address."""
    now = timezone.now()
    today = localdate(now)
    form = EstimateForm(cities(), request.GET if "matter" in request.GET else None)
    plan = form.plan(today) if form.is_valid() else None
    chosen = form.cleaned_data["division"] if plan else ""
    division = chosen or PROVINCE_DIVISION
    outcome = cost(plan, today, fee_figures(division, today), tax_figures(division, today)) if plan else None
    context = {
        "form": form,
        "outcome": outcome,
        "decided_by": DECIDED_BY_ZH,
        "place": office(chosen, now).registry.place if outcome and outcome.home_zh and chosen else None,
        "now": now,
    }
    return render(request, "portal/estimate.html", context)


@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """Choose a county; a chosen one leads to its windows."""
    known = cities()
    form = CountyForm(known, request.GET if "division" in request.GET else None)
    if form.is_valid():
        return HttpResponseRedirect(reverse("portal:windows-of", args=[form.cleaned_data["division"]]))
    return render(request, "portal/windows.html", {"form": form, "cities": known})


@require_safe
def windows_of(request: HttpRequest, division: str) -> HttpResponse:
    """The registry of a county and its windows."""
    now = timezone.now()
    found = office(division, now)
    notes = notes_in_force(found.registry.code, localdate(now))
    return render(request, "portal/windows_of.html", {"office": found, "notes": notes, "now": now})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How these pages were made usable, how that is checked, and what is not good yet."""
    return render(request, "portal/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a visitor and of an applicant, how long, and who sees it."""
    return render(request, "portal/privacy.html", {"look_days": COOKIE_AGE_S // 86_400})
