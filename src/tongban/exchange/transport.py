"""HTTP to other sites: the only place of the exchange that opens a socket.

Every request is signed by this site and every answer by the other.  Whatever goes wrong on the way is `Unavailable`;
an answer that cannot be trusted is `BadReply`.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import httpx
from pydantic import Field, ValidationError

from tongban.directory import lookup
from tongban.domain.canonical import canonical_json
from tongban.domain.errors import BadReply, Unavailable
from tongban.exchange import envelope, http_auth, receipts
from tongban.exchange.contract.body import Body
from tongban.exchange.contract.limits import (
    BATCH_BYTES_MAX,
    CONNECT_TIMEOUT_S,
    MESSAGES_TIMEOUT_S,
    PART_TIMEOUT_S,
    QUESTION_TIMEOUT_S,
)
from tongban.exchange.envelope import Signed
from tongban.exchange.receipts import Later, Receipt

CLIENTS_MAX = 256  # peers with a kept connection

MESSAGES_PATH = "/api/exchange/messages"
QUESTIONS_PATH = "/api/exchange/questions"
ATTACHMENTS_PATH = "/api/exchange/attachments"

logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines carry addresses with the names of files


@dataclass(frozen=True, slots=True)
class Part:
    """Where some bytes of an encrypted file belong; `digest` is of the plaintext, `sealed_*` of what is sent."""

    receiver: str
    digest: str
    name: str
    media_type: str
    sealed_digest: str
    sealed_size: int
    offset: int


@dataclass(frozen=True, slots=True)
class UploadState:
    """How far an upload is: complete, or the offset to go on from with the same encrypted bytes."""

    is_complete: bool
    offset: int
    sealed_digest: str


class ResultWire(Body):
    """The answer to one message of a batch: a signed receipt, or why to send it again later."""

    receipt: dict[str, str] | None = None
    later_code: Annotated[str, Field(max_length=64)] = ""
    later_zh: str = ""


class ResultsWire(Body):
    """The answer to a batch, in its order."""

    results: tuple[ResultWire, ...]


class StateWire(Body):
    """The answer about an upload."""

    state: Literal["complete", "partial"]
    offset: Annotated[int, Field(ge=0)] = 0
    sealed_digest: str = ""

    def read(self) -> UploadState:
        return UploadState(self.state == "complete", self.offset, self.sealed_digest)


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    timeout_s: float
    body: bytes = b""
    media_type: str = "application/json"


def post_messages(peer_site: str, batch: Sequence[Signed], now: datetime) -> list[Receipt | Later]:
    """Deliver a batch in as few requests as `BATCH_BYTES_MAX` allows; one answer per message, in order."""
    return [answer for part in _parts(batch) for answer in _post_part(peer_site, part, now)]


def _parts(batch: Sequence[Signed]) -> Iterator[list[Signed]]:
    part: list[Signed] = []
    for signed in batch:
        if part and sum(len(earlier.content) for earlier in part) + len(signed.content) > BATCH_BYTES_MAX:
            yield part
            part = []
        part.append(signed)
    if part:
        yield part


def _post_part(peer_site: str, batch: Sequence[Signed], now: datetime) -> list[Receipt | Later]:
    body = canonical_json({"messages": [signed.to_wire() for signed in batch]})
    content = _exchange(peer_site, _Call("POST", MESSAGES_PATH, MESSAGES_TIMEOUT_S, body), now)
    try:
        results = ResultsWire.model_validate(content).results
    except ValidationError as error:
        raise envelope.malformed("answer_malformed", error) from None
    if len(results) != len(batch):
        raise BadReply("answer_incomplete", "对方站点没有逐份回答。")
    return [_result(result) for result in results]


def post_question(peer_site: str, question: Signed, now: datetime) -> Signed:
    """Ask and return the signed answer, unchecked."""
    body = canonical_json(question.to_wire())
    return Signed.from_wire(_exchange(peer_site, _Call("POST", QUESTIONS_PATH, QUESTION_TIMEOUT_S, body), now))


def upload_state(peer_site: str, receiver: str, digest: str, now: datetime) -> UploadState:
    """How much of a file the receiver's site has."""
    path = f"{ATTACHMENTS_PATH}/{digest}?{urlencode({'receiver': receiver})}"
    reply = _send(peer_site, _Call("HEAD", path, PART_TIMEOUT_S), now)
    return state_from_headers(reply.headers)


