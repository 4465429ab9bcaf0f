"""What the pages of queries share: badges, the facts of an application, the units of an answer, the sealed paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tongban.domain.query_terms import Acting, Part
from tongban.domain.unit_code import parse_unit_code
from tongban.enquiries import wording
from tongban.enquiries.queries import ANSWERED, ASKED, DENIED, STATES_ZH
from tongban.exchange.contract.register_query import (
    EMPTY,
    REFUSED,
    SHOWN,
    QueriedUnitBody,
    RegisterQueryRequest,
)
from tongban.web.parts import Badge, Datum, KeyPage, Tone

STATE_TONES: Final[Mapping[str, Tone]] = {
    ASKED: Tone.WAITING,
    ANSWERED: Tone.DONE,
    REFUSED: Tone.STOPPED,
    DENIED: Tone.STOPPED,
}
OUTCOMES: Final[Mapping[str, Badge]] = {
    SHOWN: Badge("已提供", Tone.DONE),
    EMPTY: Badge("没有查到", Tone.QUIET),
    REFUSED: Badge("不予查询", Tone.STOPPED),
}


@dataclass(frozen=True, slots=True)
class UnitPanel:
    """One unit of an answer as a panel."""

    title_zh: str
    parts: Sequence[tuple[str, Sequence[Datum]]]
    notes_zh: Sequence[str]


def state_badge(state: str) -> Badge:
    return Badge(STATES_ZH[state], STATE_TONES[state])


def unit_panels(units: Iterable[QueriedUnitBody]) -> list[UnitPanel]:
    """The answer, unit by unit and part by part."""
    return [
        UnitPanel(
            _address(unit) or parse_unit_code(unit.unit_code).grouped,
            [(one.name_zh, [Datum(fact.name_zh, fact.value_zh) for fact in one.facts]) for one in unit.sections],
            unit.notes_zh,
        )
        for unit in units
    ]


def asked_facts(request: RegisterQueryRequest) -> list[Datum]:
    """Who asked, as what, why, by what."""
    facts = [
        Datum("查询人", wording.person_zh(request.person)),
        Datum("以什么身份", wording.asker_zh(request)),
        Datum("查询目的", request.purpose),
        Datum("查询条件", wording.sought_zh(request)),
        Datum("材料", "、".join(wording.papers_zh(request)) or "没有带材料"),
    ]
    if request.acting != Acting.IN_PERSON:
        facts.insert(2, Datum("替他来的人", wording.person_zh(request.agent)))
    if request.claimed_holder:
        facts.append(Datum("要比对的名称", request.claimed_holder))
    return facts


def pager(address: str, kept: Mapping[str, str], *, before: str, after: str, shown: int) -> KeyPage:
    """Links to the newer and the older page of a list."""

    def url(name: str, key: str) -> str:
        return f"{address}?{urlencode({**kept, name: key})}" if key else ""

    return KeyPage(url("before", before), url("after", after), shown)


def pdf(data: bytes, name: str) -> HttpResponse:
    """A sealed paper, shown in place and saved under its name."""
    disposition = content_disposition_header(False, name) or "inline"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _address(unit: QueriedUnitBody) -> str:
    state = (one for one in unit.sections if one.part == Part.NATURAL_STATE)
    return next((fact.value_zh for one in state for fact in one.facts if fact.name_zh == "坐落"), "")
