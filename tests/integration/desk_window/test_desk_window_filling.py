"""Filling an application at the window: form, people, inquiry, signature, hand-over; what is refused changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.province import CLERK, HOME, NOW, OFFICER, flats
from tests.window_site import COLLEAGUE, NEIGHBOUR, PASSWORD, Desk, Seen, signature

from tongban.cli import examples, play
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.messages import CASE_HANDOVER
from tongban.intake import filling
from tongban.register import reading


def typed(desk: Desk, name: str = "draft", **changes: str) -> dict[str, str]:
    """The whole form of a name change, as the clerk types it."""
    number = 7 if name == "draft" else 6
    return {**desk.story.wish(number).form, "version": str(desk.application(name).version), **changes}


def saves_form(desk: Desk, **changes: str) -> Seen:
    return desk.person().sends_part("draft", "form", **typed(desk, **changes))


def test_a_complete_form_leads_on_to_the_people(desk: Desk) -> None:
    page = saves_form(desk)

    assert page.to == desk.url("draft", "people")
    assert desk.application("draft").form["new_name"] == "韩雨桐"


def test_saving_only_stays_on_the_page(desk: Desk) -> None:
    assert saves_form(desk, act="stay").to == f"{desk.url('draft', 'form')}?done=saved"


def test_an_unfinished_form_is_kept_and_says_what_is_missing(desk: Desk) -> None:
    page = saves_form(desk, evidence_issuer="", phone="12")

    assert page.status == 200
    assert "已保存，还有地方要改" in page.words
    assert "没有填“出具证明的单位”" in page.words
    assert page.value("phone") == "12"
    kept = desk.application("draft").form
    assert (kept["new_name"], kept["phone"], kept["evidence_issuer"]) == ("韩雨桐", "12", "")


def test_what_the_home_registry_told_cannot_be_typed_over(desk: Desk) -> None:
    flat = flats()[7]

    saves_form(
        desk, previous_name="别人", id_no="110101199003070011", certificate_no="豫（2020）滑县不动产权第9999999号"
    )

    kept = desk.application("draft").form
    told = (flat.holder.name, flat.holder.id_no, flat.title.certificate_no)
    assert (kept["previous_name"], kept["id_no"], kept["certificate_no"]) == told


def test_days_and_numbers_are_taken_as_people_type_them(desk: Desk) -> None:
    saves_form(desk, evidence_date="2026年11月5日", phone="１３８ 0000 0000")

    kept = desk.application("draft").form
    assert (kept["evidence_date"], kept["phone"]) == ("2026-11-05", "13800000000")


def test_an_agents_fields_are_asked_only_with_an_agent(desk: Desk) -> None:
    saves_form(desk, act="stay", agent_name="不该留下")
    assert "agent_name" not in desk.application("draft").form

    with_agent = saves_form(desk, has_agent="yes", agent_name="谢明")

    assert "没有填“代办人证件号码”" in with_agent.words
    assert desk.application("draft").form["agent_name"] == "谢明"


def test_a_stale_page_keeps_what_was_typed_and_saves_nothing(desk: Desk) -> None:
    stale = typed(desk, new_name="韩小桐")
    saves_form(desk)

    page = desk.person().sends_part("draft", "form", **stale)

    assert page.status == 409
    assert "别人刚改过这一页" in page.words
    assert page.value("new_name") == "韩小桐"
    assert "韩雨桐" in page.words
    assert desk.application("draft").form["new_name"] == "韩雨桐"
    again = desk.person().sends_part("draft", "form", **{**stale, "version": page.value("version")})
    assert again.status == 302
    assert desk.application("draft").form["new_name"] == "韩小桐"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_page_that_does_not_say_its_version_is_stale(desk: Desk, version: str) -> None:
    assert saves_form(desk, version=version).status == 409


def test_only_the_window_that_received_it_may_fill_it(desk: Desk) -> None:
    before = desk.application("draft").version

    for account in (NEIGHBOUR, OFFICER):
        assert desk.person(account).sends_part("draft", "form", **typed(desk)).status == 403

    assert desk.application("draft").version == before


def test_a_handed_over_application_cannot_be_filled(desk: Desk) -> None:
    clerk = desk.person()

    shown = clerk.opens_part("handed_over", "form")
    posted = clerk.sends_part("handed_over", "inquiry", version="1")

    assert shown.to == desk.url("handed_over", "content")
    assert posted.status == 409


# --- people ---------------------------------------------------------------------------------------------------------


def checks(desk: Desk, **changes: str) -> Seen:
    fields = {"p0-method": "reader_face", "p0-id_no": "", "p0-result": "passed", "position": "0"}
    return desk.person().sends_part("draft", "people", **{**fields, **{f"p0-{k}": v for k, v in changes.items()}})


def party(desk: Desk) -> Any:
    return desk.application("draft").parties.get(position=0)


def by_hand(desk: Desk, **changes: str) -> Seen:
    hand = {
        "method": "by_hand",
        "reason": "身份证消磁",
        "username": COLLEAGUE.username,
        "password": PASSWORD,
        "code": desk.code(COLLEAGUE),
    }
    return checks(desk, **{**hand, **changes})


def test_a_read_card_and_a_matching_face_identify_a_person(desk: Desk) -> None:
    saves_form(desk)

    page = checks(desk, id_no=flats()[7].holder.id_no)

    assert page.to == desk.url("draft", "materials")
    assert (party(desk).identity_result, party(desk).identity_by) == ("passed", CLERK.username)
    assert desk.audited(action="intake.identity", object_id=desk.numbers["draft"]) == 1


def test_another_persons_card_is_not_taken(desk: Desk) -> None:
    saves_form(desk)

    page = checks(desk, id_no=flats()[6].holder.id_no)

    assert page.status == 422
    assert "读出的证件号码和申请表上的不一样" in page.words
    assert page.value("p0-id_no") == flats()[6].holder.id_no
    assert party(desk).identity_result == ""


def test_a_check_by_hand_needs_a_reason_and_a_colleague(desk: Desk) -> None:
    saves_form(desk)

    without_reason = by_hand(desk, reason="")
    without_colleague = by_hand(desk, username="", password="", code="")

    assert "没有写为什么要人工核对" in without_reason.words
    assert "第二名工作人员" in without_colleague.words
    assert (without_reason.status, without_colleague.status) == (422, 422)
    assert party(desk).identity_result == ""


def test_a_colleague_confirms_with_both_factors_and_my_session_stays_mine(desk: Desk) -> None:
    saves_form(desk)

    page = by_hand(desk)

    assert page.to == desk.url("draft", "materials")
    made = party(desk)
    assert (made.identity_by, made.identity_second) == (CLERK.username, COLLEAGUE.username)
    assert made.identity_reason == "身份证消磁"
    assert desk.audited(action="sign_in.confirm", actor_id=COLLEAGUE.username, outcome="ok") == 1


def test_a_slip_elsewhere_does_not_use_up_the_colleagues_code(desk: Desk) -> None:
    saves_form(desk)

    slipped = by_hand(desk, id_no=flats()[6].holder.id_no)
    mended = by_hand(desk)

    assert (slipped.status, mended.status) == (422, 302)


def test_a_wrong_password_or_code_of_the_colleague_changes_nothing_and_is_audited(desk: Desk) -> None:
    saves_form(desk)

    wrong = by_hand(desk, password="wrong")
    code = by_hand(desk, code="000000")

    assert (wrong.status, code.status) == (422, 422)
    assert "用户名、口令或者动态码不对" in wrong.words
    assert PASSWORD not in code.text
    assert party(desk).identity_result == ""
    assert desk.audited(action="sign_in.confirm", outcome="denied") == 2


def test_a_clerk_of_another_registry_cannot_be_the_second_person(desk: Desk) -> None:
    saves_form(desk)

    page = by_hand(desk, username=NEIGHBOUR.username, code=desk.code(NEIGHBOUR))

    assert page.status == 422
    assert "不是本窗口的收件人员" in page.words
    assert party(desk).identity_result == ""


def test_who_is_not_recognised_is_kept_as_failed_and_holds_the_hand_over(desk: Desk) -> None:
    saves_form(desk)

    page = checks(desk, result="failed")

    assert page.to == f"{desk.url('draft', 'people')}?done=identity"
    assert "认不准的不能收件" in desk.person().opens(page.to).words
    assert "人证核验没有通过" in desk.person().opens_part("draft", "hand-over").words


def test_a_changed_applicant_has_to_be_identified_anew(desk: Desk) -> None:
    saves_form(desk)
    checks(desk)

    saves_form(desk, new_name="韩小桐")

    assert party(desk).identity_result == ""


def test_a_number_read_at_the_window_outlives_the_next_save_of_the_form(desk: Desk) -> None:
    number, actor = desk.numbers["draft"], desk.story.actor(CLERK)
    form = {
        "owner_kind": "enterprise", "id_kind": "uscc", "new_name": "新公司", "representative_name": "韩雨桐",
        "has_agent": "no", "phone": "13800000000",
    }  # fmt: skip
    application = desk.application("draft")
    application.check_answer = {**application.check_answer, "prefill": {}}
    application.save()
    filling.save_form(number, form, actor, version=application.version, now=desk.story.now)
    card = flats()[0].holder.id_no
    check = filling.IdentityCheck(1, filling.READER_FACE, filling.PASSED, id_no=card)
    filling.check_identity(number, check, actor, now=desk.story.now)

    version = desk.application("draft").version
    filling.save_form(number, {**form, "phone": "13900000000"}, actor, version=version, now=desk.story.now)

    kept = desk.application("draft").parties.get(position=1)
    assert (kept.id_no, kept.identity_result) == (card, "passed")


# --- inquiry and signature ------------------------------------------------------------------------------------------


def answers(desk: Desk, name: str, **changes: str) -> dict[str, str]:
    wish = desk.story.wish(7 if name == "draft" else 6)
    return {**wish.answers, "version": str(desk.application(name).version), **changes}


def test_an_answer_that_must_be_otherwise_is_kept_and_explained(desk: Desk) -> None:
    page = desk.person().sends_part("draft", "inquiry", **answers(desk, "draft", same_holder="no"))

    assert page.status == 200
    assert "换了人就不是改名" in page.words
    assert page.is_checked("same_holder", "no")
    assert desk.application("draft").inquiry["same_holder"] == "no"


def test_a_complete_inquiry_leads_on_to_the_signature(desk: Desk) -> None:
    page = desk.person().sends_part("draft", "inquiry", **answers(desk, "draft"))

    assert page.to == desk.url("draft", "sign")


def test_nobody_signs_before_form_identity_and_inquiry_are_complete(desk: Desk) -> None:
    page = desk.person().opens_part("draft", "sign")

    assert "还不能签名" in page.words
    assert 'name="signature"' not in page.text


def signs(desk: Desk, **changes: Any) -> Seen:
    page = desk.person().opens_part("filled", "sign")
    fields = {"seen": page.value("seen"), "position": page.value("position"), "signature": signature()}
    return desk.person().sends_part("filled", "sign", **{**fields, **changes})


def changes_the_inquiry(desk: Desk) -> None:
    sent = desk.person().sends_part("filled", "inquiry", **answers(desk, "filled", has_dispute="yes"))
    assert sent.status == 302


def test_changed_content_asks_for_a_fresh_signature(desk: Desk) -> None:
    assert "都签好了" in desk.person().opens_part("filled", "sign").words

    changes_the_inquiry(desk)

    assert "签名以后内容又改过" in desk.person().opens_part("filled", "hand-over").words
    assert signs(desk).to == desk.url("filled", "sign")
    assert "都签好了" in desk.person().opens_part("filled", "sign").words


def test_the_page_to_sign_shows_every_answer_and_the_pledge_in_clear(desk: Desk) -> None:
    changes_the_inquiry(desk)

    page = desk.person().opens_part("filled", "sign")

    for words in (flats()[6].holder.id_no, "13800000000", "有没有人来争", "如果有假，登记被撤销"):
        assert words in page.words


def test_a_signature_under_content_changed_meanwhile_is_not_kept(desk: Desk) -> None:
    changes_the_inquiry(desk)
    seen = desk.person().opens_part("filled", "sign").value("seen")
    desk.person().sends_part(
        "filled", "inquiry", **answers(desk, "filled", has_dispute="no", knows_limits="yes", limits="银行")
    )
    before = list(desk.application("filled").signatures.values_list("pk", "content_digest"))

    page = desk.person().sends_part("filled", "sign", seen=seen, position="0", signature=signature())

    assert page.status == 409
    assert "内容已经改过" in page.words
    assert list(desk.application("filled").signatures.values_list("pk", "content_digest")) == before


@pytest.mark.parametrize("changes", [{"signature": ""}, {"seen": ""}, {"seen": "0" * 64}])
def test_no_signature_is_kept_without_image_or_for_unseen_content(desk: Desk, changes: dict[str, Any]) -> None:
    changes_the_inquiry(desk)
    before = desk.application("filled").signatures.count()

    page = signs(desk, **changes)

    assert page.status in (409, 422)
    assert desk.application("filled").signatures.count() == before


# --- hand-over ------------------------------------------------------------------------------------------------------


def test_an_incomplete_application_lists_every_gap_with_the_way_there(desk: Desk) -> None:
    before = desk.sent(CASE_HANDOVER)
    clerk = desk.person()

    shown = clerk.opens_part("draft", "hand-over")
    tried = clerk.sends_part("draft", "hand-over", key="k")

    assert desk.url("draft", "form") in shown.text
    assert f"{desk.url('draft', 'materials')}?m=certificate" in shown.text
    assert tried.status == 422
    assert desk.application("draft").state == ApplicationState.DRAFT
    assert desk.sent(CASE_HANDOVER) == before


def test_handing_over_twice_sends_once_and_leads_to_the_receipt(desk: Desk) -> None:
    before = desk.sent(CASE_HANDOVER)
    clerk = desk.person()
    key = clerk.opens_part("filled", "hand-over").value("key")

    first = clerk.sends_part("filled", "hand-over", key=key)
    second = clerk.sends_part("filled", "hand-over", key=key)

    assert first.to == second.to == desk.url("filled", "receipt")
    assert desk.sent(CASE_HANDOVER) == before + 1
    assert desk.application("filled").state == ApplicationState.HANDED_OVER


def test_a_second_press_from_an_old_page_is_told_that_it_is_done(desk: Desk) -> None:
    clerk = desk.person()
    keys = [clerk.opens_part("filled", "hand-over").value("key") for _ in range(2)]

    done = [clerk.sends_part("filled", "hand-over", key=key).status for key in keys]

    assert done == [302, 409]


def test_the_receipt_says_who_decides_by_when_and_where_the_papers_are(desk: Desk) -> None:
    page = desk.person().opens_part("handed_over", "receipt")

    for words in (
        desk.numbers["handed_over"], "滑县不动产登记中心决定", "2026年11月24日 18:00前；到期没有答复的，视为受理",
        "收取，随件转送", "核对后已退还", "不收登记费", "本凭证不是受理通知书",
    ):  # fmt: skip
        assert words in page.words


def test_the_receipt_of_a_sale_is_addressed_to_seller_and_buyer(desk: Desk) -> None:
    item = CATALOGUE["S02"]
    examples.take_units(HOME, NOW)
    page = reading.page(EXAMPLE_UNITS[item.example.unit].unit.unit_code)
    wish = examples.wish_of(item, page, NOW.date().isoformat())

    receipt = desk.person().opens(f"/desk/intake/{desk.story.hands_over(wish)}/receipt")

    assert f"{wish.holder_name}、{wish.form['buyer1_name']}：" in receipt.words


def test_the_receipt_states_only_what_lay_there_at_the_hand_over(desk: Desk) -> None:
    clerk = desk.person()
    before = clerk.opens_part("corrected", "receipt").words

    filling.add_scan(
        desk.numbers["corrected"], "attorney", play.scan("委托书"), desk.story.actor(CLERK), now=desk.story.tick()
    )

    assert clerk.opens_part("corrected", "receipt").words.split("本页编号")[0] == before.split("本页编号")[0]


def test_the_receipt_prints_as_a_sealed_file(desk: Desk) -> None:
    page = desk.person().opens_part("handed_over", "receipt.pdf")

    assert page.response.headers["Content-Type"] == "application/pdf"
    assert b"/ByteRange" in page.response.content


def test_a_draft_has_no_receipt(desk: Desk) -> None:
    assert desk.person().opens_part("draft", "receipt").status == 409


def test_a_colleagues_code_and_password_never_come_back(desk: Desk) -> None:
    saves_form(desk)

    page = by_hand(desk, password="Falsch-2026", code="135790")

    assert page.value("p0-username") == COLLEAGUE.username
    assert "Falsch-2026" not in page.text
    assert "135790" not in page.text
