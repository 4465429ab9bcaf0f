"""A certificate that is lost is issued again, one that is damaged is exchanged (细则 22): S18.

The right does not move: only the number of the certificate changes, and the old one is void from the recording on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from tongban.domain.acts import Act
from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.applying import facts_from, people_and_papers, prefill_of
from tongban.domain.catalogue.disposal import all_together, refuse
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    EntryInput,
    Example,
    FeeRule,
    Field,
    FieldKind,
    NoticeRule,
    PartyRole,
    Question,
    Requirement,
    ServiceItem,
    Shown,
    When,
)
from tongban.domain.catalogue.people import Group, parties_of
from tongban.domain.entries import Entry, ReplaceCertificate
from tongban.domain.facts import ApplicationFacts
from tongban.domain.fees.terms import FeeClass
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.terms import Cause, Document, Registration, Subject
from tongban.domain.unit_page import UnitPage

_OWNERS: Final = Group("owner", PartyRole.OWNER, "权利人", most=4)
_LOST: Final = When("cause", (Cause.CERTIFICATE_LOST.value,))
_BY_REGISTRY: Final = When("published_by", ("registry",))
_BY_HOLDER: Final = When("published_by", ("holder",))

_FIELDS: Final = (
    Field("cause", "证书怎么了", "找不到了、烧毁了选“丢了”；证书还在、只是看不清了，选“破了”。", FieldKind.CHOICE,
          heading_zh=h.MATTER, choices=(
              Choice(Cause.CERTIFICATE_LOST.value, "丢了，要补一本"),
              Choice(Cause.CERTIFICATE_DAMAGED.value, "破了、看不清了，要换一本"),
          )),
    Field("certificate_no", "原来的不动产权证号", "记不得的，窗口能查到。", FieldKind.CERTIFICATE_NO, heading_zh=h.HELD),
    *_OWNERS.fields(),
    *h.under(
        h.LOSS,
        Field("published_by", "遗失声明登了没有", "没有登过的，不用自己去登：登记机构登在自己的网站上，不收费，写明姓名和证号。",
              FieldKind.CHOICE, when=_LOST, choices=(
                  Choice("registry", "没有登，请登记机构登在它的网站上"),
                  Choice("holder", "已经登在登记机构的网站上了"),
              )),
        Field("published_in", "遗失声明登在哪里", "登在房产所在地登记机构的网站上，写网站的名字；也登了报的，一起写上。",
              FieldKind.TEXT, when=_BY_HOLDER),
        Field("published_on", "哪一天登出来的", "声明登出来的日期，例如 2026-11-20。", FieldKind.DAY, when=_BY_HOLDER),
        Field("statement", "声明怎么写的", "照着登出来的声明写，例如 本人遗失豫（2020）滑县不动产权第0000001号证书一本，声明作废。",
              FieldKind.TEXT, when=_BY_HOLDER, is_personal=True, longest=300),
    ),
)  # fmt: skip

_QUESTIONS: Final = b.inquiry(
    Question(
        "not_pawned",
        "证书是不是真的丢了（破了），不是押在别人手里，也不是借给别人了？",
        must_be=YES,
        otherwise_zh="证书在别人手里不算遗失，不能补发。请先要回来；要不回来的，可以找法院。",
    ),
    b.OLD_CERTIFICATE_VOID,
)

_PLEDGE_ZH: Final = b.pledge(
    "证书确实遗失（破损），没有抵押、质押、出借给任何人",
    "请登记机构登遗失声明的，同意写明权利人的姓名（名称）、坐落和证号",
    "原来的证书以后找到了，马上交给登记机构，不再使用",
)

_GUIDE_ZH: Final = b.guide(
    when_zh="不动产权证书丢了、烧毁了，或者破损、看不清了。",
    bring_zh="带身份证；有共有人的，一起来。丢了的，登记机构在它的网站上替您登遗失声明，不收费；已经登过的，带登出来的版面或者网页；"
    "破了的，带那本破损的证书。",
    days=1,
    steps_zh=applying.CERTIFICATE_STEPS_ZH,
    cost_zh="只收工本费，一本10元。",
    after_zh="旧证书从登簿起作废，以后找到了也不能再用。房产上原有的抵押等权利不受影响，仍然有效。",
)


def reissue(given: EntryInput) -> tuple[Entry, ...]:
    """A new certificate in place of the old.

    Raises InvalidInput when the number is not the one in force, a holder does not take part, or a lost certificate was
    not declared lost in public (amendment L11), or its waiting days are not over (parameter `reissue_wait_days`).  The
    statement that the registry itself publishes (`LOSS_NOTICE`) is in the way of its case until it is over.
    """
    form, title = given.form, given.title
    before = title.certificate_no
    if normal_certificate_no(form.get("certificate_no", "")) != normal_certificate_no(before):
        raise refuse("certificate_no", "这不是登记簿上现在有效的证号", "请核对证号；已经换过证的，凭新证办理")
    all_together(_OWNERS.key(1, "name"), _OWNERS.read(form), title.holders, "权利人")
    if _LOST(form) and not _BY_REGISTRY(form):
        _check_published(form, given)
    return (ReplaceCertificate(title.unit.unit_code, before, given.certificate_no()),)


def _check_published(form: Mapping[str, str], given: EntryInput) -> None:
    """The loss was published; where the place has kept a waiting period, its working days are over (细则 22)."""
    if not form.get("published_in") or not form.get("published_on"):
        raise refuse(
            "published_in", "没有填遗失声明登在哪里、哪一天登的", "先在房产所在地登记机构的网站上登遗失声明，再来补证"
        )
    wait_days = given.figure("reissue_wait_days")
    if not wait_days:
        return
    last = given.after_workdays(date.fromisoformat(form["published_on"]), wait_days)
    if given.today <= last:
        raise refuse("published_on", f"遗失声明登出来还不满{wait_days}个工作日", f"请在{last.isoformat()}以后再来补证")


def loss_words(form: Mapping[str, str]) -> str:
    """What everybody may read: who has lost which certificate, and that it counts for nothing any more."""
    names_zh = "、".join(one.identity.name for one in _OWNERS.read(form))
    return f"权利人{names_zh}声明：不慎遗失不动产权证书（{form.get('certificate_no', '')}），声明作废。"


LOSS_NOTICE: Final = NoticeRule(
    needed=_BY_REGISTRY,
    what_zh=loss_words,
    days_parameter="reissue_wait_days",
    law_zh="《不动产登记暂行条例实施细则》第二十二条（2024年修正）",
    when_zh="证书遗失，权利人请登记机构登声明",
    title_zh="不动产权证书遗失声明",
    shown_parameter="loss_statement_days",
)


def _stated_before(facts: ApplicationFacts) -> bool:
    """A statement published before the application is shown at the window."""
    return _LOST(facts.form) and not _BY_REGISTRY(facts.form)


def _prefill(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The certificate in force and the holder who asks."""
    if page.title is None:
        return {}
    return {"certificate_no": page.title.certificate_no, **prefill_of(_OWNERS)(page, shown)}