def upload_part(peer_site: str, part: Part, data: bytes, now: datetime) -> UploadState:
    """Send some bytes; the answer says where to go on."""
    facts = {name: str(value) for name, value in asdict(part).items() if name != "digest"}
    path = f"{ATTACHMENTS_PATH}/{part.digest}?{urlencode(facts)}"
    content = _exchange(peer_site, _Call("PUT", path, PART_TIMEOUT_S, data, "application/octet-stream"), now)
    try:
        return StateWire.model_validate(content).read()
    except ValidationError as error:
        raise envelope.malformed("answer_malformed", error) from None


def state_headers(state: UploadState) -> dict[str, str]:
    """An upload's state as the answer to HEAD, which has no body."""
    return {
        "Tongban-Upload-State": "complete" if state.is_complete else "partial",
        "Tongban-Upload-Offset": str(state.offset),
        "Tongban-Upload-Sealed-Digest": state.sealed_digest,
    }


def state_from_headers(headers: Mapping[str, str]) -> UploadState:
    """Read what `state_headers` wrote."""
    offset = headers.get("Tongban-Upload-Offset", "")
    if not offset.isdigit():
        raise BadReply("answer_malformed", "对方站点没有回答附件上传到哪里。")
    is_complete = headers.get("Tongban-Upload-State") == "complete"
    return UploadState(is_complete, int(offset), headers.get("Tongban-Upload-Sealed-Digest", ""))


def state_text(headers: Mapping[str, str]) -> str:
    """The headers of `state_headers` as they are signed; empty for an answer without them."""
    names = ("Tongban-Upload-State", "Tongban-Upload-Offset", "Tongban-Upload-Sealed-Digest")
    return " ".join(headers.get(name, "") for name in names).strip()


def _result(result: ResultWire) -> Receipt | Later:
    if result.receipt is None:
        return Later(result.later_code or "later", result.later_zh)
    return receipts.read(Signed.from_wire(result.receipt))


def _exchange(peer_site: str, call: _Call, now: datetime) -> Any:
    """The JSON of a good answer."""
    reply = _send(peer_site, call, now)
    try:
        return json.loads(reply.content)
    except ValueError:
        raise BadReply("answer_malformed", "对方站点的回答不是 JSON。") from None


def _send(peer_site: str, call: _Call, now: datetime) -> httpx.Response:
    """One signed request and its checked answer."""
    client = _client(lookup.site(peer_site).base_url)
    timeout = httpx.Timeout(call.timeout_s, connect=CONNECT_TIMEOUT_S)
    request = client.build_request(call.method, call.path, content=call.body, timeout=timeout)
    nonce = secrets.token_hex(http_auth.NONCE_BYTES)
    signed = http_auth.Request(call.method, request.url.raw_path.decode(), call.body)
    request.headers.update(http_auth.sign_request(signed, nonce, now) | {"Content-Type": call.media_type})
    try:
        reply = client.send(request)
    except httpx.HTTPError as error:
        raise Unavailable("peer_unreachable", f"站点 {peer_site} 没有应答（{type(error).__name__}）。") from error
    if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Unavailable("peer_failing", f"站点 {peer_site} 暂时不能处理（{reply.status_code}）。")
    answer = http_auth.Answer(reply.status_code, nonce, reply.content, state_text(reply.headers))
    http_auth.check_answer(peer_site, answer, reply.headers, now)
    if reply.status_code != httpx.codes.OK:
        raise _declined(peer_site, reply)
    return reply


def _declined(peer_site: str, reply: httpx.Response) -> BadReply:
    """What a signed refusal of the request as a whole says."""
    try:
        problem = json.loads(reply.content)
        return BadReply(str(problem["code"])[:64], str(problem["message_zh"])[:400])
    except (ValueError, KeyError, TypeError):
        return BadReply("request_refused", f"站点 {peer_site} 拒绝了请求（{reply.status_code}）。")


@lru_cache(maxsize=CLIENTS_MAX)
def _client(base_url: str) -> httpx.Client:
    """A kept connection per peer; shared by threads, as httpx allows."""
    if not base_url:
        raise Unavailable("peer_without_address", "目录中没有该站点的地址。")
    return httpx.Client(base_url=base_url, trust_env=False, follow_redirects=False)
