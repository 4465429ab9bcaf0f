"""The ready accounts of a demonstration site, read from the file that its maker wrote; none on any other site."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tongban.access import passwords

ACCOUNTS_FILE = "demo-accounts.json"
PROGRESS_FILE = "demo-progress.txt"
PROGRESS_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account anybody may try: what it signs in with, and what there is to try."""

    username: str
    password: str
    totp_secret: str
    name_zh: str
    institution_zh: str
    roles_zh: str
    try_zh: str

    def codes(self, now: datetime) -> tuple[str, str]:
        """The codes of this half minute and of the next one; each works once."""
        later = now + timedelta(seconds=passwords.STEP_S)
        return passwords.code_at(self.totp_secret, now), passwords.code_at(self.totp_secret, later)


def accounts() -> tuple[DemoAccount, ...]:
    """Every account of the demonstration, in the order of its file."""
    text = _read(ACCOUNTS_FILE)
    return tuple(DemoAccount(**row) for row in json.loads(text)) if text else ()


def account(username: str) -> DemoAccount | None:
    """One account by its user name."""
    return next((one for one in accounts() if one.username == username), None)


def progress_zh() -> str:
    """What the demonstration is still preparing; empty when it is ready."""
    return _read(PROGRESS_FILE).strip()[:PROGRESS_CHARACTERS_MAX]


def _read(name: str) -> str:
    path = Path(settings.TONGBAN_HOME) / name
    return path.read_text(encoding="utf-8") if settings.TONGBAN_DEMO and path.exists() else ""
