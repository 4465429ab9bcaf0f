"""Which view makes which move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpRequest, HttpResponse

from tongban.desk import (
    cases_cards,
    cases_corrections,
    cases_moves,
    cases_public_notice,
    cases_recording,
    cases_refusals,
)
from tongban.domain.errors import NotFound

View = Callable[[HttpRequest, str, str], HttpResponse]

ACTS: Final[Mapping[str, View]] = MappingProxyType(
    {
        **dict.fromkeys(cases_moves.DIRECT, cases_moves.direct),
        **dict.fromkeys(cases_moves.NOTED, cases_moves.noted),
        **dict.fromkeys(cases_refusals.REFUSING, cases_refusals.refuse),
        "ask_correction": cases_corrections.correct,
        "withdraw": cases_moves.withdraw,
        "publish": cases_public_notice.publish,
        "record": cases_recording.record,
    }
)
assert set(ACTS) == set(cases_cards.CARDS), "every move that is offered has its view"


def act(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Hand over to the view of the move."""
    if action not in ACTS:
        raise NotFound("move_not_found", "没有这种办理。")
    return ACTS[action](request, case_no, action)
