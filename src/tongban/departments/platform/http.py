"""The national platform over HTTP: one XML document up, one XML answer down."""

from __future__ import annotations

import logging
from datetime import datetime

import httpx

from tongban.departments.platform import message
from tongban.departments.platform.port import Accepted, DayCounts, UploadMessage
from tongban.domain.errors import BadReply, Declined, Unavailable

logging.getLogger("httpx").setLevel(logging.WARNING)  # one line a message says nothing

CONNECT_TIMEOUT_S = 5.0
UPLOADS_PATH = "/messages"
LOGS_PATH = "/logs"
ANSWERS_PATH = "/answers"


class HttpNationalPlatform:
    """The platform at one address; keeps its connection between calls."""

    def __init__(self, *, url: str, timeout_s: float) -> None:
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
        self._client = httpx.Client(base_url=url, timeout=timeout, trust_env=False, follow_redirects=False)

    def send(self, upload: UploadMessage) -> Accepted:
        return message.read_answer(self._post(UPLOADS_PATH, upload), upload.number)

    def send_day(self, counts: DayCounts, made_at: datetime) -> DayCounts:
        return message.read_day_answer(self._post(LOGS_PATH, message.day_log(counts, made_at)), counts)

    def has(self, number: str) -> bool:
        reply = self._ask("GET", f"{ANSWERS_PATH}/{message.answer_name(number)}")
        if reply.status_code == httpx.codes.NOT_FOUND:
            return False
        try:
            return message.read_answer(_good(reply), number).number == number
        except Declined:
            return False

    def _post(self, path: str, upload: UploadMessage) -> bytes:
        return _good(self._ask("POST", f"{path}/{upload.file_name}", upload.content))

    def _ask(self, method: str, path: str, content: bytes = b"") -> httpx.Response:
        """One request; trouble on the way is `Unavailable`."""
        try:
            reply = self._client.request(method, path, content=content, headers={"Content-Type": "application/xml"})
        except httpx.HTTPError as error:
            reason_zh = f"国家平台没有应答（{type(error).__name__}）。"
            raise Unavailable("platform_unreachable", reason_zh) from error
        if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Unavailable("platform_failing", f"国家平台暂时不能处理（{reply.status_code}）。")
        return reply


def _good(reply: httpx.Response) -> bytes:
    if reply.status_code != httpx.codes.OK:
        raise BadReply("platform_refused_request", f"国家平台拒绝了请求（{reply.status_code}）。")
    return reply.content
