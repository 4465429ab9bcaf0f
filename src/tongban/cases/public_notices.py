"""Public notices (公告, 细则 17): put up in two places, open to objections, in the way of recording until they are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.denials import audit_refusal
from tongban.access.require import Scope, require
from tongban.cases import decisions
from tongban.cases.models import Case, CaseFile, NoticeObjection, NoticePosting, PublicNotice
from tongban.cases.words import day_words
from tongban.directory import lookup
from tongban.directory.time_limits import calendar_from
from tongban.domain.calendar import WorkCalendar
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import NoticeRule
from tongban.domain.codes import UnitCode, institution_division
from tongban.domain.decision import Fact, Refusal
from tongban.domain.errors import InvalidInput, NotFound, Problem, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.domain.public_notice import NoticeDays
from tongban.domain.reasons import Reasons
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.wires import as_list, as_mapping, as_text
from tongban.register import reading
from tongban.vault import blobs
from tongban.vault.blobs import CleanUpload

PAGE_ROWS: Final = 20
GROUNDS_CHARS_MAX: Final = 1000
POSTING: Final = "posting"
WRITTEN: Final = (CaseState.RECORDED, CaseState.CERTIFIED, CaseState.ARCHIVED)
_ONWARD: Final = frozenset({"approve_first", "approve_second", "record"})


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as it is or would be published; `is_running`: it hangs out on the day it was asked for.

    `shown_until`: how long a statement that hangs on the site alone stays there; None for what is posted too.

    `posted_on`: when it was posted at the property, the last time if several; None until a photograph shows it.
    """

    pk: int
    number_zh: str
    case_no: str
    registry: str
    title_zh: str
    what_zh: str
    address_zh: str
    unit_zh: str
    law_zh: str
    workdays: int
    days: NoticeDays
    posted_on: date | None
    shown_until: date | None
    is_running: bool

    @property
    def is_on_site_only(self) -> bool:
        """Whether it is a statement that nobody posts at the property (细则 22)."""
        return self.shown_until is not None


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody objects: who, how to reach him, why, on what evidence; all free text but the day it came."""

    name_zh: str
    contact_zh: str
    grounds_zh: str
    evidence_zh: str
    received_on: date


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection with its ruling; `ruling_zh` empty and `decided_at` None while it is undecided."""

    pk: int
    objection: Objection
    is_upheld: bool
    ruling_zh: str
    decided_at: datetime | None


def rule_of(case: Case) -> NoticeRule | None:
    """The notice this case needs by law, if any."""
    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    return CATALOGUE[case.item_number].notice_for(form)


def notice_of(case: Case) -> PublicNotice | None:
    """The notice of a case; asks nothing for items that never need one."""
    if CATALOGUE[case.item_number].public_notice is None:
        return None
    return PublicNotice.objects.filter(case=case).first()


def workdays_of(case: Case) -> int:
    """The working days a case's notice takes out of its legal limit; 0 without one."""
    notice = notice_of(case)
    return notice.workdays if notice else 0


def workdays_within(case: Case, begun: date, end: date, calendar: WorkCalendar) -> int:
    """The working days of the notice between two days."""
    notice = notice_of(case)
    return _days(notice).workdays_within(begun, end, calendar) if notice else 0


def words_for(case: Case) -> str:
    """What the applicant is told while the notice runs; empty otherwise."""
    notice = notice_of(case) if case.state == CaseState.PUBLISHED else None
    if notice is None:
        return ""
    return f"公告从{day_words(notice.published_on)}到{day_words(_days(notice).ends_on)}，公告时间不计入办理期限"


