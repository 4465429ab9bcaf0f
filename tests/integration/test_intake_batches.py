"""Many applications at once: a developer's flats of one parcel, a bank's mortgages with wrong rows mended, and kills."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.province import CLERK, HOME, NOW, REVIEWER, WINDOW, Province, flats
from tests.thorough import rounds

from tongban.access.actors import Actor, ActorKind
from tongban.cli import people, stage
from tongban.cli.people import Flat
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import ExampleUnit, FieldKind
from tongban.domain.codes import UnitCode
from tongban.domain.entries import DescribeUnit
from tongban.domain.errors import InvalidInput, NotPermitted, Stale, WrongState
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.restrictions import Act
from tongban.intake.batches import columns, queries, taking, workbooks, working
from tongban.intake.models import Application, Batch, BatchRow
from tongban.register import book
from tongban.register.requests import RecordRequest

pytest_plugins = ("tests.stories.conftest",)
PRESALE, MORTGAGE = CATALOGUE["S25"], CATALOGUE["S19"]
FLATS = rounds(40, soak=500)
LOANS = rounds(25, soak=200)


def sheet(item_number: str, rows: list[dict[str, str]]) -> bytes:
    """An xlsx of these rows by column key, with the words a person would type."""
    wanted = columns.columns_of(CATALOGUE[item_number])
    lines = [[one.label_zh for one in wanted]]
    for row in rows:
        lines.append([_words(one, row.get(one.key, "")) for one in wanted])
    return workbooks.workbook([("申请", lines)])


def _words(column: columns.Column, text: str) -> str:
    if column.field is None:
        return text
    if column.field.kind is FieldKind.YES_NO:
        return {"yes": "是", "no": "否"}.get(text, text)
    return next((one.label_zh for one in column.field.choices if one.value == text), text)


def presale_row(code: str) -> dict[str, str]:
    form = {key: text.replace("{today}", "2026-11-20") for key, text in PRESALE.example.answers.items()}
    first = PRESALE.parties(form)[0]
    return {"_unit_code": code, "_holder_name": first.name, "_holder_id_no": first.id_no, **form}


def mortgage_row(number: int) -> dict[str, str]:
    return row_for(flats()[number])


def row_for(flat: Flat) -> dict[str, str]:
    """The line in which the holder of a flat mortgages it to the bank."""
    form = {key: text.replace("{today}", "2026-11-20") for key, text in MORTGAGE.example.answers.items()}
    return {
        "_unit_code": flat.unit_code,
        "_certificate_no": flat.title.certificate_no,
        "_holder_name": flat.holder.name,
        "_holder_id_no": flat.holder.id_no,
        **form,
    }


def takes(story: Province, item_number: str, rows: list[dict[str, str]]) -> str:
    return taking.take(
        item_number,
        stage.window_of(WINDOW),
        sheet(item_number, rows),
        "一批.xlsx",
        story.actor(CLERK),
        now=story.tick(),
    )


def works(story: Province) -> None:
    while working.begin_due(story.tick(seconds=1)):
        pass


def seen(story: Province, number: str) -> queries.BatchView:
    return queries.batch(number, story.actor(CLERK))


def presale_units(count: int) -> list[str]:
    """A developer's flats of one parcel: measured, with a pre-sale permit, without a title."""
    staged = EXAMPLE_UNITS[ExampleUnit.PRESALE_FLAT]
    recorder = Actor(ActorKind.SYSTEM, "system:stock", "存量数据整理", HOME, frozenset(), "worker")
    codes = [UnitCode(f"410526001900GB00900F0001{n:04d}") for n in range(1, count + 1)]
    entries = tuple(DescribeUnit(replace(staged.unit, unit_code=code)) for code in codes)
    request = RecordRequest(
        unit_codes=tuple(codes), entries=entries, acts=(Act.CORRECT,), evidence=frozenset(), recorder=recorder,
        case_no="", key="parcel", now=NOW, registry=HOME,
    )  # fmt: skip
    book.record(request)
    for code in codes:
        book.flag_unit(code, staged.flags)
    return list(codes)


