"""The words of easements: forms, inquiries, pledges and guides, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.people import Group

OWNERS: Final = Group("owner", PartyRole.OWNER, "供役地权利人", most=4)
HOLDERS: Final = Group("holder", PartyRole.EASEMENT_HOLDER, "地役权人", most=4)
GIVERS: Final = Group("giver", PartyRole.TRANSFEROR, "原地役权人", most=4)
TAKERS: Final = Group("taker", PartyRole.EASEMENT_HOLDER, "新地役权人", most=4)

NO_TERM: Final = "no_term"
UNTIL_DAY: Final = "until_day"

PROOF_FIELD: Final = Field(
    "proof_no", "地役权登记证明号", "照着登记证明抄，例如 豫（2026）滑县不动产证明第0001234号。", FieldKind.PROOF_NO,
    heading_zh=h.HELD,
)  # fmt: skip
BENEFITED_FIELD: Final = Field(
    "benefited_unit", "需役地的不动产单元号", "得到方便的那一处房产（土地）的28位单元号。", FieldKind.UNIT_CODE,
    heading_zh=h.CONTENT,
)  # fmt: skip
CONTENT_FIELDS: Final = h.under(
    h.CONTENT,
    Field("purpose", "利用目的和方法", "例如 从院里通行，人和小车可以过。", FieldKind.TEXT, longest=200),
    Field("content", "地役权的内容", "照着合同写，例如 东侧3米宽的通道，不得堵塞。", FieldKind.TEXT, longest=300),
    Field("term", "到什么时候", "不能超过土地使用权剩下的年限。", FieldKind.CHOICE, choices=(
        Choice(UNTIL_DAY, "到某一天"),
        Choice(NO_TERM, "合同没有写期限"),
    )),
    Field("until", "到哪一天", "那一天也算在内，例如 2046-12-31。", FieldKind.FUTURE_DAY, when=When("term", (UNTIL_DAY,))),
    Field("contract_no", "地役权合同编号", "合同上没有编号的填“无”。", FieldKind.TEXT, longest=60),
)  # fmt: skip


def day_or_none(form: Mapping[str, str]) -> date | None:
    """The last day of the right; None when the contract names none."""
    return date.fromisoformat(form["until"]) if form.get("term") == UNTIL_DAY else None


_BOTH_AGREE = Question(
    "both_agree",
    "合同（协议）里的内容，双方是不是都看过、都同意？",
    must_be=YES,
    otherwise_zh="有一方不同意，就不能登记。",
)
FIRST_QUESTIONS: Final = b.inquiry(_BOTH_AGREE)
CHANGE_QUESTIONS: Final = b.inquiry(_BOTH_AGREE)
TRANSFER_QUESTIONS: Final = b.inquiry(
    Question(
        "land_moved",
        "需役地（得到方便的那一处）是不是已经登记到新地役权人名下？",
        must_be=YES,
        otherwise_zh="地役权跟着需役地走，不能单独转让（民法典第三百八十条）。请先办需役地的转移登记。",
    )
)
END_QUESTIONS: Final = b.inquiry()

PLEDGE_ZH: Final = b.pledge("地役权合同（协议）是双方真实的意思，没有损害别人的权利")
TRANSFER_PLEDGE_ZH: Final = b.pledge("需役地已经登记到新地役权人名下，地役权没有单独转让")
END_PLEDGE_ZH: Final = b.pledge("地役权确实已经消灭，没有骗、逼对方放弃")

FIRST_GUIDE_ZH: Final = b.guide(
    when_zh="为了自己的房产方便，签了书面合同，要利用别人的不动产，例如从别人院里过路、接管线。",
    bring_zh="双方都带身份证（营业执照）一起来，带供役地的不动产权证书和地役权合同。",
    days=3,
    cost_zh="住宅80元、非住宅550元，由地役权人交。",
    steps_zh=applying.PROOF_STEPS_ZH,
    after_zh="发不动产登记证明。登记以后，供役地卖给别人，地役权还在。",
)
CHANGE_GUIDE_ZH: Final = b.guide(
    when_zh="地役权还是这一项，只是内容、期限改了。",
    bring_zh="双方都带身份证（营业执照）一起来，带登记证明和变更协议。",
    days=3,
    cost_zh=applying.FREE_ZH,
    steps_zh=applying.PROOF_STEPS_ZH,
    after_zh="换发新的登记证明，旧的作废。",
)
TRANSFER_GUIDE_ZH: Final = b.guide(
    when_zh="需役地卖给（给了）别人，地役权跟着过去。",
    bring_zh="双方都带身份证（营业执照）一起来，带登记证明和需役地的新不动产权证书。",
    days=3,
    cost_zh="住宅80元、非住宅550元，由新地役权人交。",
    steps_zh=applying.PROOF_STEPS_ZH,
    after_zh="换发新的登记证明，旧的作废。",
)
END_GUIDE_ZH: Final = b.guide(
    when_zh="地役权期限到了、地役权人放弃了，或者双方解除了合同。",
    bring_zh="带身份证（营业执照）和登记证明；放弃的带放弃声明，解除的带解除协议。",
    days=3,
    cost_zh=applying.FREE_ZH,
    steps_zh=applying.ENDING_STEPS_ZH,
    after_zh="登记证明作废，房产上不再有这项地役权。",
)
