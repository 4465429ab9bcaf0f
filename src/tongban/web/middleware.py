"""Gives every request a number people can read over the phone, and turns our errors into pages."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from tongban.domain.errors import NotPermitted, TongbanError
from tongban.web.render import render_problem

_LOG = logging.getLogger("tongban.web")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U: read aloud without doubt
_SERVER_FAULT = 500

GetResponse = Callable[[HttpRequest], HttpResponse]


def new_reference() -> str:
    """Eight letters in two groups, such as K7Q2-9MXD."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class ReferenceMiddleware:
    """Sets `request.reference` and the header `X-Reference`; first in the list, so that every log line can name it."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = new_reference()  # type: ignore[attr-defined]
        response = self._get_response(request)
        response["X-Reference"] = request.reference  # type: ignore[attr-defined]
        if response.status_code >= _SERVER_FAULT:
            _LOG.error("%s %s %s", request.reference, response.status_code, request.path)  # type: ignore[attr-defined]
        return response


class ProblemMiddleware:
    """Maps a TongbanError that a view let through to its page.

    Setting `TONGBAN_ON_DENIAL` names a function `(HttpRequest, NotPermitted) -> None` that keeps the audit record of
    a denial; it runs before the page is made, outside the transaction that was rolled back.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        path = getattr(settings, "TONGBAN_ON_DENIAL", "")
        self._on_denial: Callable[[HttpRequest, NotPermitted], None] | None = import_string(path) if path else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Our errors become pages; everything else goes on to Django's 500 handler."""
        if not isinstance(exception, TongbanError):
            return None
        if self._on_denial and isinstance(exception, NotPermitted):
            self._on_denial(request, exception)
        return render_problem(request, exception)
