"""The home registry's answer to a window's one question: may this be applied for, and what need not be asked (D3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.timezone import localdate

from tongban.access.actors import sender
from tongban.access.audit import OK, REFUSED, audit
from tongban.cases import decisions, queries, trial
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import FoundBy, ServiceItem, Shown
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Decision, Fact, Finding, Reason, Refusal, Verdict
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.facts import UnitFacts
from tongban.domain.identity import mask_id, mask_name, modern_number, plain_name
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.reasons import Reasons
from tongban.domain.restrictions import without_details
from tongban.domain.titles import Holder
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.unit_page import UnitPage
from tongban.exchange.contract.restriction import (
    HolderSummary,
    ProblemBody,
    RestrictionCheckAnswer,
    RestrictionCheckRequest,
    UnitSummary,
)
from tongban.exchange.wires import Question
from tongban.register import reading


def answer(question: Question) -> RestrictionCheckAnswer | Refusal:
    """Look at the unit for the case at hand; a stranger to the title learns nothing but that nothing matches.

    The caller (`exchange`) has checked the signature, the authorization and the agreement of the asking institution.
    """
    request = question.body
    assert isinstance(request, RestrictionCheckRequest), "the question has this body"
    outcome = _answer(request, question)
    refused = outcome.verdict is Verdict.REFUSE
    asker = sender(question.source, lookup.institution(question.source).name_zh)
    detail = {"application": request.application_no, "matched": str(outcome.matched), "verdict": outcome.verdict.value}
    audit(
        asker, "restriction.check", request.unit_code, purpose=request.purpose, now=question.now,
        outcome=REFUSED if refused else OK, detail=detail,
    )  # fmt: skip
    return outcome


def _answer(request: RestrictionCheckRequest, question: Question) -> RestrictionCheckAnswer:
    today = localdate(question.now)
    if request.service_item not in CATALOGUE:
        return _no(question, Reasons.ITEM_NOT_OPEN)
    if not _is_ours(request.unit_code, question):
        return _no(question, Reasons.NOT_THIS_REGISTRY)
    if closed := lookup.is_open(question.to, request.service_item, request.channel, today):
        return _no(question, closed.reason)
    item, page = CATALOGUE[request.service_item], reading.page(request.unit_code)
    unit, shown = reading.unit_facts(request.unit_code), _shown_paper(item, page, request)
    if unit is None or shown is None:
        return _no(question, Reasons.UNIT_UNKNOWN)
    try:
        prefill = _prefill(item, page, _with_facts(item, shown, request, question))
    except InvalidInput as error:
        return _no(question, Reasons.UNIT_UNKNOWN).model_copy(update={"problems": _bodies(error.problems)})
    given = dict(request.form or request.facts)
    wrong = trial.problems(item, given, unit.unit_code, question.to, question.now) if request.form else ()
    # of a further unit nothing is told before its certificate and its owners fit its page: to the facts that begin an
    # application `prefill` saw, to a whole form the trial
    further = () if wrong else item.more_units(given)
    application = item.application_facts(given, item.claims(given))
    own = queries.case_no_of(request.application_no) if further else ""
    spoken = decisions.findings_of_units(
        item, (unit, *further), application, today=today, paper_no=shown.number, but=own
    )
    yes = _yes(question, _told(spoken), item, unit, page, shown).model_copy(update={"prefill": prefill})
    if not request.form:
        return yes  # the verdict itself refuses the beginning
    refused = (one for code, found in spoken[1:] for one in trial.refused(item, given, code, found))
    return yes.model_copy(update={"problems": _bodies((*wrong, *refused))})


def _bodies(problems: Iterable[Problem]) -> tuple[ProblemBody, ...]:
    return tuple(ProblemBody(**one.to_wire()) for one in problems)


def _with_facts(item: ServiceItem, shown: Shown, request: RestrictionCheckRequest, question: Question) -> Shown:
    """The paper with the answers given with it, and the pages they name; raises InvalidInput for another registry's."""
    codes = item.more_units(request.facts)
    if away := trial.elsewhere(item, request.facts, codes, question.to, question.now):
        raise InvalidInput(away)
    return replace(shown, facts=request.facts, more=tuple(reading.page(code) for code in codes))


