"""The two pages of the design system itself: how pages look for me, and the style guide."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from tongban.web.preferences import CHOICES, COOKIE, COOKIE_AGE_S, read
from tongban.web.specimens import specimens


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show or keep the look of pages.

    Works without JavaScript, session or account.  Exempt from the CSRF check so that it also works from an error
    page: a forged request could at most change somebody's type size.
    """
    if request.method != "POST":
        return render(request, "web/preferences.html", {"back": _back(request, request.GET.get("back", ""))})
    wanted = {name: request.POST.get(name, "") for name in CHOICES}
    kept = read(request.COOKIES.get(COOKIE, "")).changed(wanted)
    response = HttpResponseRedirect(_back(request, request.POST.get("back", "")))
    response.set_cookie(
        COOKIE, kept.cookie(), max_age=COOKIE_AGE_S, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


def _back(request: HttpRequest, wanted: str) -> str:
    """A path on this host, or the front page: never somewhere else."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else "/"


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with sample data; for developers and administrators only."""
    if not (settings.DEBUG or getattr(request.user, "is_superuser", False)):
        raise Http404
    page = "web/style_guide_plain.html" if request.GET.get("page") == "plain" else "web/style_guide.html"
    return render(request, page, specimens())
