"""The trust file as this site gives it out and verifies with it: made anew after a few seconds, never for every visitor."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from tongban.certificates.trust import Trust, read_trust
from tongban.certificates.trust_export import trust_bundle

KEPT: Final = timedelta(seconds=10)  # a revoked key is refused here after this long at the latest


@dataclass(frozen=True, slots=True)
class KeptTrust:
    """The file and what it says."""

    data: bytes
    trust: Trust


_kept: dict[str, KeptTrust] = {}
_lock = threading.Lock()


def trust_file(now: datetime) -> KeptTrust:
    """The signed trust file; raises `Unavailable` where this site does not hold the province's key."""
    where = str(connection.settings_dict["NAME"])
    with _lock:
        found = _kept.get(where)
        if found is None or not timedelta() <= now - found.trust.issued_at < KEPT:
            data = trust_bundle(now)
            _kept.clear()
            found = _kept[where] = KeptTrust(data, read_trust(data))
        return found


def forget() -> None:
    """Make the file anew at the next request."""
    with _lock:
        _kept.clear()
