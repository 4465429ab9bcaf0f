"""The trust file as this site gives it out and verifies with it: made anew after a few seconds, never for every visitor."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from tongban.certificates.trust import Trust, read_trust
from tongban.certificates.trust_export import trust_bundle
from tongban.directory import lookup
from tongban.domain.codes import InstitutionKind
from tongban.domain.errors import Unavailable

KEPT: Final = timedelta(seconds=10)  # a revoked key is refused here after this long at the latest


@dataclass(frozen=True, slots=True)
class KeptTrust:
    """The file and what it says."""

    data: bytes
    trust: Trust


_kept: dict[str, KeptTrust] = {}
_lock = threading.Lock()


def trust_file(now: datetime) -> KeptTrust:
    """The signed trust file; raises `Unavailable` where this site does not hold the province's key, or has no directory yet."""
    where = str(connection.settings_dict["NAME"])
    with _lock:
        found = _kept.get(where)
        if found is None or not timedelta() <= now - found.trust.issued_at < KEPT:
            data = _made(now)
            _kept.clear()
            found = _kept[where] = KeptTrust(data, read_trust(data))
        return found


def _made(now: datetime) -> bytes:
    if not lookup.institutions(InstitutionKind.PROVINCE):
        raise Unavailable("trust_missing", "站点刚建好，还没有信任清单，现在验不了。")
    try:
        return trust_bundle(now)
    except Unavailable:
        raise Unavailable("trust_elsewhere", "这个站点不签发信任清单，验真请到省级平台的网站。") from None


def forget() -> None:
    """Make the file anew at the next request."""
    with _lock:
        _kept.clear()
