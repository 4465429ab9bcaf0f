"""Which view makes which move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse

from tongban.desk.moves import cards, corrections, making, public_notice, recording, refusals
from tongban.domain.errors import NotFound

View = Callable[[HttpRequest, str, str], HttpResponse]

ACTS: Final[Mapping[str, View]] = MappingProxyType(
    {
        **dict.fromkeys(making.DIRECT, making.direct),
        **dict.fromkeys(making.NOTED, making.noted),
        **dict.fromkeys(refusals.REFUSING, refusals.refuse),
        "ask_correction": corrections.correct,
        "withdraw": making.withdraw,
        "publish": public_notice.publish,
        "record": recording.record,
    }
)
assert set(ACTS) == set(cards.CARDS), "every move that is offered has its view"


def act(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Hand over to the view of the move."""
    if action not in ACTS:
        raise NotFound("move_not_found", "没有这种办理。")
    return ACTS[action](request, case_no, action)
