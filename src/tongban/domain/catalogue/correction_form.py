"""The words of a correction: its form, its inquiry, its pledge and its guide, as people read them."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.consents import Consent, consent_fields
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.people import Group
from tongban.domain.house_uses import HOUSE_USES
from tongban.domain.identity import ENTERPRISE_DOCUMENTS, PERSON_DOCUMENTS

APPLICANT: Final = Group("applicant", PartyRole.OWNER, "申请人", most=4)
OWNER: Final = "owner"
CLAIMANT: Final = "claimant"
CONSENT: Final = "consent"
PROOF: Final = "proof"

HOLDER: Final = "holder"
SHARES: Final = "shares"
ADDRESS: Final = "address"
AREA: Final = "area"
USE: Final = "use"

_OF_HOLDER: Final = When("what", (HOLDER,))
_DOCUMENTS = tuple(
    Choice(kind.value, kind.name_zh) for kind in dict.fromkeys((*PERSON_DOCUMENTS, *ENTERPRISE_DOCUMENTS))
)

FIELDS: Final = (
    *h.under(
        h.MATTER,
        Field("what", "登记簿上哪里记错了", "一次更正一项；错了几项的，分几次办。", FieldKind.CHOICE, choices=(
            Choice(HOLDER, "权利人的姓名（名称）或者证件号码"),
            Choice(SHARES, "各人的份额"),
            Choice(ADDRESS, "坐落（地址）"),
            Choice(AREA, "面积"),
            Choice(USE, "房屋用途"),
        )),
        Field("same_holder", "更正前后是同一个人（同一个单位）吗", "只是名字、号码写错了的，选“是”。", FieldKind.YES_NO,
              when=_OF_HOLDER),
    ),
    Field("certificate_no", "现在的不动产权证号", "照着证书抄，例如 豫（2026）滑县不动产权第0001234号。",
          FieldKind.CERTIFICATE_NO, heading_zh=h.HELD),
    *h.under(
        h.WHO_APPLIES,
        Field("who", "谁来申请", "登记簿上的权利人来的选前一个。", FieldKind.CHOICE, choices=(
            Choice(OWNER, "登记簿上的权利人"),
            Choice(CLAIMANT, "别的利害关系人"),
        )),
        Field("support", "有什么能支持更正", "两样都有的选前一个。", FieldKind.CHOICE, choices=(
            Choice(CONSENT, "权利人书面同意更正"),
            Choice(PROOF, "有证据证明登记簿确实错了（例如生效判决）"),
        ), when=When("who", (CLAIMANT,))),
    ),
    *APPLICANT.fields(),
    *h.under(
        h.CORRECTED,
        Field("wrong_name", "登记簿上现在写的姓名（名称）", "照着证书抄，错的也照抄。", FieldKind.NAME, when=_OF_HOLDER,
              is_personal=True),
        Field("wrong_id_no", "登记簿上现在写的证件号码", "照着登记簿抄，错的也照抄。", FieldKind.TEXT, when=_OF_HOLDER,
              is_personal=True, longest=40),
        Field("right_name", "应该是什么姓名（名称）", "照着身份证或者营业执照填；没有错的照抄。", FieldKind.NAME, when=_OF_HOLDER,
              is_personal=True),
        Field("right_id_kind", "应该是什么证件", "没有错的照抄。", FieldKind.CHOICE, choices=_DOCUMENTS, when=_OF_HOLDER),
        Field("right_id_no", "应该是什么号码", "照着证件填；没有错的照抄。", FieldKind.ID_NUMBER, when=_OF_HOLDER,
              id_kind_field="right_id_kind", is_personal=True),
        Field("right_shares", "应该各占多少", "照登记簿上的顺序写，用顿号隔开，例如 1/2、1/4、1/4。", FieldKind.SHARES,
              when=When("what", (SHARES,))),
        Field("right_address", "应该是什么坐落", "照着门牌证明、规划文件写。", FieldKind.TEXT, when=When("what", (ADDRESS,)),
              longest=120),
        Field("right_area", "应该是多少平方米", "照着测绘成果写建筑面积，例如 118.26。", FieldKind.AREA,
              when=When("what", (AREA,))),
        Field("right_use", "应该是什么用途", "照着规划文件选。", FieldKind.CHOICE,
              choices=tuple(Choice(code, name_zh) for code, name_zh in HOUSE_USES.items()), when=When("what", (USE,)),
              can_wait=True),
    ),
    Field("evidence_no", "更正材料的编号", "判决书、测绘报告等的编号；没有编号的填“无”。", FieldKind.TEXT, is_personal=True,
          longest=60, heading_zh=h.PAPERS),
    *consent_fields(Consent.NOTICE_HOLDER),
)  # fmt: skip

QUESTIONS: Final = b.inquiry(
    Question(
        "is_error",
        "是不是登记的时候就记错了，而不是后来才改的？",
        must_be=YES,
        otherwise_zh="后来才改的（例如改了名字、换了门牌）不是记错，请办变更登记。",
    ),
    b.OLD_CERTIFICATE_VOID,
)
PLEDGE_ZH: Final = b.pledge("登记簿确实记错了，更正不是为了躲开查封、异议或者把房产给别人")
GUIDE_ZH: Final = b.guide(
    when_zh="登记簿记错了：姓名、证件号码、份额、坐落、面积或者用途和真实情况不一样，而且登记的时候就错了。",
    bring_zh="带身份证（营业执照）、不动产权证书和能证明记错了的材料。别人申请的，再带权利人的书面同意，或者生效判决这样的证据。",
    days=3,
    cost_zh=applying.FREE_ZH,
    steps_zh=applying.CERTIFICATE_STEPS_ZH,
    after_zh="登簿后换发新证书，旧证书作废。房产上原有的抵押等权利不受影响，仍然有效。",
)
