"""The services by subject and in everyday words: how a clerk, or anybody, looks one up.

A new service stands under `OTHERS_ZH` and is found by its number, its name and its guide until it is put on a shelf
(`tongban.domain.catalogue.subjects`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.catalogue.subjects import BY_SUBJECT

FOUND_MAX: Final = 8
OTHERS_ZH: Final = "其他事项"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The services about one subject, in the order in which they are looked for."""

    name_zh: str
    items: tuple[ServiceItem, ...]


EVERYDAY_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {number: words for shelf in BY_SUBJECT.values() for number, words in shelf.items()}
)


def shelves() -> tuple[Shelf, ...]:
    """Every service, each once."""
    named = tuple(Shelf(name_zh, tuple(CATALOGUE[number] for number in words)) for name_zh, words in BY_SUBJECT.items())
    rest = tuple(item for item in CATALOGUE.values() if item.number not in EVERYDAY_ZH)
    return (*named, Shelf(OTHERS_ZH, rest)) if rest else named


def find(text: str) -> tuple[ServiceItem, ...]:
    """The services that a number, a name or everyday words mean, the nearest first; nothing for no words.

    Where no service has all the words, those come that have half of the pairs of letters or more.
    """
    words = _plain(text).split()
    ranked = [(rank, item) for shelf in shelves() for item in shelf.items if (rank := _rank(item, shelf, words))]
    if not ranked:
        ranked = _akin("".join(words))
    return tuple(item for _, item in sorted(ranked, key=lambda one: one[0]))[:FOUND_MAX]


def _rank(item: ServiceItem, shelf: Shelf, words: list[str]) -> int:
    """How near all the words are, 1 the number itself and 4 its subject or its guide; 0 not at all."""
    ranks = [_rank_of(item, shelf, word) for word in words]
    return max(ranks, default=0) if all(ranks) else 0


def _rank_of(item: ServiceItem, shelf: Shelf, word: str) -> int:
    everyday = _plain(EVERYDAY_ZH.get(item.number, ""))
    if _digits(item.number) == _digits(word):
        return 1
    if word in everyday.split() or (len(_digits(word)) > 1 and _digits(item.number).startswith(_digits(word))):
        return 2
    if word in everyday or word in _plain(item.name_zh):
        return 3
    return 4 if word in _plain(f"{shelf.name_zh} {_when_zh(item)}") else 0


def _akin(text: str) -> list[tuple[int, ServiceItem]]:
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    found = []
    for item in (one for shelf in shelves() for one in shelf.items):
        said = _plain(f"{item.name_zh} {EVERYDAY_ZH.get(item.number, '')} {_when_zh(item)}")
        common = sum(pair in said for pair in pairs)
        if pairs and 2 * common >= len(pairs):
            found.append((-common, item))
    return found


def _when_zh(item: ServiceItem) -> str:
    """What the guide says of when the service is needed, which it says in everyday words."""
    return item.guide_zh.split("【到哪里办】")[0]


def _digits(number: str) -> str:
    """“S02”, “s2” and “2” are the same."""
    return number.lower().removeprefix("s").lstrip("0")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
