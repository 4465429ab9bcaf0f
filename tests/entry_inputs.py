"""What an item's `entries` is given, for tests: titles or pages, a form, and numbers in a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count

from tongban.domain.calendar import WorkCalendar
from tongban.domain.catalogue.item import EntryInput
from tongban.domain.codes import CertificateNo
from tongban.domain.parameters import PARAMETERS
from tongban.domain.titles import Title
from tongban.domain.unit_page import UnitPage

TODAY = date(2026, 11, 23)
_FIRST = date(2026, 10, 8)  # no holiday follows in that year: Monday to Friday are working days
WEEKDAYS = WorkCalendar({day: day.weekday() < 5 for day in (_FIRST + timedelta(days=n) for n in range(85))})


def given(
    form: Mapping[str, str], *pages: Title | UnitPage, first_number: int = 1234, evidence: frozenset[str] = frozenset()
) -> EntryInput:
    """Certificates and proofs are numbered from `first_number`, each kind by itself."""
    certificates, proofs = count(first_number), count(first_number)
    found = tuple(UnitPage(one.unit.unit_code, one) if isinstance(one, Title) else one for one in pages)
    return EntryInput(
        found,
        form,
        TODAY,
        certificate_no=lambda: CertificateNo(f"豫（2026）滑县不动产权第{next(certificates):07d}号"),
        proof_no=lambda: CertificateNo(f"豫（2026）滑县不动产证明第{next(proofs):07d}号"),
        figure=_usual_figure,
        after_workdays=WEEKDAYS.add_workdays,
        evidence=evidence,
    )


def _usual_figure(name: str) -> int:
    """A local figure as it is where nobody has set another."""
    return int(PARAMETERS[name].read(PARAMETERS[name].default))
