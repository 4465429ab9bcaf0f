"""What a window gives the applicant in writing: the receipt, and the notice where to apply instead."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate, localtime
from PIL import Image

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.certificates.documents import HomeReferralNotice, IntakeReceipt, Letterhead, MaterialLine, SignatureLine
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import PartyRole, Requirement, ServiceItem
from tongban.domain.codes import institution_division
from tongban.domain.decision import Reason, Refusal
from tongban.domain.errors import WrongState
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.reasons import Reasons
from tongban.domain.unit_code import parse_unit_code
from tongban.intake.models import PaperEvent
from tongban.intake.opening import PropertyQuestion
from tongban.intake.queries import ApplicationView, EventLine
from tongban.vault import blobs

SEAL_ZH = "业务专用章"
WEEKDAYS_ZH = "一二三四五六日"
SIGNATURE_HEIGHT_PX = 240
CUSTODY_ZH: Mapping[str, str] = {
    PaperEvent.COLLECTED: "收取，随件转送",
    PaperEvent.CHECKED_RETURNED: "核对后已退还",
    PaperEvent.COPIED: "复印后已退还",
    PaperEvent.RETURNED: "收取后已退还",
}


def receipt(view: ApplicationView, clerk_zh: str, *, specimen_zh: str = "") -> IntakeReceipt:
    """What was received, from whom, when, who decides by when, and what happens next (条例 17).

    Only what lay there when the application was handed over; raises WrongState before that.
    """
    if view.handed_over_at is None:
        raise WrongState("not_handed_over", "这件申请还没有移交属地，没有收件凭证。")
    assert view.answer.unit is not None, "a draft is opened on a matched unit only"
    return IntakeReceipt(
        head=Letterhead(
            view.receiving.name_zh, view.number, localdate(view.handed_over_at), SEAL_ZH, specimen_zh=specimen_zh
        ),
        applicants_zh=tuple(party.name for party in view.parties if party.role in view.item.applicants),
        item_zh=view.item.name_zh,
        address_zh=view.answer.unit.address,
        unit_code_zh=parse_unit_code(view.unit_code).grouped,
        application_no=view.number,
        receiving_zh=view.receiving.name_zh,
        home_zh=view.home.name_zh,
        received_zh=_minute_zh(view.handed_over_at),
        answer_due_zh=f"{_minute_zh(view.answer_due_at)}前；到期没有答复的，视为受理",
        materials=tuple(material_lines(view)),
        notes_zh=notes(view),
        signatures=tuple(_signatures(view, clerk_zh)),
    )


def material_lines(view: ApplicationView) -> list[MaterialLine]:
    """One line per material handed in, as it was at the hand-over."""
    at = view.handed_over_at
    lines = []
    for requirement in view.requirements:
        scans = [scan for scan in view.scans_of(requirement.key) if at is None or scan.added_at <= at]
        papers = [event for event in view.papers_of(requirement.key) if at is None or event.at <= at]
        if scans or papers:
            lines.append(_material(requirement, len(scans), papers))
    shared = [one for one in view.item.materials if one.key in view.answer.dropped_materials]
    lines += [MaterialLine(one.material.name_zh, "共享", pages=0, note_zh="属地共享取得，没有收取") for one in shared]
    return lines


def notes(view: ApplicationView) -> tuple[str, ...]:
    """What the applicant must know: what this paper is not, how long it takes, what it costs, whom to call."""
    day = localdate(view.handed_over_at or view.created_at)
    division = institution_division(view.home_registry)
    promised = lookup.parameter_count(view.item.days_parameter, division, day)
    legal = lookup.parameter_count("legal_limit_workdays", division, day)
    return (
        f"本凭证不是受理通知书。受理、一次告知补正或者不予受理，由{view.home.name_zh}决定，短信告知。",
        f"受理以后{promised}个工作日办结（法定期限{legal}个工作日），补正时间不算。{view.item.fee_zh}。",
        "登簿以前，全体申请人可以到任一通办窗口撤回。没有办成的，凭本凭证领回收取的原件。",
        f"查进度凭收件编号到任一通办窗口，或者打电话：收件窗口 {view.receiving.phone}，属地 {view.home.phone}。",
    )


@dataclass(frozen=True, slots=True)
class Referred:
    """Who is told to apply at home, for what, and why."""

    item: ServiceItem
    applicants_zh: tuple[str, ...]
    address_zh: str
    reasons: tuple[Reason, ...]
    home_registry: str
    bring: tuple[Requirement, ...]


def referral(
    referred: Referred, receiving: str, number_zh: str, day: date, *, specimen_zh: str = ""
) -> HomeReferralNotice:
    """告知到属地申请通知书: why not here, where instead, when it is open, what to bring (48号文 五（三）)."""
    office = lookup.institution(receiving)
    return HomeReferralNotice(
        head=Letterhead(office.name_zh, number_zh, day, SEAL_ZH, specimen_zh=specimen_zh),
        applicants_zh=referred.applicants_zh,
        item_zh=referred.item.name_zh,
        address_zh=referred.address_zh,
        receiving_zh=office.name_zh,
        reasons=referred.reasons,
        place=lookup.place_of(referred.home_registry),
        hours_zh=hours_zh(referred.home_registry),
        bring_zh=tuple(dict.fromkeys(one.material.name_zh for one in referred.bring)),
    )


def told_home(view: ApplicationView, events: Sequence[EventLine]) -> Referred:
    """The notice of a draft the window closed; raises WrongState for any other application."""
    told = next((event for event in events if event.action == "tell_home"), None)
    if view.state is not ApplicationState.TOLD_HOME or told is None:
        raise WrongState("not_told_home", "这件申请没有告知到属地办理，没有通知书可以打印。")
    law = Reasons.HOME_DID_NOT_ANSWER
    reason = Reason(law.code, told.text_zh.rstrip("。") + "。", law.why_zh, law.law_zh, law.cure_zh)
    unit = view.answer.unit
    where = unit.address if unit else view.unit_code
    needed = tuple(view.requirements)
    return Referred(view.item, (view.title["holder_name"],), where, (reason,), view.home_registry, needed)


def refused_at_opening(question: PropertyQuestion, refusal: Refusal, actor: Actor, *, now: datetime) -> Referred:
    """The notice of a question the home registry answered with no; no application exists, the audit keeps who asked."""
    require(actor, "intake.open", Scope(frozenset({actor.institution})))
    parts = parse_unit_code(question.unit_code)
    home = lookup.registry_of_unit(parts.code, localdate(now))
    detail = {"reason": refusal.reason.code}
    audit(actor, "intake.referral", parts.code, purpose="告知到属地申请", detail=detail, now=now)
    where = f"不动产单元号 {parts.grouped}"
    item = CATALOGUE[question.item_number]
    possible = tuple(one for one in item.materials if not one.made_by_system)
    return Referred(item, (question.holder_name,), where, (refusal.reason,), home, possible)


def hours_zh(registry: str) -> str:
    """When the counters of a registry are open: “星期一至星期五 09:00—17:00”; empty when the directory does not say."""
    windows = lookup.windows(registry)
    if not windows:
        return ""
    runs: list[tuple[int, int, tuple[str, str]]] = []
    for day in range(1, 8):
        hours = windows[0].hours.get(str(day))
        if hours is None:
            continue
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        else:
            runs.append((day, day, hours))
    return "；".join(f"{_days_zh(first, last)} {opens}—{closes}" for first, last, (opens, closes) in runs)


def _days_zh(first: int, last: int) -> str:
    days = [f"星期{WEEKDAYS_ZH[day - 1]}" for day in dict.fromkeys((first, last))]
    return "至".join(days)


def _material(requirement: Requirement, scans: int, papers: Sequence[PaperEvent]) -> MaterialLine:
    last = papers[-1] if papers else None
    form = "原件" if requirement.original else "电子"
    note = CUSTODY_ZH[last.kind] if last else "扫描件"
    return MaterialLine(requirement.material.name_zh, form, pages=last.pages if last else scans, note_zh=note)


def _signatures(view: ApplicationView, clerk_zh: str) -> Iterable[SignatureLine]:
    for party in view.present_parties:
        signed = view.signature_of(party.position)
        if signed is not None:
            picture = _png(blobs.read(view.receiving_registry, signed.digest))
            role = PartyRole(party.role).name_zh
            yield SignatureLine(f"申请人（{role}）", party.name, _minute_zh(signed.signed_at), picture)
    assert view.handed_over_at is not None, "a receipt is given after the hand-over"
    yield SignatureLine("收件人员", clerk_zh, _minute_zh(view.handed_over_at))


def _png(data: bytes) -> bytes:
    """A signature small enough for print; a photo of one becomes a PNG too."""
    with Image.open(io.BytesIO(data)) as picture:
        plain = picture.convert("RGB")
    plain.thumbnail((SIGNATURE_HEIGHT_PX * 4, SIGNATURE_HEIGHT_PX))
    out = io.BytesIO()
    plain.save(out, "PNG")
    return out.getvalue()


def _minute_zh(at: datetime) -> str:
    here = localtime(at)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
