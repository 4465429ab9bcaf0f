"""Every service item, by number.  A new business type is one ServiceItem in its family's module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.alteration import NAME_CHANGE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.catalogue.mortgage import GENERAL_MORTGAGE, MAXIMUM_MORTGAGE
from tongban.domain.catalogue.mortgage_changes import DETERMINATION, MORTGAGE_CHANGE
from tongban.domain.catalogue.mortgage_end import CANCEL_MORTGAGE
from tongban.domain.catalogue.mortgage_final import FINAL_MORTGAGE
from tongban.domain.catalogue.mortgage_transfer import ASSIGNMENT
from tongban.domain.catalogue.notice_changes import CANCEL_NOTICE, NOTICE_CHANGE, NOTICE_TRANSFER
from tongban.domain.catalogue.notices import MORTGAGE_NOTICE, PRESALE_MORTGAGE_NOTICE, PRESALE_NOTICE, SALE_NOTICE
from tongban.domain.catalogue.sale import NEW_HOME, RESALE

_ITEMS = (
    NEW_HOME,  # S01
    RESALE,  # S02
    NAME_CHANGE,  # S13
    GENERAL_MORTGAGE,  # S19
    MAXIMUM_MORTGAGE,  # S20
    DETERMINATION,  # S21
    MORTGAGE_CHANGE,  # S22
    ASSIGNMENT,  # S23
    CANCEL_MORTGAGE,  # S24
    PRESALE_NOTICE,  # S25
    PRESALE_MORTGAGE_NOTICE,  # S26
    SALE_NOTICE,  # S27
    MORTGAGE_NOTICE,  # S28
    NOTICE_TRANSFER,  # S29
    NOTICE_CHANGE,  # S29A
    CANCEL_NOTICE,  # S30
    FINAL_MORTGAGE,  # S31M
)

CATALOGUE: Final[Mapping[str, ServiceItem]] = MappingProxyType({item.number: item for item in _ITEMS})
assert len(CATALOGUE) == len(_ITEMS), "a service item is listed twice"
