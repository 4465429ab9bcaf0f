"""The cards of the identity check say whose they are, and one key works on one of them."""

from __future__ import annotations

import re

from tests.province import HOME
from tests.window_site import Desk, Person

from tongban.cli import examples
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.catalogue.item import ServiceItem
from tongban.register import reading

RESALE = CATALOGUE["S02"]
AGENT = {
    "buyer1_comes": "agent", "buyer1_acting_name": "贺思远", "buyer1_acting_id_kind": "id_card",
    "buyer1_acting_id_no": "410105198911070000", "buyer1_acting_phone": "13900139008",
}  # fmt: skip


def filled(desk: Desk, clerk: Person, item: ServiceItem, **changed: str) -> str:
    """The example of an item typed in by the clerk; the address of its application."""
    examples.take_units(HOME, desk.story.now)
    code = EXAMPLE_UNITS[item.example.unit].unit.unit_code
    wish = examples.wish_of(item, reading.page(code), "2026-11-20")
    paper = {"unit_code": wish.unit_code, "certificate_no": wish.certificate_no, "holder_name": wish.holder_name}
    facts = {key: wish.form.get(key, "") for key in item.opening_fields}
    window = clerk.opens("/desk/intake/new").text
    begun = clerk.sends(
        "/desk/intake/new", key="k" * 32, act="ask", item_number=item.number, holder_id_no=wish.holder_id_no,
        window_code=re.findall(r'<option value="(?!S\d)([^"]+)"', window)[0], **paper, **facts,
    ).to  # fmt: skip
    version = clerk.opens(f"{begun}form").value("version")
    sent = clerk.sends(f"{begun}form", version=version, act="next", **{**wish.form, **changed})
    assert sent.status == 302, sent.words
    return begun


def titles(text: str) -> list[str]:
    return re.findall(r'<h2 class="panel__title">(.*?)</h2>', text)


def keyed(text: str) -> list[str]:
    """The position on each card whose button has the key."""
    forms = re.findall(r"<form.*?</form>", text, re.DOTALL)
    return [re.findall(r'name="position" value="(\d)"', one)[0] for one in forms if 'data-key="s"' in one]


def test_every_card_says_whose_it_is_in_the_words_of_the_service(desk: Desk) -> None:
    clerk = desk.person()
    begun = filled(desk, clerk, RESALE)

    assert titles(clerk.opens(f"{begun}people").text) == ["卖方 陶建国", "买方 许文博"]


def test_whoever_comes_for_another_is_named_with_him(desk: Desk) -> None:
    clerk = desk.person()
    begun = filled(desk, clerk, RESALE, **AGENT)

    page = clerk.opens(f"{begun}people")

    assert titles(page.text) == ["卖方 陶建国", "代理人 贺思远（替买方 许文博）", "不用到场的"]
    assert "买方 许文博：由到场的人代办" in page.words


def test_the_key_is_on_the_first_who_is_not_checked_yet_or_was_typed_wrong(desk: Desk) -> None:
    clerk = desk.person()
    begun = filled(desk, clerk, RESALE)

    assert keyed(clerk.opens(f"{begun}people").text) == ["0"]

    wrong = clerk.sends(f"{begun}people", **{"position": "1", "p1-method": "", "p1-result": ""})
    assert keyed(wrong.text) == ["1"]

    clerk.sends(f"{begun}people", **{"position": "0", "p0-method": "reader_face", "p0-result": "passed"})
    assert keyed(clerk.opens(f"{begun}people").text) == ["1"]


def test_what_was_filled_in_is_read_under_the_headings_it_was_asked_under(desk: Desk) -> None:
    clerk = desk.person()
    begun = filled(desk, clerk, RESALE)

    page = clerk.opens(f"{begun}content")

    headings = re.findall(r'<div class="section__title"><h3>(.*?)</h3></div>', page.text)
    assert headings == ["现在的证书、证明", "卖方", "买方", "合同和价款", "这处房产上的其他权利", "水、电、气、暖过户"]


def test_an_identity_paper_is_said_to_be_scanned_and_given_back(desk: Desk) -> None:
    clerk = desk.person()
    begun = filled(desk, clerk, RESALE)

    page = clerk.opens(f"{begun}materials", m="identity")

    assert "不用带复印件：窗口读卡、扫描存档，原件当面还" in page.words
    assert "不用复印" not in page.words
