"""Every move of the review desk: made, refused, denied, made too late, and made twice."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.desk_site import BOTH, Desk, Page, Person
from tests.province import CLERK, HOME_ADMIN, OFFICER, REGISTRAR, REVIEWER, SECOND, STRANGER, flats

from tongban.cases.models import Case, CaseFile, CaseMove, Correction
from tongban.cli.stage import Account
from tongban.domain.lifecycle import CaseState
from tongban.exchange.models import OutboxMessage
from tongban.register import book, reading
from tongban.register.models import Entry

READY = 4  # the flat of the case that is ready to record


def traces() -> dict[str, int]:
    """What a move leaves behind."""
    return {kind.__name__: kind.objects.count() for kind in (CaseMove, Correction, CaseFile, Entry, OutboxMessage)}


def assert_nothing_happened(desk: Desk, name: str, state: CaseState, before: dict[str, int]) -> None:
    assert desk.case(name).state == state
    assert traces() == before


def assert_moved_on(page: Page, next_url: str, words: str, person: Person) -> None:
    """The next case opens with the word of what was done."""
    assert page.status == 302, page.words[:400]
    assert page.response["Location"].startswith(next_url)
    assert words in person.opens(page.response["Location"]).words


def scan() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (200, 280), "white").save(drawn, "PNG")
    return SimpleUploadedFile("withdrawal.png", drawn.getvalue(), "image/png")


# --- each move, made ------------------------------------------------------------------------------------------------


def test_accepting_leads_to_the_next_case_with_a_word(desk: Desk) -> None:
    officer = desk.person(OFFICER)

    page = officer.decides("received", "accept")

    assert desk.case("received").state == CaseState.ACCEPTED
    next_url = f"/desk/cases/{desk.cases['received_later']}/?queue=receive"
    assert_moved_on(page, next_url, "已办理“受理”，这件现在是“已受理，待初审”", officer)


def test_the_last_case_of_a_queue_leads_back_to_the_empty_queue(desk: Desk) -> None:
    registrar = desk.person(REGISTRAR)

    page = registrar.fills_in("ready", "record")

    assert_moved_on(page, "/desk/cases/?queue=record&done=", "这个队列已经办完", registrar)


def test_a_word_nobody_said_is_not_shown(desk: Desk) -> None:
    page = desk.person(OFFICER).opens("/desk/cases/", done="WyI0MTA1MjYiLCJyZWNvcmQiLCJSRUNPUkRFRCJd:x:y")

    assert "已办理" not in page.words


def test_a_first_review_is_signed_by_its_reviewer(desk: Desk) -> None:
    page = desk.person(REVIEWER).decides("accepted", "approve_first")

    case = desk.case("accepted")
    assert page.status == 302
    assert (case.state, case.first_reviewer) == (CaseState.REVIEWED, "hx.reviewer")


def test_a_second_review_by_another_person_settles_a_case_without_dues(desk: Desk) -> None:
    desk.person(SECOND).decides("reviewed", "approve_second")
    desk.story.settles()

    case = desk.case("reviewed")
    assert (case.state, case.second_reviewer) == (CaseState.DUES_SETTLED, "hx.second")


def test_sending_back_to_the_first_review_needs_a_reason_that_stays(desk: Desk) -> None:
    second = desk.person(SECOND)

    empty = second.fills_in("reviewed", "return_to_first", note=" ")
    sent = second.fills_in("reviewed", "return_to_first", note="户口簿缺曾用名那一页，请重看")

    assert empty.status == 422 and "请填写" in empty.words
    assert sent.status == 302
    case = desk.case("reviewed")
    assert (case.state, case.first_reviewer) == (CaseState.ACCEPTED, "")
    assert case.moves.last().note_zh == "户口簿缺曾用名那一页，请重看"


def test_a_case_rests_and_goes_on_with_reasons(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)

    reviewer.fills_in("accepted", "suspend", note="等法院补充法律文书")
    rests = desk.case("accepted").state
    reviewer.fills_in("accepted", "resume", note="法院已补充")

    assert (rests, desk.case("accepted").state) == (CaseState.SUSPENDED, CaseState.ACCEPTED)


def test_recording_writes_what_the_page_showed(desk: Desk) -> None:
    registrar = desk.person(REGISTRAR)
    shown = registrar.opens(registrar.url("ready", "record"))

    sent = registrar.sends(registrar.url("ready", "record"), **shown.handle)

    title = reading.title(flats()[READY].unit_code)
    assert "此刻没有限制" in shown.words and "<ins>吕建华</ins>" in shown.text and "复审 曹桂英" in shown.words
    assert sent.status == 302
    assert title is not None and title.holders[0].name == "吕建华"
    assert title.certificate_no == desk.case("ready").certificate_no


def test_a_certified_case_is_archived(desk: Desk) -> None:
    page = desk.person(REGISTRAR).decides("certified", "archive")

    assert page.status == 302
    assert desk.case("certified").state == CaseState.ARCHIVED


def test_a_withdrawal_on_paper_keeps_the_signed_request_with_the_case(desk: Desk) -> None:
    officer = desk.person(OFFICER)

    sent = officer.fills_in("received", "withdraw", note="房子要卖，先不改了", scan=scan(), all_signed="on")

    case = desk.case("received")
    assert sent.status == 302 and case.state == CaseState.WITHDRAWN
    paper = case.files.get()
    assert (paper.kind, paper.added_by) == ("withdrawal", "hx.officer")
    shown = officer.client.get(f"/desk/cases/{case.case_no}/files/{paper.digest}")
    assert shown["Content-Type"] == "image/png"


@pytest.mark.parametrize("missing", ["note", "scan", "all_signed"])
def test_a_withdrawal_without_its_reason_scan_or_check_is_refused(desk: Desk, missing: str) -> None:
    officer, before = desk.person(OFFICER), traces()
    fields: dict[str, Any] = {"note": "不办了", "scan": scan(), "all_signed": "on"}
    del fields[missing]

    page = officer.fills_in("received", "withdraw", **fields)

    assert page.status == 422
    assert_nothing_happened(desk, "received", CaseState.RECEIVED, before)


def test_a_withdrawal_with_a_file_that_is_no_picture_is_refused(desk: Desk) -> None:
    officer, before = desk.person(OFFICER), traces()
    wrong = SimpleUploadedFile("x.png", b"MZ not a picture", "image/png")

    page = officer.fills_in("received", "withdraw", note="不办了", scan=wrong, all_signed="on")

    assert page.status == 422
    assert_nothing_happened(desk, "received", CaseState.RECEIVED, before)


# --- the correction list --------------------------------------------------------------------------------------------


def lines(*rows: tuple[str, str, str]) -> dict[str, str]:
    """The fields of a list as a browser sends them."""
    fields = {"line-TOTAL_FORMS": str(len(rows)), "line-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        fields |= {f"line-{n}-{name}": value for name, value in zip(("material", "what", "cure"), row, strict=True)}
    return fields


ONE = ("change_evidence", "看不出曾用名", "请提交有曾用名栏的户口簿页")


def test_a_correction_list_is_built_read_and_sent_once(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    url = officer.url("received", "ask_correction")
    page = officer.opens(url)
    handle = page.handle

    picked = officer.sends(url, act="pick", phrase=["change_evidence:0", "identity:0"], **handle, **lines(("", "", "")))
    longer = officer.sends(url, act="add", **handle, **lines(ONE))
    shorter = officer.sends(url, act="remove-0", **handle, **lines(("identity", "甲", "乙"), ONE))
    preview = officer.sends(url, act="preview", **handle, **lines(ONE))
    unsent = traces()
    sent = officer.sends(url, act="send", **handle, **lines(ONE))

    assert picked.text.count('name="line-') >= 6 and "身份证件已经过期" in picked.text
    assert 'value="2" id="id_line-TOTAL_FORMS"' in longer.text
    assert "甲" not in shorter.text and "看不出曾用名" in shorter.text
    assert (
        "补正材料一次性告知书" in preview.words and "变更证明 看不出曾用名 请提交有曾用名栏的户口簿页" in preview.words
    )
    assert unsent["Correction"] == 1, "reading the notice sends nothing; the one line is another case's"
    assert sent.status == 302 and desk.case("received").state == CaseState.CORRECTION
    (line,) = desk.case("received").corrections.all()
    assert (line.round_no, line.material_key, line.what_zh) == (1, "change_evidence", "看不出曾用名")


def test_the_window_is_told_every_line(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    url = officer.url("received", "ask_correction")

    officer.sends(url, act="send", **officer.opens(url).handle, **lines(ONE, ("identity", "证件过期", "换新证")))
    desk.story.settles()

    report = desk.story.application(desk.case("received").application_no).report
    assert [line["material"] for line in report["corrections"]] == ["change_evidence", "identity"]


@pytest.mark.parametrize("rows", [[("", "", "")], [("change_evidence", "", "x")], [("nonsense", "a", "b")], []])
def test_an_unfinished_list_is_not_sent(desk: Desk, rows: list[tuple[str, str, str]]) -> None:
    officer, before = desk.person(OFFICER), traces()
    url = officer.url("received", "ask_correction")

    page = officer.sends(url, act="send", **officer.opens(url).handle, **lines(*rows))

    assert page.status == 422 and "有的没有写完" in page.words
    assert_nothing_happened(desk, "received", CaseState.RECEIVED, before)


# --- the written no -------------------------------------------------------------------------------------------------


def test_not_accepting_shows_the_notice_first_and_then_sends_it(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    url = officer.url("received", "not_accept")
    fields = {"reason": "R03", "facts": "来人不是登记簿上的权利人，也没有委托书。", **officer.opens(url).handle}

    preview = officer.sends(url, act="preview", **fields)
    state_before = desk.case("received").state
    sent = officer.sends(url, act="send", **fields)

    for words in (
        "不予受理告知书",
        "来人不是登记簿上的权利人",
        "六十日内申请行政复议",
        "《不动产登记暂行条例》第十四条",
    ):
        assert words in preview.words
    assert state_before == CaseState.RECEIVED
    assert sent.status == 302
    case = desk.case("received")
    assert case.state == CaseState.NOT_ACCEPTED
    assert case.refusal["reason"]["code"] == "R03"
    assert case.refusal["facts"] == [{"name_zh": "查明的事实", "value_zh": "来人不是登记簿上的权利人，也没有委托书。"}]


def test_a_reason_of_another_registry_names_which_one(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    url = officer.url("received", "not_accept")
    fields = {"reason": "R01", "facts": "房屋在安阳市区。", **officer.opens(url).handle}

    without = officer.sends(url, act="send", **fields)
    officer.sends(url, act="send", registry="registry-410500", **fields)

    assert without.status == 422 and "请选择应当申请的登记机构" in without.words
    assert desk.case("received").refusal["where"]["name_zh"] == "安阳市不动产登记中心"


def test_refusing_to_register_names_the_article(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)
    url = reviewer.url("accepted", "refuse")
    fields = {"reason": "N01", "facts": "申请的变更违反法律。", **reviewer.opens(url).handle}

    without = reviewer.sends(url, act="send", **fields)
    sent = reviewer.sends(url, act="send", law="《民法典》第一百五十三条", **fields)

    assert without.status == 422 and "请写明具体条文" in without.words
    assert sent.status == 302 and desk.case("accepted").state == CaseState.REFUSED
    assert {"name_zh": "适用条文", "value_zh": "《民法典》第一百五十三条"} in desk.case("accepted").refusal["facts"]


def test_what_was_found_in_the_case_is_offered_first_and_its_facts_go_into_the_decision(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)
    url = reviewer.url("seized", "refuse")
    page = reviewer.opens(url)

    reviewer.sends(url, act="send", reason="B02", facts="查封机关书面反对。", **page.handle)

    assert page.text.index("B02") < page.text.index("N01")
    names = [fact["name_zh"] for fact in desk.case("seized").refusal["facts"]]
    assert names[0] == "查明的事实" and "机关" in names


@pytest.mark.parametrize("reason", ["N03", "B02", "", "X99"])
def test_a_reason_of_the_wrong_kind_is_not_taken(desk: Desk, reason: str) -> None:
    officer, before = desk.person(OFFICER), traces()
    url = officer.url("received", "not_accept")

    page = officer.sends(url, act="send", reason=reason, facts="事实", **officer.opens(url).handle)

    assert page.status == 422
    assert_nothing_happened(desk, "received", CaseState.RECEIVED, before)


# --- what the law refuses -------------------------------------------------------------------------------------------


def test_after_the_answer_time_accepting_is_refused_with_its_reason_and_nothing_changes(desk: Desk) -> None:
    desk.story.tick(days=3)
    officer, before = desk.person(OFFICER), traces()

    page = officer.decides("received", "accept")

    assert page.status == 409 and "这件业务已经视为受理" in page.words
    assert_nothing_happened(desk, "received", CaseState.RECEIVED, before)
    assert [row.actor_id for row in desk.audited(action="case.accept", outcome="refused")] == ["hx.officer"]


def test_an_excluded_unit_is_not_accepted(desk: Desk) -> None:
    book.flag_unit(flats()[0].unit_code, frozenset({"problem_project"}))

    page = desk.person(OFFICER).decides("received", "accept")

    assert page.status == 409 and "问题楼盘名单" in page.words
    assert desk.case("received").state == CaseState.RECEIVED


def test_a_seized_unit_needs_the_confirmed_proof_and_its_paper(desk: Desk) -> None:
    reviewer = desk.person(REVIEWER)

    without = reviewer.decides("seized", "approve_first")
    no_paper = reviewer.decides("seized", "approve_first", evidence="seizing_organ_told")
    state_before = desk.case("seized").state
    confirmed = reviewer.decides("seized", "approve_first", evidence="seizing_organ_told", proof="滑不登函〔2026〕12号")

    assert without.status == 409 and "要先书面告诉查封的机关" in without.words
    assert no_paper.status == 422 and "请写明凭据的文号和日期" in no_paper.words
    assert state_before == CaseState.ACCEPTED
    case = desk.case("seized")
    assert confirmed.status == 302 and case.state == CaseState.REVIEWED
    assert case.evidence == ["seizing_organ_told"]
    assert case.moves.last().note_zh == "已书面告知查封机关（凭据：滑不登函〔2026〕12号）"


def test_a_proof_nobody_asked_for_is_not_taken(desk: Desk) -> None:
    page = desk.person(REVIEWER).decides("seized", "approve_first", evidence="mortgagee_consent", proof="x")

    assert page.status == 422
    assert desk.case("seized").state == CaseState.ACCEPTED


def test_the_first_reviewer_cannot_make_the_second_review(desk: Desk) -> None:
    both, before = desk.person(BOTH), None
    both.decides("accepted", "approve_first")
    before = traces()
    handle = desk.person(SECOND).opens_case("accepted").handle

    page = both.sends(both.url("accepted", "approve_second"), **handle)

    assert page.status == 409 and "初审和复审不能是同一个人" in page.words
    assert_nothing_happened(desk, "accepted", CaseState.REVIEWED, before)


def test_an_order_that_arrives_while_the_page_is_open_stops_the_recording_and_nothing_is_written(desk: Desk) -> None:
    registrar = desk.person(REGISTRAR)
    page = registrar.opens(registrar.url("ready", "record"))
    number, moves = desk.case("ready").certificate_no, desk.case("ready").moves.count()
    entries = Entry.objects.count()

    book.note_order([flats()[READY].unit_code], order_id="order-1", organ="滑县人民法院", now=desk.story.tick())
    sent = registrar.sends(registrar.url("ready", "record"), **page.handle)

    assert sent.status == 409 and "正在房产所在地的登记机构处理" in sent.words
    assert "滑县人民法院" not in sent.words, "nobody is told whose order it is"
    case = desk.case("ready")
    assert (case.state, case.certificate_no, case.moves.count()) == (CaseState.DUES_SETTLED, number, moves)
    assert Entry.objects.count() == entries
    assert reading.title(flats()[READY].unit_code) == flats()[READY].title
    assert [row.detail["reason"] for row in desk.audited(action="case.record", outcome="refused")] == ["B01"]


def test_a_seizure_of_the_court_that_is_carried_out_meanwhile_suspends_the_case_first(desk: Desk) -> None:
    registrar = desk.person(REGISTRAR)
    page = registrar.opens(registrar.url("ready", "record"))

    desk.story.court_orders(READY)
    desk.story.settles()
    sent = registrar.sends(registrar.url("ready", "record"), **page.handle)

    assert sent.status == 409 and "系统已在" in sent.words and "暂停办理" in sent.words
    assert desk.case("ready").state == CaseState.SUSPENDED
    assert desk.case("ready").certificate_no == ""


# --- who may not ----------------------------------------------------------------------------------------------------

WRONG_PEOPLE = [
    ("received", "accept", REVIEWER),
    ("received", "not_accept", REVIEWER),
    ("received", "withdraw", REGISTRAR),
    ("received", "ask_correction", SECOND),
    ("accepted", "approve_first", OFFICER),
    ("accepted", "suspend", REGISTRAR),
    ("accepted", "refuse", OFFICER),
    ("reviewed", "approve_second", REVIEWER),
    ("reviewed", "return_to_first", REVIEWER),
    ("ready", "record", SECOND),
    ("paused", "resume", REGISTRAR),
    ("certified", "archive", REVIEWER),
    ("accepted", "approve_first", STRANGER),
    ("received", "accept", STRANGER),
    ("received", "accept", CLERK),
    ("ready", "record", HOME_ADMIN),
]


@pytest.mark.parametrize(
    ("name", "action", "account"), WRONG_PEOPLE, ids=lambda value: getattr(value, "username", value)
)
def test_the_wrong_person_is_denied_audited_and_nothing_changes(
    desk: Desk, name: str, action: str, account: Account
) -> None:
    person, state, before = desk.person(account), CaseState(desk.case(name).state), traces()
    fields = {"key": "k", "expected": state, "note": "x", "facts": "x", "reason": "R03", "act": "send", **lines(ONE)}
    fields["reason"] = "N02" if action == "refuse" else "R03"

    page = person.sends(person.url(name, action), scan=scan(), all_signed="on", **fields)

    assert page.status == 403, page.words[:300]
    denials = [row for row in desk.audited(outcome="denied") if row.actor_id == account.username]
    assert [row.object_id for row in denials] == [desk.cases[name]]
    assert_nothing_happened(desk, name, state, before)


@pytest.mark.parametrize("action", ["record", "refuse", "not_accept", "ask_correction", "withdraw", "suspend"])
def test_the_page_of_a_move_is_closed_to_who_may_not_make_it(desk: Desk, action: str) -> None:
    person = desk.person(HOME_ADMIN if action != "record" else SECOND)

    assert person.opens(person.url("ready", action)).status == 403


def test_a_move_there_is_not_is_not_found(desk: Desk) -> None:
    person = desk.person(REGISTRAR)

    assert person.opens(person.url("ready", "settle")).status == 404
    assert person.sends(person.url("ready", "certify"), key="k", expected="").status == 404


# --- two at once, twice, too late -----------------------------------------------------------------------------------


def test_of_two_officers_at_once_the_later_is_told_who_was_faster(desk: Desk) -> None:
    first, second = desk.person(OFFICER), desk.person(OFFICER)
    handles = [one.opens_case("received").handle for one in (first, second)]

    first.sends(first.url("received", "accept"), **handles[0])
    before = traces()
    late = second.sends(second.url("received", "accept"), **handles[1])

    assert late.status == 409
    assert "方志远已在 11月23日" in late.words and "办理了“受理”" in late.words and "您的“受理”没有执行" in late.words
    assert_nothing_happened(desk, "received", CaseState.ACCEPTED, before)


def test_a_move_that_would_fit_the_new_state_too_is_stale_all_the_same(desk: Desk) -> None:
    reviewer, second = desk.person(REVIEWER), desk.person(SECOND)
    page = reviewer.opens(reviewer.url("reviewed", "suspend"))
    second.decides("reviewed", "approve_second")

    late = reviewer.sends(reviewer.url("reviewed", "suspend"), note="等一等", **page.handle)

    assert late.status == 409 and "曹桂英已在" in late.words
    assert desk.case("reviewed").state == CaseState.APPROVED


@pytest.mark.parametrize("action", ["record", "refuse", "suspend"])
def test_a_page_opened_too_late_shows_the_case_as_it_is(desk: Desk, action: str) -> None:
    account = REGISTRAR if action == "record" else REVIEWER
    person = desk.person(account)

    page = person.opens(person.url("certified", action))

    assert page.status == 409
    assert "系统已在" in page.words and f"您的“{'登簿' if action == 'record' else ''}" in page.words
    assert "本案登簿的变更" in page.words


def test_the_same_page_sent_twice_moves_once(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    handle = officer.opens_case("received").handle

    answers = [officer.sends(officer.url("received", "accept"), **handle) for _ in range(2)]

    assert [page.status for page in answers] == [302, 302]
    assert desk.case("received").moves.filter(action="accept").count() == 1


def test_a_form_without_its_key_moves_nothing(desk: Desk) -> None:
    officer, before = desk.person(OFFICER), traces()

    page = officer.sends(officer.url("received", "accept"), expected="RECEIVED")

    assert page.status == 422
    assert_nothing_happened(desk, "received", CaseState.RECEIVED, before)


def test_a_move_needs_the_token_against_forged_requests(desk: Desk) -> None:
    officer = desk.person(OFFICER)
    officer.client.handler.enforce_csrf_checks = True

    page = officer.sends(officer.url("received", "accept"), key="k", expected="RECEIVED")

    assert page.status == 403 and "页面已经过期" in page.words
    assert Case.objects.get(case_no=desk.cases["received"]).state == CaseState.RECEIVED
