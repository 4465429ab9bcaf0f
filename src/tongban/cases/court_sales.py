"""What courts have sold or given for a debt, and who applied with their papers (S09; 细则 19): for the court's own order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.cases.models import Case, CaseMove, CaseUnit
from tongban.cases.queries import form_of
from tongban.domain.acts import Act

_PAPERS = ("case_no", "notice_no")  # 裁定书、协助执行通知书


@dataclass(frozen=True, slots=True)
class CourtSale:
    """One case: the court and the numbers of its papers as the applicant gave them; None while it is not recorded."""

    case_no: str
    court_zh: str
    papers: tuple[str, ...]
    recorded_at: datetime | None


def on_unit(unit_code: str) -> tuple[CourtSale, ...]:
    """The cases in which a unit passes, or has passed, on a court's order; the oldest first."""
    units = CaseUnit.objects.filter(unit_code=unit_code, act=Act.COMPELLED_TRANSFER.value).order_by("case_id")
    found = Case.objects.in_bulk([unit.case_id for unit in units])
    recorded = dict(CaseMove.objects.filter(case__in=found, action="record").values_list("case_id", "at"))
    return tuple(_sale(case, recorded.get(number)) for number, case in sorted(found.items()))


def recorded_lately(many: int) -> tuple[tuple[str, CourtSale], ...]:
    """The units that passed last on a court's order, at most so many, each with its case; three queries."""
    units = CaseUnit.objects.filter(act=Act.COMPELLED_TRANSFER.value, is_open=False).order_by("-case_id")[:many]
    codes = {unit.unit_code: unit.case_id for unit in units}
    found = Case.objects.in_bulk(set(codes.values()))
    recorded = dict(CaseMove.objects.filter(case__in=found, action="record").values_list("case_id", "at"))
    return tuple(
        (code, _sale(found[number], recorded[number])) for code, number in codes.items() if number in recorded
    )  # fmt: skip


def _sale(case: Case, recorded_at: datetime | None) -> CourtSale:
    form = form_of(case.package)
    return CourtSale(case.case_no, form.get("court", ""), tuple(form.get(key, "") for key in _PAPERS), recorded_at)
