"""Signing in at the desk, out again, and one's own password; a demonstration signs in with one press."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, override_settings
from tests.province import CLERK
from tests.window_site import COLLEAGUE, PASSWORD, Desk, Person, Seen

from tongban.access.models import Staff

READY = {
    "name_zh": "尤国强",
    "institution_zh": "郑州市不动产登记中心",
    "roles_zh": "窗口负责人",
    "try_zh": "第二人确认",
}


@pytest.fixture
def visitor(desk: Desk) -> Person:
    return Person(Client(), desk)


def enters(visitor: Person, **changes: str) -> Seen:
    code = visitor.desk.code(COLLEAGUE)
    typed = {"username": COLLEAGUE.username, "password": PASSWORD, "code": code, "next": ""}
    return visitor.sends("/sign-in", **{**typed, **changes})


def test_both_factors_lead_to_the_work(visitor: Person) -> None:
    page = enters(visitor)

    assert page.to == "/desk/"
    assert "我的工作" in visitor.opens("/desk/").words


@pytest.mark.parametrize("wrong", [{"password": "x"}, {"code": "000000"}, {"username": "nobody.here"}])
def test_one_wrong_factor_is_refused_without_saying_which(visitor: Person, wrong: dict[str, str]) -> None:
    page = enters(visitor, **wrong)

    assert page.status == 422
    assert "用户名、口令或者动态码不对" in page.words
    assert PASSWORD not in page.text
    assert visitor.opens("/desk/").status == 302


def test_empty_fields_are_named(visitor: Person) -> None:
    page = enters(visitor, username="", password="", code="")

    assert page.status == 422
    for label in ("用户名", "口令", "动态码"):
        assert f"请填写“{label}”" in page.words


def test_the_page_asked_for_comes_after_signing_in(visitor: Person) -> None:
    asked = visitor.opens("/sign-in", next="/desk/intake/?tab=all")

    assert enters(visitor, next=asked.value("next")).to == "/desk/intake/?tab=all"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org"]
)
def test_signing_in_never_leads_to_another_site(visitor: Person, elsewhere: str) -> None:
    assert enters(visitor, next=elsewhere).to == "/desk/"


def test_a_person_whose_password_is_due_changes_it_first(visitor: Person) -> None:
    Staff.objects.filter(username=COLLEAGUE.username).update(must_change_password=True)

    entered = enters(visitor)
    elsewhere = visitor.opens("/desk/intake/")
    page = visitor.opens("/password")
    short = visitor.sends("/password", old=PASSWORD, password="kurz", again="kurz")
    unlike = visitor.sends("/password", old=PASSWORD, password="Neu-2026-xx", again="Neu-2026-yy")
    changed = visitor.sends("/password", old=PASSWORD, password="Neu-2026-xx", again="Neu-2026-xx")

    assert entered.to == elsewhere.to == "/password"
    assert "先改口令" in page.words
    assert (short.status, unlike.status) == (422, 422)
    assert "两次输入的新口令不一样" in unlike.words
    assert changed.to == "/desk/?done=password"
    assert visitor.opens("/desk/intake/").status == 200


def test_only_a_post_signs_out(visitor: Person) -> None:
    enters(visitor)

    by_link = visitor.opens("/sign-out")
    still_in = visitor.opens("/desk/")
    left = visitor.sends("/sign-out")

    assert (by_link.to, still_in.status) == ("/desk/", 200)
    assert left.to == "/sign-in?out=1"
    assert visitor.opens("/desk/").to.startswith("/sign-in")


def test_whoever_leaves_the_machine_is_signed_out_and_told_so(visitor: Person) -> None:
    enters(visitor)
    visitor.desk.story.tick(minutes=16)

    page = visitor.opens("/desk/intake/", tab="all")

    assert page.to == "/sign-in?idle=1&next=%2Fdesk%2Fintake%2F%3Ftab%3Dall"
    assert "已经自动退出" in visitor.opens(page.to).words


def test_after_five_failures_the_account_is_locked_and_says_until_when(visitor: Person) -> None:
    for _ in range(5):
        enters(visitor, password="x")

    assert "账号已锁定" in enters(visitor).words


def test_the_sign_in_page_is_never_kept(visitor: Person) -> None:
    assert "no-store" in visitor.opens("/sign-in").response.headers["Cache-Control"]


@pytest.fixture
def demonstration(visitor: Person, tmp_path: Path) -> Person:
    secret = visitor.desk.secrets[COLLEAGUE.username]
    row = {"username": COLLEAGUE.username, "password": PASSWORD, "totp_secret": secret, **READY}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([row]), encoding="utf-8")
    (tmp_path / "demo-progress.txt").write_text("案件 3/22", encoding="utf-8")
    with override_settings(TONGBAN_DEMO=True, TONGBAN_HOME=tmp_path):
        yield visitor


def test_a_demonstration_lists_its_accounts_with_password_and_present_code(demonstration: Person) -> None:
    page = demonstration.opens("/sign-in")

    for words in (*READY.values(), COLLEAGUE.username, PASSWORD, demonstration.desk.code(COLLEAGUE), "案件 3/22"):
        assert words in page.words


def test_a_demonstration_signs_in_with_one_press_again_and_again(demonstration: Person) -> None:
    first = demonstration.sends("/sign-in", demo=COLLEAGUE.username)
    demonstration.sends("/sign-out")
    second = demonstration.sends("/sign-in", demo=COLLEAGUE.username)

    assert (first.to, second.to) == ("/desk/", "/desk/")


def test_an_account_that_is_not_listed_cannot_be_pressed(demonstration: Person) -> None:
    page = demonstration.sends("/sign-in", demo=CLERK.username)

    assert page.status == 200
    assert demonstration.opens("/desk/").status == 302


def test_no_other_site_lists_accounts_even_with_such_a_file(demonstration: Person) -> None:
    with override_settings(TONGBAN_DEMO=False):
        page = demonstration.opens("/sign-in")
        pressed = demonstration.sends("/sign-in", demo=COLLEAGUE.username)

    assert PASSWORD not in page.text
    assert "演示账号" not in page.words
    assert pressed.status == 200
    assert demonstration.opens("/desk/").status == 302


def test_a_session_ends_with_the_account(visitor: Person) -> None:
    enters(visitor)
    Staff.objects.filter(username=COLLEAGUE.username).update(is_active=False)
    visitor.desk.story.now += timedelta(seconds=1)

    assert visitor.opens("/desk/").to.startswith("/sign-in")
