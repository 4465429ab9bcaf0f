"""证书验真: by file, by the text of the code, by number; and how to do it without us.

Nothing is kept: a file stays in memory for one request, numbers and codes come by POST, answers are not stored by
browsers.  Exempt from the CSRF check: nothing is changed and nobody acts, and it works without cookies.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongban.certificates.verify import verify_payload, verify_pdf
from tongban.domain.errors import InvalidInput
from tongban.portal import verdicts
from tongban.portal.forms import CodeForm, FileForm, NumberForm
from tongban.portal.kept_trust import trust_file
from tongban.portal.limits import CODES, FILES, NUMBERS, limited
from tongban.portal.uploads import kept_in_memory

_asks = require_http_methods(["GET", "HEAD", "POST"])
_not_kept = cache_control(no_store=True, private=True)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What the visitor has in hand: a file, a paper with a code, or only a number."""
    return render(request, "portal/verify.html")


@csrf_exempt
@_asks
@_not_kept
@limited(FILES)
@kept_in_memory
def by_file(request: HttpRequest) -> HttpResponse:
    """Check a sealed PDF."""
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        found = verdicts.verified(verify_pdf(data, trust_file(timezone.now()).trust))
        return render(request, "portal/verified.html", _found(found, "这份文件"))
    return render(request, "portal/verify_file.html", {"form": form})


@csrf_exempt
@_asks
@_not_kept
@limited(CODES)
def by_code(request: HttpRequest) -> HttpResponse:
    """Check the text of a scanned code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = verdicts.verified(verify_payload(form.cleaned_data["code"], trust_file(timezone.now()).trust))
        return render(request, "portal/verified.html", _found(found, "这个二维码"))
    return render(request, "portal/verify_code.html", {"form": form})


@csrf_exempt
@_asks
@_not_kept
@limited(NUMBERS)
def by_number(request: HttpRequest) -> HttpResponse:
    """What anybody may know of a number."""
    form = NumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            known = verdicts.known(form.cleaned_data["number"])
        except InvalidInput as error:
            for problem in error.problems:
                form.add_error("number", f"{problem.what_zh}。{problem.cure_zh}。")
        else:
            return render(request, "portal/known.html", {"known": known})
    return render(request, "portal/verify_number.html", {"form": form})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """How to check without this site: the trust file, its fingerprint, the command."""
    trust = trust_file(timezone.now()).trust
    return render(request, "portal/verify_offline.html", {"trust": trust, "issuer_zh": trust.name(trust.issuer)})


@require_safe
def trust_json(request: HttpRequest) -> HttpResponse:
    """The signed trust file."""
    kept = trust_file(timezone.now())
    response = HttpResponse(kept.data, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="trust.json"'
    response["Cache-Control"] = "no-cache"
    return response


def _found(found: verdicts.Verified, what_zh: str) -> dict[str, object]:
    return {"found": found, "what_zh": what_zh, "now": timezone.now()}
