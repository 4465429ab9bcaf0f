"""The amounts and rates of a place on a day, for bills and estimates."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from tongban.directory.queries import figures
from tongban.directory.recent import kept_briefly
from tongban.domain.fees import FeeFigures
from tongban.domain.taxes import TaxFigures


def fee_figures(division_code: str, day: date) -> FeeFigures:
    """What a registration costs there."""
    return FeeFigures.of(_texts(division_code, day))


def tax_figures(division_code: str, day: date) -> TaxFigures:
    """The rates the place sets."""
    return TaxFigures.of(_texts(division_code, day))


@kept_briefly
def _texts(division_code: str, day: date) -> MappingProxyType[str, str]:
    """Every figure by name, in one query."""
    return MappingProxyType({line.parameter.name: line.value for line in figures(division_code, day)})
