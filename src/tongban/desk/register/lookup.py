"""Looking for a unit of the register: what is looked for, and why, before anything is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tongban.access.actors import actor_of
from tongban.cases import unit_look
from tongban.cases.unit_look import LookPurpose, Purpose
from tongban.desk.cases.forms import LookUpForm
from tongban.desk.register.why import unit_url
from tongban.desk.signed_in import signed_in
from tongban.domain.errors import InvalidInput, NotFound


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Unit code or certificate number and the purpose; then the unit's page."""
    actor = actor_of(request)
    unit_look.require_reader(actor)
    form = LookUpForm(request.POST) if request.method == "POST" else LookUpForm(initial=_asked(request))
    missing_zh = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        purpose = Purpose(LookPurpose(given["kind"]), given["detail"])
        try:
            code = unit_look.look_up(given["reference"], actor, purpose, timezone.now())
            return HttpResponseRedirect(unit_url(code, purpose.text_zh, actor.id))
        except InvalidInput as error:
            for problem in error.problems:
                form.add_error(
                    "detail" if problem.field == "detail" else "reference", f"{problem.what_zh}。{problem.cure_zh}"
                )
        except NotFound as error:
            missing_zh = error.message_zh
    status = 404 if missing_zh else 422 if form.errors else 200
    return render(request, "desk/register/look_up.html", {"form": form, "missing_zh": missing_zh}, status=status)


def _asked(request: HttpRequest) -> dict[str, str]:
    """A unit somebody came for without having said why."""
    return {"reference": request.GET.get("unit", "")[:80]}
