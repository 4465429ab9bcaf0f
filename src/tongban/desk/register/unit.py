"""One unit of the register as a clerk reads it: who holds what, what lies on it, and every entry that made it so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tongban.access.actors import Actor, actor_of
from tongban.cases import unit_look
from tongban.cases.unit_look import Look, UnitSheet
from tongban.desk.cases.forms import AsOfForm, RevealForm
from tongban.desk.register import chart, panels, sheets
from tongban.desk.register import why as register_why
from tongban.desk.signed_in import signed_in
from tongban.directory import lookup

FULL: Final = "full"
_SALT: Final = "desk.register.full"
_SECONDS_MAX: Final = 600
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the look, or the form whose day cannot be read."""

    look: Look
    as_of: AsOfForm | None = None
    reveal: RevealForm | None = None

    @property
    def is_wrong(self) -> bool:
        return any(form is not None and not form.is_valid() for form in (self.as_of, self.reveal))


@signed_in
@require_GET
def unit(request: HttpRequest, unit_code: str) -> HttpResponse:
    """The unit now, at the end of a day or after a recording; without a purpose, the form that asks for one."""
    actor, now = actor_of(request), timezone.now()
    asked = _asked(request, unit_code, actor)
    if asked is None:
        return _ask_why(unit_code)
    return _page(request, unit_look.unit(unit_code, actor, asked.look, now), asked, now)


@signed_in
@require_GET
def printed(request: HttpRequest, unit_code: str) -> HttpResponse:
    """The statutory pages as they print, one sheet of paper each; the look is audited as a printed one."""
    actor, now = actor_of(request), timezone.now()
    asked = _asked(request, unit_code, actor)
    if asked is None:
        return _ask_why(unit_code)
    sheet = unit_look.unit(unit_code, actor, replace(asked.look, is_printed=True), now)
    pages = sheets.pages(sheet)
    context = {
        "sheet": sheet,
        "pages": pages,
        "contents": sheets.contents(pages),
        "registry_zh": lookup.institution(sheet.registry).name_zh,
        "unit_url": f"{reverse('desk:register_unit', args=[sheet.unit_code])}?{_query(request)}",
        "purpose_zh": asked.look.purpose_zh,
        "member_zh": actor.name_zh,
        "read_at": now,
    }
    return render(request, "desk/register/printed.html", context)


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
        return _ask_why(unit_code)
    asked = Asked(Look(purpose_zh), reveal=form)
    return _page(request, unit_look.unit(unit_code, actor, asked.look, now), asked, now)


@signed_in
@require_POST
def verify(request: HttpRequest, unit_code: str) -> HttpResponse:
    """Prove entries, events, rights and signed heads of this unit, and say what was proved."""
    actor, now = actor_of(request), timezone.now()
    report = unit_look.verify(unit_code, actor, now)
    purpose_zh = register_why.purpose_of(request, unit_code, actor) or "核验本单元"
    context = {
        "report": report,
        "rows": panels.report_rows(report, now),
        "breaks": panels.breaks(report),
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


def _asked(request: HttpRequest, unit_code: str, actor: Actor) -> Asked | None:
    """The look this address stands for; None without a purpose of this person's own."""
    purpose_zh = register_why.purpose_of(request, unit_code, actor)
    if not purpose_zh:
        return None
    form = AsOfForm(request.GET) if request.GET.get("on") else None
    day = form.cleaned_data["on"] if form and form.is_valid() else None
    number = request.GET.get(sheets.UPTO, "")
    upto = int(number) if _NUMBER.fullmatch(number) and not day else None
    return Asked(Look(purpose_zh, day, upto, _full_reason(request, unit_code, actor)), form)


def _ask_why(unit_code: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk:register')}?{urlencode({'unit': unit_code})}")


def _query(request: HttpRequest, *moment: str) -> str:
    """Purpose and reason as they stand in the address; with `moment`, the names of the moment too."""
    names = (register_why.WHY, FULL, *moment)
    return urlencode({name: request.GET[name] for name in names if request.GET.get(name)})


def _page(request: HttpRequest, sheet: UnitSheet, asked: Asked, now: datetime) -> HttpResponse:
    why, code = request.GET.get(register_why.WHY, ""), sheet.unit_code
    pages = sheets.pages(sheet)
    bare = f"{reverse('desk:register_unit', args=[code])}?{_query(request)}"
    context = {
        "sheet": sheet,
        "purpose_zh": asked.look.purpose_zh,
        "why": why,
        "full": request.GET.get(FULL, ""),
        "now_url": bare,
        "register_url": reverse("desk:register"),
        "print_url": f"{reverse('desk:register_print', args=[code])}?{_query(request, 'on', sheets.UPTO)}",
        "full_url": f"{reverse('desk:register_full', args=[code])}?{urlencode({register_why.WHY: why})}",
        "verify_url": f"{reverse('desk:register_verify', args=[code])}?{urlencode({register_why.WHY: why})}",
        "registry_zh": lookup.institution(sheet.registry).name_zh,
        "unit_rows": panels.unit_rows(sheet),
        "title_rows": panels.title_rows(sheet),
        "holders": panels.holders(sheet),
        "summary": sheets.summary(sheet),
        "burdens": panels.burdens(sheet, sheet.day),
        "pages": pages,
        "contents": sheets.contents(pages),
        "moments": sheets.moments(sheet, bare),
        "licences": panels.licences(sheet),
        "history": panels.history(sheet),
        "chart": chart.chart(sheet),
        "head_rows": panels.head_rows(sheet),
        "cases": panels.open_cases(sheet),
        "as_of": asked.as_of or AsOfForm(),
        "reveal": asked.reveal or RevealForm(),
        "read_at": now,
    }
    return render(request, "desk/register/unit.html", context, status=422 if asked.is_wrong else 200)