def draft(case: Case, now: datetime) -> PublicNotice:
    """The notice of a case, not kept yet, its words taken from the application and the register."""
    rule, today = rule_of(case), localdate(now)
    assert rule is not None, "only a case that needs a notice publishes one"
    workdays = lookup.parameter_count(rule.days_parameter, institution_division(case.home_registry), today)
    days = NoticeDays.of(today, workdays, calendar_from(today))
    code = UnitCode(as_text(as_list(case.package["units"])[0]))
    facts = reading.unit_facts(code)
    form = {key: as_text(value) for key, value in as_mapping(case.package["form"]).items()}
    content = {
        "what": rule.what_zh(form),
        "law": rule.law_zh,
        "address": facts.address_zh if facts else "",
        "unit": parse_unit_code(code).grouped,
    }
    return PublicNotice(
        case=case, registry=case.home_registry, content=content, published_on=days.published_on, ends_on=days.ends_on,
        workdays=workdays, shown_until=_shown_until(case, rule, days), published_at=now,
    )  # fmt: skip


def _shown_until(case: Case, rule: NoticeRule, days: NoticeDays) -> date | None:
    if not rule.shown_parameter:
        return None
    stays = lookup.parameter_count(rule.shown_parameter, institution_division(case.home_registry), days.published_on)
    return max(days.ends_on, days.published_on + timedelta(days=stays))


def put_up(case: Case, actor: Actor, now: datetime) -> PublicNotice:
    """Publish the notice of a case on the registry's site; for its step."""
    row = draft(case, now)
    row.published_by = actor.id
    row.save()
    return row


def keep_posting(case_no: str, posted_on: date, photo: CleanUpload, actor: Actor, *, now: datetime) -> None:
    """Keep the photograph that shows the notice posted at the property on a day; the same once more changes nothing.

    A notice posted late runs its full working days from that day.  Raises NotPermitted, NotFound, WrongState,
    InvalidInput.
    """
    with transaction.atomic():
        case = locked(case_no, actor, "case.post_notice")
        notice = _open_notice(case)
        if notice.shown_until is not None:
            raise WrongState("notice_on_site_only", "遗失声明只登在网站上，不用张贴。")
        if not notice.published_on <= posted_on <= localdate(now):
            cure = f"请填{day_words(notice.published_on)}（发布的那天）到今天之间的一天"
            raise InvalidInput([Problem("posted_on", "张贴的日期不对", cure)])
        stored = blobs.store(
            case.home_registry, photo.data, photo.name, photo.media_type, purpose="case.notice_posting"
        )
        if notice.postings.filter(posted_on=posted_on, digest=stored.digest).exists():
            return
        days = NoticeDays.of(posted_on, notice.workdays, calendar_from(posted_on))
        position = notice.postings.count() + 1
        notice.postings.create(
            posted_on=posted_on, ends_on=days.ends_on, digest=stored.digest, added_at=now, added_by=actor.id
        )
        CaseFile.objects.create(
            case=case, kind=POSTING, position=position, name_zh=f"公告张贴照片（{day_words(posted_on)}）", digest=stored.digest,
            media_type=stored.media_type, added_at=now, added_by=actor.id,
        )  # fmt: skip
        audit(actor, "case.post_notice", case_no, case_no=case_no, detail={"posted_on": posted_on.isoformat()}, now=now)


def in_the_way(case: Case, action: str, now: datetime) -> Refusal | None:
    """Why a case may not be approved or recorded yet: no notice, still running, or an objection undecided."""
    rule = rule_of(case) if action in _ONWARD and CATALOGUE[case.item_number].public_notice else None
    if rule is None:
        return None
    notice, where, on_site_only = notice_of(case), decisions.place(case), bool(rule.shown_parameter)
    if notice is None:
        return Refusal(Reasons.LOSS_NOT_STATED if on_site_only else Reasons.NOTICE_MISSING, where=where)
    days, today = _days(notice), localdate(now)
    if days.lasts and today <= days.ends_on:
        reason = Reasons.LOSS_STATEMENT_RUNNING if on_site_only else Reasons.NOTICE_RUNNING
        return Refusal(reason, (Fact("期满" if on_site_only else "公告期满", day_words(days.ends_on)),), where)
    if not days.is_posted:
        return Refusal(Reasons.NOTICE_NOT_POSTED, where=where)
    waiting = notice.objections.filter(ruling__isnull=True).count()
    return Refusal(Reasons.NOTICE_OBJECTED, (Fact("没有处理的异议", f"{waiting}件"),), where) if waiting else None


