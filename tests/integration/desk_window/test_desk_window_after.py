"""After the hand-over: where it stands, corrections, withdrawal, referral home, certificates and originals."""

from __future__ import annotations

import pytest
from tests.province import CLERK, OFFICER, WINDOW
from tests.window_site import NEIGHBOUR, Desk, scan, signature

from tongban.cases.models import Case
from tongban.cli import play
from tongban.directory import lookup
from tongban.domain.lifecycle import ApplicationState, CaseState
from tongban.domain.messages import CASE_SUPPLEMENT, CASE_WITHDRAWAL
from tongban.domain.reasons import Reasons
from tongban.intake.models import PaperEvent


def test_where_it_stands_says_who_acts_until_when_and_what_comes_next(desk: Desk) -> None:
    page = desk.person().opens_part("handed_over")

    for words in (
        "已移交，待属地受理",
        "滑县不动产登记中心受理人员",
        "最迟 2026年11月24日 18:00",
        "到期没有答复，视为受理",
    ):
        assert words in page.words
    assert (
        page.words.index("窗口开始收件") < page.words.index("待受理 （正在办理）") < page.words.index("发证 （未开始）")
    )


def test_a_case_under_review_shows_the_legal_clock_of_the_last_report(desk: Desk) -> None:
    case_no = play.case_of(desk.numbers["handed_over"])
    desk.story.moves(case_no, "accept", OFFICER)
    desk.story.settles()

    page = desk.person().opens_part("handed_over")

    assert "法定期限 0 / 30 个工作日" in page.words
    assert "初审人员" in page.words
    assert "初审 （未开始）" in page.words


def test_a_written_refusal_says_its_four_things_and_reminds_of_the_originals(desk: Desk) -> None:
    page = desk.person().opens_part("not_accepted")

    reason = Reasons.PAPERS_INCOMPLETE
    for words in (reason.what_zh, reason.why_zh, reason.cure_zh, reason.law_zh, "曾用名证明", "有原件还没有退还申请人"):
        assert words in page.text


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_shows_each_line_with_the_way_to_mend_it(desk: Desk) -> None:
    clerk = desk.person()

    bench, page = clerk.opens_part("corrected"), clerk.opens_part("corrected", "corrections")

    for shown in (bench, page):
        assert "看不出曾用名" in shown.words
        assert f"{desk.url('corrected', 'materials')}?m=change_evidence" in shown.text
    assert "最迟 2026年12月14日" in page.words
    assert "要补正 变更证明" in bench.words


def test_a_new_scan_is_suggested_as_the_answer(desk: Desk) -> None:
    clerk = desk.person()

    clerk.sends_part("corrected", "materials?m=change_evidence", act="scan", scans=scan("新.png", "曾用名页"))

    page = clerk.opens_part("corrected", "corrections")
    assert "已重新提交“变更证明”扫描件 1 页。" in page.text
    assert "要补正 变更证明" not in page.words


def test_every_line_needs_an_answer(desk: Desk) -> None:
    before = desk.sent(CASE_SUPPLEMENT)

    page = desk.person().sends_part("corrected", "corrections", key="k", **{"answer-change_evidence": " "})

    assert page.status == 422
    assert "这一项没有写怎样补正的" in page.words
    assert desk.application("corrected").state == ApplicationState.CORRECTION
    assert desk.sent(CASE_SUPPLEMENT) == before


def test_a_correction_is_sent_once_and_reaches_the_case(desk: Desk) -> None:
    clerk = desk.person()
    key = clerk.opens_part("corrected", "corrections").value("key")
    answer = {"answer-change_evidence": "已补户口簿曾用名页"}

    first = clerk.sends_part("corrected", "corrections", key=key, **answer)
    second = clerk.sends_part("corrected", "corrections", key=key, **answer)
    desk.story.settles()

    assert first.to == f"{desk.url('corrected')}?done=supplement"
    assert second.status == 302
    assert desk.sent(CASE_SUPPLEMENT) == 1
    assert desk.application("corrected").state == ApplicationState.HANDED_OVER
    assert Case.objects.get(application_no=desk.numbers["corrected"]).state == CaseState.RECEIVED


