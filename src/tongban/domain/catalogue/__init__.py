"""Every service item, by number.  A new business type is one ServiceItem in its family's module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.alteration import NAME_CHANGE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.catalogue.mortgage import GENERAL_MORTGAGE, MAXIMUM_MORTGAGE
from tongban.domain.catalogue.mortgage_end import CANCEL_MORTGAGE
from tongban.domain.catalogue.sale import NEW_HOME, RESALE

_ITEMS = (
    NEW_HOME,
    RESALE,
    NAME_CHANGE,
    GENERAL_MORTGAGE,
    MAXIMUM_MORTGAGE,
    CANCEL_MORTGAGE,
)

CATALOGUE: Final[Mapping[str, ServiceItem]] = MappingProxyType({item.number: item for item in _ITEMS})
assert len(CATALOGUE) == len(_ITEMS), "a service item is listed twice"
