"""Every service item, by number: whatever ServiceItem stands in a module of this folder is in the catalogue.

A new business type is one ServiceItem in a module here; nothing lists it (docs/tutorials/add-a-business-type.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue.item import ServiceItem


def _items() -> Iterator[ServiceItem]:
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, ServiceItem):
                yield value


def _by_number() -> Mapping[str, ServiceItem]:
    found: dict[str, ServiceItem] = {}
    for item in sorted(_items(), key=lambda one: one.number):
        assert found.setdefault(item.number, item) is item, f"two service items are numbered {item.number}"
    return MappingProxyType(found)


CATALOGUE: Final[Mapping[str, ServiceItem]] = _by_number()
assert CATALOGUE, "the catalogue lists what people can apply for"
