"""What happens around every request of a signed-in person: idle sign-out, a due password, audit of denials."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.timezone import localdate

from tongban.access.denials import on_denial
from tongban.access.models import Staff
from tongban.access.sign_in import MUST_CHANGE, SEEN_AT, sign_out
from tongban.directory import lookup
from tongban.domain.codes import institution_division
from tongban.domain.errors import NotPermitted

SEEN_EVERY_S: Final = 60  # a session is written at most this often
BACKGROUND_HEADER: Final = "X-Background"  # a page that refreshes itself is nobody's activity
IDLE_PARAMETER: Final = "idle_minutes"

GetResponse = Callable[[HttpRequest], HttpResponse]


class IdleSignOutMiddleware:
    """Signs a person out after `idle_minutes` (parameter) without a request; stands after the authentication.

    A request that carries the header `X-Background` keeps nobody signed in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, Staff):
            return self._get_response(request)
        now = timezone.now()
        seen_at = request.session.get(SEEN_AT, 0)
        if now.timestamp() - seen_at > _idle_minutes(user, now) * 60:
            sign_out(request, why="idle", now=now)
            asked = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?idle=1&{asked}".rstrip("&"))
        if BACKGROUND_HEADER not in request.headers and now.timestamp() - seen_at >= SEEN_EVERY_S:
            request.session[SEEN_AT] = int(now.timestamp())
            Staff.objects.filter(pk=user.pk).update(last_seen_at=now)
        return self._get_response(request)


class PasswordDueMiddleware:
    """Sends a person whose password is due to the page that changes it (setting `PASSWORD_URL`), from all others."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._page = str(getattr(settings, "PASSWORD_URL", "/password"))
        self._open_to_all = (self._page, str(settings.LOGIN_URL), "/sign-out", str(settings.STATIC_URL))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_due = isinstance(request.user, Staff) and request.session.get(MUST_CHANGE, False)
        if is_due and not request.path.startswith(self._open_to_all):
            return HttpResponseRedirect(self._page)
        return self._get_response(request)


class DenialAuditMiddleware:
    """Audits every `NotPermitted` a view lets through, after its transaction was rolled back; others make the page.

    Where `tongban.web.middleware.ProblemMiddleware` makes the page, it calls `denials.on_denial` itself (setting
    `TONGBAN_ON_DENIAL`); this one is for pages and interfaces without it.  One of the two, never both.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Leave the row; nothing is returned, so the exception goes on."""
        if isinstance(exception, NotPermitted):
            on_denial(request, exception)


def _idle_minutes(user: Staff, now: datetime) -> int:
    return lookup.parameter_count(IDLE_PARAMETER, institution_division(user.institution_code), localdate(now))
