"""The first question at a window: a yes opens a draft once, a no keeps what was typed and changes nothing."""

from __future__ import annotations

import re

import pytest
from tests.province import CLERK, HOME, REVIEWER, WINDOW, flats
from tests.window_site import NEWCOMER, Desk, Seen, question

from tongban.access.models import AuditRow
from tongban.cli import stage
from tongban.desk.window.property_form import PropertyForm
from tongban.directory import lookup
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.item import ServiceItem
from tongban.domain.reasons import Reasons
from tongban.exchange import authorizations
from tongban.exchange.models import Authorization
from tongban.intake.models import Application
from tongban.vault import keys
from tongban.vault.models import SigningKey

NEW = "/desk/intake/new"
REFUSED_PDF = "/desk/intake/refused.pdf"


def asks(desk: Desk, **changes: str) -> Seen:
    return desk.person().sends(NEW, **question(**changes))


def test_a_yes_opens_a_draft_with_what_the_home_registry_told(desk: Desk) -> None:
    flat = flats()[9]

    page = asks(desk)

    made = Application.objects.latest("created_at")
    assert page.to == f"/desk/intake/{made.number}/"
    assert (made.clerk, made.home_registry, made.unit_code) == (CLERK.username, HOME, flat.unit_code)
    assert made.form["previous_name"] == flat.holder.name
    workbench = desk.person().opens(page.to)
    assert flat.title.unit.address_zh in workbench.words
    assert f"来源：{lookup.institution(HOME).name_zh}" in workbench.words


def test_a_double_click_opens_one_draft(desk: Desk) -> None:
    before = Application.objects.count()

    first, second = asks(desk), asks(desk)

    assert first.to == second.to
    assert Application.objects.count() == before + 1


def test_each_opened_page_brings_a_key_of_its_own(desk: Desk) -> None:
    clerk = desk.person()

    assert clerk.opens(NEW).value("key") != clerk.opens(NEW).value("key")


def test_a_pasted_number_may_carry_its_label_blanks_and_full_width_letters(desk: Desk) -> None:
    flat = flats()[9]
    wide = flat.unit_code.translate({ord(letter): ord(letter) + 0xFEE0 for letter in flat.unit_code})
    messy = {
        "unit_code": f"不动产单元号：{wide[:6]} {wide[6:12]}-{wide[12:]}",
        "certificate_no": f"不动产权证号: {flat.title.certificate_no.replace('（', '(').replace('）', ')')}",
        "holder_name": f" {flat.holder.name} ",
        "holder_id_no": f"身份证号：{flat.holder.id_no[:6]} {flat.holder.id_no[6:]}",
    }

    page = asks(desk, **messy)

    assert page.status == 302


def test_a_wrong_holder_is_refused_with_reason_and_place_and_everything_typed_stays(desk: Desk) -> None:
    before = Application.objects.count()
    flat = flats()[9]

    page = asks(desk, holder_name="别人")

    assert page.status == 409
    for words in (Reasons.UNIT_UNKNOWN.what_zh, Reasons.UNIT_UNKNOWN.cure_zh, lookup.institution(HOME).phone):
        assert words in page.text
    assert page.value("unit_code") == flat.unit_code
    assert page.value("holder_name") == "别人"
    assert page.value("holder_id_no") == flat.holder.id_no
    assert Application.objects.count() == before
    assert AuditRow.objects.filter(action="intake.open", outcome="refused").count() == 1


def test_the_same_page_asks_again_after_the_mistake_is_mended(desk: Desk) -> None:
    refused = asks(desk, holder_name="别人")

    page = asks(desk, key=refused.value("key"))

    assert page.status == 302


def test_without_an_authorization_the_answer_says_so(desk: Desk) -> None:
    grant = Authorization.objects.get(grantor=HOME, grantee=WINDOW)
    authorizations.suspend(grant.pk, stage.actor(stage.ADMIN), now=desk.story.now)

    page = asks(desk)

    assert page.status == 409
    assert "授权" in page.words