def test_the_flats_of_one_parcel_each_become_an_application_of_their_own(story: Province) -> None:
    rows = [presale_row(code) for code in presale_units(FLATS)]
    number = takes(story, "S25", rows)
    works(story)

    view = seen(story, number)
    assert view.counts == {"wrong": 0, "waiting": 0, "begun": FLATS}, queries.rows(view).rows[0]
    made = Application.objects.filter(batch_row__batch=number)
    assert {one.unit_code for one in made} == {row["_unit_code"] for row in rows}
    assert all(one.parties.count() >= 2 and one.state == ApplicationState.DRAFT for one in made[:3])
    again = takes(story, "S25", rows)
    works(story)
    assert again == number and Application.objects.count() == FLATS and Batch.objects.count() == 1


def titled_flats(count: int) -> tuple[Flat, ...]:
    """More titled flats than the province begins with."""
    more = people.flats("410526", "滑县", "滑县", len(flats()) + count)[len(flats()) :]
    stage.take_stock(more, HOME, NOW)
    return more


def begun_rows(number: str) -> dict[int, tuple[object, ...]]:
    """What each begun row of a batch became, and how often either was touched."""
    rows = BatchRow.objects.filter(batch=number, state=BatchRow.BEGUN)
    facts = rows.values_list(
        "row_no", "version", "application_id", "application__version", "application__created_at", "due_at"
    )
    return {row_no: tuple(rest) for row_no, *rest in facts}


def test_the_rows_of_a_bank_go_on_while_one_is_mended_and_none_starts_again(story: Province) -> None:
    rows = [row_for(flat) for flat in titled_flats(LOANS)]
    at = LOANS // 2
    good, rows[at] = rows[at], rows[at] | {"mortgagee1_id_no": "91410100MA9000001X"}
    number = takes(story, "S19", rows)
    working.begin_due(story.tick(seconds=1))
    before = begun_rows(number)
    assert len(before) == working.ROWS_AT_ONCE, "the bank mends its row while others are begun and others wait"

    assert taking.mend_row(number, at + 2, good, story.actor(CLERK), version=1, now=story.tick()) == ()
    works(story)

    assert seen(story, number).counts == {"wrong": 0, "waiting": 0, "begun": LOANS}
    after = begun_rows(number)
    assert {row_no: after[row_no] for row_no in before} == before
    assert [row_no for row_no, (version, *_) in sorted(after.items()) if version != 1] == [at + 2]
    made = Application.objects.filter(batch_row__batch=number)
    assert {one.unit_code for one in made} == {row["_unit_code"] for row in rows}
    assert Application.objects.count() == story.audited("intake.open") == LOANS, "nothing was asked or opened twice"


def test_a_wrong_row_is_named_and_mended_while_the_others_go_on(story: Province) -> None:
    rows = [mortgage_row(n) for n in range(8)]
    rows[2]["mortgagee1_id_no"] = "91410100MA9000001X"
    rows[4] |= {"_holder_name": "查无此人"}
    rows[6] = dict(rows[5])
    number = takes(story, "S19", rows)
    works(story)

    view = seen(story, number)
    assert view.counts == {"wrong": 3, "waiting": 0, "begun": 5}
    wrong = {row.row_no: row.findings for row in queries.rows(view, queries.WRONG).rows}
    assert set(wrong) == {4, 6, 8}, "rows count as the spreadsheet does, the head is row 1"
    assert [one.column for one in wrong[4]] == ["mortgagee1_id_no"]
    assert all(one.what_zh and one.cure_zh for findings in wrong.values() for one in findings)
    assert wrong[6][0].why_zh, "a lawful no says why"
    assert wrong[8][0].what_zh == "和第 7 行是同一件"
    begun = set(Application.objects.values_list("number", flat=True))

    good = mortgage_row(2)
    left = taking.mend_row(number, 4, good, story.actor(CLERK), version=1, now=story.tick())
    assert left == ()
    with pytest.raises(WrongState):
        taking.mend_row(number, 4, good, story.actor(CLERK), version=2, now=story.tick())
    with pytest.raises(Stale):
        taking.mend_row(number, 6, good, story.actor(CLERK), version=7, now=story.tick())
    works(story)
    assert seen(story, number).counts["begun"] == 6
    assert begun < set(Application.objects.values_list("number", flat=True))