def test_a_correction_with_something_missing_keeps_the_answers(desk: Desk) -> None:
    desk.application("corrected").signatures.all().delete()

    page = desk.person().sends_part("corrected", "corrections", key="k", **{"answer-change_evidence": "已补"})

    assert page.status == 422
    assert "还没有签名" in page.words
    assert "已补</textarea>" in page.text.replace("\n", "")


def test_only_an_application_sent_back_has_a_correction_page(desk: Desk) -> None:
    clerk = desk.person()

    assert clerk.opens_part("handed_over", "corrections").to == desk.url("handed_over")
    assert clerk.opens_part("corrected", "hand-over").to == desk.url("corrected", "corrections")


# --- withdrawal -----------------------------------------------------------------------------------------------------


def test_a_draft_is_ended_at_once_without_a_signature(desk: Desk) -> None:
    page = desk.person().sends_part("draft", "withdraw", key="k", reason="想好了再来")

    assert page.to == f"{desk.url('draft')}?done=withdraw"
    assert desk.application("draft").state == ApplicationState.WITHDRAWN
    assert desk.sent(CASE_WITHDRAWAL) == 1  # the one of the prepared withdrawal


@pytest.mark.parametrize("missing", ["reason", "sign-0"])
def test_a_handed_over_one_needs_a_reason_and_every_signature(desk: Desk, missing: str) -> None:
    fields = {"key": "k", "reason": "不改了", "sign-0": signature()} | {missing: ""}

    page = desk.person().sends_part("handed_over", "withdraw", **fields)

    assert page.status == 422
    assert missing == "reason" or "不改了</textarea>" in page.text.replace("\n", "")
    assert desk.sent(CASE_WITHDRAWAL) == 1


def test_a_withdrawal_is_asked_once_and_ends_with_the_homes_report(desk: Desk) -> None:
    clerk = desk.person()

    asked = clerk.sends_part("handed_over", "withdraw", key="k", reason="不改了", **{"sign-0": signature()})
    waiting = clerk.opens(asked.to)
    again = clerk.sends_part("handed_over", "withdraw", key="k2", reason="不改了", **{"sign-0": signature()})
    desk.story.settles()

    assert "已提出撤回，等属地答复" in waiting.words
    assert "申请人要撤回" not in waiting.words
    assert again.status == 409
    assert desk.sent(CASE_WITHDRAWAL) == 2
    assert desk.application("handed_over").state == ApplicationState.WITHDRAWN


def test_after_recording_it_is_too_late_and_the_page_says_why(desk: Desk) -> None:
    page = desk.person().opens_part("certified", "withdraw")

    assert page.status == 409
    assert Reasons.TOO_LATE_TO_WITHDRAW.what_zh in page.words
    assert Reasons.TOO_LATE_TO_WITHDRAW.cure_zh in page.words


def test_what_has_ended_cannot_be_withdrawn(desk: Desk) -> None:
    assert desk.person().opens_part("not_accepted", "withdraw").to == desk.url("not_accepted")


# --- to the home registry -------------------------------------------------------------------------------------------


def test_telling_the_applicant_to_go_home_needs_a_reason(desk: Desk) -> None:
    page = desk.person().sends_part("draft", "tell-home", key="k", reason="  ")

    assert page.status == 422
    assert desk.application("draft").state == ApplicationState.DRAFT


def test_a_draft_told_home_prints_its_notice(desk: Desk) -> None:
    clerk = desk.person()

    told = clerk.sends_part("draft", "tell-home", key="k", reason="照片与本人差别大")
    page = clerk.opens(told.to)
    notice = clerk.opens_part("draft", "tell-home.pdf")

    assert desk.application("draft").state == ApplicationState.TOLD_HOME
    assert "打印通知书" in page.words
    assert lookup.institution(desk.application("draft").home_registry).phone in page.words
    assert notice.response.content.startswith(b"%PDF-")
    assert b"/ByteRange" in notice.response.content


