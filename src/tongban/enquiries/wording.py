"""How an application to query and its answer are said: on pages, on paper, in the log."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime

from tongban.domain.errors import InvalidInput
from tongban.domain.identity import IdDocument, mask_id
from tongban.domain.query_rules import permission
from tongban.domain.query_terms import Acting, Asker, Index, Wanted
from tongban.domain.terms import Term
from tongban.domain.unit_code import parse_unit_code
from tongban.exchange.contract.register_query import (
    EMPTY,
    REFUSED,
    PersonBody,
    RegisterQueryAnswer,
    RegisterQueryRequest,
)


class CopyKind(Term):
    """原始资料 by kind (查询办法 2); the register's own page counts as a result and is copied too."""

    REGISTER = "register", "登记簿"
    APPLICATION = "application", "登记申请书"
    IDENTITY = "identity", "申请人身份材料"
    OWNERSHIP = "ownership", "权属来源材料"
    CAUSE = "cause", "登记原因材料"
    SURVEY = "survey", "不动产权籍调查成果"
    REVIEW = "review", "登记机构审核材料"


RESULT_ZH = "不动产登记资料查询结果证明"
REFUSAL_ZH = "不予查询告知书"
NO_HOUSE_ZH = "无房证明"
HOUSE_ZH = "有房证明"


def moment_zh(moment: datetime) -> str:
    """“2026年11月23日 10时02分05秒”: a query is true of one moment."""
    here = localtime(moment)
    return f"{here.year}年{here.month}月{here.day}日 {here.hour}时{here.minute:02d}分{here.second:02d}秒"


def person_zh(person: PersonBody | None) -> str:
    """A name with its masked document; empty for nobody."""
    if person is None or not person.name:
        return ""
    if not person.id_no:
        return person.name
    kind_zh = IdDocument(person.id_kind).name_zh if person.id_kind in set(IdDocument) else "证件"
    return f"{person.name}（{kind_zh} {mask_id(person.id_no)}）"


def asker_zh(request: RegisterQueryRequest) -> str:
    """As what somebody asks, and who came for him."""
    said = Asker(request.asker).name_zh
    return said if request.acting == Acting.IN_PERSON else f"{said}（{Acting(request.acting).name_zh}）"


def papers_zh(request: RegisterQueryRequest) -> tuple[str, ...]:
    """The papers that were brought, of those this asker needs."""
    needed = permission(Asker(request.asker), Acting(request.acting)).papers
    return tuple(paper.name_zh for paper in needed if paper in request.papers)


def sought_zh(request: RegisterQueryRequest) -> str:
    """What the register was searched by, in words."""
    index = Index(request.index)
    if index is Index.IDENTITY:
        whose = request.person if Asker(request.asker) is Asker.HOLDER else request.subject
        return f"按姓名（名称）和证件号码：{person_zh(whose)}"
    given = {
        Index.UNIT_CODE: _grouped(request.unit_code),
        Index.CERTIFICATE_NO: request.certificate_no,
        Index.ADDRESS: request.address,
    }
    return f"按{index.name_zh}：{given[index]}"


def paper_zh(wanted: str, outcome: str) -> str:
    """What the paper about an answer is called."""
    if outcome == REFUSED:
        return REFUSAL_ZH
    if wanted != Wanted.HOLDINGS:
        return RESULT_ZH
    return NO_HOUSE_ZH if outcome == EMPTY else HOUSE_ZH


def conclusion_zh(request: RegisterQueryRequest, answer: RegisterQueryAnswer) -> str:
    """What was found, in one sentence that says when and where it was looked."""
    at, where = moment_zh(answer.answered_at), answer.scope_zh
    if request.wanted == Wanted.HOLDINGS:
        whose = request.person if Asker(request.asker) is Asker.HOLDER else request.subject
        name = whose.name if whose else ""
        if answer.outcome == EMPTY:
            return f"截至{at}，在{where}中，没有查到{name}名下的不动产权利登记。"
        return f"截至{at}，在{where}中，查到{name}名下有{len(answer.units)}处不动产权利登记，列在下面。"
    if answer.outcome == EMPTY:
        return f"截至{at}，在{where}中，按上述条件没有查到登记信息。"
    return f"截至{at}，在{where}中，按上述条件查到{len(answer.units)}处不动产的登记信息，列在下面。"


def notes_zh(request: RegisterQueryRequest, answer: RegisterQueryAnswer) -> tuple[str, ...]:
    """What whoever reads the certificate must know."""
    notes = [
        "本证明只说明上面写的查询时间、查询范围内登记簿的记载；以后有变化的，以登记簿为准。",
        "查到的内容只能用于写明的查询目的；没有权利人同意，不得泄露（《不动产登记暂行条例》第二十八条）。",
        "证件号码按规定遮盖；标明“没有”的，是登记簿上没有记载。",
    ]
    if request.wanted == Wanted.HOLDINGS:
        notes[2:] = ["没有办过登记的、在别的县（市、区）的、用别的证件登记的不动产，不在查询范围内。"]
    if answer.copies_due_on is not None:
        day = answer.copies_due_on
        notes.append(f"原始资料由登记机构调取，{day.year}年{day.month}月{day.day}日以前提供，复制件另行加盖印章。")
    return tuple(notes)


def _grouped(unit_code: str) -> str:
    try:
        return parse_unit_code(unit_code).grouped
    except InvalidInput:
        return unit_code
