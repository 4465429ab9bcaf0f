"""The edge of every signed request: limits, signature, nonce; errors as signed JSON; the signed answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tongban.domain.errors import BadReply, InvalidInput, NotFound, NotPermitted, TongbanError, Unavailable
from tongban.exchange import http_auth
from tongban.exchange.contract.limits import NONCE_CHARS_MAX
from tongban.exchange.transport import state_text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose signature is good."""

    partner: str
    body: bytes
    query: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers, before it is signed."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def signed(request: HttpRequest, handle: Callable[[Call], Reply], *, body_bytes_max: int) -> HttpResponse:
    """Check the request, let `handle` answer, sign the answer.

    Errors become `{"code", "message_zh"}`: 401 not signed well, 429 too many, 404 not here, 413 too large, 422 not
    understood, 503 not now.  A body over the limit is not read.
    """
    now = timezone.now()
    try:
        if int(request.headers.get("Content-Length") or 0) > body_bytes_max:
            return _answer(request, Reply(_problem("body_too_large", "请求内容过大。"), 413), now)
        body = request.body
        asked = http_auth.Request(request.method or "", request.get_full_path(), body)
        partner = http_auth.check_request(asked, request.headers, now)
        reply = handle(Call(partner, body, request.GET.dict(), now))
    except TongbanError as error:
        log.warning("%s %s: %s", request.method, request.path, error)
        reply = Reply(_problem(error.code, error.message_zh), _status(error))
    return _answer(request, reply, now)


def _answer(request: HttpRequest, reply: Reply, now: datetime) -> HttpResponse:
    content = b"" if request.method == "HEAD" else json.dumps(reply.content, ensure_ascii=False).encode()
    response = HttpResponse(content, status=reply.status, content_type="application/json", headers=dict(reply.headers))
    nonce = request.headers.get(http_auth.NONCE, "")[:NONCE_CHARS_MAX]
    answer = http_auth.Answer(reply.status, nonce, content, state_text(reply.headers))
    for name, value in http_auth.sign_answer(answer, now).items():
        response[name] = value
    return response


def _problem(code: str, message_zh: str) -> dict[str, str]:
    return {"code": code, "message_zh": message_zh}


def _status(error: TongbanError) -> int:
    if isinstance(error, http_auth.TooManyRequests):
        return 429
    kinds = {NotPermitted: 401, NotFound: 404, InvalidInput: 413, BadReply: 422, Unavailable: 503}
    return next((status for kind, status in kinds.items() if isinstance(error, kind)), 422)
