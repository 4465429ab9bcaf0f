"""The purpose of a look into the register, carried in the address of the unit's page: signed, personal, short-lived."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from tongban.access.actors import Actor

WHY: Final = "why"
_SALT: Final = "desk.register.why"
_SECONDS_MAX: Final = 1800


def unit_url(unit_code: str, purpose_zh: str, username: str, **more: str) -> str:
    """The page of a unit for somebody who said why."""
    token = signing.dumps([unit_code, username, purpose_zh], salt=_SALT)
    return f"{reverse('desk:register_unit', args=[unit_code])}?{urlencode({WHY: token, **more})}"


def purpose_of(request: HttpRequest, unit_code: str, actor: Actor) -> str:
    """The purpose that was given for this unit by this person within half an hour; empty otherwise."""
    try:
        about, who, purpose_zh = signing.loads(request.GET.get(WHY, ""), salt=_SALT, max_age=_SECONDS_MAX)
    except (signing.BadSignature, ValueError):
        return ""
    return str(purpose_zh) if (about, who) == (unit_code, actor.id) else ""
