"""Every service item of the catalogue lives its whole life: window, home registry, book, certificate, verification."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.province import CLERK, HOME, NOW, Province

from tongban.cases.models import Case
from tongban.certificates import issue
from tongban.certificates import queries as licences
from tongban.cli import examples
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.lifecycle import CaseState
from tongban.domain.restrictions import Act
from tongban.register import reading, verification

pytest_plugins = ("tests.stories.conftest",)
LEDGER = "410526"
READ_ONLY = frozenset({Act.LOOK_UP})


@pytest.fixture
def at(story: Province) -> Iterator[examples.Stage]:
    examples.take_units(HOME, NOW)
    yield examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)


@pytest.mark.parametrize("item", [one for one in CATALOGUE.values() if not set(one.acts) & READ_ONLY], ids=str)
def test_the_example_of_an_item_is_received_decided_recorded_and_certified(
    item: ServiceItem, at: examples.Stage, story: Province
) -> None:
    code = EXAMPLE_UNITS[item.example.unit].unit.unit_code

    case_no = examples.play_item(item, at)

    case = Case.objects.get(case_no=case_no)
    assert case.state == CaseState.CERTIFIED
    written = [line for line in reading.history(code) if line.case_no == case_no]
    assert written and {line.act for line in written} == {item.act.value}
    issued = licences.licences_of_case(case_no)
    assert {licence.state for licence in issued} <= {"current"}
    assert bool(issued) == bool(item.issues)
    assert {line.ref.ledger for line in written if line.ref} == {LEDGER}
    assert verification.verify(LEDGER).breaks == ()
    if issued:
        assert issue.pdf(issued[0].identifier, story.tick()).startswith(b"%PDF")
