"""Every service item, by number.  A new business type is one ServiceItem in its family's module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.alteration import NAME_CHANGE
from tongban.domain.catalogue.item import ServiceItem

_ITEMS = (NAME_CHANGE,)

CATALOGUE: Final[Mapping[str, ServiceItem]] = MappingProxyType({item.number: item for item in _ITEMS})
assert len(CATALOGUE) == len(_ITEMS), "a service item is listed twice"
