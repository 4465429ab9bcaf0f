"""The rows of a message's `Data`: the pages of the register and the papers of the case under the platform's names.

Field names and what must be there follow the entity list of the register (facts 3).  A value we do not hold is left
out; one that must be there and is missing is named, so that a person can supply it, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tongban.departments.platform import mapping
from tongban.departments.platform.mapping import RowKind
from tongban.departments.platform.port import Applicant, BurdenRecord, Change, Dialect, RecordedCase
from tongban.domain.burdens import Burden
from tongban.domain.errors import Problem
from tongban.domain.terms import CoOwnership, Registration, RightKind, Subject
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_code import NO_FIXTURE, WHOLE_PROJECT

Cells = Mapping[str, str]
_LAND_ONLY = frozenset({RightKind.STATE_LAND_USE, RightKind.HOMESTEAD, RightKind.COLLECTIVE_LAND_USE})
PARCEL_CHARACTERS = 19
BUILDING_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row: its name, its values, and which of them the platform insists on."""

    name: str
    cells: Cells
    must: frozenset[str] = field(default_factory=frozenset)

    def missing(self) -> tuple[Problem, ...]:
        """What must be there and is not."""
        gone = sorted(name for name in self.must if not self.cells.get(name))
        return tuple(
            Problem(f"{self.name}.{name}", f"缺少{WORDS_ZH.get(name, name)}", "请在登记簿或案件中补齐后重新上报")
            for name in gone
        )


WORDS_ZH: Mapping[str, str] = {
    "ZL": "坐落",
    "FDZL": "坐落",
    "SCJZMJ": "建筑面积",
    "JZMJ": "建筑面积",
    "ZDMJ": "宗地面积",
    "GHYT": "规划用途",
    "QLRMC": "权利人姓名或者名称",
    "ZJH": "证件号码",
    "BDCQZH": "不动产权证号",
    "BDCDJZMH": "不动产登记证明号",
    "DYR": "抵押人",
    "BDBZZQSE": "被担保主债权数额",
    "ZGZQSE": "最高债权数额",
    "YYSX": "异议事项",
    "CFJG": "查封机关",
    "CFWH": "查封文号",
    "CFWJ": "查封文件",
    "CFFW": "查封范围",
    "DJYY": "登记原因",
    "SLRY": "受理人员",
    "SLSJ": "受理时间",
}


def data_rows(case: RecordedCase, dialect: Dialect) -> Iterator[DataRow]:
    """Every row of the message, the unit first, then rights, holders, and the papers of the case."""
    yield _unit(case)
    if case.subject is Subject.TITLE and case.registration is not Registration.SEIZURE:
        yield from _title(case)
    for record in case.burdens:
        yield from _burden(case, record, dialect)
    yield from _case_papers(case)


def _unit(case: RecordedCase) -> DataRow:
    code, unit = case.unit.unit_code, case.unit
    if code.endswith(NO_FIXTURE):
        cells = {
            "ZDDM": code[:PARCEL_CHARACTERS],
            "BDCDYH": code,
            "ZDTZM": code[12:14],
            "ZL": unit.address_zh,
            "ZDMJ": unit.land_area_m2,
            "MJDW": mapping.SQUARE_METRE,
            "QLLX": mapping.RIGHT[unit.right],
            "QLXZ": mapping.LAND_NATURE.get(unit.land_nature, ""),
            "ZT": mapping.UNIT_VALID,
            "QXDM": code[:6],
        }
        return DataRow("KTT_ZDJBXX", cells, frozenset({"ZDDM", "BDCDYH", "ZDMJ", "QXDM"}))
    measured = "SCJZMJ" if unit.surveyed else "YCJZMJ"
    cells = {
        "BDCDYH": code,
        "ZRZH": code[:BUILDING_CHARACTERS],
        "ZL": unit.address_zh,
        "MJDW": mapping.SQUARE_METRE,
        "FWYT1": mapping.house_use(unit.use_code),
        measured: unit.area_m2,
        "FTTDMJ": unit.land_area_m2,
        "FWLX": mapping.house_type(unit.use_code),
        "FWXZ": mapping.HOUSE_NATURE[unit.house_nature],
        "ZT": mapping.UNIT_VALID,
        "QXDM": code[:6],
    }
    return DataRow("KTT_FW_H", cells, frozenset({"BDCDYH", "ZRZH", "ZL", measured}))


