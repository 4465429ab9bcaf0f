"""The pages of batches: hand in a sheet, see the wrong row first, mend it in place or by a sheet."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.integration.test_intake_batches import MORTGAGE, mortgage_row, sheet
from tests.window_site import NEIGHBOUR, WINDOW, Desk, Seen

from tongban.cli import stage
from tongban.intake.batches import columns, queries, sheets, working
from tongban.intake.models import Batch, BatchRow

LIST = "/desk/batches/"


def hands_in(desk: Desk, *rows: dict[str, str]) -> str:
    file = SimpleUploadedFile("../../银行 第一批.xlsx", sheet("S19", list(rows)))
    fields = {"item_number": "S19", "window_code": stage.window_of(WINDOW), "sheet": file}
    answer = desk.person().sends(LIST, **fields)
    assert answer.status == 302, answer.words
    while working.begin_due(desk.story.tick(seconds=1)):
        pass
    return answer.to


def wrong_row(number: int) -> dict[str, str]:
    return mortgage_row(number) | {"mortgagee1_phone": "12"}


def test_a_clerk_hands_in_a_sheet_and_mends_the_wrong_row_on_its_page(desk: Desk) -> None:
    batch = hands_in(desk, mortgage_row(9), wrong_row(10), mortgage_row(11))
    clerk = desk.person()

    page = clerk.opens(batch)
    assert "已成件 2，等着办 0，要改 1" in page.words
    assert f"{batch}rows/3" in page.text
    assert Batch.objects.get().file_name == "银行 第一批.xlsx"
    mending = clerk.opens(f"{batch}rows/3")
    typed = {name: mending.value(name) for name in ("version", *(one.key for one in columns.columns_of(MORTGAGE)))}
    still = clerk.sends(f"{batch}rows/3", **typed)
    assert still.status == 422 and "还" not in still.to
    typed["version"] = still.value("version")
    assert clerk.sends(f"{batch}rows/3", **{**typed, "mortgagee1_phone": "0372-8100019"}).to.endswith("?mended=1")
    working.begin_due(desk.story.tick(seconds=1))

    assert "已成件 3，等着办 0，要改 0" in clerk.opens(batch).words


def test_the_template_and_the_wrong_rows_can_be_read_back(desk: Desk) -> None:
    batch = hands_in(desk, mortgage_row(9), wrong_row(10))
    clerk = desk.person()

    empty = clerk.opens(f"{LIST}templates/S19.xlsx")
    wrong = sheets.read_sheet(clerk.opens(f"{batch}wrong.xlsx").response.content)
    results = sheets.read_sheet(clerk.opens(f"{batch}results.xlsx").response.content)

    assert empty.status == 200 and empty.response.headers["Content-Disposition"].startswith("attachment")
    assert wrong.head[0] == columns.ROW_NO_ZH and wrong.head[-1] == columns.FINDINGS_ZH
    assert [row.cells[0] for row in wrong.rows] == ["3"]
    assert len(results.rows) == 2


def test_an_unknown_column_is_named_and_nothing_is_kept(desk: Desk) -> None:
    file = SimpleUploadedFile("x.csv", "不动产单元号,楼盘\n1,2\n".encode("gb18030"))
    fields = {"item_number": "S19", "window_code": stage.window_of(WINDOW), "sheet": file}

    answer = desk.person().sends(LIST, **fields)

    assert answer.status == 422 and "不认识“楼盘”这一列" in answer.words
    assert not Batch.objects.exists() and not BatchRow.objects.exists()


def test_another_registry_sees_nothing_of_a_batch(desk: Desk) -> None:
    batch = hands_in(desk, mortgage_row(9))
    neighbour = desk.person(NEIGHBOUR)

    assert neighbour.opens(batch).status in (403, 404)
    assert neighbour.opens(f"{batch}wrong.xlsx").status in (403, 404)
    assert Batch.objects.get().number not in neighbour.opens(LIST).words


def links(page: Seen) -> dict[str, str]:
    """Where the pager leads, by direction."""
    found = re.findall(r'href="(\?[^"]*?(before|after)=[^"]*)"', page.text)
    return {"back" if name == "before" else "on": url for url, name in found}


def row_numbers(page: Seen) -> list[int]:
    return sorted({int(number) for number in re.findall(r"/rows/(\d+)\"", page.text)})


def test_the_rows_of_a_batch_are_paged_in_both_directions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 3)
    batch = hands_in(desk, mortgage_row(11), *(wrong_row(n) for n in range(8)))
    clerk = desk.person()

    first = clerk.opens(batch)
    second = clerk.opens(f"{batch}{links(first)['on']}")
    third = clerk.opens(f"{batch}{links(second)['on']}")
    back = clerk.opens(f"{batch}{links(third)['back']}")
    start = clerk.opens(f"{batch}{links(back)['back']}")

    assert [row_numbers(page) for page in (first, second, third)] == [[3, 4, 5], [6, 7, 8], [9, 10]]
    assert (set(links(first)), set(links(third))) == ({"on"}, {"back"})
    assert (row_numbers(back), links(back)) == (row_numbers(second), links(second))
    assert (row_numbers(start), links(start)) == (row_numbers(first), links(first))
    every = clerk.opens(f"{batch}?state=all")
    assert row_numbers(every) == [3, 4] and row_numbers(clerk.opens(f"{batch}{links(every)['on']}")) == [5, 6, 7]
    assert row_numbers(clerk.opens(f"{batch}?after=x&before=99999999999")) == [3, 4, 5], (
        "what is no row number is nothing"
    )


def test_the_batches_are_paged_in_both_directions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 2)
    made = [hands_in(desk, wrong_row(n)).split("/")[-2] for n in range(5)][::-1]
    clerk = desk.person()

    def shown(page: Seen) -> list[str]:
        return [number for number in made if number in page.words]

    first = clerk.opens(LIST)
    second = clerk.opens(f"{LIST}{links(first)['on']}")
    third = clerk.opens(f"{LIST}{links(second)['on']}")
    back = clerk.opens(f"{LIST}{links(third)['back']}")

    assert [shown(page) for page in (first, second, third)] == [made[:2], made[2:4], made[4:]]
    assert (set(links(first)), set(links(third))) == ({"on"}, {"back"})
    assert (shown(back), links(back)) == (shown(second), links(second))
    assert shown(clerk.opens(f"{LIST}{links(back)['back']}")) == made[:2]
    actor = desk.story.actor(NEIGHBOUR)
    assert queries.batches(actor, before=made[-1]) == queries.batches(actor) == queries.BatchPage([]), "not the others'"


def test_a_page_takes_the_same_statements_for_one_row_and_for_many(desk: Desk) -> None:
    few = hands_in(desk, wrong_row(9))
    many = hands_in(desk, *(wrong_row(n) for n in range(9)))
    clerk = desk.person()

    assert clerk.queries_of(few) == clerk.queries_of(many)
    before = clerk.queries_of(LIST)
    hands_in(desk, wrong_row(10))
    assert clerk.queries_of(LIST) == before
