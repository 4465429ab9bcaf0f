"""Wrong, not empty, values in the forms used most: each is said beside its field, with its cure, and nothing typed is lost."""

from __future__ import annotations

import re
from html import escape

import pytest
from tests.province import CLERK, HOME
from tests.window_site import Desk, Person, Seen, question

from tongban.cli import examples
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue import form as item_forms
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import Field, FieldKind, ServiceItem
from tongban.register import reading

MOST_USED = ("S01", "S02", "S06", "S09", "S26", "S31", "S33")
WRONG = {
    FieldKind.DAY: "2026-02-30",
    FieldKind.FUTURE_DAY: "9999-12-31",
    FieldKind.YUAN: "80万",
    FieldKind.ID_NUMBER: "410526199101270008",
    FieldKind.PHONE: "1380013800",
    FieldKind.NAME: "许文博、李红",
    FieldKind.SHARES: "-1/2、3/2",
    FieldKind.PROOF_NO: "第1234号",
    FieldKind.CERTIFICATE_NO: "第1234号",
}


def begins(desk: Desk, clerk: Person, item: ServiceItem) -> tuple[str, dict[str, str]]:
    """The item's example at the window, what has to come before it recorded; its address and its answers."""
    story = desk.story
    examples.take_units(HOME, story.now)
    code = EXAMPLE_UNITS[item.example.unit].unit.unit_code
    at = examples.Stage(story.tick, story.settles, story.actor(CLERK), lambda action, actor, of: None)
    for number in item.example.after:
        examples.play_one(CATALOGUE[number], code, at)
    wish = examples.wish_of(item, reading.page(code), "2026-11-20")
    paper = {"unit_code": wish.unit_code, "certificate_no": wish.certificate_no, "holder_name": wish.holder_name}
    facts = {key: wish.form.get(key, "") for key in item.opening_fields}
    sent = question(item_number=item.number, holder_id_no=wish.holder_id_no, **paper, **facts)
    begun = clerk.sends("/desk/intake/new", **sent)
    assert begun.status == 302, begun.words
    return begun.to, wish.form


def wrong_for(field: Field) -> str:
    return "长" * (field.longest + 1) if field.kind is FieldKind.TEXT else WRONG.get(field.kind, "")


def saves(clerk: Person, begun: str, form: dict[str, str]) -> Seen:
    return clerk.sends(f"{begun}form", version=clerk.opens(f"{begun}form").value("version"), act="next", **form)


def said_of(page: Seen, key: str) -> str:
    found = re.search(rf'<p class="field__error" id="id_{key}-error">.*?</span>(.*?)</p>', page.text)
    return found[1] if found else ""


@pytest.mark.parametrize("number", MOST_USED)
def test_every_wrong_value_is_said_beside_its_field_and_stays_as_it_was_typed(desk: Desk, number: str) -> None:
    item, clerk = CATALOGUE[number], desk.person()
    begun, answers = begins(desk, clerk, item)
    asked = clerk.opens(f"{begun}form").text
    shown = item_forms.visible_fields(item, answers)
    wrong = {one.key: wrong_for(one) for one in shown if wrong_for(one) and f'name="{one.key}"' in asked}
    assert len({item_forms_kind(item, key) for key in wrong}) >= 4, "the form asks several kinds of things"

    page = saves(clerk, begun, {**answers, **wrong})

    assert page.status == 200
    told = {key: said_of(page, key) for key in wrong}
    several = {one.key for one in item.fields if one.several}
    assert {key for key, words in told.items() if not words} <= several
    assert all(words.count("。") >= 2 for key, words in told.items() if words), told
    kept = {key for key, typed in wrong.items() if escape(typed) in page.text}
    assert kept == set(wrong)
    assert "已保存，还有地方要改" in page.words


def item_forms_kind(item: ServiceItem, key: str) -> FieldKind:
    return next(one.kind for one in item.fields if one.key == key)


def test_the_browser_cuts_nothing_off(desk: Desk) -> None:
    clerk = desk.person()
    begun, _ = begins(desk, clerk, CATALOGUE["S02"])

    assert "maxlength" not in clerk.opens(f"{begun}form").text
    assert "maxlength" not in clerk.opens("/desk/intake/new").text


def test_shares_that_do_not_fit_the_people_are_said(desk: Desk) -> None:
    clerk = desk.person()
    begun, answers = begins(desk, clerk, CATALOGUE["S02"])
    second = {key.replace("buyer1", "buyer2"): text for key, text in answers.items() if key.startswith("buyer1")}
    second |= {"buyer2_name": "李红", "buyer2_id_no": "410105198911070000", "buyer2_also": "yes", "buyer3_also": "no"}

    for shares, words in (
        ("1/2、1/3", "各人的份额加起来是5/6，不等于1"),
        ("1/2、1/4、1/4", "买方有2位，份额写了3个"),
        ("50%、50%", "份额“50%”不对"),
    ):
        typed = {**answers, **second, "buyer_co_ownership": "by_shares", "buyer_shares": shares}
        page = saves(clerk, begun, typed)
        assert words in said_of(page, "buyer_shares"), said_of(page, "buyer_shares")
        assert page.value("buyer_shares") == shares


def test_a_name_with_blanks_as_a_card_prints_it_is_the_same_person(desk: Desk) -> None:
    clerk, item = desk.person(), CATALOGUE["S02"]
    examples.take_units(HOME, desk.story.now)
    home = EXAMPLE_UNITS[item.example.unit]
    assert home.title is not None
    owner = home.title.holders[0]
    spaced = " ".join(owner.name)

    begun = clerk.sends(
        "/desk/intake/new",
        **question(
            item_number="S02", unit_code=home.unit.unit_code, certificate_no=home.title.certificate_no,
            holder_name=spaced, holder_id_no=f"身份证号：{owner.id_no}", seller1_kind="person",
        ),
    )  # fmt: skip

    assert begun.status == 302, begun.words
    sent = saves(clerk, begun.to, {**item.example.answers, "buyer1_name": "许 文 博", "price_yuan": "800,000元"})
    assert sent.status == 302, sent.words
    made = desk.application(begun.to.split("/")[-2])
    assert [party.name for party in made.parties.order_by("position")] == [owner.name, "许文博"]
    assert made.form["price_yuan"] == "800000"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("41052600100lGB00001F00010001", "第12位应该是数字，现在是L"),
        ("410526001001GB00001F000100O1", "第27位应该是数字，现在是O"),
        ("410526 001001 GB00001 F0001000", "应有28位，现在是27位"),
        ("410526001001GB00001F00010001、410526001001GB00001F00010002", "应有28位，现在是57位"),
    ],
)
def test_a_wrong_unit_code_is_told_where_it_is_wrong(desk: Desk, typed: str, words: str) -> None:
    page = desk.person().sends("/desk/intake/new", **question(unit_code=typed))

    assert page.status == 422
    assert words in said_of(page, "unit_code")
    assert page.value("unit_code") == typed