def _recorded(case: RecordedCase) -> dict[str, str]:
    """What every page of the register carries about its own recording."""
    return {
        "BDCDYH": case.unit.unit_code,
        "YWH": str(case.case_no),
        "DJLX": mapping.REGISTRATION[case.registration],
        "DJYY": case.cause_zh,
        "QXDM": case.unit.unit_code[:6],
        "DJJG": case.office.name_zh,
        "DBR": case.recorder_zh,
        "DJSJ": mapping.moment(case.recorded_at),
    }


def _title(case: RecordedCase) -> Iterator[DataRow]:
    if case.after is not None:
        yield _title_page(case, case.after)
        yield from _holders(case, case.after.holders, case.after.certificate_no, case.after.co_ownership)
    elif case.before is not None:
        yield _cancellation(case, certificate_no=case.before.certificate_no)


def _title_page(case: RecordedCase, title: Title) -> DataRow:
    unit, code = title.unit, title.unit.unit_code
    common = _recorded(case) | {"BDCQZH": str(title.certificate_no), "FJ": title.note_zh, "QSZT": mapping.IN_FORCE}
    must = {"BDCDYH", "YWH", "DJLX", "DJYY", "BDCQZH", "DJSJ", "QSZT", "QLLX"}
    right = {"QLLX": mapping.RIGHT[unit.right]}
    if unit.right in _LAND_ONLY or code.endswith(NO_FIXTURE):
        cells = common | right | {"ZDDM": code[:PARCEL_CHARACTERS], "SYQMJ": unit.land_area_m2}
        return DataRow("QLF_QL_JSYDSYQ", cells | {"SYQJSSJ": unit.land_use_until}, frozenset(must | {"DJJG", "DBR"}))
    house = {
        "FDZL": unit.address_zh,
        "FTTDMJ": unit.land_area_m2,
        "TDSYJSSJ": unit.land_use_until,
        "GHYT": mapping.house_use(unit.use_code),
        "FWXZ": mapping.HOUSE_NATURE[unit.house_nature],
        "JZMJ": unit.area_m2,
    }
    name = "QLT_FW_FDCQ_DZ" if code.endswith(WHOLE_PROJECT) else "QLT_FW_FDCQ_YZ"
    return DataRow(name, common | right | house, frozenset(must | {"GHYT", "JZMJ"}))


def _holders(
    case: RecordedCase, holders: tuple[Holder, ...], number: str, shared: CoOwnership | None
) -> Iterator[DataRow]:
    form = shared or (CoOwnership.SOLE if len(holders) == 1 else CoOwnership.JOINT)
    if shared is None and any(holder.share for holder in holders):
        form = CoOwnership.BY_SHARES
    for holder in holders:
        cells = {
            "BDCDYH": case.unit.unit_code,
            "SXH": str(holder.holder_no),
            "QLRMC": holder.name,
            "BDCQZH": number,
            "SFCZR": mapping.YES,
            "ZJZL": mapping.ID_DOCUMENT[holder.id_kind],
            "ZJH": holder.id_no,
            "QLRLX": mapping.HOLDER_KIND[holder.kind],
            "QLBL": holder.share_zh,
            "GYFS": mapping.CO_OWNERSHIP[form],
            "QXDM": case.unit.unit_code[:6],
        }
        yield DataRow("ZTT_GY_QLR", cells, frozenset({"BDCDYH", "QLRMC", "ZJZL", "ZJH", "QLRLX", "GYFS"}))


def _cancellation(case: RecordedCase, *, certificate_no: str) -> DataRow:
    cells = {
        "BDCDYH": case.unit.unit_code,
        "BDCQZH": certificate_no,
        "YWH": str(case.case_no),
        "ZXYWH": str(case.case_no),
        "ZXSJ": mapping.moment(case.recorded_at),
        "QXDM": case.unit.unit_code[:6],
        "DJJG": case.office.name_zh,
        "DBR": case.recorder_zh,
        "DJSJ": mapping.moment(case.recorded_at),
        "BZ": case.cause_zh,
    }
    return DataRow("QLF_ZXDJ", cells, frozenset({"YWH", "ZXSJ", "QXDM"}))


