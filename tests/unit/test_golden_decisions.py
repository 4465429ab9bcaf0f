"""The golden decisions: what the law says to an item in a situation, written from the law text and not from the code."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from tests.golden.items import ITEMS, SERVICE_ITEMS
from tests.golden.reading import GoldenRow, cites, golden_rows

from tongban.domain.acts import Act
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.exclusions import EXCLUSIONS
from tongban.domain.restriction_rules import RULES

ROWS = golden_rows()


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_the_code_decides_as_the_law_does(row: GoldenRow) -> None:
    assert row.complaint(row.decide()) == ""


def test_every_decision_is_told_once_with_its_reason() -> None:
    situations = Counter(row.situation for row in ROWS)

    assert len(ROWS) >= 450
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert [row.id for row in ROWS if not row.why] == []
    assert [row.id for row in ROWS if row.rule and ";" not in row.rule and not row.law] == []
    assert [situation for situation, times in situations.items() if times > 1] == []


def test_every_burden_meets_every_act() -> None:
    met = {(fact.burden, Act(act)) for row in ROWS for fact in row.burden_facts for act in ITEMS[row.item].acts}

    assert set(product(Burden, Act)) - met == set()


def test_every_item_is_decided_about() -> None:
    assert set(ITEMS) - {row.item for row in ROWS} == set()


def test_every_usual_exclusion_speaks_twice_and_is_passed_by_a_judicial_item() -> None:
    spoken = Counter(finding.rule for row in ROWS for finding in row.decide().findings)
    judicial = [row for row in ROWS if row.item.startswith("J")]

    assert [row.code for row in EXCLUSIONS if row.is_usual and spoken[row.code] < 2] == []
    assert len({row.unit for row in judicial}) >= 10


def test_every_rule_that_speaks_does_so_twice() -> None:
    spoken = Counter(
        (finding.rule, finding.verdict, finding.lifted_by) for row in ROWS for finding in row.decide().findings
    )
    rules = {(rule.name, rule.verdict, rule.lifted_by) for rule in RULES if rule.reason is not None}

    assert sorted(rule for rule in rules if spoken[rule] < 2) == []


def test_the_golden_list_describes_the_items_as_the_catalogue_does() -> None:
    told = {
        number: (item.kind, item.subject, item.channels, item.is_presale)
        for number, item in CATALOGUE.items()
        if number in SERVICE_ITEMS
    }
    expected = {
        number: (item.kind, item.subject, item.channels, item.is_presale)
        for number, item in SERVICE_ITEMS.items()
        if number in told
    }

    assert told == expected


@pytest.mark.parametrize(
    ("law_zh", "citation", "is_cited"),
    [
        ("《中华人民共和国民法典》第二百二十一条第一款", "《民法典》第二百二十一条", True),
        ("《民法典》第二百二十条、第二百二十一条", "《民法典》第二百二十一条", True),
        ("《民法典》第二百二十条；《契税法》第十一条", "《民法典》第十一条", False),
        ("法发〔2004〕5号第二十二条", "法发〔2004〕5号", True),
        ("法发〔2004〕5号第二十二条", "法发〔2004〕5号第二条", False),
    ],
)
def test_an_article_counts_only_under_its_own_statute(law_zh: str, citation: str, is_cited: bool) -> None:
    assert cites(law_zh, citation) is is_cited