def test_the_sheet_of_wrong_rows_comes_back_mended(story: Province) -> None:
    rows = [mortgage_row(n) for n in range(3)]
    rows[1]["_unit_code"] = "=HYPERLINK(1)"
    number = takes(story, "S19", rows)
    works(story)
    view = seen(story, number)
    data = queries.wrong_sheet(view, story.actor(CLERK))
    assert b"<f>" not in data
    head = [one.label_zh for one in columns.columns_of(MORTGAGE)]
    good = mortgage_row(1)
    line = ["3", *(_words(one, good.get(one.key, "")) for one in columns.columns_of(MORTGAGE)), "改过了"]
    mended = workbooks.workbook([("要改的行", [[columns.ROW_NO_ZH, *head, columns.FINDINGS_ZH], line])])

    done = taking.mend_by_sheet(number, mended, story.actor(CLERK), now=story.tick())

    assert done == taking.Mended(1, 0)
    works(story)
    assert seen(story, number).counts == {"wrong": 0, "waiting": 0, "begun": 3}
    assert taking.mend_by_sheet(number, mended, story.actor(CLERK), now=story.tick()) == taking.Mended(0, 1)


def test_a_kill_between_draft_and_row_makes_nothing_twice(story: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    number = takes(story, "S19", [mortgage_row(n) for n in range(2)])

    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(working, "_fill", dies)
        with pytest.raises(Killed):
            working.begin_due(story.tick(seconds=1))
    assert Application.objects.count() == 1
    assert working.begin_due(story.tick(seconds=1)) == 0, "another worker leaves the rows alone for a while"
    story.tick(minutes=2)
    works(story)

    assert Application.objects.count() == 2
    assert seen(story, number).counts["begun"] == 2


def test_the_same_property_in_another_sheet_is_named_with_its_application(story: Province) -> None:
    takes(story, "S19", [mortgage_row(0)])
    works(story)
    again = takes(story, "S19", [mortgage_row(0), mortgage_row(1)])
    works(story)

    (wrong,) = queries.rows(seen(story, again), queries.WRONG).rows
    first = BatchRow.objects.order_by("pk")[0].application_id
    assert wrong.findings[0].what_zh == f"这一件已经在办，收件编号 {first}"
    assert seen(story, again).counts["begun"] == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "旧版"),
        (b"PK\x03\x04broken", "坏了"),
        (b"\x00\x01\x02", "不是表格"),
        ("不动产单元号,生日\n1,2\n".encode("gb18030"), "生日"),
        ("不动产单元号\n".encode(), "只有列名"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why_and_leaves_nothing(story: Province, data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        taking.take("S19", stage.window_of(WINDOW), data, "../../x.csv", story.actor(CLERK), now=story.tick())

    assert any(words in one.what_zh for one in refused.value.problems)
    assert Batch.objects.count() == 0


def test_who_may_not_receive_may_not_hand_in_a_batch(story: Province) -> None:
    with pytest.raises(NotPermitted):
        taking.take(
            "S19", stage.window_of(WINDOW), sheet("S19", [mortgage_row(0)]), "x.xlsx", story.actor(REVIEWER),
            now=story.tick(),
        )  # fmt: skip
    number = takes(story, "S19", [mortgage_row(0)])
    with pytest.raises(NotPermitted):
        queries.batch(number, story.actor(REVIEWER))


def test_the_columns_of_an_item_have_one_name_each() -> None:
    for item in taking.batch_items():
        labels = [one.label_zh for one in columns.columns_of(item)]
        assert len(labels) == len(set(labels))