def _burden(case: RecordedCase, record: BurdenRecord, dialect: Dialect) -> Iterator[DataRow]:
    kind = mapping.row_kind(record.fact.burden)
    if kind is None:
        return
    state = mapping.ENDED if record.change is Change.CLOSED else mapping.IN_FORCE
    common = _recorded(case) | {"QSZT": state, "FJ": record.details.get("note", "")}
    match kind:
        case RowKind.MORTGAGE:
            yield _mortgage(case, record, common, dialect)
        case RowKind.NOTICE:
            yield _notice(case, record, common, dialect)
        case RowKind.OBJECTION:
            yield _objection(case, record, common)
        case RowKind.SEIZURE:
            yield _seizure(case, record, common)
        case RowKind.HABITATION:
            yield _habitation(record, common, dialect)
        case RowKind.EASEMENT:
            yield _easement(record, common, dialect)
    if record.change is not Change.CLOSED:
        yield from _holders(case, record.holders, record.proof_no, None)
    elif kind in (RowKind.NOTICE, RowKind.HABITATION, RowKind.EASEMENT):
        yield _cancellation(case, certificate_no=record.proof_no)


def _mortgage(case: RecordedCase, record: BurdenRecord, common: Cells, dialect: Dialect) -> DataRow:
    details, words = record.details, record.details.get("way", "")
    is_maximum = record.fact.burden is Burden.MORTGAGE_MAXIMUM or "最高额" in words
    sum_cell, sum_key = ("ZGZQSE", "maximum_yuan") if is_maximum else ("BDBZZQSE", "debt_yuan")
    starts, ends = ("claim_from", "claim_until") if is_maximum else ("debt_from", "debt_until")
    cells = dict(common) | {
        "DYBDCLX": mapping.mortgaged_thing(details.get("object", ""), case.unit.unit_code),
        "DYR": details.get("mortgagor", ""),
        "DYFS": mapping.MAXIMUM_MORTGAGE if is_maximum else mapping.ORDINARY_MORTGAGE,
        sum_cell: mapping.amount(details.get(sum_key, ""), dialect.amounts_in_wan),
        "ZWLXQSSJ": details.get(starts, "") or details.get("debt_from", ""),
        "ZWLXJSSJ": details.get(ends, "") or details.get("debt_until", ""),
        "ZGZQQDSS": details.get("determined_fact", ""),
        "DBFW": details.get("scope", ""),
        "JZZR": details.get("no_transfer", ""),
        "DYSW": str(record.fact.rank) if record.fact.rank else "",
        "BDCDJZMH": record.proof_no,
    }
    must = {"BDCDYH", "YWH", "DYBDCLX", "DYR", "DYFS", "DJLX", "BDCDJZMH", "DJSJ", "QSZT", sum_cell}
    return DataRow(RowKind.MORTGAGE.value, cells | _ended(case, record, "ZXDYYWH", "ZXDYYY", "ZXSJ"), frozenset(must))


def _notice(case: RecordedCase, record: BurdenRecord, common: Cells, dialect: Dialect) -> DataRow:
    details, unit = record.details, case.unit
    cells = dict(common) | {
        "BDCZL": unit.address_zh,
        "YWR": details.get("obligor", ""),
        "YGDJZL": mapping.notice_kind(
            record.fact.burden, case.before is not None or case.after is not None, details.get("notice_kind", "")
        ),
        "GHYT": mapping.house_use(unit.use_code),
        "FWXZ": mapping.HOUSE_NATURE[unit.house_nature],
        "JZMJ": unit.area_m2,
        "QDJG": mapping.amount(details.get("price_yuan", ""), dialect.amounts_in_wan),
        "BDCDJZMH": record.proof_no,
    }
    must = {"BDCDYH", "YWH", "YGDJZL", "BDCDJZMH", "DJSJ", "QSZT"}
    return DataRow(RowKind.NOTICE.value, cells, frozenset(must))


