"""Beginning an application: the home registry's one answer decides whether it may begin (D3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.denials import audit_refusal
from tongban.access.require import Scope, require
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import FoundBy, ServiceItem
from tongban.domain.codes import InstitutionCode
from tongban.domain.decision import Refusal, Verdict
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.identity import IdDocument, check_document, normal_name, normal_number
from tongban.domain.lifecycle import APPLICATION_START
from tongban.domain.messages import RESTRICTION_CHECK
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.reasons import Reasons
from tongban.domain.terms import HolderKind
from tongban.domain.unit_code import parse_unit_code
from tongban.exchange import questions
from tongban.exchange.contract.restriction import RestrictionCheckAnswer, RestrictionCheckRequest
from tongban.intake import numbers
from tongban.intake.models import Application
from tongban.intake.moves import Act, note


@dataclass(frozen=True, slots=True)
class PropertyQuestion:
    """What the clerk asks about: the unit, the paper in the applicant's hand, and the holder it names.

    `certificate_no` is a certificate's or a proof's number as the item is found by (`ServiceItem.found_by`), empty for
    items found by the unit alone; then the holder is the applicant.  `facts` answer the item's `opening_fields`.
    """

    item_number: str
    channel: str
    window_code: str
    unit_code: str
    certificate_no: str
    holder_name: str
    holder_id_no: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begun:
    """A fresh application and what the home registry answered."""

    number: str
    answer: RestrictionCheckAnswer


def may_open(actor: Actor) -> None:
    """Return if the actor may begin applications at all; else raises NotPermitted with the reason."""
    require(actor, "intake.open", Scope(frozenset({actor.institution})))


Fits = Callable[[RestrictionCheckAnswer], Sequence[Problem]]


def anything_fits(answer: RestrictionCheckAnswer) -> Sequence[Problem]:
    """For whoever fills the form in after the draft is there."""
    return ()


def begin(
    question: PropertyQuestion, actor: Actor, *, key: str, now: datetime, fits: Fits = anything_fits
) -> Begun | Refusal:
    """Ask the home registry, and open a draft when nothing refuses and `fits` finds nothing wrong beside the answer.

    The same key again gives the same draft.  A lawful no is a Refusal and leaves nothing but the evidence of the
    question and the audit of the no.  Raises NotPermitted, InvalidInput, Unavailable (home registry out of reach).
    """
    outcome = _begin(question, actor, key, now, fits)
    if isinstance(outcome, Refusal):
        audit_refusal(actor, "intake.open", question.unit_code[:28], outcome, now=now)
    return outcome


def _begin(question: PropertyQuestion, actor: Actor, key: str, now: datetime, fits: Fits) -> Begun | Refusal:
    """Do what `begin` promises; a no to the answers given first names their fields, so it is raised."""
    if found := Application.objects.filter(opening_key=key).first():
        require(actor, "intake.open", Scope(frozenset({found.receiving_registry}), found.number))
        return Begun(found.number, RestrictionCheckAnswer.model_validate(found.check_answer))
    may_open(actor)
    asked = _checked(question, localdate(now))
    home = _home_of(asked, now)
    if isinstance(home, Refusal):
        return home
    number = _draw(actor.institution, now)
    body = _request(asked, number)
    answered = questions.ask(RESTRICTION_CHECK, sender=actor.institution, to=home, body=body, now=now)
    if answered.refusal:
        return answered.refusal
    answer = answered.body
    assert isinstance(answer, RestrictionCheckAnswer), "the question has this answer"
    refusal = _refusal(answer, home)
    if refusal and answer.problems:
        audit_refusal(actor, "intake.open", asked.unit_code, refusal, now=now)
        raise InvalidInput([Problem(one.field, one.what_zh, one.cure_zh) for one in answer.problems])
    if refusal:
        return refusal
    if problems := fits(answer):
        raise InvalidInput(problems)
    with transaction.atomic():
        application = _create(asked, number, home, answered, actor, key, now)
        note(application, "open", Act(actor, now, "open", "窗口开始收件"))
        audit(actor, "intake.open", number, purpose=asked.item_number, detail={"unit": asked.unit_code})
    return Begun(number, answer)


def _checked(question: PropertyQuestion, today: date) -> PropertyQuestion:
    item = CATALOGUE.get(question.item_number)
    if item is None:
        raise InvalidInput([Problem("item_number", "没有这个服务事项", "请从事项清单里选择")])
    problems, facts = _paper_problems(item, question), _facts(item, question.facts)
    problems += [one for one in forms.check_form(item, facts, today) if one.field in item.opening_fields]
    try:
        parts = parse_unit_code(question.unit_code)
    except InvalidInput as error:
        raise InvalidInput([*problems, *error.problems]) from None
    if problems:
        raise InvalidInput(problems)
    return PropertyQuestion(
        question.item_number,
        question.channel,
        question.window_code,
        parts.code,
        normal_certificate_no(question.certificate_no),
        normal_name(question.holder_name),
        normal_number(question.holder_id_no),
        facts,
    )


def _paper_problems(item: ServiceItem, question: PropertyQuestion) -> list[Problem]:
    problems = []
    if item.found_by is FoundBy.TITLE and not question.certificate_no.strip():
        problems.append(Problem("certificate_no", "没有填不动产权证号", "照着证书抄写"))
    if item.found_by is FoundBy.PROOF and not question.certificate_no.strip():
        problems.append(Problem("certificate_no", "没有填不动产登记证明号", "照着登记证明抄写"))
    if not question.holder_name.strip():
        what_zh, cure_zh = "没有填证书上的权利人", "照着证书抄写原来的姓名（名称）"
        if item.found_by is FoundBy.UNIT:
            what_zh, cure_zh = "没有填申请人的姓名（名称）", "照着身份证或者营业执照填写"
        problems.append(Problem("holder_name", what_zh, cure_zh))
    if not question.holder_id_no.strip():
        problems.append(Problem("holder_id_no", "没有填证件号码", "刷身份证，或者照着证件填写"))
    return problems


def _facts(item: ServiceItem, given: Mapping[str, str]) -> dict[str, str]:
    """The answers that the home registry needs before it can say anything about scope."""
    cleaned = forms.clean_form(item, given)
    return {key: cleaned[key] for key in item.opening_fields if key in cleaned}


def _home_of(question: PropertyQuestion, now: datetime) -> InstitutionCode | Refusal:
    try:
        return InstitutionCode(lookup.registry_of_unit(question.unit_code, localdate(now)))
    except NotFound:
        return Refusal(Reasons.REGISTRY_UNKNOWN)


def _draw(registry: str, now: datetime) -> str:
    with transaction.atomic():
        return numbers.draw(registry, localdate(now))


def _request(question: PropertyQuestion, number: str) -> RestrictionCheckRequest:
    return RestrictionCheckRequest(
        unit_code=question.unit_code,
        certificate_no=question.certificate_no,
        holder_name=question.holder_name,
        holder_id_no=question.holder_id_no,
        service_item=question.item_number,
        channel=question.channel,
        purpose=f"通办收件：{CATALOGUE[question.item_number].name_zh}",
        application_no=number,
        facts=dict(question.facts),
    )


def _refusal(answer: RestrictionCheckAnswer, home: str) -> Refusal | None:
    """The first finding that refuses, as the window's answer with the place to go."""
    if answer.verdict is not Verdict.REFUSE:
        return None
    finding = next(one for one in answer.findings if one.verdict is Verdict.REFUSE)
    return Refusal(finding.reason, finding.facts, answer.place or lookup.place_of(home))


