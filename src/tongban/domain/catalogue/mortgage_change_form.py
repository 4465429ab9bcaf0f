"""What the change of a mortgage asks: which of its terms, and what they are from now on."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, When
from tongban.domain.catalogue.mortgage_form import FORBIDDEN, FREE, LIMITED, LONGEST_TERMS

AGREED: Final = "agreed"
NONE_ELSE: Final = "none"
CHANGES: Final = ("amount", "term", "scope", "no_transfer", "rank", "name")


def _asks(key: str, label_zh: str, help_zh: str) -> Field:
    return Field(f"change_{key}", label_zh, help_zh, FieldKind.YES_NO, can_wait=key != "name")


def changes(key: str) -> When:
    """While this term is changed."""
    return When(f"change_{key}", (YES,))


WEIGHT_FIELDS: Final = h.under(
    h.MATTER,
    Field(
        "enlarges",
        "这次变更会不会让抵押变重",
        "增加担保的钱数、延长期限、改担保范围、调顺位，或者新加“不得转让”的约定，都选“是”；只减钱数、缩短期限、改名称的，选“否”。",
        FieldKind.YES_NO,
    ),
    Field(
        "others_consent",
        "别的抵押权人书面同意了吗",
        "不经别的抵押权人书面同意，不能损害他们（民法典第四百零九条）。",
        FieldKind.CHOICE,
        choices=(Choice(AGREED, "都书面同意了"), Choice(NONE_ELSE, "这套房没有别的抵押权人")),
        when=When("enlarges", (YES,)),
    ),
)
CHANGE_FIELDS: Final = (
    *h.under(
        h.CHANGED_AMOUNT,
        _asks("amount", "担保的债权数额变不变", "最高额抵押填最高债权数额。"),
        Field("new_amount_yuan", "变更后的数额（元）", "照着变更协议填。", FieldKind.YUAN, when=changes("amount"), is_personal=True),
        _asks("term", "期限变不变", "一般抵押是债务履行期限，最高额抵押是债权确定期间。"),
        Field("new_from", "变更后的期限从哪天起", "照着变更协议填。", FieldKind.FUTURE_DAY, when=changes("term"), is_personal=True),
        Field("new_until", "变更后的期限到哪天止", "照着变更协议填。", FieldKind.FUTURE_DAY, when=changes("term"), is_personal=True),
        _asks("scope", "担保范围变不变", "登记簿上怎么写就按怎么写算。"),
        Field("new_scope", "变更后的担保范围", "照着变更协议填。", FieldKind.TEXT, when=changes("scope"), longest=LONGEST_TERMS),
    ),
    *h.under(
        h.CHANGED_REST,
        _asks("no_transfer", "“能不能转让”的约定变不变", "加上、去掉或者改动限制转让的约定。"),
        Field(
            "no_transfer", "变更后的约定", "照着变更协议选。", FieldKind.CHOICE,
            choices=(
                Choice(FREE, "没有约定，可以转让"),
                Choice(FORBIDDEN, "约定抵押期间不得转让"),
                Choice(LIMITED, "约定了限制转让的条件"),
            ),
            when=changes("no_transfer"),
        ),
        Field("transfer_limit", "约定了什么条件", "照着变更协议填。", FieldKind.TEXT, when=When("no_transfer", (LIMITED,)),
              longest=LONGEST_TERMS),
        _asks("rank", "顺位变不变", "和同一套房上的另一项抵押权换顺位。"),
        Field("rank_with", "和哪一项抵押权换顺位", "填那一项抵押权的不动产登记证明号。", FieldKind.PROOF_NO, when=changes("rank")),
        _asks("name", "抵押权人的名称变不变", "抵押权人还是同一家，只是改了名称。抵押权转给别人的，要办转移登记。"),
        Field("new_name", "变更后的抵押权人名称", "照着营业执照填。", FieldKind.NAME, when=changes("name"), is_personal=True),
        Field("agreement_no", "变更协议（通知书）编号", "照着抄；没有编号的填签订日期。", FieldKind.TEXT, longest=60),
    ),
)  # fmt: skip
