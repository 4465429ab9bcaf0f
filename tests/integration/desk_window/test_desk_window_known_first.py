"""What the register knows is not asked: of a home under a court's paper, of the second home of an exchange, of who applies."""

from __future__ import annotations

import pytest
from tests.province import flats
from tests.window_site import Desk, Seen, question

from tongban.access.models import AuditRow
from tongban.intake.models import Application

NEW = "/desk/intake/new"
TAKER = {"certificate_no": "", "holder_name": "姜海洋", "holder_id_no": "410105198911070000"}
LYING = ("mortgage", "habitation", "objection")


def asks(desk: Desk, item_number: str, **said: str) -> Seen:
    return desk.person().sends(NEW, **question(9, item_number=item_number, **said))


def by_court(desk: Desk, item_number: str, **said: str) -> Seen:
    losers = "、".join(holder.name for holder in flats()[9].title.holders)
    return asks(desk, item_number, **{**TAKER, "losers": losers, **said})


def exchanged(desk: Desk, **said: str) -> Seen:
    other = flats()[10]
    second = {
        "first1_kind": "person",
        "other_unit_code": other.unit_code,
        "other_certificate_no": other.title.certificate_no,
        "second1_name": other.holder.name,
        "second1_id_no": other.holder.id_no,
    }
    return asks(desk, "S10", **{**second, **said})


@pytest.mark.parametrize(("item_number", "known"), [("S08", (*LYING, "notice")), ("S09", LYING)])
def test_whoever_brings_a_courts_paper_is_not_asked_what_lies_on_the_home(
    desk: Desk, item_number: str, known: tuple[str, ...]
) -> None:
    page = by_court(desk, item_number)

    made = Application.objects.latest("created_at")
    assert page.to == f"/desk/intake/{made.number}/"
    assert {key: made.check_answer["prefill"].get(key) for key in known} == dict.fromkeys(known, "no")
    form = desk.person().opens(f"{page.to}form")
    assert [key for key in (*known, "losers") if f'name="{key}"' in form.text] == []
    assert "属地已经给了的" in form.words


def test_who_applies_is_typed_once(desk: Desk) -> None:
    form = desk.person().opens(f"{by_court(desk, 'S08').to}form")

    assert (form.value("taker1_name"), form.value("taker1_id_no")) == (TAKER["holder_name"], TAKER["holder_id_no"])
    assert '<option value="person" selected>' in form.text
    assert '<option value="id_card" selected>' in form.text


def test_a_company_that_applies_is_not_taken_for_a_person(desk: Desk) -> None:
    by_court(desk, "S08", holder_name="豫北示例资产管理有限公司", holder_id_no="91410526MA90000212")

    made = Application.objects.latest("created_at").form
    assert (made["taker1_id_kind"], made.get("taker1_kind", "")) == ("uscc", "")


def test_whoever_cannot_name_those_in_the_register_learns_nothing_and_keeps_what_was_typed(desk: Desk) -> None:
    before = Application.objects.count()

    page = by_court(desk, "S08", losers="别人")

    assert page.status == 422
    assert "登记簿上没有“别人”这个权利人" in page.words
    assert (page.value("losers"), page.value("holder_name")) == ("别人", TAKER["holder_name"])
    assert flats()[9].holder.name not in page.words
    assert Application.objects.count() == before
    assert AuditRow.objects.filter(action="intake.open", outcome="refused").count() == 1
    assert AuditRow.objects.filter(action="restriction.check", outcome="refused").count() == 1


def test_both_homes_of_an_exchange_are_told_by_the_register(desk: Desk) -> None:
    page = exchanged(desk)

    made, second = Application.objects.latest("created_at"), flats()[10]
    assert made.form["second1_id_no"] == second.holder.id_no
    form = desk.person().opens(f"{page.to}form")
    told = [f"{prefix}{key}" for prefix in ("", "other_") for key in (*LYING, "notice")]
    fixed = ["other_unit_code", "other_certificate_no", "second1_name", "second1_id_no", "second1_id_kind"]
    assert [key for key in (*told, *fixed) if f'name="{key}"' in form.text] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"other_certificate_no": "豫（2020）滑县不动产权第0099999号"}, "第二套的不动产权证号和登记簿上的不一样"),
        ({"second1_name": "别人"}, "第二套房的登记簿上没有“别人”这个权利人"),
        ({"other_unit_code": "410526001001GB00001F00019999"}, "登记簿上没有第二套房"),
    ],
    ids=["certificate", "holder", "unit"],
)
def test_a_second_home_whose_paper_does_not_fit_is_said_beside_its_field(
    desk: Desk, wrong: dict[str, str], words: str
) -> None:
    before = Application.objects.count()

    page = exchanged(desk, **wrong)

    assert page.status == 422
    assert words in page.words
    assert all(page.value(name) == typed for name, typed in wrong.items())
    assert Application.objects.count() == before
