"""What most service items share: rows of the checklist about people, common questions, the pledge, the guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.item import NO, YES, PartyRole, Question, Requirement
from tongban.domain.catalogue.people import Comes, Group, said_of
from tongban.domain.facts import ApplicationFacts
from tongban.domain.terms import Channel, HolderKind

Needed = Callable[[ApplicationFacts], bool]

EVERYWHERE: Final = frozenset({Channel.WINDOW, Channel.PRECHECKED, Channel.ONLINE})
AT_A_WINDOW: Final = frozenset({Channel.WINDOW, Channel.PRECHECKED})
STANDARD_FEE_LAW_ZH: Final = "发改价格规〔2016〕2559号；财税〔2016〕79号"


def always(facts: ApplicationFacts) -> bool:
    """For what every application needs."""
    return True


def answered(key: str, *answers: str) -> Needed:
    """Whether a question of the form was answered with one of these."""

    def found(facts: ApplicationFacts) -> bool:
        return facts.form.get(key, "") in answers

    return found


def somebody_is(kinds: Sequence[HolderKind], *groups: Group) -> Needed:
    """Whether anybody of these groups is of one of these kinds."""

    def found(facts: ApplicationFacts) -> bool:
        return any(kind in kinds for group in groups for kind, _ in said_of(group, facts.form))

    return found


def somebody_comes(ways: Sequence[Comes], *groups: Group) -> Needed:
    """Whether anybody of these groups is stood in for in one of these ways."""

    def found(facts: ApplicationFacts) -> bool:
        return any(comes in ways for group in groups for _, comes in said_of(group, facts.form))

    return found


# --- the checklist ---------------------------------------------------------------------------------------------------

APPLICATION_ROW: Final = Requirement(
    "application",
    m.APPLICATION,
    always,
    original=False,
    made_by_system=True,
    how_zh="不用自己写，系统按您填的内容生成，您看过以后签名。",
)
CERTIFICATE_ROW: Final = Requirement(
    "certificate",
    m.TITLE_CERTIFICATE,
    always,
    keeps_original=True,
    how_zh="有电子证照的不用带；只有纸质证书的，带原件来，窗口收走，换发新证。",
)


def people_rows(*groups: Group) -> tuple[Requirement, ...]:
    """Who everybody is: identity, licence of bodies, guardianship, and the papers of whoever comes for somebody."""
    is_person = somebody_is((HolderKind.PERSON,), *groups)
    is_body = somebody_is(tuple(kind for kind in HolderKind if kind is not HolderKind.PERSON), *groups)
    acting = somebody_comes((Comes.AGENT, Comes.GUARDIAN, Comes.REPRESENTATIVE), *groups)
    return (
        Requirement(
            "identity",
            m.IDENTITY,
            is_person,
            how_zh="每个人都带身份证原件，不用带复印件：窗口读卡、扫描存档，原件当面还。",
        ),
        Requirement("licence", m.LICENCE, is_body, how_zh="带营业执照原件或者电子营业执照；能共享查到的不用带。"),
        Requirement(
            "guardianship",
            m.KINSHIP,
            somebody_comes((Comes.GUARDIAN,), *groups),
            whose=PartyRole.GUARDIAN,
            how_zh="户口簿、出生医学证明能看出是父母子女的就行；其他监护人带指定监护的文件。",
        ),
        Requirement(
            "acting_identity",
            m.IDENTITY,
            acting,
            whose=PartyRole.AGENT,
            how_zh="替别人来的人、单位的法定代表人，也带自己的身份证原件，不用带复印件：窗口读卡、扫描存档，原件当面还。",
        ),
    )


def attorney_row(*groups: Group) -> Requirement:
    """A power of attorney of whoever gives nothing away (细则 12)."""
    return Requirement(
        "attorney",
        m.POWER_OF_ATTORNEY,
        somebody_comes((Comes.AGENT,), *groups),
        whose=PartyRole.AGENT,
        how_zh="本人签名、单位盖章的授权委托书；人在境外的，委托书要公证。",
    )


def disposing_rows(*groups: Group) -> tuple[Requirement, ...]:
    """More is asked of whoever gives a right away through somebody else (细则 11, 12)."""
    return (
        Requirement(
            "disposing_attorney",
            m.POWER_OF_ATTORNEY,
            somebody_comes((Comes.AGENT,), *groups),
            whose=PartyRole.AGENT,
            how_zh="处分房产托人来办的，委托书要公证；没有公证的，本人和代办的人要一起到窗口当面签。人在境外的，一定要公证。",
        ),
        Requirement(
            "guardian_promise",
            m.KINSHIP,
            somebody_comes((Comes.GUARDIAN,), *groups),
            whose=PartyRole.GUARDIAN,
            how_zh="监护人写一份保证：处分这处房产是为了被监护人（例如孩子）的利益。窗口有样本，当面签。",
        ),
    )


# --- the inquiry -----------------------------------------------------------------------------------------------------

TRUE_WILL: Final = Question(
    "true_will",
    "申请这项登记，是不是各位自己真实的意思？有没有人逼您、骗您？（是自己真实的意思，答“是”）",
    must_be=YES,
    otherwise_zh="不是自己真实的意思，就不能申请。",
)
HAS_DISPUTE: Final = Question("has_dispute", "这处房产有没有人来争，有没有人提出过异议？")
_LIMITS_KNOWN = Question("knows_limits", "就您所知，这处房产现在有没有被查封、抵押或者有别的限制？")
KNOWS_CONSEQUENCES: Final = Question(
    "knows_consequences",
    "您知不知道：交假材料、说假话的，登记会被撤销，还要赔偿损失，严重的要追究刑事责任？",
    must_be=YES,
    otherwise_zh="请先给申请人讲清楚说假话的后果。",
)
OLD_CERTIFICATE_VOID: Final = Question(
    "old_certificate_void",
    "您知不知道：新证书一登簿，旧证书就同时作废？",
    must_be=YES,
    otherwise_zh="请先给申请人讲清楚：旧证书会作废，以后只认新证书。",
)


def inquiry(*own: Question) -> tuple[Question, ...]:
    """The questions of an item between those that are always asked (操作规范: 询问)."""
    return (TRUE_WILL, *own, HAS_DISPUTE, _LIMITS_KNOWN, KNOWS_CONSEQUENCES)


# --- words -----------------------------------------------------------------------------------------------------------

_NUMERALS = "一二三四五六七八九十"


def pledge(*own: str) -> str:
    """The pledge of an item: that all is true, its own promises, and what follows from a lie."""
    lines = (
        "申请书、询问笔录里写的都是真的，交来的材料都是真的、有效的、完整的",
        *own,
        "同意登记机构为办这件事，向公安、民政、住建、税务、市场监督管理等部门核实情况",
        "如果有假，登记被撤销、给别人造成损失的，由我（本单位）赔偿；构成犯罪的，依法承担刑事责任",
    )
    numbered = [f"{_NUMERALS[place]}、{line}" for place, line in enumerate(lines)]
    return "我（本单位）承诺：\n" + "；\n".join(numbered) + "。"


WHERE_ZH: Final = "全省任何一个“全豫通办”窗口都可以，房产在哪个县都行；由房产所在地的登记机构决定和登簿。"
STEPS_ZH: Final = (
    "第一步，窗口核对身份和材料，问您几句话，各位签名；第二步，材料马上送到房产所在地；"
    "第三步，那里受理、审核，税和登记费缴清以后登簿，每一步都发短信告诉您；"
    "第四步，下载电子证照，也可以领取或者邮寄纸质证书。"
)
NOT_ELSEWHERE_ZH: Final = (
    "集体土地、林权、国有农用地、只有土地没有房屋的，没有测绘的房屋，经认定的问题楼盘、历史遗留问题，要到房产所在地办。"
)


def guide(  # noqa: PLR0913 - the parts of a guide
    *,
    when_zh: str,
    bring_zh: str,
    days: int,
    cost_zh: str,
    after_zh: str,
    where_zh: str = WHERE_ZH,
    steps_zh: str = STEPS_ZH,
    not_elsewhere_zh: str = NOT_ELSEWHERE_ZH,
) -> str:
    """The guide of an item, its headings always the same."""
    parts = (
        ("什么时候办", when_zh),
        ("到哪里办", where_zh),
        ("带什么", bring_zh),
        ("要多久", f"属地受理以后{days}个工作日办好。"),
        ("要多少钱", cost_zh),
        ("怎么办", steps_zh),
        ("办完以后", after_zh),
        ("哪些不能在外地窗口办", not_elsewhere_zh),
    )
    return "\n".join(f"【{title}】{text}" for title, text in parts)


assert all(one.must_be in ("", YES, NO) for one in inquiry()), "a must is yes or no"
