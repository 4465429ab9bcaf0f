"""The words of a name change: its form, its inquiry, its pledge and its guide, as people read them."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.item import (
    NO,
    YES,
    Choice,
    Field,
    FieldKind,
    PartyRole,
    Question,
    When,
)
from tongban.domain.identity import ENTERPRISE_DOCUMENTS, PERSON_DOCUMENTS, IdDocument
from tongban.domain.terms import Cause

PERSON: Final = "person"
ENTERPRISE: Final = "enterprise"

_FOR_PERSON = When("owner_kind", (PERSON,))
_FOR_ENTERPRISE = When("owner_kind", (ENTERPRISE,))
_WITH_AGENT = When("has_agent", (YES,))


def _documents(kinds: tuple[IdDocument, ...], when: When | None = None) -> tuple[Choice, ...]:
    return tuple(Choice(kind.value, kind.name_zh, when) for kind in kinds)


def _papers(kinds: tuple[m.DocumentKind, ...], when: When) -> tuple[Choice, ...]:
    return tuple(Choice(kind.key, kind.name_zh, when) for kind in kinds)


_NAME_FIELDS: Final = h.under(
    h.NAMES,
    Field(
        "owner_kind",
        "谁要改名",
        "房产登记在个人名下选“个人”，登记在公司等单位名下选“企业（单位）”。",
        FieldKind.CHOICE,
        heading_zh=h.MATTER,
        choices=(Choice(PERSON, "个人"), Choice(ENTERPRISE, "企业（单位）")),
    ),
    Field(
        "certificate_no",
        "现在的不动产权证号",
        "照着证书抄，例如 豫（2026）滑县不动产权第0001234号。老的房产证、土地证也可以。",
        FieldKind.CERTIFICATE_NO,
        heading_zh=h.HELD,
    ),
    Field(
        "previous_name",
        "原来的姓名（名称）",
        "就是现在证书上写的那个。",
        FieldKind.NAME,
        is_personal=True,
    ),
    Field(
        "new_name",
        "现在的姓名（名称）",
        "照着身份证或者营业执照填。",
        FieldKind.NAME,
        is_personal=True,
    ),
    Field(
        "id_kind",
        "证件种类",
        "个人一般选居民身份证，单位选统一社会信用代码。",
        FieldKind.CHOICE,
        choices=(
            *_documents(PERSON_DOCUMENTS[:-1], _FOR_PERSON),
            *_documents(ENTERPRISE_DOCUMENTS[:-1], _FOR_ENTERPRISE),
            Choice(IdDocument.OTHER.value, IdDocument.OTHER.name_zh),
        ),
    ),
    Field(
        "id_no",
        "证件号码",
        "改名前后证件号码没有变才能办这一项。号码也变了的，请选“身份证件变更”。",
        FieldKind.ID_NUMBER,
        id_kind_field="id_kind",
        is_personal=True,
    ),
    Field(
        "representative_name",
        "法定代表人（负责人）姓名",
        "照着营业执照填。",
        FieldKind.NAME,
        when=_FOR_ENTERPRISE,
        is_personal=True,
    ),
)

_EVIDENCE_FIELDS: Final = h.under(
    h.PAPERS,
    Field(
        "cause",
        "为什么改名",
        "因为企业改制改名的，要到房产所在地办。",
        FieldKind.CHOICE,
        choices=(
            Choice(Cause.NAME_CHANGE.value, "改了姓名", _FOR_PERSON),
            Choice(Cause.NAME_CHANGE.value, "改了名称", _FOR_ENTERPRISE),
            Choice(Cause.RESTRUCTURING.value, "因为企业改制改了名称", _FOR_ENTERPRISE),
        ),
    ),
    Field(
        "evidence_kind",
        "用什么证明改了名",
        "户口簿上有“曾用名”的最方便；没有的，请到派出所开姓名变更证明。",
        FieldKind.CHOICE,
        choices=(
            *_papers((m.HOUSEHOLD_FORMER_NAME, m.POLICE_CHANGE), _FOR_PERSON),
            *_papers((m.MARKET_CHANGE, m.AUTHORITY_CHANGE), _FOR_ENTERPRISE),
        ),
    ),
    Field(
        "evidence_no",
        "证明的编号",
        "户口簿填户号，通知书填文号；上面没有编号的填“无”。",
        FieldKind.TEXT,
        is_personal=True,
        longest=60,
    ),
    Field(
        "evidence_issuer",
        "出具证明的单位",
        "例如 滑县公安局城关派出所、郑州市市场监督管理局。",
        FieldKind.TEXT,
    ),
    Field(
        "evidence_date",
        "证明的日期",
        "证明上写的出具日期，例如 2026-11-20。",
        FieldKind.DAY,
    ),
)

_CONTACT_FIELDS: Final = h.under(
    h.CONTACT,
    Field(
        "phone",
        "联系电话",
        "受理、办好都会发短信到这个号码。没有手机的填带区号的座机。",
        FieldKind.PHONE,
        is_personal=True,
    ),
    Field(
        "has_agent",
        "是不是别人代办",
        "本人来的选“否”。单位的法定代表人自己来也选“否”。",
        FieldKind.YES_NO,
    ),
    Field(
        "agent_kind",
        "代办的人是谁",
        "权利人是未成年人或者不能自己办事的，由监护人办；其他的，由权利人写委托书托人办。",
        FieldKind.CHOICE,
        choices=(
            Choice(PartyRole.AGENT.value, "受委托的代理人"),
            Choice(PartyRole.GUARDIAN.value, "监护人（例如孩子的父母）", _FOR_PERSON),
        ),
        when=_WITH_AGENT,
    ),
    Field(
        "agent_name",
        "代办人姓名",
        "照着他的身份证填。",
        FieldKind.NAME,
        when=_WITH_AGENT,
        is_personal=True,
    ),
    Field(
        "agent_id_kind",
        "代办人证件种类",
        "一般选居民身份证。",
        FieldKind.CHOICE,
        choices=_documents(PERSON_DOCUMENTS),
        when=_WITH_AGENT,
    ),
    Field(
        "agent_id_no",
        "代办人证件号码",
        "照着他的证件填。",
        FieldKind.ID_NUMBER,
        when=_WITH_AGENT,
        id_kind_field="agent_id_kind",
        is_personal=True,
    ),
    Field(
        "agent_phone",
        "代办人电话",
        "11位手机号，或者带区号的座机号。",
        FieldKind.PHONE,
        when=_WITH_AGENT,
        is_personal=True,
    ),
)

NAME_FIELDS: Final = (*_NAME_FIELDS, *_EVIDENCE_FIELDS, *_CONTACT_FIELDS)

_CO_OWNED = When("is_co_owned", (YES,))
_LIMITED = When("knows_limits", (YES,))

NAME_QUESTIONS: Final = (
    Question(
        "true_will",
        "申请把登记簿上的姓名（名称）改成新的，是不是您（单位）自己真实的意思？",
        must_be=YES,
        otherwise_zh="不是自己真实的意思，就不能申请。",
    ),
    Question(
        "same_holder",
        "改名前后，是不是同一个人（同一个单位）？",
        must_be=YES,
        otherwise_zh="换了人就不是改名，要办转移登记。",
    ),
    Question("is_co_owned", "这处房产是不是和别人共有的？"),
    Question("co_owners_know", "其他共有人知不知道您要改名换证？", when=_CO_OWNED),
    Question("has_dispute", "这处房产有没有人来争，有没有人提出过异议？"),
    Question("knows_limits", "就您所知，这处房产现在有没有被查封、抵押或者有别的限制？"),
    Question("limits", "请说一说是什么限制（哪家机关、哪家银行）。", kind=FieldKind.TEXT, when=_LIMITED),
    Question(
        "old_certificate_void",
        "您知不知道：新证书一登簿，旧证书就同时作废？",
        must_be=YES,
        otherwise_zh="请先给申请人讲清楚：旧证书会作废，以后只认新证书。",
    ),
    Question(
        "knows_consequences",
        "您知不知道：交假材料、说假话的，登记会被撤销，还要赔偿损失，严重的要追究刑事责任？",
        must_be=YES,
        otherwise_zh="请先给申请人讲清楚说假话的后果。",
    ),
)
assert all(question.must_be in ("", YES, NO) for question in NAME_QUESTIONS), "a must is yes or no"

PLEDGE_ZH: Final = (
    "我（本单位）承诺：\n"
    "一、申请书、询问笔录里写的都是真的，交来的材料都是真的、有效的、完整的；\n"
    "二、改名前后是同一个人（同一个单位），不是借改名把房产给别人；\n"
    "三、同意登记机构为办这件事，向公安、市场监督管理等部门核实我（本单位）的身份和改名情况；\n"
    "四、如果有假，登记被撤销、给别人造成损失的，由我（本单位）赔偿；构成犯罪的，依法承担刑事责任。"
)

GUIDE_ZH: Final = (
    "【什么时候办】人没换、单位没换，只是姓名或者名称改了，要让不动产权证书跟着改。\n"
    "【到哪里办】全省任何一个“全豫通办”窗口都可以，房产在哪个县都行；由房产所在地的登记机构决定和登簿。\n"
    "【带什么】个人带身份证、不动产权证书，还有户口簿（有曾用名的那一页）或者派出所开的姓名变更证明。"
    "单位带营业执照、不动产权证书和变更登记通知书。别人代办的，再带授权委托书和代办人的身份证；父母替孩子办的，带能看出父母子女关系的户口簿。"
    "网上能查到的，不用带。\n"
    "【要多久】属地受理以后1个工作日办好。\n"
    "【要多少钱】不要钱。\n"
    "【怎么办】第一步，窗口核对身份和材料，问您几句话，您签名；第二步，材料马上送到房产所在地；"
    "第三步，那里受理、审核、登簿，每一步都发短信告诉您；第四步，下载电子证照，也可以领取或者邮寄纸质证书。\n"
    "【办完以后】旧证书同时作废。房产上原有的抵押等权利不受影响，仍然有效。\n"
    "【哪些不能在外地窗口办】集体土地、只有土地没有房屋的、因为企业改制改名的，要到房产所在地办。"
)
