"""A licence library over HTTP: JSON up, JSON down."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import httpx

from tongban.departments.licence_library import mapping
from tongban.departments.licence_library.port import LicenceRecord, Listing, Standing
from tongban.domain.errors import BadReply, Unavailable

logging.getLogger("httpx").setLevel(logging.WARNING)  # one line a message says nothing

CONNECT_TIMEOUT_S = 5.0


class HttpLicenceLibrary:
    """One library at one address; keeps its connection between calls."""

    def __init__(self, *, url: str, timeout_s: float) -> None:
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
        self._client = httpx.Client(base_url=url, timeout=timeout, trust_env=False, follow_redirects=False)

    def register(self, record: LicenceRecord) -> None:
        mapping.check_registered(self._ask("POST", "/licences", mapping.to_wire(record)), record.key)

    def standings(self, identifiers: Sequence[str]) -> Mapping[str, Standing]:
        assert len(identifiers) <= mapping.STANDINGS_MAX, "asked about too many licences at once"
        asked = json.dumps({"identifiers": list(identifiers)}).encode()
        found = mapping.read_standings(self._ask("POST", "/standings", asked))
        if not set(found) <= set(identifiers):
            raise BadReply("answer_to_another", "证照库答复了没有问到的证照。")
        return found

    def listing(self, organ_division: str, following: str) -> Listing:
        query = urlencode({"organ": organ_division, "following": following})
        return mapping.read_listing(self._ask("GET", f"/licences?{query}"))

    def _ask(self, method: str, path: str, content: bytes = b"") -> bytes:
        """The bytes of a good answer; trouble on the way is `Unavailable`, another status `BadReply`."""
        try:
            reply = self._client.request(method, path, content=content, headers={"Content-Type": "application/json"})
        except httpx.HTTPError as error:
            reason_zh = f"证照库没有应答（{type(error).__name__}）。"
            raise Unavailable("library_unreachable", reason_zh) from error
        if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise Unavailable("library_failing", f"证照库暂时不能处理（{reply.status_code}）。")
        if reply.status_code != httpx.codes.OK:
            raise BadReply("library_refused_request", f"证照库拒绝了请求（{reply.status_code}）。")
        return reply.content
