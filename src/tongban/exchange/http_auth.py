"""Signatures on HTTP between sites: a request cannot be forged, changed, replayed or kept for later, nor its answer.

Signed are method, path with query, body digest, nonce and time of a request; status, body digest, the request's nonce
and time of an answer.  The signer is an institution the site hosts: the one that operates it.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tongban.directory import lookup
from tongban.domain.codes import InstitutionKind, institution_kind
from tongban.domain.errors import BadReply, BadSignature, NotFound, NotPermitted, Unavailable
from tongban.exchange.contract.body import instant_text
from tongban.exchange.contract.limits import CLOCK_SKEW_MAX, NONCE_CHARS_MAX, NONCE_KEPT, REQUESTS_PER_MINUTE_MAX
from tongban.exchange.models import HttpNonce
from tongban.vault import keys
from tongban.vault.sm3 import sm3_hex

NONCE_BYTES = 16

SIGNER = "Tongban-Signer"
KEY = "Tongban-Key"
ALGORITHM = "Tongban-Algorithm"
TIME = "Tongban-Time"
NONCE = "Tongban-Nonce"
SIGNATURE = "Tongban-Signature"


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed of a request; `path` is everything after the host, as sent."""

    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is signed of an answer; `extra` stands for headers that carry meaning."""

    status: int
    nonce: str
    body: bytes
    extra: str = ""


def operator() -> str:
    """The institution that signs for this site: the province's centre where it is hosted, else the first by code."""
    hosted = [institution.code for institution in lookup.hosted()]
    if not hosted:
        raise Unavailable("site_without_operator", "本站点没有托管任何机构,无法签名。")
    return min(hosted, key=lambda code: (institution_kind(code) is not InstitutionKind.PROVINCE, code))


def sign_request(request: Request, nonce: str, now: datetime) -> dict[str, str]:
    """Headers that prove this site made the request at this moment; raises `Unavailable` without a key."""
    signer, time = operator(), instant_text(now)
    signature = keys.sign(signer, _request_bytes(request, signer, nonce, time), now)
    return _headers(signer, nonce, time, signature)


def check_request(request: Request, headers: Mapping[str, str], now: datetime) -> str:
    """The partner site that made the request.

    Raises `NotPermitted` when nobody known signed it, the clock is off, the nonce was used before, or requests are too
    many (`TooManyRequests`).  The nonce is used up last, so that a stranger cannot use up a partner's.
    """
    signer, nonce, time = (headers.get(name, "") for name in (SIGNER, NONCE, TIME))
    if not (signer and nonce and time) or len(nonce) > NONCE_CHARS_MAX:
        raise NotPermitted("http_unsigned", "请求没有签名。")
    signed_at = _time(time)
    if abs(now - signed_at) > CLOCK_SKEW_MAX:
        raise NotPermitted("http_clock", "请求的时间与本站点相差超过 5 分钟。")
    try:
        site = lookup.site_of(signer)
        _check(signer, headers, _request_bytes(request, signer, nonce, time), signed_at)
    except (BadSignature, NotFound) as error:
        raise NotPermitted("http_signature", f"请求签名不可信：{error.message_zh}") from error
    _check_rate(site, now)
    _, is_new = HttpNonce.objects.get_or_create(partner=site, nonce=nonce, defaults={"seen_at": now})
    if not is_new:
        raise NotPermitted("http_replayed", "这个请求已经来过一次。")
    return site


def sign_answer(answer: Answer, now: datetime) -> dict[str, str]:
    """Headers that prove this site gave the answer to this very request."""
    signer, time = operator(), instant_text(now)
    signature = keys.sign(signer, _answer_bytes(answer, signer, time), now)
    return _headers(signer, answer.nonce, time, signature)


def check_answer(peer_site: str, answer: Answer, headers: Mapping[str, str], now: datetime) -> None:
    """Return when the peer signed this answer to this request just now; else `BadReply`."""
    signer, time = headers.get(SIGNER, ""), headers.get(TIME, "")
    if not signer or headers.get(NONCE) != answer.nonce:
        raise BadReply("answer_unsigned", f"站点 {peer_site} 的回答没有签名。")
    try:
        signed_at = _time(time)
        if lookup.site_of(signer) != peer_site:
            raise BadSignature("signer_elsewhere", f"{signer} 不在站点 {peer_site}。")
        _check(signer, headers, _answer_bytes(answer, signer, time), signed_at)
    except (BadSignature, NotPermitted, NotFound) as error:
        raise BadReply("answer_signature", f"站点 {peer_site} 的回答签名不可信：{error.message_zh}") from error
    if abs(now - signed_at) > CLOCK_SKEW_MAX:
        raise BadReply("answer_clock", f"站点 {peer_site} 的时钟与本站点相差超过 5 分钟。")


def prune_nonces(now: datetime) -> int:
    """Forget nonces whose requests would be refused by their time anyway; returns how many."""
    return HttpNonce.objects.filter(seen_at__lt=now - NONCE_KEPT).delete()[0]


def _request_bytes(request: Request, signer: str, nonce: str, time: str) -> bytes:
    lines = ("tongban request 1", signer, request.method, request.path, sm3_hex(request.body), nonce, time)
    return "\n".join(lines).encode()


def _answer_bytes(answer: Answer, signer: str, time: str) -> bytes:
    lines = ("tongban answer 1", signer, str(answer.status), sm3_hex(answer.body), answer.extra, answer.nonce, time)
    return "\n".join(lines).encode()


def _headers(signer: str, nonce: str, time: str, signature: keys.Signature) -> dict[str, str]:
    return {
        SIGNER: signer,
        KEY: signature.key_id,
        ALGORITHM: signature.algorithm,
        TIME: time,
        NONCE: nonce,
        SIGNATURE: base64.b64encode(signature.value).decode(),
    }


def _check(signer: str, headers: Mapping[str, str], content: bytes, signed_at: datetime) -> None:
    try:
        value = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("signature_malformed", "签名无法读取。") from None
    keys.check(
        signer, headers.get(KEY, ""), headers.get(ALGORITHM, ""), content, value, signed_at, received_at=signed_at
    )


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NotPermitted("http_clock", "请求的时间无法读取。") from None
    if found.tzinfo is None:
        raise NotPermitted("http_clock", "请求的时间没有时区。")
    return found.astimezone(UTC)


class _Rates:
    """Requests per partner in the present minute, of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = datetime.min.replace(tzinfo=UTC)
        self._counts: dict[str, int] = {}

    def count(self, site: str, now: datetime) -> int:
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[site] = self._counts.get(site, 0) + 1
            return self._counts[site]


_rates = _Rates()


class TooManyRequests(NotPermitted):
    """The partner may try again in a minute."""


def _check_rate(site: str, now: datetime) -> None:
    if _rates.count(site, now) > REQUESTS_PER_MINUTE_MAX:
        raise TooManyRequests("http_rate", "请求过于频繁,请稍后再试。")
