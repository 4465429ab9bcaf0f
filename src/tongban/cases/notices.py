"""The written words of a case: notices and decisions made from its moves, sealed once and kept with the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.cases import public_notices, queries
from tongban.cases.models import Case, CaseFile, DueState
from tongban.cases.moves import CorrectionLine
from tongban.cases.words import day_words, moment_words
from tongban.certificates import documents as d
from tongban.certificates import files
from tongban.certificates.documents import Document, Letterhead
from tongban.certificates.signing import SPECIMEN_ZH
from tongban.certificates.typeset.rendering import render
from tongban.directory import lookup
from tongban.directory.time_limits import calendar_from, correction_due_on
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import NO, YES, PartyRole
from tongban.domain.codes import institution_division
from tongban.domain.decision import Fact, Reason, Refusal
from tongban.domain.errors import NotFound
from tongban.domain.lifecycle import CaseState
from tongban.domain.terms import Term
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.wires import as_mapping, as_mappings, as_number, as_text
from tongban.register import reading
from tongban.vault import blobs

PDF: Final = "application/pdf"
PNG: Final = "image/png"
ANSWERS_ZH: Final = {YES: "是", NO: "否"}
FORMS_ZH: Final = {"original": "原件", "copy": "复印件", "shared": "数据共享"}
OTHER_MATTERS_ZH: Final = {"form": "申请书", "inquiry": "询问笔录"}


class Notice(Term):
    """What can be printed from a case; `number` is drawn from the case number under this short sign."""

    ACCEPTANCE = "acceptance", "受理通知书"
    SUPPLEMENT = "supplement", "补正材料一次性告知书"
    NOT_ACCEPTED = "not_accepted", "不予受理告知书"
    REFUSAL = "refusal", "不予登记决定书"
    WITHDRAWAL = "withdrawal", "撤回登记申请确认书"
    OBJECTION = "objection", "公告异议处理告知书"
    INQUIRY = "inquiry", "询问笔录"


SIGNS_ZH: Final[Mapping[Notice, str]] = MappingProxyType(
    {
        Notice.ACCEPTANCE: "受",
        Notice.SUPPLEMENT: "补",
        Notice.NOT_ACCEPTED: "不受",
        Notice.REFUSAL: "不登",
        Notice.WITHDRAWAL: "撤",
        Notice.OBJECTION: "异",
        Notice.INQUIRY: "询",
    }
)


@dataclass(frozen=True, slots=True)
class Available:
    """A notice that exists for a case; `position` counts the rounds of correction, or the objections."""

    notice: Notice
    position: int = 1

    @property
    def name_zh(self) -> str:
        return f"{self.notice.name_zh}（第{self.position}次）" if self.position > 1 else self.notice.name_zh


def available(view: queries.CaseView) -> tuple[Available, ...]:
    """The notices a case has by now."""
    found = [Available(Notice.INQUIRY)] if view.rows_of("inquiry") else []
    found += [Available(Notice.SUPPLEMENT, number) for number in sorted({line.round_no for line in view.corrections})]
    if view.accepted_at is not None:
        found.append(Available(Notice.ACCEPTANCE))
    ended = {
        CaseState.NOT_ACCEPTED: Notice.NOT_ACCEPTED,
        CaseState.REFUSED: Notice.REFUSAL,
        CaseState.WITHDRAWN: Notice.WITHDRAWAL,
    }
    found += [
        Available(Notice.OBJECTION, position)
        for position, one in enumerate(public_notices.objections_of(view.case_no) if view.item.public_notice else (), 1)
        if one.ruling_zh
    ]
    if view.state in ended:
        found.append(Available(ended[view.state]))
    return tuple(found)


def pdf(case_no: str, wanted: Available, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The notice as PDF with its file name; audited.  What the registry issues is sealed once and the same ever after.

    Raises NotFound for a notice the case does not have, NotPermitted.
    """
    row = queries.permitted(case_no, actor)
    data = _kept(row, wanted) or _made(row, wanted, actor, now)
    detail = {"notice": wanted.notice.value, "position": str(wanted.position)}
    audit(actor, "case.notice", case_no, purpose="打印文书", case_no=case_no, detail=detail, now=now)
    return data, f"{wanted.name_zh}-{case_no}.pdf"


def preview_refusal(case_no: str, refusal: Refusal, notice: Notice, actor: Actor, now: datetime) -> Document:
    """The decision as it will be worded when this refusal is made now."""
    row = queries.permitted(case_no, actor)
    if notice is Notice.NOT_ACCEPTED:
        return _not_accepted(row, refusal, now)
    return _refused(row, refusal, now)


def preview_supplement(
    case_no: str, lines: Sequence[CorrectionLine], actor: Actor, now: datetime
) -> d.SupplementNotice:
    """The one-time list as it will be worded when it is sent now."""
    row = queries.permitted(case_no, actor)
    return _supplement(row, lines, 1 + len(_rounds(row)), now)


