"""Local figures: every number and switch a place may set by date, with its default and its source.

The promised days of each service item follow from the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.standing_parameters import PLAN_ZH, STANDING_PARAMETERS
from tongban.domain.standing_parameters import Parameter as Parameter
from tongban.domain.standing_parameters import ParameterKind as ParameterKind

_PROMISES = (
    Parameter(
        item.days_parameter,
        f"{item.number} {item.name_zh}：承诺期限",
        ParameterKind.COUNT,
        str(item.days_target),
        "工作日",
        PLAN_ZH,
    )
    for item in CATALOGUE.values()
)

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {**STANDING_PARAMETERS, **{parameter.name: parameter for parameter in _PROMISES}}
)
