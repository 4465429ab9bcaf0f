"""The short word after a move, carried to the next page in its address and signed, so that no link can invent one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.http import HttpRequest

from tongban.domain.lifecycle import CASE_MOVES, CaseState

PARAMETER: Final = "done"
_SALT: Final = "desk.case.done"
_SECONDS_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Done:
    """A move that was made a moment ago."""

    case_no: str
    action: str
    state: CaseState

    @property
    def text_zh(self) -> str:
        return f"已办理“{CASE_MOVES[self.action].name_zh}”，这件现在是“{self.state.name_zh}”。"


def token(case_no: str, action: str, state: str) -> str:
    """What goes into the address of the next page."""
    return signing.dumps([case_no, action, state], salt=_SALT)


def read(request: HttpRequest) -> Done | None:
    """The move told by this address; None when there is none, or it is old or not ours."""
    try:
        case_no, action, state = signing.loads(request.GET.get(PARAMETER, ""), salt=_SALT, max_age=_SECONDS_MAX)
        return Done(str(case_no), CASE_MOVES[action].action, CaseState(state))
    except (signing.BadSignature, KeyError, ValueError):
        return None
