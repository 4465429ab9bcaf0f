"""The window's list and the desk's first page: what each person sees, finds, and may not see."""

from __future__ import annotations

import pytest
from tests.province import CLERK, HOME_ADMIN, OFFICER, REVIEWER
from tests.window_site import NEIGHBOUR, NEWCOMER, Desk

from tongban.intake import queries

LIST = "/desk/intake/"
QUERIES_MAX = 12


def test_the_list_counts_each_state_and_begins_with_drafts(desk: Desk) -> None:
    page = desk.person().opens(LIST)

    assert page.status == 200
    for label, many in (("填写中", 2), ("已移交", 1), ("待补正", 1), ("已受理", 0), ("办结", 4), ("全部", 8)):
        assert f"{label} {many} " in page.words
    assert desk.numbers["draft"] in page.text
    assert desk.numbers["certified"] not in page.text


def test_names_in_the_list_are_masked(desk: Desk) -> None:
    holder = desk.application("draft").title["holder_name"]

    page = desk.person().opens(LIST)

    assert holder not in page.text


def test_a_number_or_its_end_leads_straight_to_its_application(desk: Desk) -> None:
    clerk, number = desk.person(), desk.numbers["certified"]

    assert clerk.opens(LIST, q=number[-6:]).to == f"{LIST}{number}/"
    assert clerk.opens(LIST, q=f" {number.lower()} ").to == f"{LIST}{number}/"
    assert clerk.opens(LIST, q=desk.application("certified").case_no).to == f"{LIST}{number}/"


def test_an_unknown_number_is_said_to_be_unknown(desk: Desk) -> None:
    page = desk.person().opens(LIST, q="999999")

    assert page.status == 200
    assert "没有编号以“999999”结尾的收件" in page.words


def test_pages_are_reached_by_key_in_both_directions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_ROWS", 3)
    actor = desk.story.actor(CLERK)

    first = queries.applications(actor)
    second = queries.applications(actor, after=first.next_after)
    third = queries.applications(actor, after=second.next_after)
    back = queries.applications(actor, before=third.previous_before)

    numbers = [row.number for page in (first, second, third) for row in page.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 8
    assert (first.previous_before, third.next_after) == ("", "")
    assert back.rows == second.rows


def test_nobody_sees_what_another_registry_received(desk: Desk) -> None:
    own = desk.person(NEIGHBOUR).opens(LIST, tab="all")
    foreign = desk.person(NEIGHBOUR).opens_part("draft")

    assert desk.numbers["neighbours"] in own.text
    assert desk.numbers["draft"] not in own.text
    assert foreign.status == 403
    assert desk.audited(action="denied.intake.read", actor_id=NEIGHBOUR.username, object_id=desk.numbers["draft"]) == 1


@pytest.mark.parametrize(
    "part", ["form", "people", "materials", "sign", "receipt", "receipt.pdf", "content", "withdraw"]
)
def test_every_page_of_another_registrys_application_is_closed(desk: Desk, part: str) -> None:
    assert desk.person(NEIGHBOUR).opens_part("handed_over", part).status == 403


def test_an_unknown_application_is_not_found(desk: Desk) -> None:
    assert desk.person().opens_part("SJ41010020991231000001").status == 404


@pytest.mark.parametrize("account", [REVIEWER, OFFICER, HOME_ADMIN], ids=lambda account: account.username)
def test_who_holds_no_window_role_is_turned_away_with_a_reason(desk: Desk, account: object) -> None:
    page = desk.person(account).opens(LIST)  # type: ignore[arg-type]

    assert page.status == 403
    assert "没有权限" in page.words


def test_who_signed_no_confidentiality_agreement_sees_nothing_and_is_told_so(desk: Desk) -> None:
    newcomer = desk.person(NEWCOMER)

    refused = newcomer.opens(LIST)
    first_page = newcomer.opens("/desk/")

    assert refused.status == 403
    assert "保密承诺不在有效期内" in refused.words
    assert "保密承诺不在有效期内" in first_page.words
    assert desk.numbers["draft"] not in refused.text


@pytest.mark.parametrize("url", ["/desk/", LIST, f"{LIST}?tab=all", f"{LIST}new"])
def test_a_list_takes_few_queries(desk: Desk, url: str) -> None:
    assert desk.person().queries_of(url) <= QUERIES_MAX


@pytest.mark.parametrize(
    "part", ["", "form", "people", "materials", "inquiry", "sign", "hand-over", "content", "withdraw"]
)
@pytest.mark.parametrize("name", ["draft", "filled"])
def test_a_page_of_an_application_takes_few_queries(desk: Desk, name: str, part: str) -> None:
    assert desk.person().queries_of(desk.url(name, part)) <= QUERIES_MAX


@pytest.mark.parametrize("name", ["handed_over", "certified", "not_accepted", "told_home", "corrected"])
def test_the_page_where_it_stands_takes_few_queries(desk: Desk, name: str) -> None:
    assert desk.person().queries_of(desk.url(name)) <= QUERIES_MAX


def test_the_first_page_counts_the_work_of_each_role(desk: Desk) -> None:
    window, home = desk.person().opens("/desk/"), desk.person(OFFICER).opens("/desk/")

    assert "窗口收件 · 待补正 1" in window.words
    assert "新建收件" in window.words
    assert "属地办理 · 待受理 1" in home.words
    assert "窗口收件 ·" not in home.words
    assert "新建收件" not in home.words


def test_an_administrator_finds_the_way_from_the_first_page(desk: Desk) -> None:
    page = desk.person(HOME_ADMIN).opens("/desk/")

    assert page.status == 200
    assert "/admin/" in page.text


def test_a_stranger_to_the_desk_signs_in_first_and_comes_back(desk: Desk) -> None:
    person = desk.person()
    person.client.logout()

    page = person.opens("/desk/intake/", tab="all")

    assert page.to == "/sign-in?next=%2Fdesk%2Fintake%2F%3Ftab%3Dall"


def test_what_the_desk_shows_is_not_kept_by_the_browser(desk: Desk) -> None:
    page = desk.person().opens_part("draft")

    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_every_look_at_an_application_is_audited(desk: Desk) -> None:
    before = desk.audited(action="intake.read", object_id=desk.numbers["draft"])

    desk.person().opens_part("draft")

    assert desk.audited(action="intake.read", object_id=desk.numbers["draft"]) == before + 1
