"""Under which heading a form asks what: a block of questions says it once, where it is declared.

People have theirs in `people.Group`: one heading for each of them.  Headings follow the order of the form; an item asks
nothing twice under the same one (tests/unit/test_form_headings.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from tongban.domain.catalogue.item import Field

MOST_QUESTIONS: Final = 12  # under one heading; more are not taken in at a glance

MATTER: Final = "办的是什么"
HELD: Final = "现在的证书、证明"
HELD_SO_FAR: Final = "登记簿上现在是谁的"
PREVIOUS_PAPERS: Final = "原来的证件"
DECEASED: Final = "去世的权利人"
WHO_APPLIES: Final = "谁来申请"
SECOND_HOME: Final = "第二套房"
MERGED: Final = "一起合并的其他单元"
BECOMES: Final = "以后怎样共有"
PART: Final = "卖多少份额"
FIRST_REFUSAL: Final = "优先购买权"
CONTRACT: Final = "合同和价款"
GIFT: Final = "赠与合同（公证书）"
AGREEMENT: Final = "协议"
PAPERS: Final = "证明文件"
COURT_PAPERS: Final = "法院（仲裁）文书"
NAMES: Final = "姓名（名称）和证件"
CONTACT: Final = "联系电话和代办人"
CHANGED: Final = "变更的内容"
CHANGED_AMOUNT: Final = "数额、期限、担保范围变不变"
CHANGED_REST: Final = "约定、顺位、名称变不变"
CORRECTED: Final = "更正的内容"
LAND_PRICE: Final = "土地价款"
LOSS: Final = "遗失声明"
ENDED: Final = "为什么注销"
ON_IT: Final = "这处房产上的其他权利"
UTILITIES: Final = "水、电、气、暖过户"
DEBT: Final = "抵押合同和债务"
DETERMINED: Final = "确定的债权"
TERMS: Final = "担保范围和转让约定"
OLD_MORTGAGE: Final = "旧抵押怎么办"
CONTENT: Final = "权利的内容"
BENEFITED: Final = "需役地"
OBJECTION: Final = "异议的内容"
NOTE: Final = "其他要记载的"


def under(heading_zh: str, *fields: Field) -> tuple[Field, ...]:
    """These questions under one heading; a question that has its own keeps it."""
    return tuple(field if field.heading_zh else replace(field, heading_zh=heading_zh) for field in fields)


def sections(fields: Sequence[Field]) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """The questions by their headings, in their order."""
    return tuple((heading_zh, tuple(rows)) for heading_zh, rows in groupby(fields, key=lambda field: field.heading_zh))
