"""The reference page of queries: every kind of asker, what is shown, by which index, with which papers."""

from __future__ import annotations

from collections.abc import Iterable

from tongban.domain.query_rules import LAWYER_CHECK, QUERY_RULES, permission
from tongban.domain.query_terms import Acting, Index, Part
from tongban.domain.terms import Term
from tools.markdown import page, table


def queries() -> str:
    """《不动产登记资料查询暂行办法》 as the product holds it."""
    rows = []
    for asker, rule in QUERY_RULES.items():
        allowed = permission(asker, Acting.IN_PERSON, agreed=frozenset(Part))
        shown = "协议列明的项目" if rule.agreed_only else _names(Part, allowed.parts)
        indexes = "全部" if allowed.indexes == frozenset(Index) else _names(Index, allowed.indexes)
        papers = "、".join(paper.name_zh for paper in allowed.papers)
        masked = "、".join(mask.name_zh for mask in sorted(allowed.masks)) or "不遮"
        limit = "一处" if rule.units_max == 1 else "不限"
        rows.append((rule.group.name_zh, asker.name_zh, shown, indexes, papers, masked, limit, rule.law_zh))
    added = ((one.name_zh, "、".join(paper.name_zh for paper in _added(one)) or "—") for one in Acting)
    return page(
        "Queries of the register 登记资料查询",
        "Who may see what, from `tongban.domain.query_rules`. A yes-or-no part says that something is there, never whose.\n"
        f"The lawyer of somebody who only intends to deal is told besides: {_names(Part, LAWYER_CHECK)}.",
        table(("类别", "谁来查", "可以看", "凭什么查", "材料", "遮盖", "每份申请", "依据"), rows),
        "## Added papers 代查另带的材料",
        table(("谁来办", "另带"), added),
    )


def _added(acting: Acting) -> Iterable[Term]:
    rule = next(iter(QUERY_RULES.values()))
    return permission(rule.asker, acting).papers[len(rule.papers) :]


def _names(kind: type[Term], members: Iterable[Term]) -> str:
    wanted = set(members)
    return "、".join(one.name_zh for one in kind if one in wanted)
