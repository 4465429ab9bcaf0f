"""The words of the right of habitation: forms, inquiries, pledges and guides, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.people import PERSONS, Group

OWNERS: Final = Group("owner", PartyRole.OWNER, "权利人", most=4)
DWELLERS: Final = Group("dweller", PartyRole.DWELLER, "居住权人", most=4, kinds=PERSONS)

FOR_LIFE: Final = "for_life"
UNTIL_DAY: Final = "until_day"
WILL_NOTARISED: Final = "will_notarised"
WILL_PLAIN: Final = "will_plain"
COURT: Final = "court"

CONTRACT_FIELD: Final = Field(
    "contract_no",
    "居住权合同编号",
    "合同上没有编号的填“无”。",
    FieldKind.TEXT,
    longest=60,
    heading_zh=h.CONTENT,
)
TERM_FIELDS: Final = h.under(
    h.CONTENT,
    Field("scope", "住哪些地方", "照着合同（文书）写，例如 整套房屋；或者 朝南的一间卧室，厨房、卫生间共用。", FieldKind.TEXT,
          longest=200),
    Field("term", "住到什么时候", "写了到哪一天为止的选后一个；没有写期限的，是住一辈子。", FieldKind.CHOICE, choices=(
        Choice(FOR_LIFE, "住到居住权人去世"),
        Choice(UNTIL_DAY, "住到某一天"),
    )),
    Field("until", "住到哪一天", "那一天也算在内，例如 2036-12-31。", FieldKind.FUTURE_DAY,
          when=When("term", (UNTIL_DAY,))),
    Field("conditions", "居住的条件和要求", "照着合同（文书）写；没有的填“无”。", FieldKind.TEXT, longest=200),
    Field("may_let", "约定可以出租吗", "没有约定的选“否”：设了居住权的住宅，不能出租。", FieldKind.YES_NO),
)  # fmt: skip

WILL_FIELDS: Final = h.under(
    h.MATTER,
    Field("paper", "凭什么文件设立居住权", "遗嘱里写了让您住的选遗嘱；法院判的选法院文书。", FieldKind.CHOICE, choices=(
        Choice(WILL_NOTARISED, "公证过的遗嘱"),
        Choice(WILL_PLAIN, "没有公证的遗嘱"),
        Choice(COURT, "法院的生效文书"),
    )),
    Field("contract_no", "文件的编号", "公证书号或者案号；没有编号的填“无”。", FieldKind.TEXT, longest=60),
)  # fmt: skip


def day_or_none(form: Mapping[str, str]) -> date | None:
    """The last day of the right; None for as long as the dweller lives."""
    return date.fromisoformat(form["until"]) if form.get("term") == UNTIL_DAY else None


_NOT_SOLD = Question(
    "not_inheritable",
    "你们知不知道：居住权不能卖、不能送人、不能继承，人去世了就消灭？",
    must_be=YES,
    otherwise_zh="请先给申请人讲清楚：居住权只能自己住，不能转让、继承（民法典第三百六十九条）。",
)

CONTRACT_QUESTIONS: Final = b.inquiry(
    Question(
        "free_or_agreed",
        "居住权合同里的内容，双方是不是都看过、都同意？",
        must_be=YES,
        otherwise_zh="有一方不同意，就不能登记。",
    ),
    _NOT_SOLD,
)
CONTRACT_PLEDGE_ZH: Final = b.pledge("居住权合同是双方真实的意思，没有拿居住权躲债、骗贷款")
CONTRACT_GUIDE_ZH: Final = b.guide(
    when_zh="房主和居住的人签了书面合同，让他在自己的住宅里住，比如让老人住到去世。",
    bring_zh="双方都带身份证一起来，带不动产权证书和居住权合同。房子抵押了的，带抵押权人（银行）的同意书；"
    "房主有共有人的，共有人一起来。",
    days=3,
    cost_zh="登记费一件80元（有的地方不一样），由居住权人交。",
    steps_zh=applying.PROOF_STEPS_ZH,
    after_zh="登簿时居住权就设立了，发不动产登记证明。房子以后卖了，居住权还在。",
)

WILL_QUESTIONS: Final = b.inquiry(
    Question("other_heirs_know", "继承人或者其他共有人知不知道您来登记居住权？"),
    _NOT_SOLD,
)
WILL_PLEDGE_ZH: Final = b.pledge("遗嘱（法律文书）是真的、有效的，没有别的遗嘱和它相反；有的话，马上告诉登记机构")
WILL_GUIDE_ZH: Final = b.guide(
    when_zh="去世的人在遗嘱里写了让您住他的房子，或者法院判决您可以住。",
    bring_zh="带身份证。凭遗嘱的，带公证过的遗嘱；没有公证的，带遗嘱和立遗嘱人的死亡证明。凭法院文书的，带文书和生效证明。",
    days=3,
    cost_zh="登记费一件80元（有的地方不一样），由居住权人交。",
    steps_zh=applying.PROOF_STEPS_ZH,
    after_zh="发不动产登记证明。房子以后继承、卖了，居住权还在。",
)

END_QUESTIONS: Final = b.inquiry(
    Question(
        "knows_end",
        "您知不知道：注销以后，居住权就没有了，要再住得重新签合同、重新登记？",
        must_be=YES,
        otherwise_zh="请先给申请人讲清楚注销的后果。",
    )
)
END_PLEDGE_ZH: Final = b.pledge("居住权确实已经消灭，没有骗、逼居住权人放弃")
END_GUIDE_ZH: Final = b.guide(
    when_zh="居住权期限到了、居住权人去世了、自己放弃了，或者双方解除了合同。",
    bring_zh="带身份证和不动产登记证明。去世的，房主带死亡证明；放弃的，带放弃声明；解除的，带解除协议。",
    days=1,
    cost_zh=applying.FREE_ZH,
    steps_zh=applying.ENDING_STEPS_ZH,
    after_zh="登记证明作废，房产上不再有这项居住权。",
)