def _objection(case: RecordedCase, record: BurdenRecord, common: Cells) -> DataRow:
    cells = dict(common) | {"YYSX": record.details.get("matter", ""), "BDCDJZMH": record.proof_no}
    cells |= _ended(case, record, "ZXYYYWH", "ZXYYYY", "ZXYYDJSJ")
    if record.change is Change.CLOSED:
        cells["ZXYYDBR"] = case.recorder_zh
    must = {"BDCDYH", "YWH", "YYSX", "BDCDJZMH", "DJSJ", "QSZT"}
    return DataRow(RowKind.OBJECTION.value, cells, frozenset(must))


def _seizure(case: RecordedCase, record: BurdenRecord, common: Cells) -> DataRow:
    fact, details = record.fact, record.details
    has_title = case.before is not None or case.after is not None
    cells = dict(common) | {
        "CFJG": fact.organ_zh,
        "CFLX": mapping.seizure_kind(fact.burden, has_title),
        "CFWJ": details.get("paper", "") or "协助执行通知书",
        "CFWH": fact.reference,
        "CFQSSJ": fact.since.isoformat() if fact.since else "",
        "CFJSSJ": fact.until.isoformat() if fact.until else "",
        "CFFW": details.get("scope", "") or "整个不动产单元",
    }
    if record.change is Change.CLOSED:
        cells |= {
            "JFYWH": str(case.case_no),
            "JFJG": fact.organ_zh,
            "JFWJ": record.cause_zh,
            "JFDBR": case.recorder_zh,
            "JFDJSJ": mapping.moment(case.recorded_at),
        }
    must = {"BDCDYH", "YWH", "CFJG", "CFLX", "CFWJ", "CFWH", "CFFW", "DJSJ", "QSZT"}
    return DataRow(RowKind.SEIZURE.value, cells, frozenset(must))


def _habitation(record: BurdenRecord, common: Cells, dialect: Dialect) -> DataRow:
    """The content of 民法典 367; the official names of these fields are not public."""
    details = record.details
    cells = dict(common) | {
        "YWR": details.get("owner", ""),
        "JZQQX": details.get("term", ""),
        "JZFW": details.get("scope", ""),
        "JZTJ": details.get("conditions", ""),
        "SLFS": details.get("way", ""),
        "BDCDJZMH": record.proof_no,
    }
    return DataRow(dialect.habitation_row, cells, frozenset({"BDCDYH", "YWH", "BDCDJZMH", "DJSJ", "QSZT"}))


def _easement(record: BurdenRecord, common: Cells, dialect: Dialect) -> DataRow:
    """The content of 民法典 373; the official names of these fields are not public."""
    details = record.details
    cells = dict(common) | {
        "GYDQLR": details.get("servient_owner", ""),
        "XYDBDCDYH": details.get("benefited_unit", ""),
        "LYMD": details.get("purpose", ""),
        "DYQNR": details.get("content", ""),
        "QLQX": details.get("term", ""),
        "BDCDJZMH": record.proof_no,
    }
    return DataRow(dialect.easement_row, cells, frozenset({"BDCDYH", "YWH", "BDCDJZMH", "DJSJ", "QSZT"}))


def _ended(case: RecordedCase, record: BurdenRecord, by: str, why: str, when: str) -> dict[str, str]:
    if record.change is not Change.CLOSED:
        return {}
    return {by: str(case.case_no), why: record.cause_zh or case.cause_zh, when: mapping.moment(case.recorded_at)}


def _case_papers(case: RecordedCase) -> Iterator[DataRow]:
    """Application, materials, applicants, reviews, fees and certificates (受理 收件 申请人 审核 收费 缮证).

    Handing out and the archive come after the recording that is reported here, so their rows are not part of it.
    """
    yield from _handling(case)
    yield from _papers(case)
    for applicant in case.applicants:
        yield _applicant(case, applicant)
    yield from _reviews(case)
    yield from _fees(case)
    for paper in case.issued:
        cells = _of_case(case) | {
            "SZMC": "不动产登记证明" if paper.is_proof else "不动产权证书",
            "SZZH": paper.number,
            "SZRY": case.recorder_zh,
            "SZSJ": mapping.moment(case.recorded_at),
            "BZ": "电子证照，没有印刷序列号",
        }
        yield DataRow("DJF_DJ_SZ", cells, frozenset({"YWH", "SZZH", "SZSJ"}))


