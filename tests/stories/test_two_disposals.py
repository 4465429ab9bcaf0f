"""Two windows sell the same home at the same time: both applications arrive, the earlier goes first."""

from __future__ import annotations

from tests.province import HOME, NOW, OFFICER, REVIEWER, Province

from tongban.cases import decisions
from tongban.cases.models import Case
from tongban.cli import examples, play
from tongban.cli.play import Wish
from tongban.domain.burden_reasons import BurdenReasons
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Refusal
from tongban.exchange.models import InboxMessage
from tongban.register import reading

SALE, COURT_SALE = CATALOGUE["S02"], CATALOGUE["S09"]
CODE = EXAMPLE_UNITS[SALE.example.unit].unit.unit_code


def wish_for(number: str) -> Wish:
    return examples.wish_of(CATALOGUE[number], reading.page(CODE), NOW.date().isoformat())


def both_arrive(story: Province, first: str, second: str) -> tuple[str, str]:
    """Two applications for one home, both handed over before either has arrived; their cases."""
    examples.take_units(HOME, NOW)
    numbers = [story.hands_over(wish_for(number)) for number in (first, second)]
    story.settles()
    assert not InboxMessage.objects.filter(processing__settled_at=None).exists()
    return play.case_of(numbers[0]), play.case_of(numbers[1])


def waits_for(case_no: str) -> list[str]:
    return [one.burden_no for one in decisions.pending(CODE, but=case_no)]


def test_the_later_sale_of_a_home_arrives_and_waits_for_the_earlier(story: Province) -> None:
    earlier, later = both_arrive(story, "S02", "S02")

    assert waits_for(earlier) == [] and waits_for(later) == [earlier]
    story.moves(earlier, "accept", OFFICER)
    assert not isinstance(story.moves(earlier, "approve_first", REVIEWER), Refusal)
    story.moves(later, "accept", OFFICER)
    refused = story.moves(later, "approve_first", REVIEWER)
    assert isinstance(refused, Refusal) and refused.reason == BurdenReasons.ANOTHER_CASE_FIRST


def test_when_the_earlier_ends_the_later_is_free(story: Province) -> None:
    earlier, later = both_arrive(story, "S02", "S02")

    assert waits_for(later) == [earlier]
    Case.objects.get(case_no=earlier).units.update(is_open=False)

    assert waits_for(later) == []


def test_a_court_sale_arrives_beside_a_sale_and_holds_it_up(story: Province) -> None:
    sale, court = both_arrive(story, "S02", "S09")

    assert waits_for(sale) == [court]