REISSUE: Final = ServiceItem(
    number="S18",
    name_zh="不动产权证书补发、换发",
    kind=Registration.OTHER,
    subject=Subject.TITLE,
    acts=(Act.REISSUE,),
    applicants=(PartyRole.OWNER,),
    channels=b.EVERYWHERE,
    fields=_FIELDS,
    materials=(
        *people_and_papers(_OWNERS),
        Requirement(
            "loss_statement",
            m.LOSS,
            _stated_before,
            how_zh="登在房产所在地登记机构网站上的遗失声明，打印出来或者给窗口看网页。",
        ),
        replace(b.CERTIFICATE_ROW, needed=b.answered("cause", Cause.CERTIFICATE_DAMAGED)),
    ),
    questions=_QUESTIONS,
    pledge_zh=_PLEDGE_ZH,
    application_facts=facts_from(_OWNERS, cause=Cause.CERTIFICATE_LOST, asked="cause"),
    entries=reissue,
    parties=parties_of(_OWNERS),
    prefill=_prefill,
    fees=(FeeRule(FeeClass.REISSUE, PartyRole.OWNER, "财税〔2016〕79号（补发、换发证书只收工本费）"),),
    issues=(Document.CERTIFICATE,),
    days_target=1,
    days_parameter="item_days.S18",
    law="《不动产登记暂行条例实施细则》第二十二条（2024年修正）",
    guide_zh=_GUIDE_ZH,
    public_notice=LOSS_NOTICE,
    example=Example(
        {
            "cause": Cause.CERTIFICATE_LOST.value,
            "owner1_phone": "13800138018",
            "owner1_comes": "self",
            "owner2_also": NO,
            "published_by": "holder",
            "published_in": "滑县不动产登记中心网站",
            "published_on": "2026-11-02",
            "statement": "本人不慎遗失不动产权证书一本，声明作废。",
        }
    ),
)