def still_waits(case: Case, now: datetime) -> bool:
    """Whether the notice runs or an objection to it is undecided."""
    notice = notice_of(case)
    assert notice is not None, "a published case has its notice"
    return not _days(notice).is_over(localdate(now)) or notice.objections.filter(ruling__isnull=True).exists()


def over(today: date) -> QuerySet[Case]:
    """The published cases that nothing keeps waiting any more."""
    run_out = Q(public_notice__ends_on__lt=today) | Q(public_notice__workdays=0)
    rows = Case.objects.filter(run_out, state=CaseState.PUBLISHED)
    undecided = NoticeObjection.objects.filter(ruling__isnull=True).values("notice__case")
    postings = NoticePosting.objects.filter(notice__case=OuterRef("pk"))
    on_site_only = Q(public_notice__shown_until__isnull=False)
    return (
        rows.filter(on_site_only | Exists(postings))
        .exclude(Exists(postings.filter(ends_on__gte=today)))
        .exclude(pk__in=undecided)
    )


def take_objection(case_no: str, given: Objection, actor: Actor, *, key: str, now: datetime) -> int | Refusal:
    """Take down an objection that came within the notice; its number.  The same key again changes nothing.

    An objection that came in time may be taken down until the case is recorded.  Raises NotPermitted, NotFound,
    WrongState, InvalidInput.
    """
    _check(given)
    with transaction.atomic():
        case = locked(case_no, actor, "case.take_objection")
        notice = _open_notice(case)
        if known := notice.objections.filter(key=key).first():
            return int(known.pk)
        in_time = _days(notice).is_open(given.received_on) and given.received_on <= localdate(now)
        if in_time:
            content = {
                "name": given.name_zh, "contact": given.contact_zh, "grounds": given.grounds_zh,
                "evidence": given.evidence_zh,
            }  # fmt: skip
            made = notice.objections.create(
                key=key, content=content, received_on=given.received_on, taken_at=now, taken_by=actor.id
            )
            audit(actor, "case.take_objection", case_no, case_no=case_no, now=now)
            return int(made.pk)
        refusal = Refusal(
            Reasons.OBJECTION_TOO_LATE,
            (Fact("公告期", f"{day_words(notice.published_on)}到{day_words(_days(notice).ends_on)}"),),
            decisions.place(case),
        )
    audit_refusal(actor, "case.take_objection", case_no, refusal, now=now)
    return refusal


def of_case(case_no: str, now: datetime) -> NoticeView | None:
    """The notice of a case, running or over, or as it would be published now; None where the case needs none.

    The caller has checked who may read the case.
    """
    case = Case.objects.get(case_no=case_no)
    row = notice_of(case)
    if row is None and not case.ended_at and CATALOGUE[case.item_number].public_notice and rule_of(case):
        row = draft(case, now)
    return view_of(row, localdate(now)) if row else None


def objections_of(case_no: str) -> tuple[ObjectionView, ...]:
    """The objections to a case's notice in their order; the caller has checked who may read the case."""
    rows = NoticeObjection.objects.select_related("ruling").filter(notice__case=case_no)
    found = []
    for row in rows:
        words = {name: as_text(value) for name, value in as_mapping(row.content).items()}
        said = Objection(words["name"], words["contact"], words["grounds"], words["evidence"], row.received_on)
        ruling = getattr(row, "ruling", None)
        upheld, why_zh, at = (ruling.is_upheld, ruling.reason_zh, ruling.decided_at) if ruling else (False, "", None)
        found.append(ObjectionView(row.pk, said, upheld, why_zh, at))
    return tuple(found)


