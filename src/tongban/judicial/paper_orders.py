"""Orders on paper: taken in at the registry, from then on in one sequence with those from the network (facts 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.permissions import Permission
from tongban.access.require import Scope, require
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.unit_code import parse_unit_code
from tongban.exchange.contract.judicial import CourtDocument, JudicialOrder, OfficerBody
from tongban.judicial import orders
from tongban.judicial.models import Order
from tongban.judicial.ordered import Kind
from tongban.judicial.organs import Organ, rule_of
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

UNITS_MAX: Final = 200  # typed from one paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOrder:
    """What stands on the papers, as it was typed; `documents` are the names of the papers, with their scans."""

    organ: Organ
    organ_zh: str
    kind: Kind
    order_no: str
    case_no: str
    units: tuple[str, ...]
    debtors: tuple[str, ...] = ()
    period_from: date | None = None
    period_until: date | None = None
    period_months: int | None = None
    officers: tuple[OfficerBody, ...] = ()
    documents: tuple[str, ...] = ()
    note_zh: str = ""


def take(paper: PaperOrder, scans: Sequence[CleanUpload], actor: Actor, now: datetime, *, key: str) -> str:
    """The paper has been delivered: from this moment it holds its units; its id.

    It is dealt with at once like one from the network.  Again with the same key it changes nothing.  Raises NotPermitted,
    and InvalidInput for what the person who holds the paper can mend.
    """
    require(actor, Permission.JUDICIAL_DECIDE, Scope(frozenset({actor.institution}), paper.order_no))
    number = f"paper-{key}"
    if problems := _problems(paper, scans):
        raise InvalidInput(problems)
    with transaction.atomic():
        if Order.objects.filter(pk=number).exists():
            return number
        kept = [blobs.store(actor.institution, one.data, one.name, one.media_type, purpose="order") for one in scans]
        names = [*paper.documents, *("附件" for _ in kept[len(paper.documents) :])]
        digests = [one.digest for one in kept] + [""] * (len(names) - len(kept))
        papers = tuple(
            CourtDocument(kind=name, number="", digest=one) for name, one in zip(names, digests, strict=True)
        )
        body = JudicialOrder(
            order_no=paper.order_no.strip(),
            court=paper.organ_zh.strip(),
            organ=paper.organ.value,
            court_case_no=paper.case_no.strip(),
            kind=paper.kind.value,
            units=tuple(dict.fromkeys(parse_unit_code(code).code for code in paper.units)),
            persons=paper.debtors,
            period_from=paper.period_from,
            period_until=paper.period_until,
            period_months=paper.period_months,
            officers=paper.officers,
            documents=papers,
            note=paper.note_zh,
            delivered_at=now,
        )
        arrival = orders.Arrival(number, actor.institution, "", body.court, is_paper=True)
        orders.arrive(arrival, body, now)
        audit(
            actor,
            "judicial.take",
            body.order_no,
            detail={"organ": paper.organ.value, "kind": paper.kind.value},
            now=now,
        )
        orders.deal_with(number, body, now)
    return number


def _problems(paper: PaperOrder, scans: Sequence[CleanUpload]) -> list[Problem]:
    found = []
    if paper.kind not in rule_of(paper.organ).kinds:
        what_zh = f"{paper.organ.name_zh}不能要求“{paper.kind.name_zh}”"
        found.append(Problem("kind", what_zh, f"请核对文书；依据见{rule_of(paper.organ).law_zh}"))
    if not paper.units or len(paper.units) > UNITS_MAX:
        found.append(Problem("units", "没有填不动产单元号，或者太多", f"一行一个，最多{UNITS_MAX}个"))
    found += [one for code in paper.units if (one := _code_problem(code))]
    given = [paper.period_months is not None, paper.period_until is not None]
    if all(given):
        found.append(Problem("period_months", "期限填了两种", "照着文书填：写了起止日的填日期，写了多长时间的填月数"))
    if not scans:
        found.append(Problem("scans", "没有文书的扫描件", "把送达的文书逐页扫描后上传"))
    return found


def _code_problem(code: str) -> Problem | None:
    try:
        parse_unit_code(code)
    except InvalidInput as error:
        return Problem("units", f"“{code[:40]}”：{error.problems[0].what_zh}", error.problems[0].cure_zh)
    return None