def test_the_refusal_prints_as_a_sealed_notice(desk: Desk) -> None:
    refused = asks(desk, holder_name="别人")

    notice = desk.person().sends(REFUSED_PDF, letter=refused.value("letter"))

    assert notice.status == 200
    assert notice.response.headers["Content-Type"] == "application/pdf"
    assert notice.response.content.startswith(b"%PDF-")
    assert b"/ByteRange" in notice.response.content
    assert desk.audited(action="intake.referral", actor_id=CLERK.username) == 1


def test_a_notice_with_changed_words_is_not_printed(desk: Desk) -> None:
    refused = asks(desk, holder_name="别人")

    forged = desk.person().sends(REFUSED_PDF, letter=refused.value("letter")[::-1])
    empty = desk.person().sends(REFUSED_PDF)

    assert (forged.status, empty.status) == (422, 422)
    assert desk.audited(action="intake.referral") == 0


def test_a_home_registry_out_of_reach_leaves_everything_typed(desk: Desk) -> None:
    for key in SigningKey.objects.filter(owner=HOME):
        keys.revoke(HOME, key.key_id, desk.story.now)
    before = Application.objects.count()

    page = asks(desk)

    assert page.status == 503
    assert "还没有开始收件" in page.words
    assert page.value("unit_code") == flats()[9].unit_code
    assert Application.objects.count() == before


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("unit_code", "410526", "不动产单元号应有28位，现在是6位"),
        ("certificate_no", "", "不动产权证号"),
        ("holder_id_no", "", "权利人证件号码"),
        ("window_code", "elsewhere", "要从列出的里面选"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(desk: Desk, field: str, text: str, words: str) -> None:
    before = Application.objects.count()

    page = asks(desk, **{field: text})

    assert page.status == 422
    assert words in page.words
    assert re.search(rf'id="id_{field}-error"', page.text)
    assert Application.objects.count() == before


def test_the_home_registry_is_shown_while_the_code_is_typed(desk: Desk) -> None:
    clerk = desk.person()

    known = clerk.opens("/desk/intake/home", unit_code=flats()[9].unit_code)
    foreign = clerk.opens("/desk/intake/home", unit_code=f"110101{flats()[9].unit_code[6:]}")
    half = clerk.opens("/desk/intake/home", unit_code="4105")

    assert lookup.institution(HOME).name_zh in known.words
    assert lookup.institution(HOME).name_zh not in foreign.words + half.words
    assert "28位" in half.words


def test_without_javascript_a_button_shows_the_home_registry(desk: Desk) -> None:
    before = Application.objects.count()

    page = asks(desk, act="home", holder_name="")

    assert page.status == 200
    assert lookup.institution(HOME).name_zh in page.words
    assert "aria-invalid" not in page.text
    assert Application.objects.count() == before


@pytest.mark.parametrize("account", [REVIEWER, NEWCOMER], ids=lambda account: account.username)
def test_who_may_not_receive_cannot_ask(desk: Desk, account: object) -> None:
    person = desk.person(account)  # type: ignore[arg-type]
    before = Application.objects.count()

    asked = person.sends(NEW, **question())

    assert (person.opens(NEW).status, asked.status) == (403, 403)
    assert Application.objects.count() == before
    assert desk.audited(action="denied.intake.open") == 2


@pytest.mark.parametrize("item", CATALOGUE.values(), ids=str)
def test_what_is_not_asked_is_not_missing(item: ServiceItem) -> None:
    answers = {key: item.example.answers[key] for key in item.opening_fields if key in item.example.answers}
    paper = {
        "unit_code": "410526001001GB00001F00010001",
        "certificate_no": "一",
        "holder_name": "甲",
        "holder_id_no": "乙",
    }
    sent = {"key": "k", "item_number": item.number, "window_code": "w", **paper, **answers}

    form = PropertyForm(sent, windows=(("w", "窗口"),), item=item)

    assert form.is_valid(), form.errors
    assert {key: text for key, text in form.facts().items() if text} == answers


def test_who_is_not_the_holder_is_told_that_the_window_sees_no_register(desk: Desk) -> None:
    flat = flats()[9]
    page = asks(desk, item_number="S37", certificate_no="", holder_name="金超", holder_id_no="410526199001011237")

    form = desk.person().opens(f"{page.to}form")

    assert "属地没有给登记内容" in form.words and "属地已经给了的" not in form.words
    assert flat.holder.name not in form.words
    assert '<textarea name="ground"' in form.text
