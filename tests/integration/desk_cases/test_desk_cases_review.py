"""The review page: everything of one case, numbers masked, decided anew, within few statements, always audited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk_site import BOTH, SEIZURE_NO, Desk
from tests.province import CLERK, HOME, OFFICER, REGISTRAR, REVIEWER, SECOND, STRANGER, flats

from tongban.cases.models import Case
from tongban.cli.stage import Account
from tongban.domain.identity import mask_id
from tongban.exchange.models import InboxMessage
from tongban.register import book

ACCEPTED = 2  # the flat of the accepted case
PHONE, PHONE_MASKED = "13800000000", "138****0000"


def id_no() -> str:
    return flats()[ACCEPTED].holder.id_no


def test_the_register_stands_beside_what_would_be_written(desk: Desk) -> None:
    page = desk.person(REVIEWER).opens_case("accepted")

    before = flats()[ACCEPTED]
    assert f"<del>{before.holder.name}</del>" in page.text and "<ins>蒋文静</ins>" in page.text
    assert f"<del>{before.title.certificate_no}</del>" in page.text and "<ins>登簿时编号</ins>" in page.text
    assert f"第1号权利人由“{before.holder.name}”变更为“蒋文静”" in page.words


def test_everything_the_window_took_in_is_there(desk: Desk) -> None:
    page = desk.person(REVIEWER).opens_case("accepted")

    for words in (
        "读卡器读证，人证比对设备通过（周晓雯，", "和第1号权利人一致", "窗口已收取原件", "原件核对后退还申请人", "签名已核验",
        desk.case("accepted").package_digest, desk.case("accepted").package_message, "法定期限", "承诺期限", "收到异地窗口移交",
        "现在没有查到限制", "申请书", "询问笔录", "签名 蒋文静",
    ):  # fmt: skip
        assert words in page.words, words


def test_numbers_are_masked_and_the_look_is_audited(desk: Desk) -> None:
    page = desk.person(REVIEWER).opens_case("accepted")

    assert mask_id(id_no()) in page.text and PHONE_MASKED in page.text
    assert id_no() not in page.text and PHONE not in page.text
    row = desk.audited(action="case.read")[-1]
    assert (row.actor_id, row.case_no, row.purpose) == ("hx.reviewer", desk.cases["accepted"], "审核办理")


@pytest.mark.parametrize("sheet", ["application", "inquiry"])
def test_the_sheets_are_masked_too_and_open_in_full_with_the_same_reason(desk: Desk, sheet: str) -> None:
    reviewer = desk.person(REVIEWER)
    number = desk.cases["accepted"]

    masked = reviewer.opens(f"/desk/cases/{number}/{sheet}")
    full = reviewer.sends(f"/desk/cases/{number}/full", reason="核对证件号码与原件").response["Location"]
    shown = reviewer.opens(f"/desk/cases/{number}/{sheet}?{full.partition('?')[2]}")

    assert id_no() not in masked.text and PHONE not in masked.text
    assert (id_no() in shown.text) is (sheet == "application")


def test_full_numbers_need_a_reason_which_is_audited(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)
    url = f"/desk/cases/{desk.cases['accepted']}/full"

    without = reviewer.sends(url, reason="看看")
    with_reason = reviewer.sends(url, reason="电话联系申请人核对")
    page = reviewer.opens(with_reason.response["Location"])

    assert without.status == 422 and id_no() not in without.text
    assert id_no() in page.text and PHONE in page.text
    rows = desk.audited(action="case.read_in_full")
    assert [(row.actor_id, row.purpose) for row in rows] == [("hx.reviewer", "电话联系申请人核对")]
    assert id_no() not in str(rows[0].detail)


def test_a_reason_serves_only_the_person_and_case_it_was_given_for_and_only_for_ten_minutes(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)
    sent = reviewer.sends(f"/desk/cases/{desk.cases['accepted']}/full", reason="核对证件号码")
    query = sent.response["Location"].partition("?")[2]

    of_another = desk.person(SECOND).opens(f"/desk/cases/{desk.cases['accepted']}/?{query}")
    of_another_case = reviewer.opens(f"/desk/cases/{desk.cases['reviewed']}/?{query}")
    changed = reviewer.opens(f"/desk/cases/{desk.cases['accepted']}/?{query[:-2]}xx")

    assert id_no() not in of_another.text
    assert flats()[3].holder.id_no not in of_another_case.text
    assert id_no() not in changed.text
    assert desk.audited(action="case.read_in_full") == []


@pytest.mark.parametrize("account", [CLERK, STRANGER], ids=lambda one: one.username)
def test_nobody_else_sees_the_case_and_the_try_is_audited(desk: Desk, account: Account) -> None:
    page = desk.person(account).opens_case("accepted")

    assert page.status == 403
    (row,) = desk.audited(action="denied.case.read")
    assert (row.actor_id, row.object_id) == (account.username, desk.cases["accepted"])
    assert desk.audited(action="case.read", actor_id=account.username) == []


def test_a_number_that_is_no_case_is_not_found(desk: Desk) -> None:
    assert desk.person(REVIEWER).opens("/desk/cases/41052620261123999999/").status == 404


def test_a_scan_is_shown_and_the_look_is_audited(desk: Desk) -> None:
    reviewer, case = desk.person(REVIEWER), desk.case("accepted")
    digest = next(one["digests"][0] for one in case.package["materials"] if one["digests"])

    page = reviewer.client.get(f"/desk/cases/{case.case_no}/files/{digest}")

    assert page.status_code == 200 and page["Content-Type"] == "image/png"
    assert page["Cache-Control"] == "private, no-store"
    assert page.content.startswith(b"\x89PNG")
    assert [row.detail["digest"] for row in desk.audited(action="case.file")] == [digest]


def test_a_file_of_another_case_is_not_shown(desk: Desk) -> None:
    other = desk.case("reviewed")
    digest = next(
        one["digests"][0] for one in other.package["signatures"] and other.package["materials"] if one["digests"]
    )

    page = desk.person(REVIEWER).opens(f"/desk/cases/{desk.cases['accepted']}/files/{digest}")

    assert page.status == 404
    assert desk.audited(action="case.file") == []


def test_what_stands_in_the_way_is_told_with_its_facts_its_law_and_its_cure(desk: Desk) -> None:
    page = desk.person(REVIEWER).opens_case("seized")

    facts = ("这处房产正被查封", "滑县人民法院", SEIZURE_NO)
    law_and_cure = ("法发〔2004〕5号第二十二条", "由房产所在地的登记机构发函告知")
    for words in ("有条件可以办", *facts, *law_and_cure, "我确认：已书面告知查封机关"):
        assert words in page.words, words


def test_the_decision_is_taken_anew_at_every_look(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)
    before = reviewer.opens_case("accepted")

    book.flag_unit(flats()[ACCEPTED].unit_code, frozenset({"legacy_issue"}))
    after = reviewer.opens_case("accepted")

    assert "现在没有查到限制" in before.words
    assert "历史遗留问题" in after.words and "X10" in after.words


def test_another_case_under_way_on_the_unit_is_told(desk: Desk) -> None:
    before = desk.person(REVIEWER).opens_case("accepted")
    other = desk.case("reviewed")
    other.units.create(unit_code=flats()[ACCEPTED].unit_code, act="alter_name", is_exclusive=False)

    after = desk.person(REVIEWER).opens_case("accepted")

    assert "另有一件登记在办" not in before.words
    assert "另有一件登记在办" in after.words and other.case_no in after.words


def test_the_first_reviewer_is_not_offered_the_second_review(desk: Desk) -> None:
    Case.objects.filter(case_no=desk.cases["reviewed"]).update(first_reviewer=BOTH.username)

    own, other = desk.person(BOTH).opens_case("reviewed"), desk.person(SECOND).opens_case("reviewed")

    assert "这件是您初审的" in own.words and ">复审通过<" not in own.text
    assert ">复审通过<" in other.text


@pytest.mark.parametrize(
    ("name", "account", "words"),
    [
        ("received", OFFICER, "您在这一步没有要办的"),
        ("certified", REGISTRAR, "归档"),
        ("refused", REVIEWER, "这件已经结束"),
        ("correction", REVIEWER, "您在这一步没有要办的"),
    ],
)
def test_only_what_is_permitted_and_possible_is_offered(desk: Desk, name: str, account: Account, words: str) -> None:
    page = desk.person(account).opens_case(name)

    if name == "received":
        assert words not in page.words
        assert all(f">{label}" in page.text for label in ("受理", "一次告知补正…", "不予受理…", "纸质撤回…"))
    else:
        assert words in page.words


def test_a_certified_case_shows_what_was_written_and_its_certificate(desk: Desk) -> None:
    case = desk.case("certified")

    page = desk.person(REGISTRAR).opens_case("certified")

    assert "本案登簿的变更" in page.words and "<ins>张子轩</ins>" in page.text
    assert case.certificate_no in page.words and case.licence_id in page.words
    assert page.link("下载证照（PDF）") == f"/desk/cases/{case.case_no}/certificate/{case.licence_id}"


def test_a_refused_case_shows_its_written_answer_and_says_that_nothing_was_written(desk: Desk) -> None:
    page = desk.person(REVIEWER).opens_case("refused")

    assert "户口簿上的曾用名与登记簿不同" in page.words
    assert "本案没有登簿，登记簿没有因本案改变" in page.words


@pytest.mark.parametrize(
    "name", ["received", "accepted", "reviewed", "ready", "certified", "seized", "correction", "paused", "refused"]
)
def test_a_case_takes_at_most_twelve_queries_in_every_state(desk: Desk, name: str) -> None:
    assert desk.person(REVIEWER).queries_of(f"/desk/cases/{desk.cases[name]}/") <= 12


def test_a_case_that_rested_for_two_years_can_still_be_seen_and_resumed(desk: Desk) -> None:
    case = desk.case("paused")
    long_ago = timedelta(days=700)
    for name in ("accepted_at", "service_paused_at", "service_due_on", "legal_due_on"):
        setattr(case, name, getattr(case, name) - long_ago)
    case.save()
    reviewer = desk.person(REVIEWER)

    page = reviewer.opens_case("paused")
    sent = reviewer.fills_in("paused", "resume", note="法院已送达解封通知书")

    assert page.status == 200 and "暂停计时" in page.words
    assert sent.status == 302
    resumed = desk.case("paused")
    assert resumed.state == "ACCEPTED"
    assert resumed.service_due_on >= desk.story.now.date(), "the time it rested is not held against the promise"


def test_the_evidence_is_computed_anew(desk: Desk) -> None:
    case = desk.case("accepted")

    page = desk.person(REVIEWER).opens(f"/desk/cases/{case.case_no}/evidence")

    assert "签名有效，内容没有改动" in page.words
    assert case.package_digest in page.words and "registry-410100" in page.text
    assert [row.outcome for row in desk.audited(action="case.evidence")] == ["ok"]


def test_evidence_that_is_not_what_the_case_rests_on_is_named(desk: Desk) -> None:
    other = InboxMessage.objects.get(message_id=desk.case("reviewed").package_message)
    Case.objects.filter(pk=desk.cases["accepted"]).update(package_message=other.message_id)

    page = desk.person(REVIEWER).opens(f"/desk/cases/{desk.cases['accepted']}/evidence")

    assert "核验没有通过" in page.words and "内容摘要不一致" in page.words
    assert [row.outcome for row in desk.audited(action="case.evidence")] == ["failed"]


def test_the_certificate_goes_only_to_those_who_may_take_it(desk: Desk) -> None:
    url = f"/desk/cases/{desk.cases['certified']}/certificate"

    taken, denied = desk.person(REGISTRAR).client.get(url), desk.person(REVIEWER).opens(url)

    assert taken.content.startswith(b"%PDF") and "attachment" in taken["Content-Disposition"]
    assert denied.status == 403
    assert [row.actor_id for row in desk.audited(action="certificate.download")] == ["hx.registrar"]
    assert desk.case("certified").home_registry == HOME
