"""`tongban seed-demo`: offices, accounts, property and cases of a demonstration, all made by the public services."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tongban.access import staff
from tongban.cli import scenes
from tongban.directory import lookup
from tongban.directory.recent import forget_kept

ACCOUNTS_FILE = "demo-accounts.json"
PROGRESS_FILE = "demo-progress.txt"


def run(words: list[str]) -> int:
    """Fill a fresh site; a site that has people already is left as it is."""
    parser = argparse.ArgumentParser(prog="tongban seed-demo")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args(words).port
    if staff.is_founded():
        print(f"the demonstration is ready: http://127.0.0.1:{port}/sign-in", flush=True)
        return 0
    demonstration = scenes.Demonstration(_say, _publish)
    demonstration.make(timezone.now())
    _say("")
    print(f"the demonstration is ready: http://127.0.0.1:{port}/sign-in lists its accounts", flush=True)
    return 0


def _say(line: str) -> None:
    """Progress on the console and, through a file, on the sign-in page."""
    if line:
        print(f"  {line}", flush=True)
    _write(PROGRESS_FILE, line)


def _publish(accounts: list[scenes.Ready]) -> None:
    """What the sign-in page of a demonstration lists."""
    forget_kept()
    rows = [
        {
            "username": one.account.username,
            "password": one.password,
            "totp_secret": one.totp_secret,
            "name_zh": one.account.name_zh,
            "institution_zh": lookup.institution(one.account.institution).name_zh,
            "roles_zh": "、".join(role.name_zh for role in one.account.roles),
            "try_zh": one.account.try_zh,
        }
        for one in accounts
    ]
    _write(ACCOUNTS_FILE, json.dumps(rows, ensure_ascii=False, indent=1))


def _write(name: str, text: str) -> None:
    path = Path(settings.TONGBAN_HOME) / name
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(path)
