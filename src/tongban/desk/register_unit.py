"""One unit of the register as a clerk reads it: who holds what, what lies on it, and every entry that made it so."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST

from tongban.access.actors import Actor, actor_of
from tongban.cases import unit_look
from tongban.cases.unit_look import UnitSheet
from tongban.desk import register_panels, register_why
from tongban.desk.forms_cases import AsOfForm, RevealForm
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup

FULL: Final = "full"
_SALT: Final = "desk.register.full"
_SECONDS_MAX: Final = 600


@signed_in
@require_GET
def unit(request: HttpRequest, unit_code: str) -> HttpResponse:
    """The unit now, or at the end of a day; without a purpose in the address, the form that asks for one."""
    actor, now = actor_of(request), timezone.now()
    purpose_zh = register_why.purpose_of(request, unit_code, actor)
    if not purpose_zh:
        return HttpResponseRedirect(f"{reverse('desk:register')}?{urlencode({'unit': unit_code})}")
    as_of = AsOfForm(request.GET) if request.GET.get("on") else None
    on = as_of.cleaned_data["on"] if as_of and as_of.is_valid() else None
    sheet = unit_look.unit(
        unit_code, actor, purpose_zh, now, as_of=on, full_reason=_full_reason(request, unit_code, actor)
    )
    return _page(request, sheet, purpose_zh, now, as_of=as_of)


@signed_in
@require_POST
def reveal(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Show the holders in full for a reason, for ten minutes; each look is audited with it."""
    actor, now = actor_of(request), timezone.now()
    form = RevealForm(request.POST)
    why = request.GET.get(register_why.WHY, "")
    if form.is_valid():
        token = signing.dumps([unit_code, actor.id, form.cleaned_data["reason"]], salt=_SALT)
        url = reverse("desk:register_unit", args=[unit_code])
        return HttpResponseRedirect(f"{url}?{urlencode({register_why.WHY: why, FULL: token})}")
    purpose_zh = register_why.purpose_of(request, unit_code, actor)
    if not purpose_zh:
        return HttpResponseRedirect(f"{reverse('desk:register')}?{urlencode({'unit': unit_code})}")
    return _page(request, unit_look.unit(unit_code, actor, purpose_zh, now), purpose_zh, now, reveal=form)


@signed_in
@require_POST
def verify(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Prove entries, events, rights and signed heads of this unit, and say what was proved."""
    actor, now = actor_of(request), timezone.now()
    report = unit_look.verify(unit_code, actor, now)
    purpose_zh = register_why.purpose_of(request, unit_code, actor) or "核验本单元"
    context = {
        "report": report,
        "rows": register_panels.report_rows(report, now),
        "breaks": register_panels.breaks(report),
        "unit_code": unit_code,
        "unit_url": register_why.unit_url(unit_code, purpose_zh, actor.id),
    }
    return render(request, "desk/register/verified.html", context)


def _full_reason(request: HttpRequest, unit_code: str, actor: Actor) -> str:
    try:
        about, who, reason = signing.loads(request.GET.get(FULL, ""), salt=_SALT, max_age=_SECONDS_MAX)
    except (signing.BadSignature, ValueError):
        return ""
    return str(reason) if (about, who) == (unit_code, actor.id) else ""


def _page(  # noqa: PLR0913 - the forms of one page
    request: HttpRequest, sheet: UnitSheet, purpose_zh: str, now: datetime,
    *, as_of: AsOfForm | None = None, reveal: RevealForm | None = None,
) -> HttpResponse:  # fmt: skip
    why = request.GET.get(register_why.WHY, "")
    wrong = any(form is not None and form.is_bound and not form.is_valid() for form in (as_of, reveal))
    context = {
        "sheet": sheet,
        "purpose_zh": purpose_zh,
        "why": why,
        "why_query": urlencode({register_why.WHY: why}),
        "register_url": reverse("desk:register"),
        "full_url": f"{reverse('desk:register_full', args=[sheet.unit_code])}?{urlencode({register_why.WHY: why})}",
        "verify_url": f"{reverse('desk:register_verify', args=[sheet.unit_code])}?{urlencode({register_why.WHY: why})}",
        "registry_zh": lookup.institution(sheet.registry).name_zh,
        "unit_rows": register_panels.unit_rows(sheet),
        "title_rows": register_panels.title_rows(sheet),
        "holders": register_panels.holders(sheet),
        "burdens": register_panels.burdens(sheet, sheet.as_of or localdate(now)),
        "licences": register_panels.licences(sheet),
        "history": register_panels.history(sheet),
        "chart": register_panels.chart(sheet, localdate(now)),
        "head_rows": register_panels.head_rows(sheet),
        "cases": register_panels.open_cases(sheet),
        "as_of": as_of or AsOfForm(),
        "reveal": reveal or RevealForm(),
        "read_at": now,
    }
    return render(request, "desk/register/unit.html", context, status=422 if wrong else 200)
