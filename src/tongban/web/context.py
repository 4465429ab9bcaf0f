"""The context processor every page needs; add `tongban.web.context.frame` to the TEMPLATES setting."""

from __future__ import annotations

from django.http import HttpRequest

from tongban.web.preferences import COOKIE, read
from tongban.web.shell import shell_of


def frame(request: HttpRequest) -> dict[str, object]:
    """`shell` (header and footer), `prefer` (look), `reference` (this request's number, for the phone)."""
    return {
        "shell": shell_of(request),
        "prefer": read(request.COOKIES.get(COOKIE, "")),
        "reference": getattr(request, "reference", ""),
    }