def test_no_notice_is_printed_for_an_application_that_goes_on(desk: Desk) -> None:
    assert desk.person().opens_part("handed_over", "tell-home.pdf").status == 409


# --- originals and certificates -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["not_accepted", "withdrawn"])
def test_originals_are_given_back_after_the_end_counted_page_by_page(desk: Desk, name: str) -> None:
    clerk = desk.person()

    wrong = clerk.sends_part(name, "papers", material="certificate", pages="2", note="本人")
    done = clerk.sends_part(name, "papers", material="certificate", pages="1", note="本人领取")
    again = clerk.sends_part(name, "papers", material="certificate", pages="1", note="本人领取")

    assert (wrong.status, done.status, again.status) == (422, 302, 422)
    assert "收取的是1页" in wrong.words
    last = desk.application(name).paper_events.last()
    assert last is not None
    assert (last.kind, last.pages, last.note_zh, last.by) == (PaperEvent.RETURNED, 1, "本人领取", CLERK.username)
    assert "有原件还没有退还" not in clerk.opens_part(name).words


def test_originals_of_a_running_case_stay_with_it(desk: Desk) -> None:
    page = desk.person().sends_part("handed_over", "papers", material="certificate", pages="1", note="本人")

    assert page.status == 409
    assert not desk.application("handed_over").paper_events.filter(kind=PaperEvent.RETURNED).exists()


def test_only_the_window_that_took_them_gives_originals_back(desk: Desk) -> None:
    page = desk.person(NEIGHBOUR).sends_part("not_accepted", "papers", material="certificate", pages="1", note="x")

    assert page.status == 403


def test_the_certificate_is_handed_over_at_the_window_and_audited(desk: Desk) -> None:
    clerk = desk.person()

    page = clerk.opens_part("certified")
    file = clerk.opens_part("certified", "certificate.pdf")

    number = Case.objects.get(application_no=desk.numbers["certified"]).certificate_no
    assert number in page.words
    assert "下载电子证照" in page.words
    assert file.response.content.startswith(b"%PDF-")
    assert desk.audited(action="certificate.download", actor_id=CLERK.username, institution_code=WINDOW) == 1


@pytest.mark.parametrize("name", ["handed_over", "not_accepted", "draft"])
def test_there_is_no_certificate_before_it_was_issued(desk: Desk, name: str) -> None:
    assert desk.person().opens_part(name, "certificate.pdf").status == 409


def test_a_certificate_goes_to_no_other_window(desk: Desk) -> None:
    assert desk.person(NEIGHBOUR).opens_part("certified", "certificate.pdf").status == 403


def test_everything_taken_in_can_be_looked_at_with_numbers_masked(desk: Desk) -> None:
    page = desk.person().opens_part("certified", "content")

    holder = desk.application("certified").title["holder_id_no"]
    assert page.status == 200
    assert holder not in page.text
    for words in ("读卡器读证，人证比对设备通过", "收取，随件转送", "询问笔录", "周晓雯"):
        assert words in page.words


def test_a_report_that_comes_while_a_page_is_open_makes_the_act_fail_safely(desk: Desk) -> None:
    clerk = desk.person()
    key = clerk.opens_part("corrected", "corrections").value("key")
    case_no = play.case_of(desk.numbers["corrected"])
    desk.story.tick(days=30)
    desk.story.settles()
    assert Case.objects.get(case_no=case_no).state == CaseState.NOT_ACCEPTED
    clerk = desk.person()

    page = clerk.sends_part("corrected", "corrections", key=key, **{"answer-change_evidence": "已补"})

    assert page.to == desk.url("corrected")
    assert desk.sent(CASE_SUPPLEMENT) == 0
