"""Services are found by number, name and everyday words, and each stands once under its subject."""

from __future__ import annotations

import pytest

from tongban.domain import shelves
from tongban.domain.catalogue import CATALOGUE


def test_every_service_stands_on_one_shelf_with_everyday_words() -> None:
    on_shelves = [item.number for shelf in shelves.shelves() for item in shelf.items]

    assert sorted(on_shelves) == sorted(CATALOGUE)
    assert shelves.OTHERS_ZH not in [shelf.name_zh for shelf in shelves.shelves()], "say where the new service stands"
    assert all(words.strip() for words in shelves.EVERYDAY_ZH.values())


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("S02", "S02"), ("2", "S02"), ("ｓ０２", "S02"), ("39n", "S39N"), ("带押过户", "S33"), ("二手房", "S02"), ("离婚", "S05"),
        ("房产证丢了", "S18"), ("还清贷款", "S24"), ("法拍房", "S09"), ("夫妻加名", "S04"), ("抵押 注销", "S24"), ("改名", "S13"),
        ("老人去世", "S06"), ("期房 抵押", "S26"), ("继承", "S06"),
    ],
)  # fmt: skip
def test_a_service_is_found_as_people_say_it(typed: str, first: str) -> None:
    assert next(item.number for item in shelves.find(typed)) == first


def test_the_start_of_a_number_finds_all_of_its_family_the_number_itself_first() -> None:
    assert [item.number for item in shelves.find("s39")] == ["S39", "S39A", "S39N", "S39T"]


@pytest.mark.parametrize("typed", ["", "  ", "没有这种事", "S99", "抵押 没有这种事"])
def test_nothing_is_found_where_nothing_fits(typed: str) -> None:
    assert shelves.find(typed) == ()


def test_a_list_of_what_was_found_stays_short() -> None:
    assert len(shelves.find("登记")) == shelves.FOUND_MAX