def material_zh(row: Case, key: str) -> str:
    """The name of what a correction is about: a material of the item, the form, or the inquiry."""
    named = {one.key: one.material.name_zh for one in CATALOGUE[row.item_number].materials}
    return named.get(key) or OTHER_MATTERS_ZH.get(key, key)


def _kept(row: Case, wanted: Available) -> bytes | None:
    known = row.files.filter(kind=_file_kind(wanted.notice), position=wanted.position).first()
    return None if known is None else blobs.read(row.home_registry, known.digest)


def _made(row: Case, wanted: Available, actor: Actor, now: datetime) -> bytes:
    document = _document(row, wanted)
    if wanted.notice is Notice.INQUIRY:
        return render(document)  # the receiving institution's record: printed from the package, not ours to seal
    made = files.sealed(document, row.home_registry, now)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=row.pk)
        if (kept := _kept(row, wanted)) is not None:
            return kept
        stored = blobs.store(row.home_registry, made, f"{wanted.name_zh}-{row.case_no}.pdf", PDF, purpose="case.notice")
        CaseFile.objects.create(
            case=row, kind=_file_kind(wanted.notice), position=wanted.position, name_zh=wanted.name_zh,
            digest=stored.digest, media_type=PDF, added_at=now, added_by=actor.id,
        )  # fmt: skip
    return made


def _file_kind(notice: Notice) -> str:
    return f"notice.{notice.value}"


def _document(row: Case, wanted: Available) -> Document:
    found = _MAKERS[wanted.notice](row, wanted.position)
    if found is None:
        raise NotFound("notice_not_found", f"这个案件没有{wanted.name_zh}。")
    return found


def _head(row: Case, notice: Notice, at: datetime, *, position: int = 1) -> Letterhead:
    day = localdate(at)
    number = f"{SIGNS_ZH[notice]}〔{day.year}〕{row.case_no}{f'-{position}' if position > 1 else ''}号"
    return Letterhead(
        lookup.institution(row.home_registry).name_zh, number, day,
        specimen_zh=SPECIMEN_ZH if settings.TONGBAN_DEMO else "",
    )  # fmt: skip


def _moved_at(row: Case, *actions: str) -> datetime | None:
    """When the last of these moves was made."""
    found = row.moves.filter(action__in=actions).order_by("position").last()
    return None if found is None else found.at


def _applicants(row: Case) -> tuple[str, ...]:
    roles = set(CATALOGUE[row.item_number].applicants)
    return tuple(as_text(one["name"]) for one in as_mappings(row.package["parties"]) if as_text(one["role"]) in roles)


def _item_zh(row: Case) -> str:
    return CATALOGUE[row.item_number].name_zh


def _unit(row: Case) -> tuple[str, str]:
    """Address and written code of the case's unit; several units are named by the first."""
    codes = queries.units_of(row)
    facts = reading.unit_facts(codes[0])
    more = f"等{len(codes)}处" if len(codes) > 1 else ""
    return (facts.address_zh if facts else "") + more, parse_unit_code(codes[0]).grouped + more


def _acceptance(row: Case, position: int) -> Document | None:
    if row.accepted_at is None:
        return None
    deemed = row.moves.filter(action="deem_accepted").exists()
    at = _moved_at(row, "accept", "deem_accepted") or row.accepted_at
    address_zh, unit_zh = _unit(row)
    item, begun = CATALOGUE[row.item_number], localdate(row.accepted_at)
    division, calendar = institution_division(row.home_registry), calendar_from(begun)
    legal, promised = (
        lookup.parameter_count(name, division, begun) for name in ("legal_limit_workdays", item.days_parameter)
    )
    return d.AcceptanceNotice(
        head=_head(row, Notice.ACCEPTANCE, at), applicants_zh=_applicants(row), item_zh=item.name_zh,
        address_zh=address_zh, unit_code_zh=unit_zh, application_no=row.application_no, case_no=row.case_no,
        receiving_zh=lookup.institution(row.receiving_registry).name_zh,
        accepted_zh=moment_words(row.accepted_at) + ("（到期没有答复，视为受理）" if deemed else ""),
        promised_zh=f"{promised}个工作日，即{day_words(calendar.add_workdays(begun, promised))}以前",
        legal_limit_zh=f"{legal}个工作日，即{day_words(calendar.add_workdays(begun, legal))}以前",
        dues_zh=f"{item.fee_zh}（{item.fee_law_zh}）", next_zh=_NEXT_ZH,
    )  # fmt: skip


