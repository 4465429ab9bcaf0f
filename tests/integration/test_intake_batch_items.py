"""Every service that has a sheet: its example begins from one row, as complete as if it had been typed at the window."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate
from tests.integration.test_intake_batches import seen, takes, works
from tests.province import CLERK, HOME, NOW, Province

from tongban.access.models import AuditRow
from tongban.cli import examples, play, stage
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import FoundBy, ServiceItem
from tongban.domain.entries import Entry
from tongban.domain.lifecycle import ApplicationState
from tongban.intake import filling, trying
from tongban.intake.batches import columns, queries, ready, taking, together
from tongban.intake.models import Application
from tongban.register import reading

pytest_plugins = ("tests.stories.conftest",)
ITEMS = {item.number: item for item in taking.batch_items()}


def stage_of(story: Province) -> examples.Stage:
    return examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)


def example_row(story: Province, item: ServiceItem) -> dict[str, str]:
    """What a row says for the example of the item, once all that comes before it is registered."""
    examples.take_units(HOME, NOW)
    code = EXAMPLE_UNITS[item.example.unit].unit.unit_code
    at = stage_of(story)
    for number in item.example.after:
        examples.play_one(CATALOGUE[number], code, at)
    wish = examples.wish_of(item, reading.page(code), localdate(story.now).isoformat())
    found = {
        columns.UNIT_CODE: str(wish.unit_code), columns.CERTIFICATE_NO: wish.certificate_no,
        columns.HOLDER_NAME: wish.holder_name, columns.HOLDER_ID_NO: wish.holder_id_no,
    }  # fmt: skip
    return {**found, **wish.form}


@pytest.mark.parametrize("item", ITEMS.values(), ids=str)
def test_the_example_of_a_service_begins_from_one_row(story: Province, item: ServiceItem) -> None:
    row = example_row(story, item)
    before = set(Application.objects.values_list("number", flat=True))

    number = takes(story, item.number, [row])
    works(story)

    assert seen(story, number).counts == {"wrong": 0, "waiting": 0, "begun": 1}, queries.rows(seen(story, number))
    (made,) = Application.objects.exclude(number__in=before)
    assert (made.state, made.item_number, made.unit_code) == (ApplicationState.DRAFT, item.number, row["_unit_code"])
    assert forms.check_form(item, made.form, localdate(story.now)) == (), "nothing is left to ask"
    typed = {key: text for key, text in row.items() if not key.startswith("_")}
    said = {key: text for key, text in forms.clean_form(item, typed).items() if text}
    assert {key: made.form[key].removesuffix(".00") for key in said} == said, "the register writes cents"
    stage.presign(item, made.form, story.tick())
    tried = trying.try_form(made.number, story.actor(CLERK), now=story.tick())
    made.refresh_from_db()
    assert tried == () and made.tried is not None, "the home registry could record it"


def recorded(story: Province, item: ServiceItem, row: dict[str, str]) -> list[Entry]:
    """What the book says once the row was begun, came to the window with its papers, and was decided."""
    before = set(Application.objects.values_list("number", flat=True))
    number = takes(story, item.number, [row])
    works(story)
    assert seen(story, number).counts["begun"] == 1, queries.rows(seen(story, number))
    (made,) = Application.objects.exclude(number__in=before).values_list("number", flat=True)
    at = stage_of(story)
    play.attend(made, examples.answers_of(item), at.clerk, now=at.tick())
    case_no = examples.finish(item, made, at)
    return [line.entry for line in reading.history(row["_unit_code"]) if line.case_no == case_no and line.entry]


@pytest.mark.parametrize("item", ITEMS.values(), ids=str)
def test_a_row_ends_in_the_register_like_an_application_typed_at_the_window(story: Province, item: ServiceItem) -> None:
    entries = recorded(story, item, example_row(story, item))

    assert {entry.unit_code for entry in entries} == {EXAMPLE_UNITS[item.example.unit].unit.unit_code}


@pytest.mark.parametrize(
    ("typed", "registered"), [("480000", "480000.00"), ("", "520000.00"), ("520000.00", "520000.00")]
)
def test_a_row_may_say_that_less_is_still_owed_than_the_notice_announced(
    story: Province, typed: str, registered: str
) -> None:
    item = ITEMS["S31M"]

    entries = recorded(story, item, example_row(story, item) | {"debt_yuan": typed})

    (mortgage,) = (one for one in entries if isinstance(one, OpenBurden))
    assert mortgage.private["debt_yuan"] == registered
    (standing,) = reading.opened_burdens(mortgage.unit_code)
    assert (standing.burden.burden, standing.private["debt_yuan"]) == (Burden.MORTGAGE, registered)


@pytest.mark.parametrize("item", [one for one in ITEMS.values() if one.found_by is FoundBy.PROOF], ids=str)
def test_a_row_with_a_proof_the_register_does_not_know_is_told_and_begins_nothing(
    story: Province, item: ServiceItem
) -> None:
    row = example_row(story, item) | {columns.CERTIFICATE_NO: "豫（2026）滑县不动产证明第0009999号"}
    before = Application.objects.count()

    number = takes(story, item.number, [row])
    works(story)

    (wrong,) = queries.rows(seen(story, number), queries.WRONG).rows
    assert wrong.findings[0].what_zh and wrong.findings[0].cure_zh
    assert Application.objects.count() == before


@pytest.mark.parametrize(
    ("column", "text"), [("mortgagee1_name", "滑县河畔农村商业银行股份有限公司"), ("debt_yuan", "520000.01")]
)
def test_a_row_that_says_something_else_than_the_notice_is_told(story: Province, column: str, text: str) -> None:
    item = ITEMS["S31M"]
    row = example_row(story, item) | {column: text}

    number = takes(story, item.number, [row])
    works(story)

    (wrong,) = queries.rows(seen(story, number), queries.WRONG).rows
    assert [one.column for one in wrong.findings] == [column]
    assert "登记簿" in wrong.findings[0].what_zh and wrong.findings[0].cure_zh
    assert not Application.objects.filter(item_number=item.number).exists()


def test_a_developer_and_a_bank_find_the_services_of_a_finished_house() -> None:
    assert {"S01", "S19", "S24", "S25", "S26", "S30", "S31", "S31M"} <= set(ITEMS)


def test_what_only_the_home_registry_s_trial_finds_stands_beside_the_row_before_the_hand_over(story: Province) -> None:
    """A developer whose pre-signature is not on file: the row is complete, and yet could not be recorded."""
    item, today = ITEMS["S31"], localdate(story.now)
    row = example_row(story, item)

    number = takes(story, item.number, [row])
    works(story)

    assert seen(story, number).counts["begun"] == 1
    ready.check(number, today)
    (stopped,), more = ready.stopped(number, today)
    assert (stopped.row_no, more, ready.listed(number, today)) == (2, False, ()), (
        "the first line of a sheet is its head"
    )
    assert "备案" in stopped.problems[0].what_zh + stopped.problems[0].cure_zh
    made = Application.objects.get(number=stopped.application_no)
    stage.presign(item, made.form, story.tick())
    asked = together.Asked(number, story.actor(CLERK), "who", story.tick())
    together.check_identity(asked, together.Who("没有这个人", "410526196804120003"), filling.READER_FACE)
    while together.act_due(story.tick(seconds=1)):
        pass
    ready.check(number, today)
    assert ready.stopped(number, today) == ((), False), "asked once more, since something may have been put right there"


def test_a_row_the_trial_passes_is_asked_about_twice_and_not_again(story: Province) -> None:
    item, row = ITEMS["S19"], example_row(story, ITEMS["S19"])
    before = AuditRow.objects.filter(action="restriction.check").count()

    number = takes(story, item.number, [row])
    works(story)
    asked = together.Asked(number, story.actor(CLERK), "who", story.tick())
    together.check_identity(asked, together.Who("没有这个人", "410526196804120003"), filling.READER_FACE)
    while together.act_due(story.tick(seconds=1)):
        pass

    assert AuditRow.objects.filter(action="restriction.check").count() == before + 2
    assert ready.stopped(number, localdate(story.now)) == ((), False)