def _is_ours(unit_code: str, question: Question) -> bool:
    try:
        return lookup.registry_of_unit(unit_code, localdate(question.now)) == question.to
    except NotFound:
        return False


def _told(spoken: Sequence[tuple[UnitCode, tuple[Finding, ...]]]) -> Decision:
    """What a window may know: each reason once for each unit, since it need not know how many burdens there are.

    Of several units each finding names its own.
    """
    told: list[Finding] = []
    for code, found in spoken:
        once = tuple({finding.reason.code: finding for finding in found}.values())
        facts = (Fact("不动产单元", parse_unit_code(code).grouped),) if len(spoken) > 1 else ()
        told += [replace(one, facts=facts) for one in without_details(Decision.of(once)).findings]
    return Decision.of(told)


def _shown_paper(item: ServiceItem, page: UnitPage, request: RestrictionCheckRequest) -> Shown | None:
    """The paper in the applicant's hand, if it is in force and names him; None tells a stranger nothing."""
    number = normal_certificate_no(request.certificate_no)
    if item.found_by is FoundBy.UNIT:
        return Shown(number, None)
    if item.found_by is FoundBy.TITLE:
        fits = page.title is not None and normal_certificate_no(page.title.certificate_no) == number
        holders = page.title.holders if page.title and fits else ()
    else:
        opened = page.by_proof(number)
        holders = (*opened.holders, *(page.title.holders if page.title else ())) if opened else ()
    name, id_no = plain_name(request.holder_name), modern_number(request.holder_id_no)
    asking = (one for one in holders if plain_name(one.name) == name and modern_number(one.id_no) == id_no)
    holder = next(asking, None)
    return None if holder is None else Shown(number, holder)


def _no(question: Question, reason: Reason) -> RestrictionCheckAnswer:
    return RestrictionCheckAnswer(
        matched=False,
        verdict=Verdict.REFUSE,
        findings=(Finding(reason.code, Verdict.REFUSE, reason),),
        checked_at=question.now,
        place=lookup.place_of(question.to),
    )


def _yes(  # noqa: PLR0913 - the parts of one answer
    question: Question, decision: Decision, item: ServiceItem, unit: UnitFacts, page: UnitPage, shown: Shown
) -> RestrictionCheckAnswer:
    title, number = page.title, shown.number
    return RestrictionCheckAnswer(
        matched=True,
        verdict=decision.verdict,
        findings=decision.findings,
        unit=UnitSummary(address=unit.address_zh, use=unit.use_zh, area=unit.area_m2),
        holders=tuple(_holder(holder, shown.holder) for holder in _named(item, page, shown)),
        co_ownership_zh=title.co_ownership.name_zh if title and shown.holder else "",
        certificate_no=title.certificate_no if title and item.found_by is FoundBy.TITLE else number,
        checked_at=question.now,
        place=lookup.place_of(question.to) if decision.verdict is Verdict.REFUSE else None,
    )


def _named(item: ServiceItem, page: UnitPage, shown: Shown) -> tuple[Holder, ...]:
    """Whose right the shown paper is about; a stranger to the unit learns nobody's name, not even masked."""
    if shown.holder is None:
        return ()
    if item.found_by is FoundBy.PROOF:
        opened = page.by_proof(shown.number)
        return opened.holders if opened else ()
    return page.title.holders if page.title else ()


def _holder(holder: Holder, asking: Holder | None) -> HolderSummary:
    is_asking = holder is asking
    return HolderSummary(
        name=holder.name if is_asking else mask_name(holder.name),
        id_no=holder.id_no if is_asking else mask_id(holder.id_no),
        share_zh=f"{holder.share}" if holder.share else "",
        is_asking=is_asking,
    )


def _prefill(item: ServiceItem, page: UnitPage, shown: Shown) -> dict[str, str]:
    """What the register knows and the form asks: never asked twice (B5, I4)."""
    known = item.prefill(page, shown)
    return {field.key: known[field.key] for field in item.fields if field.key in known}
