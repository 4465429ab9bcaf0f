"""Files that others sent, shown without giving them any say in our pages."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

SHOWN_IN_PLACE: Final = frozenset(
    {"application/pdf", "image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff"}
)
_LOCKED: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"


def shown_file(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Pictures and PDF in place; whatever else somebody calls a paper is saved, never run.

    Whoever sent a file chose its type, so a page or script among a court's papers would otherwise act for the reader.
    """
    is_shown = media_type in SHOWN_IN_PLACE
    headers = {
        "Content-Disposition": content_disposition_header(not is_shown, name) or "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    if media_type != "application/pdf":  # browsers do not draw a PDF in a sandbox
        headers["Content-Security-Policy"] = _LOCKED
    return HttpResponse(data, content_type=media_type if is_shown else "application/octet-stream", headers=headers)
