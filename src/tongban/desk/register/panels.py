"""What a unit's page shows, part by part, as the components want it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.urls import reverse

from tongban.cases.unit_look import UnitSheet
from tongban.certificates.queries import LicenceView
from tongban.desk.cases import words
from tongban.domain.book_pages.statutory import HIDDEN_ZH
from tongban.domain.book_pages.versions import Standing
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.errors import TongbanError
from tongban.domain.identity import mask_name
from tongban.domain.lifecycle import CaseState
from tongban.domain.unit_code import parse_unit_code
from tongban.register.checks.reports import Report
from tongban.register.reading import HistoryLine
from tongban.web.formatting import area_zh
from tongban.web.parts import Badge, Column, Datum, Link, Row, Table, Tone

_HARD: Final = frozenset(
    {Burden.SEIZURE, Burden.PRE_SEIZURE, Burden.WAITING_SEIZURE, Burden.MORTGAGE_FROZEN, Burden.DISPUTE}
)
_ORDER_ZH: Final = {"": "正在处理", "entered": "已记载", "refused": "答复无法办理"}
_HASH_SHOWN: Final = 16
_LICENCE_TONES: Final = {"current": Tone.DONE, "pending": Tone.WAITING, "replaced": Tone.QUIET, "revoked": Tone.STOPPED}


def unit_rows(sheet: UnitSheet) -> list[Datum]:
    """自然状况."""
    parts = parse_unit_code(sheet.unit_code)
    rows = [Datum("不动产单元号", parts.grouped, is_code=True)]
    state = sheet.book.states[0] if sheet.book.states else None
    if state is None or state.standing.is_past:
        return [
            *rows,
            Datum("权利", missing_zh="那时没有现势权利" if sheet.look.is_of_the_past else "现在没有现势权利"),
        ]
    unit = state.content
    return [
        *rows,
        Datum("坐落", unit.address_zh),
        Datum("宗地", f"{parts.ownership_zh}，{parts.use_zh}"),
        Datum("定着物", parts.fixture_zh),
        Datum("用途", unit.use_zh or "未记载"),
        Datum("房屋性质", unit.house_nature.name_zh),
        Datum("房屋建筑面积", area_zh(unit.area_m2)),
        Datum("土地面积", area_zh(unit.land_area_m2)),
        Datum("测绘", "有实测面积" if unit.surveyed else "没有实测面积"),
    ]


def title_rows(sheet: UnitSheet) -> list[Datum]:
    """权属状况."""
    title = sheet.title
    if title is None:
        return []
    return [
        Datum("不动产权证号", title.certificate_no),
        Datum("权利类型", title.unit.right.name_zh),
        Datum("权利性质", title.unit.land_nature.name_zh),
        Datum(
            "土地使用期限至", _day(title.unit.land_use_until), missing_zh="" if title.unit.land_use_until else "未记载"
        ),
        Datum("共有情况", title.co_ownership.name_zh),
        Datum("附记", (title.note_zh if sheet.is_full else HIDDEN_ZH) if title.note_zh else "无"),
    ]


def holders(sheet: UnitSheet) -> Table:
    """权利人; masked unless the reader gave a reason."""
    columns = (
        Column("序号", "number"),
        Column("权利人"),
        Column("类型"),
        Column("证件"),
        Column("证件号码", "code"),
        Column("份额"),
    )
    found = sheet.title.holders if sheet.title else ()
    rows = [
        Row(
            (
                one.holder_no,
                one.name if sheet.is_full else mask_name(one.name),
                one.kind.name_zh,
                one.id_kind.name_zh,
                words.shown_id(one.id_no, is_full=sheet.is_full),
                one.share or None,
            )
        )
        for one in found
    ]
    return Table("权利人", columns, rows, empty_zh="没有权利人")


def burdens(sheet: UnitSheet, on: date) -> Table:
    """What lies on the unit: restrictions, mortgages, notices; a period that is over says so."""
    columns = (
        Column("种类"), Column("机关"), Column("文号、证明号"), Column("起", "day"), Column("止", "day"), Column("顺位", "number"),
        Column("状态"),
    )  # fmt: skip
    rows = [
        Row(
            (
                _burden_zh(one),
                one.organ_zh,
                one.reference or one.proof_no,
                one.since,
                one.until or one.final_by,
                one.rank or None,
                _force(one, on),
            ),
            tone=Tone.STOPPED if one.burden in _HARD and one.is_in_force(on) else None,
        )
        for one in (*sheet.burdens, *sheet.reached)
    ]
    if sheet.orders_open:
        waiting = Badge("正在处理，限制处分", Tone.STOPPED)
        rows.append(Row((f"协助执行通知 {sheet.orders_open} 件", "", "", None, None, None, waiting), tone=Tone.STOPPED))
    return Table("限制和负担", columns, rows, empty_zh="没有限制和负担")


def _burden_zh(one: BurdenFact) -> str:
    elsewhere = f"（登记在{parse_unit_code(one.from_unit).grouped}）" if one.from_unit else ""
    return f"{one.burden.name_zh}{elsewhere}"


def licences(sheet: UnitSheet) -> Table:
    """The electronic certificates ever made for the unit."""
    columns = (
        Column("证号"),
        Column("状态"),
        Column("登簿时间", "time"),
        Column("业务号", "code"),
        Column("证照标识", "code"),
    )
    rows = [
        Row((one.certificate_no, _licence(one), one.recorded_at, one.case_no, one.identifier)) for one in sheet.licences
    ]
    return Table("电子证照", columns, rows, empty_zh="还没有电子证照")


def open_cases(sheet: UnitSheet) -> Table:
    """What is under way on the unit."""
    columns = (Column("业务号", "code"), Column("状态"))
    rows = [
        Row((Link(case_no, reverse("desk:case", args=[case_no])), CaseState(state).name_zh))
        for case_no, state in sheet.open_cases
    ]
    return Table("在办业务", columns, rows, empty_zh="没有正在办理的业务")


def history(sheet: UnitSheet) -> Table:
    """Every event of the unit, newest first: entry number, hash, and whether a signed head covers it."""
    columns = (
        Column("序", "number"), Column("登簿时间"), Column("事项"), Column("内容"), Column("业务号", "code"), Column("登簿人"),
        Column("记载编号", "code"), Column("摘要", "code"), Column("签名树"),
    )  # fmt: skip
    return Table(
        "登记历史", columns, [_line(line, sheet) for line in reversed(sheet.lines)], empty_zh="这一天以前没有记载"
    )


def head_rows(sheet: UnitSheet) -> list[Datum]:
    """The last signed head of the ledger: what the inclusion marks rest on."""
    head = sheet.head
    if head is None:
        return [Datum("登记簿", sheet.ledger, is_code=True), Datum("签名树头", missing_zh="还没有签名")]
    return [
        Datum("登记簿", head.ledger, is_code=True),
        Datum("签名树头", f"前 {head.size} 条记载", source_zh="登记机构签名", fetched_at=head.at),
        Datum("树根", head.root, is_code=True),
    ]


def report_rows(report: Report, now: datetime) -> list[Datum]:
    """What a verification looked at and found."""
    verdict = Badge("全部相符", Tone.DONE) if report.is_sound else Badge(f"{len(report.breaks)} 处不符", Tone.STOPPED)
    return [
        Datum("结果", verdict),
        Datum("核验时间", now),
        Datum("登记簿", report.ledger, is_code=True),
        Datum("记载", f"{report.entries} 条", source_zh="内容与摘要、保密部分与公开承诺、现势与历史权利逐条比对"),
        Datum("签名树头", f"{report.heads} 个", source_zh="每条记载都在登记机构签名的树根之下，签名有效"),
    ]


def breaks(report: Report) -> Table:
    """What is broken, row by row."""
    rows = [Row((one.check.name_zh, one.row, one.what_zh)) for one in report.breaks]
    return Table("不符之处", (Column("核验项"), Column("位置", "code"), Column("问题")), rows, empty_zh="没有不符之处")


def _line(line: HistoryLine, sheet: UnitSheet) -> Row:
    if line.entry is None or line.ref is None:
        done = _ORDER_ZH.get(line.outcome, "已处理")
        text = f"{line.organ_zh}，{done}" if line.outcome else "正在处理，内容不公开"
        return Row(
            (line.unit_seq, line.at, "协助执行通知", text, "", "", "", "", ""),
            tone=None if line.outcome else Tone.STOPPED,
        )
    name_zh, text_zh = words.entry_zh(line.entry, masked=not sheet.is_full)
    return Row(
        (
            line.unit_seq,
            line.at,
            name_zh,
            text_zh,
            line.case_no,
            line.recorder_zh,
            f"{line.ref.ledger}/{line.ref.seq}",
            f"{line.ref.hash[:_HASH_SHOWN]}…",
            _covered(line, sheet),
        )
    )


def _covered(line: HistoryLine, sheet: UnitSheet) -> Badge:
    assert line.ref is not None, "an entry has its place"
    is_in = sheet.head is not None and line.ref.seq <= sheet.head.size
    return Badge("已入签名树", Tone.DONE) if is_in else Badge("等待签名", Tone.WAITING)


def _force(fact: BurdenFact, on: date) -> Badge:
    if fact.final_by is not None and fact.final_by < on:
        return Badge(Standing.OVERDUE.name_zh, Tone.WAITING)
    if fact.is_in_force(on):
        return Badge("有效", Tone.STOPPED if fact.burden in _HARD else Tone.WAITING)
    return Badge("还没有开始" if fact.since and fact.since > on else "期限已过", Tone.QUIET)


def _licence(one: LicenceView) -> Badge:
    return Badge(one.state_zh, _LICENCE_TONES.get(one.state, Tone.QUIET))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except (ValueError, TongbanError):
        return None
