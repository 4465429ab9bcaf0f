"""A file that is only looked at: it stays in memory for one request and is never written anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from tongban.web.render import render_status

FILE_BYTES_MAX: Final = 20 * 1024 * 1024
BODY_BYTES_MAX: Final = FILE_BYTES_MAX + 64 * 1024  # with the form around the file

View = Callable[..., HttpResponse]


class MemoryOnly(MemoryFileUploadHandler):
    """Takes every file of a body that was let in; Django's own would put a large one on the disk."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.activated = True


def kept_in_memory(view: View) -> View:
    """The view's upload in memory; a body above `BODY_BYTES_MAX` is answered with 413 before it is read."""

    @wraps(view)
    def look(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            return render_status(request, 413)
        if request.method == "POST":
            request.upload_handlers = [MemoryOnly(request)]
        return view(request, *args, **kwargs)

    return look