def current(today: date, *, registry: str = "", before: int | None = None) -> tuple[NoticeView, ...]:
    """The notices that hang out, newest first, at most `PAGE_ROWS` + 1: one more tells that a page follows."""
    rows = _hanging(today)
    if registry:
        rows = rows.filter(registry=registry)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple(view_of(row, today) for row in rows.order_by("-pk")[: PAGE_ROWS + 1])


def public_one(pk: int, today: date) -> NoticeView:
    """One notice while it hangs out; NotFound once it is over or its case has ended, so that no name stays public."""
    row = _hanging(today).filter(pk=pk).first()
    if row is None:
        raise NotFound("notice_over", "没有这个公告，或者公告期已满、已经撤下。需要核对的，请联系发布公告的登记机构。")
    return view_of(row, today)


def _hanging(today: date) -> QuerySet[PublicNotice]:
    """Those of open cases while they run; statements their days through, unless the case ended without a certificate."""
    running = Q(ends_on__gte=today) | Q(case__state=CaseState.PUBLISHED)
    open_ones = Q(case__ended_at=None)
    is_stated = Q(shown_until__gte=today) & (open_ones | Q(case__state__in=WRITTEN))
    rows = PublicNotice.objects.filter(is_stated | (open_ones & running), published_on__lte=today)
    return rows.select_related("case").prefetch_related("postings")


def view_of(row: PublicNotice, today: date) -> NoticeView:
    """A notice in words, as it stands on a day."""
    words, days = {name: as_text(value) for name, value in as_mapping(row.content).items()}, _days(row)
    posted = max((one.posted_on for one in _postings(row)), default=None)
    return NoticeView(
        row.pk or 0, f"公〔{row.published_on.year}〕{row.case_id}号", row.case_id, row.registry,
        _title_zh(row), words["what"], words["address"], words["unit"], words["law"], row.workdays, days, posted,
        row.shown_until, bool(row.pk) and _hangs(row, days, today),
    )  # fmt: skip


def _title_zh(row: PublicNotice) -> str:
    item = CATALOGUE[row.case.item_number]
    return (item.public_notice.title_zh if item.public_notice else "") or f"{item.name_zh}公告"


def _hangs(row: PublicNotice, days: NoticeDays, today: date) -> bool:
    if row.shown_until is not None and row.case.state in WRITTEN:
        return today <= row.shown_until
    return row.case.ended_at is None and (days.is_open(today) or (row.shown_until or date.min) >= today)


def _days(row: PublicNotice) -> NoticeDays:
    """The days of both places together: over when the later of them is over."""
    ends = [one.ends_on for one in _postings(row)]
    return NoticeDays(row.published_on, max([row.ends_on, *ends]), bool(ends) or row.shown_until is not None)


def _postings(row: PublicNotice) -> tuple[NoticePosting, ...]:
    return tuple(row.postings.all()) if row.pk else ()


def _open_notice(case: Case) -> PublicNotice:
    notice = notice_of(case)
    if notice is None or case.ended_at is not None:
        raise WrongState("no_notice_open", "这件没有公告，或者已经办结。")
    return notice


def locked(case_no: str, actor: Actor, permission: str) -> Case:
    case = Case.objects.select_for_update().filter(case_no=case_no).first()
    if case is None:
        raise NotFound("case_not_found", "没有这个案件。请核对业务号。")
    require(actor, permission, Scope(frozenset({case.home_registry}), case_no))
    return case


def _check(given: Objection) -> None:
    asked = (
        ("name", given.name_zh, "没有写是谁提出的", "请写姓名或者名称"),
        ("contact", given.contact_zh, "没有写怎样联系", "请写电话或者地址，处理结果要告诉他"),
        ("grounds", given.grounds_zh, "没有写为什么有异议", "请照异议书写"),
        ("evidence", given.evidence_zh, "没有写凭什么", "请写带来了哪些材料，没有的写“没有提交材料”"),
    )
    problems = [
        Problem(field, what, cure)
        for field, text, what, cure in asked
        if not 1 <= len(text.strip()) <= GROUNDS_CHARS_MAX
    ]
    if problems:
        raise InvalidInput(problems)
