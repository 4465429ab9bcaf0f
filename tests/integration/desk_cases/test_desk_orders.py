"""The page of orders of courts: an assistant reads, proposes, asks; another confirms; nobody else sees them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.desk_site import Desk
from tests.province import ASSISTANT, CLERK, REVIEWER, SECOND_ASSISTANT, Province, flats

from tongban.cli import courts, play
from tongban.domain.burdens import Burden
from tongban.domain.order_reasons import OrderReasons
from tongban.judicial.models import Order
from tongban.register import reading
from tongban.vault import blobs

URL = "/desk/orders/"
CASE = "（2026）豫0526执606号"
UNUSED = 10  # the number of a flat on which nothing is under way
CODE = flats()[UNUSED].unit_code


def arrives(story: Province, order_no: str, case_no: str = CASE, **said: object) -> Order:
    now, units = story.tick(), said.pop("units", (CODE,))
    body = courts.order(order_no, case_no, units, now, **{"period_months": 36, **said})  # type: ignore[arg-type]
    courts.send(body, now)
    story.settles()
    return Order.objects.get(order_no=order_no)


@pytest.fixture
def release(desk: Desk) -> Order:
    arrives(desk.story, "CX-606")
    return arrives(desk.story, "CX-608", kind="release", refers_to="CX-606", period_months=None)


def test_a_release_is_read_proposed_by_one_and_confirmed_by_another(desk: Desk, release: Order) -> None:
    first, second = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT)
    address = f"{URL}{release.message_id}/"
    listed = first.opens(URL)
    assert "解除查封要由两个人核对以后办。" in listed.words

    page = first.opens(address)
    assert "已解除查封。" in page.words
    assert "核准，马上办" not in page.words
    sent = first.sends(f"{address}propose", answer="carry_out", cleared=[OrderReasons.FREED_BY_TWO.code])
    assert sent.status == 302
    own = first.opens(f"{address}?done=proposed")
    assert "意见已提出，等另一位核准" in own.words
    assert "核准，马上办" not in own.words

    other = second.opens(address)
    assert f"提出人 {ASSISTANT.name_zh}" in other.words
    assert second.sends(f"{address}confirm", seen=other.hidden("seen"), act="confirm").status == 302

    assert reading.burdens(CODE) == ()
    done = second.opens(address)
    assert "已解除查封。" in done.words
    assert "提出处理意见" not in done.words


def test_what_was_not_looked_at_is_not_proposed_and_the_page_says_what(desk: Desk, release: Order) -> None:
    page = desk.person(ASSISTANT).sends(f"{URL}{release.message_id}/propose", answer="carry_out")

    assert page.status == 422
    assert OrderReasons.FREED_BY_TWO.cure_zh in page.words
    assert 'value="carry_out"' in page.text
    assert Order.objects.get(pk=release.pk).proposal is None


def test_an_answer_that_it_cannot_be_keeps_what_was_typed_until_it_is_whole(desk: Desk) -> None:
    strange = arrives(desk.story, "CX-609", persons=("龚建设",))
    first, second = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT)
    address = f"{URL}{strange.message_id}/"

    wrong = first.sends(f"{address}propose", answer="refuse", words="权利人不是被执行人")
    assert wrong.status == 422
    assert "没有选为什么无法办理" in wrong.words
    assert "权利人不是被执行人" in wrong.text
    right = first.sends(f"{address}propose", answer="refuse", reason="F05", words="权利人不是被执行人")
    assert right.status == 302
    seen = second.opens(address)
    assert "情况说明 权利人不是被执行人" in seen.words
    assert second.sends(f"{address}confirm", seen=seen.hidden("seen"), act="confirm").status == 302

    assert reading.burdens(CODE) == ()
    assert "已答复无法办理" in first.opens(address).words
    assert "CX-609" in first.opens(URL, tab="refused").words


def test_a_proposal_is_given_back(desk: Desk, release: Order) -> None:
    first, second = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT)
    address = f"{URL}{release.message_id}/"
    first.sends(f"{address}propose", answer="carry_out", cleared=["F11"])

    given = second.sends(f"{address}confirm", seen=second.opens(address).hidden("seen"), act="back")

    assert given.status == 302
    assert "等人办" in second.opens(address).words
    assert {one.burden for one in reading.burdens(CODE)} == {Burden.SEIZURE, Burden.UNREAD_ORDER}


def test_whoever_is_late_is_told_and_changes_nothing(desk: Desk, release: Order) -> None:
    first, second = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT)
    address = f"{URL}{release.message_id}/"
    first.sends(f"{address}propose", answer="carry_out", cleared=["F11"])
    seen = second.opens(address).hidden("seen")

    assert first.sends(f"{address}confirm", seen=seen, act="confirm").status == 409
    assert second.sends(f"{address}confirm", seen="昨天", act="confirm").status == 409
    assert second.sends(f"{address}confirm", seen=seen, act="confirm").status == 302
    again = second.sends(f"{address}confirm", seen=seen, act="confirm")

    assert again.status == 409
    assert "已经办完" in again.words
    assert second.sends(f"{address}ask", words="请补").status == 409
    assert first.sends(f"{address}propose", answer="refuse", reason="F16", words="x").status == 409


def test_the_court_is_asked_in_words_and_the_page_keeps_the_question(desk: Desk, release: Order) -> None:
    first, address = desk.person(ASSISTANT), f"{URL}{release.message_id}/"

    assert first.sends(f"{address}ask", words=" ").status == 422
    assert first.sends(f"{address}ask", words="请问解除的是哪一套").status == 302

    assert "请问解除的是哪一套" in first.opens(address).words


def test_of_several_entries_the_one_meant_is_chosen(desk: Desk) -> None:
    arrives(desk.story, "CX-1")
    arrives(desk.story, "CX-2", "（2026）豫0526执700号")
    order = arrives(desk.story, "CX-3", "（2026）豫0526执999号", kind="release", period_months=None)
    assert OrderReasons.NOTHING_OF_THIS_COURT.code in order.doubts
    waits = next(one for one in reading.burdens(CODE) if one.burden is Burden.WAITING_SEIZURE)
    first, second, address = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT), f"{URL}{order.message_id}/"
    assert "指的是哪一项" in first.opens(address).words

    chosen = {"answer": "carry_out", "cleared": ["F11"], f"meant_{CODE}": waits.burden_no}
    assert first.sends(f"{address}propose", **chosen).status == 302
    assert second.sends(f"{address}confirm", seen=second.opens(address).hidden("seen"), act="confirm").status == 302

    assert [one.burden for one in reading.burdens(CODE)] == [Burden.SEIZURE]


def test_a_courts_paper_is_shown_and_the_look_is_audited(desk: Desk) -> None:
    ref = blobs.store(courts.COURT, b"%PDF-1.4 order", "裁定书.pdf", "application/pdf")
    paper = {"kind": "裁定书", "number": CASE, "digest": ref.digest}
    now = desk.story.tick()
    body = courts.order("CX-1", CASE, (CODE,), now, period_months=36, documents=(paper,))
    courts.send(body, now, attachments=(ref,))
    desk.story.settles()
    order = Order.objects.get(order_no="CX-1")
    first = desk.person(ASSISTANT)

    shown = first.opens(f"{URL}{order.message_id}/paper/{ref.digest}")

    assert (shown.status, shown.response.content) == (200, b"%PDF-1.4 order")
    assert shown.response["Content-Type"] == "application/pdf"
    assert first.opens(f"{URL}{order.message_id}/paper/{'0' * 64}").status == 404
    assert len(desk.audited(action="judicial.document")) == 1


@pytest.mark.parametrize("account", [CLERK, REVIEWER], ids=lambda one: one.username)
def test_nobody_else_sees_that_there_is_an_order(desk: Desk, release: Order, account: object) -> None:
    """Facts 7.6: before it is written nobody must learn of it."""
    person, address = desk.person(account), f"{URL}{release.message_id}/"  # type: ignore[arg-type]

    assert person.opens(URL).status == 403
    assert person.opens(address).status == 403
    assert person.sends(f"{address}propose", answer="carry_out").status == 403
    assert person.sends(f"{address}ask", words="x").status == 403
    assert "协助执行" not in person.opens("/desk/").words
    assert len(desk.audited(outcome="denied", actor_id=account.username)) == 4  # type: ignore[attr-defined]


def test_the_work_list_counts_what_waits_for_people(desk: Desk, release: Order) -> None:
    page = desk.person(ASSISTANT).opens("/desk/")

    assert "协助执行 · 等人办 1" in page.words


def test_a_list_of_orders_costs_the_same_however_long_and_one_order_is_cheap(desk: Desk, release: Order) -> None:
    person = desk.person(ASSISTANT)
    person.opens(URL)
    short = person.queries_of(URL)
    for number in range(5):
        arrives(desk.story, f"CX-7{number}", f"（2026）豫0526执7{number}号")

    assert person.queries_of(URL) == short
    assert short <= 8
    assert person.queries_of(f"{URL}{release.message_id}/") <= 30


def test_the_end_of_a_number_or_a_case_finds_the_order(desk: Desk, release: Order) -> None:
    person = desk.person(ASSISTANT)

    assert "CX-608" in person.opens(URL, q="608").words
    assert "CX-608" in person.opens(URL, q="执606").words
    assert "没有单号或者案号是“执1”的通知" in person.opens(URL, q="执1").words


def test_a_period_by_its_days_is_shown_as_the_paper_has_it(desk: Desk) -> None:
    order = arrives(
        desk.story, "CX-1", persons=("龚建设",), period_months=None, period_from=date(2026, 11, 1),
        period_until=date(2029, 10, 31),
    )  # fmt: skip

    page = desk.person(ASSISTANT).opens(f"{URL}{order.message_id}/")

    assert "2026-11-01至2029-10-31" in page.words
    assert "被执行人 龚建设" in page.words


def test_a_release_under_another_number_names_the_one_entry_it_means(desk: Desk) -> None:
    """Seized as 财保, released as 执: the everyday case."""
    arrives(desk.story, "CX-1", "（2025）豫0526财保1号")
    order = arrives(desk.story, "CX-2", "（2026）豫0526执9号", kind="release", period_months=None)
    (held,) = [one for one in reading.burdens(CODE) if one.burden is Burden.SEIZURE]
    first, second, address = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT), f"{URL}{order.message_id}/"

    chosen = {"answer": "carry_out", "cleared": ["F11"], f"meant_{CODE}": held.burden_no}
    assert first.sends(f"{address}propose", **chosen).status == 302
    seen = second.opens(address).words
    assert "核对过 法院、案号和房产都和文书一致" in seen
    assert "指的是 查封：滑县人民法院（2025）豫0526财保1号" in seen
    assert second.sends(f"{address}confirm", seen=second.opens(address).hidden("seen"), act="confirm").status == 302

    assert reading.burdens(CODE) == ()


def test_one_unit_seized_before_does_not_lose_the_others_of_an_order(desk: Desk) -> None:
    other = flats()[UNUSED + 1].unit_code
    arrives(desk.story, "CX-1")
    order = arrives(desk.story, "CX-2", units=(CODE, other))
    first, second, address = desk.person(ASSISTANT), desk.person(SECOND_ASSISTANT), f"{URL}{order.message_id}/"

    assert first.sends(f"{address}propose", answer="carry_out", left_out=[CODE]).status == 302
    assert second.sends(f"{address}confirm", seen=second.opens(address).hidden("seen"), act="confirm").status == 302

    assert [one.burden for one in reading.burdens(other)] == [Burden.SEIZURE]


@pytest.mark.parametrize("unit", ["花园路1号院3/402", "../../admin", "410526'\"<b>"])
def test_whatever_a_court_writes_for_a_unit_its_order_can_be_answered(desk: Desk, unit: str) -> None:
    order = arrives(desk.story, "CX-1", units=(unit,), documents=({"kind": "裁定书", "number": "1", "digest": "a/b"},))

    page = desk.person(ASSISTANT).opens(f"{URL}{order.message_id}/")

    assert page.status == 200
    assert "登记簿上没有这个不动产单元号" in page.words
    assert "<b>" not in page.text


def test_a_page_or_script_among_a_courts_papers_never_runs(desk: Desk) -> None:
    ref = blobs.store(courts.COURT, b"<script>alert(1)</script>", "裁定书.html", "text/html")
    paper = {"kind": "裁定书", "number": CASE, "digest": ref.digest}
    now = desk.story.tick()
    courts.send(courts.order("CX-1", CASE, (CODE,), now, period_months=36, documents=(paper,)), now, attachments=(ref,))
    desk.story.settles()

    shown = desk.person(ASSISTANT).opens(f"{URL}{Order.objects.get().message_id}/paper/{ref.digest}").response

    assert shown["Content-Type"] == "application/octet-stream"
    assert shown["Content-Disposition"].startswith("attachment")
    assert "sandbox" in shown["Content-Security-Policy"]


def test_odd_words_to_search_for_find_nothing_and_break_nothing(desk: Desk) -> None:
    assert desk.person(ASSISTANT).opens(URL, q="\x00").status == 200
    assert desk.person(ASSISTANT).opens(URL, q="%00_'\"").status == 200


def test_a_transfer_is_only_answered_or_asked_about(desk: Desk) -> None:
    arrives(desk.story, "CX-1")
    order = arrives(desk.story, "GH-1", kind="transfer", period_months=None)

    page = desk.person(ASSISTANT).opens(f"{URL}{order.message_id}/")

    assert 'value="carry_out"' not in page.text
    assert "等买受人在任何一个窗口申请" in page.words


def typed(**changed: object) -> dict[str, object]:
    return {
        "key": "a" * 32, "organ": "court", "organ_zh": "浚县人民法院", "kind": "seizure", "case_no": "（2026）豫0621执5号",
        "order_no": "协执5", "units": f"{CODE[:6]} {CODE[6:12]} {CODE[12:19]} {CODE[19:]}\n", "debtors": "", "period_months": "36",
        "officer1_name": "金远", "officer1_work": "017", "officer1_permit": "017", "documents": ["裁定书", "协助执行通知书"],
        "scans": SimpleUploadedFile("裁定书.png", play.scan("裁定书").data, "image/png"), **changed,
    }  # fmt: skip


def test_a_paper_order_is_taken_in_carried_out_and_its_answer_printed(desk: Desk) -> None:
    person = desk.person(ASSISTANT)
    assert "收下" in person.opens(f"{URL}new").words

    sent = person.sends(f"{URL}new", **typed())

    order = Order.objects.get()
    assert sent.response["Location"] == f"{URL}{order.message_id}/"
    assert [one.organ_zh for one in reading.burdens(CODE)] == ["浚县人民法院"]
    page = person.opens(f"{URL}{order.message_id}/")
    assert "纸质，当面送达" in page.words
    receipt = person.opens(page.link("打印回执"))
    assert "浚县人民法院：" in receipt.words
    assert "已办理查封登记" in receipt.words
    assert "登簿人" in receipt.words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"units": "410526\n"}, "不动产单元号"),
        ({"organ": "government"}, "不能要求“查封”"),
        ({"period_until": "2029-01-01"}, "期限填了两种"),
        ({"scans": SimpleUploadedFile("x.png", b"MZ not a picture", "image/png")}, "扫描件"),
        ({"period_months": "三年"}, "多少个月"),
    ],
)
def test_a_paper_order_with_something_wrong_keeps_what_was_typed_and_holds_nothing(
    desk: Desk, changed: dict[str, object], words: str
) -> None:
    page = desk.person(ASSISTANT).sends(f"{URL}new", **typed(**changed))

    assert page.status == 422
    assert words in page.words
    assert "（2026）豫0621执5号" in page.text
    assert Order.objects.count() == 0
    assert reading.burdens(CODE) == ()


def test_nobody_else_takes_a_paper_order_in(desk: Desk) -> None:
    person = desk.person(REVIEWER)

    assert person.opens(f"{URL}new").status == 403
    assert person.sends(f"{URL}new", **typed()).status == 403
    assert Order.objects.count() == 0


def test_an_order_of_the_network_has_no_receipt_to_print(desk: Desk, release: Order) -> None:
    assert desk.person(ASSISTANT).opens(f"{URL}{release.message_id}/receipt").status == 404