_NEXT_ZH: Final = (
    "由两名审核人员先后审核，审核通过后登簿；登簿的那一刻，变更生效，旧证同时作废。",
    "登簿后制作电子证照，可以在网上下载和核验，效力和纸质证书相同；要纸质证书的，到窗口领取或者邮寄。",
    "登簿以前可以撤回申请，由全体申请人到收件窗口或者本登记机构办理。",
)


def _supplement_of(row: Case, position: int) -> Document | None:
    asked = list(row.corrections.filter(round_no=position))
    moments = list(row.moves.filter(action="ask_correction").order_by("position").values_list("at", flat=True))
    if not asked or len(moments) < position:
        return None
    lines = [CorrectionLine(one.material_key, one.what_zh, one.cure_zh) for one in asked]
    return _supplement(row, lines, position, moments[position - 1])


def _supplement(row: Case, lines: Sequence[CorrectionLine], position: int, at: datetime) -> d.SupplementNotice:
    address_zh, unit_zh = _unit(row)
    receiving = lookup.institution(row.receiving_registry)
    return d.SupplementNotice(
        head=_head(row, Notice.SUPPLEMENT, at, position=position), applicants_zh=_applicants(row),
        item_zh=_item_zh(row), address_zh=address_zh, unit_code_zh=unit_zh, application_no=row.application_no,
        due_zh=f"{day_words(correction_due_on(at, row.home_registry))}以前；到期没有补正的，不予受理，可以重新申请",
        lines=tuple(
            d.SupplementLine(material_zh(row, line.material_key), line.what_zh, line.cure_zh) for line in lines
        ),
        where_zh=(
            f"到原来收件的{receiving.name_zh}（{receiving.address_zh}，{receiving.phone}）补交，报收件编号，不用重新填表。",
            "在规定的日期以前一次补齐；补齐以后由窗口送回本登记机构，接着办理。",
        ),
    )  # fmt: skip


def _rounds(row: Case) -> set[int]:
    return set(row.corrections.values_list("round_no", flat=True))


def _refusal_of(row: Case) -> Refusal | None:
    return Refusal.from_wire(row.refusal) if row.refusal else None


def _not_accepted_of(row: Case, position: int) -> Document | None:
    refusal, at = _refusal_of(row), _moved_at(row, "not_accept", "lapse")
    return _not_accepted(row, refusal, at) if refusal and at else None


def _not_accepted(row: Case, refusal: Refusal, at: datetime) -> d.NotAcceptedNotice:
    home_zh = lookup.institution(row.home_registry).name_zh
    elsewhere = refusal.where if refusal.where and refusal.where.name_zh != home_zh else None
    return d.NotAcceptedNotice(
        head=_head(row, Notice.NOT_ACCEPTED, at), applicants_zh=_applicants(row), item_zh=_item_zh(row),
        address_zh=_unit(row)[0], application_no=row.application_no, applied_zh=moment_words(row.received_at),
        reasons=(_with_facts(refusal),), remedy_zh=_remedy_zh(row, at), place=elsewhere,
    )  # fmt: skip


def _with_facts(refusal: Refusal) -> Reason:
    """The reason with what was found in this case before why the law asks it; this notice has no table of facts."""
    found = "；".join(f"{fact.name_zh}：{fact.value_zh.rstrip('。；')}" for fact in refusal.facts)
    return replace(refusal.reason, why_zh=f"{found}。{refusal.reason.why_zh}") if found else refusal.reason


def _refused_of(row: Case, position: int) -> Document | None:
    refusal, at = _refusal_of(row), _moved_at(row, "refuse")
    return _refused(row, refusal, at) if refusal and at else None


def _refused(row: Case, refusal: Refusal, at: datetime) -> d.RefusalDecision:
    address_zh, unit_zh = _unit(row)
    facts = refusal.facts or (Fact("查明的事实", refusal.reason.what_zh),)
    return d.RefusalDecision(
        head=_head(row, Notice.REFUSAL, at), applicants_zh=_applicants(row), item_zh=_item_zh(row),
        address_zh=address_zh, unit_code_zh=unit_zh, case_no=row.case_no,
        accepted_zh=moment_words(row.accepted_at) if row.accepted_at else "", facts=facts, reasons=(refusal.reason,),
        returned_zh="申请材料和收取的不动产权证书全部退还，由原收件窗口通知领取。", remedy_zh=_remedy_zh(row, at),
    )  # fmt: skip


def _remedy_zh(row: Case, at: datetime) -> str:
    return lookup.parameter_text("remedy_text", institution_division(row.home_registry), localdate(at))


