"""The words of a change of document: its form, its inquiry and its guide, as people read them."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.people import Group
from tongban.domain.identity import ENTERPRISE_DOCUMENTS, PERSON_DOCUMENTS

OWNER: Final = Group("owner", PartyRole.OWNER, "权利人")
OLD_NUMBER_GREW: Final = "grew"
REISSUED: Final = "reissued"

_DOCUMENTS = tuple(
    Choice(kind.value, kind.name_zh) for kind in dict.fromkeys((*PERSON_DOCUMENTS, *ENTERPRISE_DOCUMENTS))
)
_WITH_PAPER: Final = When("way", (REISSUED,))

IDENTITY_FIELDS: Final = (
    Field("certificate_no", "现在的不动产权证号", "照着证书抄，例如 豫（2026）滑县不动产权第0001234号。",
          FieldKind.CERTIFICATE_NO, heading_zh=h.HELD),
    *h.under(
        h.PREVIOUS_PAPERS,
        Field("previous_id_kind", "原来的证件种类", "就是登记簿上现在写的那一种。", FieldKind.CHOICE, choices=_DOCUMENTS),
        Field("previous_id_no", "原来的证件号码", "就是登记簿上现在写的号码；以前15位的身份证号照着填。", FieldKind.TEXT,
              is_personal=True, longest=40),
    ),
    *OWNER.fields(),
    *h.under(
        h.PAPERS,
        Field("way", "证件是怎么变的", "身份证号从15位升到18位的，系统自己会核对，不用再开证明。", FieldKind.CHOICE, choices=(
            Choice(OLD_NUMBER_GREW, "身份证号从15位升成18位，别的没变"),
            Choice(REISSUED, "换了另一种证件，或者号码改了"),
        )),
        Field("evidence_kind", "用什么证明是同一个人（同一个单位）", "改了身份证号的，到派出所开证明；单位带市场监督管理部门的通知书。",
              FieldKind.CHOICE, choices=tuple(
                  Choice(kind.key, kind.name_zh)
                  for kind in (m.POLICE_NUMBER, m.SAME_PERSON, m.MARKET_CHANGE, m.AUTHORITY_CHANGE)
              ), when=_WITH_PAPER),
        Field("evidence_no", "证明的编号", "上面没有编号的填“无”。", FieldKind.TEXT, when=_WITH_PAPER, is_personal=True,
              longest=60),
        Field("evidence_issuer", "出具证明的单位", "例如 滑县公安局城关派出所。", FieldKind.TEXT, when=_WITH_PAPER),
        Field("evidence_date", "证明的日期", "证明上写的出具日期，例如 2026-11-20。", FieldKind.DAY, when=_WITH_PAPER),
    ),
)  # fmt: skip

IDENTITY_QUESTIONS: Final = b.inquiry(
    Question(
        "same_holder",
        "换证件前后，是不是同一个人（同一个单位）？",
        must_be=YES,
        otherwise_zh="换了人就不是证件变更，要办转移登记。",
    ),
    b.OLD_CERTIFICATE_VOID,
)

IDENTITY_PLEDGE_ZH: Final = b.pledge("换证件前后是同一个人（同一个单位），不是借换证件把房产给别人")

IDENTITY_GUIDE_ZH: Final = b.guide(
    when_zh="人没换、单位没换，姓名（名称）也没改，只是身份证号从15位升到18位、换了证件种类、或者号码改了。",
    bring_zh="带现在的身份证（营业执照）、不动产权证书。身份证号从15位升到18位的，不用再开证明；"
    "换了证件种类或者号码的，再带派出所等部门出具的、能看出是同一个人的证明。别人代办的，再带授权委托书和代办人的身份证。",
    days=1,
    cost_zh=applying.FREE_ZH,
    steps_zh=applying.CERTIFICATE_STEPS_ZH,
    after_zh="旧证书同时作废。房产上原有的抵押等权利不受影响，仍然有效。",
)