def _of_case(case: RecordedCase) -> dict[str, str]:
    return {"YWH": str(case.case_no), "QXDM": case.unit.unit_code[:6]}


def _handling(case: RecordedCase) -> Iterator[DataRow]:
    if case.handling is None:
        return
    handling = case.handling
    cells = _of_case(case) | {
        "DJDL": mapping.REGISTRATION[case.registration],
        "DJXL": mapping.record_type(case.registration, case.subject, case.unit.right, case.unit.unit_code),
        "SLRY": handling.clerk_zh,
        "SLSJ": mapping.moment(handling.accepted_at or handling.received_at),
        "ZL": case.unit.address_zh,
        "JSSJ": mapping.moment(case.recorded_at),
        "AJZT": mapping.CASE_DONE,
        "BZ": "；".join(
            text
            for text in (
                case.item_zh,
                f"收件机构：{handling.receiving_zh}" if handling.receiving_zh else "",
                f"办理方式：{handling.channel_zh}" if handling.channel_zh else "",
            )
            if text
        ),
    }
    yield DataRow("DJT_DJ_SLSQ", cells, frozenset({"YWH", "DJDL", "QXDM", "SLRY", "SLSJ", "AJZT"}))


def _papers(case: RecordedCase) -> Iterator[DataRow]:
    for paper in case.papers:
        cells = _of_case(case) | {
            "SJSJ": mapping.moment(paper.taken_at),
            "SJLX": mapping.ORIGINAL if paper.is_original else mapping.COPY,
            "SJMC": paper.name_zh,
            "SJSL": "1",
            "YS": str(paper.pages) if paper.pages else "",
        }
        yield DataRow("DJF_DJ_SJ", cells, frozenset({"YWH", "SJMC"}))


def _applicant(case: RecordedCase, applicant: Applicant) -> DataRow:
    side = "YWR" if applicant.is_giving else "QLR"
    cells = _of_case(case) | {
        f"{side}MC": applicant.name,
        f"{side}ZJZL": mapping.ID_DOCUMENT[applicant.id_kind],
        f"{side}ZJH": applicant.id_no,
        f"{side}TXDZ": applicant.address_zh,
        f"{side}FRMC": applicant.representative,
        f"{side}DLRMC": applicant.agent,
        f"{side}DLRDH": applicant.agent_phone,
        "QLRLX": mapping.HOLDER_KIND[applicant.kind],
        "SQRLB": "2" if applicant.is_giving else "1",
        "BZ": f"联系电话：{applicant.phone}" if applicant.phone else "",
    }
    return DataRow("DJF_DJ_SQR", cells, frozenset({"YWH", f"{side}MC"}))


def _reviews(case: RecordedCase) -> Iterator[DataRow]:
    for position, review in enumerate(case.reviews, start=1):
        cells = _of_case(case) | {
            "JDMC": review.step_zh,
            "SXH": str(position),
            "SHRYXM": review.reviewer_zh,
            "SHKSSJ": mapping.moment(review.began_at),
            "SHJSSJ": mapping.moment(review.ended_at),
            "SHYJ": review.opinion_zh,
            "CZJG": mapping.AGREED if review.is_agreed else mapping.SENT_BACK,
        }
        yield DataRow("DJF_DJ_SH", cells, frozenset({"YWH", "JDMC", "SHRYXM", "SHJSSJ", "SHYJ", "CZJG"}))


def _fees(case: RecordedCase) -> Iterator[DataRow]:
    for line in case.fees:
        cells = _of_case(case) | {
            "SFKMMC": line.name_zh,
            "SFLX": mapping.BY_PIECE,
            "YSJE": mapping.yuan_of(line.due_fen),
            "SSJE": mapping.yuan_of(line.paid_fen),
            "SJFFR": line.payer_zh,
            "SFRQ": line.paid_on.isoformat() if line.paid_on else "",
            "SFDW": case.office.name_zh,
        }
        yield DataRow("DJF_DJ_SF", cells, frozenset({"YWH", "SFKMMC", "YSJE", "SSJE"}))