def _objection_of(row: Case, position: int) -> Document | None:
    ruled = dict(enumerate(public_notices.objections_of(row.case_no), 1)).get(position)
    hung = public_notices.notice_of(row)
    if hung is None or ruled is None or ruled.decided_at is None:
        return None
    shown = public_notices.view_of(hung, localdate(ruled.decided_at))
    return d.ObjectionAnswer(
        head=_head(row, Notice.OBJECTION, ruled.decided_at, position=position), objector_zh=ruled.objection.name_zh,
        notice_zh=f"{shown.number_zh}《{shown.title_zh}》", address_zh=_unit(row)[0],
        received_zh=day_words(ruled.objection.received_on), is_upheld=ruled.is_upheld,
        grounds_zh=ruled.objection.grounds_zh, reason_zh=ruled.ruling_zh, law_zh=shown.law_zh,
        remedy_zh=f"认为登记错了的，登记以后可以申请更正登记、异议登记。{_remedy_zh(row, ruled.decided_at)}",
    )  # fmt: skip


def _withdrawn_of(row: Case, position: int) -> Document | None:
    move = row.moves.filter(action="withdraw").order_by("position").last()
    if move is None:
        return None
    address_zh, unit_zh = _unit(row)
    return d.WithdrawalConfirmation(
        head=_head(row, Notice.WITHDRAWAL, move.at), applicants_zh=_applicants(row), item_zh=_item_zh(row),
        address_zh=address_zh, unit_code_zh=unit_zh, application_no=row.application_no, case_no=row.case_no,
        applied_zh=moment_words(row.received_at), withdrawn_zh=moment_words(move.at), reason_zh=move.note_zh,
        refund_zh="已缴税费依法退还" if row.dues.filter(state=DueState.REFUND_DUE).exists() else "未缴纳税费",
        materials=_materials(row),
    )  # fmt: skip


def _materials(row: Case) -> tuple[d.MaterialLine, ...]:
    return tuple(
        d.MaterialLine(as_text(one["name"]), FORMS_ZH.get(as_text(one["kind"]), ""), 1, as_number(one["pages"]))
        for one in as_mappings(row.package.get("materials", []))
        if as_text(one["kind"]) != "shared"
    )


def _inquiry_of(row: Case, position: int) -> Document | None:
    answers = as_mappings(row.package.get("inquiry", []))
    if not answers:
        return None
    address_zh, unit_zh = _unit(row)
    signatures = _signatures(row)
    clerk_zh = as_text(as_mapping(row.package.get("clerk") or {}).get("name", ""))
    asked_at = min((datetime.fromisoformat(as_text(one["signed_at"])) for one in _signed(row)), default=row.received_at)
    office_zh = lookup.institution(row.receiving_registry).name_zh
    head = _head(row, Notice.INQUIRY, asked_at)
    return d.InquiryRecord(
        head=replace(head, office_zh=office_zh, seal_zh="", foot_zh="本件由移交属地登记机构的电子收件材料打印。"),
        item_zh=_item_zh(row), address_zh=address_zh, unit_code_zh=unit_zh, application_no=row.application_no,
        asked_zh=moment_words(asked_at), where_zh=f"{office_zh}，{as_text(as_mapping(row.package['window'])['name'])}",
        asker_zh=clerk_zh, person_zh="、".join(line.name_zh for line in signatures),
        lines=tuple(
            d.InquiryLine(as_text(one["question"]), ANSWERS_ZH.get(as_text(one["answer"]), as_text(one["answer"])))
            for one in answers
        ),
        statement_zh="以上笔录我已看过（听过），和我说的一致。",
        signatures=(*signatures, d.SignatureLine("询问人", clerk_zh, moment_words(asked_at))),
    )  # fmt: skip


def _signed(row: Case) -> Sequence[Mapping[str, object]]:
    return as_mappings(row.package.get("signatures", []))


def _signatures(row: Case) -> tuple[d.SignatureLine, ...]:
    parties = as_mappings(row.package["parties"])
    lines = []
    for one in _signed(row):
        party = parties[as_number(one["party_index"])]
        digest = as_text(one["digest"])
        ref = blobs.find(row.home_registry, digest)
        picture = blobs.read(row.home_registry, digest) if ref.media_type == PNG else b""
        signed_zh = moment_words(datetime.fromisoformat(as_text(one["signed_at"])))
        role_zh = PartyRole(as_text(party["role"])).name_zh
        lines.append(d.SignatureLine(role_zh, as_text(party["name"]), signed_zh, picture))
    return tuple(lines)


_MAKERS: Final[Mapping[Notice, Callable[[Case, int], Document | None]]] = MappingProxyType(
    {
        Notice.ACCEPTANCE: _acceptance,
        Notice.SUPPLEMENT: _supplement_of,
        Notice.NOT_ACCEPTED: _not_accepted_of,
        Notice.REFUSAL: _refused_of,
        Notice.WITHDRAWAL: _withdrawn_of,
        Notice.OBJECTION: _objection_of,
        Notice.INQUIRY: _inquiry_of,
    }
)
assert set(_MAKERS) == set(Notice) == set(SIGNS_ZH), "every notice can be made and numbered"