def _applicant(question: PropertyQuestion) -> dict[str, str]:
    """The applicant named at the beginning, into the form where no paper of the register names one."""
    item, number = CATALOGUE[question.item_number], question.holder_id_no
    if not item.applicant:
        return {}
    said = {"name": question.holder_name, "id_no": number}
    if check_document(IdDocument.ID_CARD, number) is None:
        said |= {"id_kind": IdDocument.ID_CARD.value, "kind": HolderKind.PERSON.value}
    elif check_document(IdDocument.USCC, number) is None:
        said |= {"id_kind": IdDocument.USCC.value}
    keys = {field.key for field in item.fields}
    return {key: text for what, text in said.items() if (key := f"{item.applicant}_{what}") in keys}


def _create(  # noqa: PLR0913 - the facts of a fresh row
    question: PropertyQuestion,
    number: str,
    home: str,
    answered: questions.Answer,
    actor: Actor,
    key: str,
    now: datetime,
) -> Application:
    answer = answered.body
    assert isinstance(answer, RestrictionCheckAnswer), "the question has this answer"
    return Application.objects.create(
        number=number,
        item_number=question.item_number,
        channel=question.channel,
        receiving_registry=actor.institution,
        home_registry=home,
        window_code=question.window_code,
        unit_code=question.unit_code,
        state=APPLICATION_START,
        state_since=now,
        clerk=actor.id,
        created_at=now,
        title={
            "certificate_no": question.certificate_no,
            "holder_name": question.holder_name,
            "holder_id_no": question.holder_id_no,
        },
        form={**_applicant(question), **question.facts, **answer.prefill},
        inquiry={},
        check_id=answered.question_id,
        check_digest=answered.digest,
        checked_at=answered.answered_at,
        check_answer=answer.to_wire(),
        opening_key=key,
    )
