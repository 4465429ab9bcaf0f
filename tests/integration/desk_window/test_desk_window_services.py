"""A clerk finds a service by number, name or everyday words without losing what was typed about the property."""

from __future__ import annotations

import re

from tests.province import REVIEWER
from tests.window_site import Desk, Seen, question

from tongban.domain.catalogue import CATALOGUE
from tongban.intake.models import Application

NEW, SERVICES = "/desk/intake/new", "/desk/intake/services"


def chosen(page: Seen) -> list[str]:
    return re.findall(r'<option value="(S\w+)" selected>', page.text)


def found(page: Seen) -> list[str]:
    return re.findall(r'name="choose" value="(S\w+)"', page.text)


def test_the_services_stand_under_their_subjects_with_their_numbers(desk: Desk) -> None:
    page = desk.person().opens(NEW)

    assert '<optgroup label="抵押">' in page.text
    assert f">S02 {CATALOGUE['S02'].name_zh}</option>" in page.text
    assert len(re.findall(r'<option value="S', page.text)) == len(CATALOGUE)


def test_what_is_typed_is_looked_up_while_the_page_stays(desk: Desk) -> None:
    clerk = desk.person()

    assert found(clerk.opens(SERVICES, find="离婚"))[0] == "S05"
    assert "没有找到“没有这种事”" in clerk.opens(SERVICES, find="没有这种事").words
    assert clerk.opens(SERVICES).text.strip() == ""


def test_a_found_service_is_chosen_and_nothing_typed_is_lost(desk: Desk) -> None:
    before = Application.objects.count()
    typed = {key: text for key, text in question().items() if key != "act"}

    page = desk.person().sends(NEW, **typed, find="二手房", choose="S02")

    assert (page.status, chosen(page)) == (200, ["S02"])
    assert page.value("unit_code") == typed["unit_code"] and page.value("holder_id_no") == typed["holder_id_no"]
    assert 'name="seller1_kind"' in page.text
    assert "field__error" not in page.text
    assert Application.objects.count() == before


def test_without_javascript_a_button_looks_it_up(desk: Desk) -> None:
    clerk = desk.person()

    several = clerk.sends(NEW, **question(act="find", find="贷款"))
    one = clerk.sends(NEW, **question(act="find", find="法拍房"))

    assert len(found(several)) > 1 and chosen(several) == ["S13"]
    assert (found(one), chosen(one)) == (["S09"], ["S09"])


def test_words_left_in_the_search_do_not_change_what_is_asked(desk: Desk) -> None:
    page = desk.person().sends(NEW, **question(find="法拍房"))

    assert page.status == 302
    assert Application.objects.latest("created_at").item_number == "S13"


def test_who_may_not_receive_looks_nothing_up(desk: Desk) -> None:
    assert desk.person(REVIEWER).opens(SERVICES, find="2").status == 403
    assert desk.audited(action="denied.intake.open") == 1
