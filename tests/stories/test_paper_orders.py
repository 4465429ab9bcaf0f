"""Orders on paper: in one sequence with those from the network, of every organ that may bind a unit (facts 7.1, 7.4)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.province import ASSISTANT, CLERK, HOME, NOW, REGISTRAR, SECOND_ASSISTANT, Province, flats

from tongban.cli import courts, play
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotPermitted
from tongban.domain.identity import IdDocument
from tongban.domain.order_reasons import OrderReasons
from tongban.domain.restrictions import Act
from tongban.domain.terms import HolderKind
from tongban.domain.titles import Holder, HolderIdentity
from tongban.exchange.contract.judicial import OfficerBody
from tongban.exchange.models import OutboxMessage
from tongban.judicial import deciding, paper_orders, queries
from tongban.judicial.carrying import Ruling
from tongban.judicial.deciding import Answer, Proposal
from tongban.judicial.models import Order
from tongban.judicial.ordered import Kind
from tongban.judicial.organs import RULES, Organ
from tongban.judicial.paper_orders import PaperOrder
from tongban.register import book, reading
from tongban.register.requests import RecordRequest
from tongban.reporting import days
from tongban.reporting.models import Upload
from tongban.vault import blobs
from tongban.vault.uploads import CleanUpload, check_upload

CASE = "（2026）豫0526执700号"


def code(number: int = 0) -> str:
    return flats()[number].unit_code


def scan() -> CleanUpload:
    return check_upload(play.scan("裁定书").data, "image/png", "../../裁定书\u202e.png")


COURTS = PaperOrder(
    organ=Organ.COURT, organ_zh="滑县人民法院", kind=Kind.SEIZURE, order_no="协执700", case_no=CASE, units=(code(),),
    period_months=36, officers=(OfficerBody(name="金远", work_permit_no="017", execution_permit_no="017"),),
    documents=("裁定书", "协助执行通知书"),
)  # fmt: skip


def taken(story: Province, paper: PaperOrder = COURTS, *, key: str = "k1") -> Order:
    number = paper_orders.take(paper, [scan()], story.actor(ASSISTANT), story.tick(), key=key)
    return Order.objects.get(pk=number)


def line(unit: str = "") -> list[tuple[Burden, str]]:
    found = [one for one in reading.burdens(unit or code()) if one.burden is not Burden.UNREAD_ORDER]
    return [(one.burden, one.organ_zh) for one in sorted(found, key=lambda one: one.rank)]


def test_paper_and_network_stand_in_one_line_in_the_order_of_delivery(story: Province) -> None:
    """法发〔2004〕5号 20; facts 7.4.1."""
    first = taken(story)
    story.court_orders(0, "CX-2")
    story.settles()
    third = taken(story, replace(COURTS, organ=Organ.POLICE, organ_zh="滑县公安局", case_no="滑公（刑）查封字〔2026〕9号",
                                 order_no="9", documents=("查封决定书", "协助查封通知书")), key="k3")  # fmt: skip

    assert (first.state, third.state) == (Order.ENTERED, Order.ENTERED)
    assert line() == [
        (Burden.SEIZURE, "滑县人民法院"), (Burden.WAITING_SEIZURE, "滑县人民法院"), (Burden.WAITING_SEIZURE, "滑县公安局"),
    ]  # fmt: skip


def test_the_answer_to_paper_is_kept_to_be_printed_and_nothing_is_sent(story: Province) -> None:
    order = taken(story)
    story.settles()

    (told,) = queries.order(order.message_id, story.actor(ASSISTANT), story.tick()).told
    assert (told.state_zh, told.effects[0].result_zh) == ("已办理", "已办理查封登记")
    assert OutboxMessage.objects.filter(kind="judicial.receipt").count() == 0
    assert story.audited("judicial.take") == 1


def test_the_scans_are_kept_with_the_order_under_harmless_names(story: Province) -> None:
    order = taken(story)
    first = order.body["documents"][0]

    data, media_type, name = queries.document(order.message_id, first["digest"], story.actor(ASSISTANT))

    assert (data, media_type) == (play.scan("裁定书").data, "image/png")
    assert "/" not in name and "\u202e" not in name
    assert blobs.find(HOME, first["digest"]).size == len(data)


def test_taking_in_the_same_form_twice_is_once(story: Province) -> None:
    assert taken(story).pk == taken(story).pk
    assert Order.objects.count() == 1
    assert len(line()) == 1


def test_papers_that_are_missing_are_for_two_people_and_the_unit_is_held(story: Province) -> None:
    order = taken(
        story, replace(COURTS, documents=("裁定书",), officers=(OfficerBody(name="金远", work_permit_no="017"),))
    )

    assert order.doubts == [OrderReasons.PAPERS_MISSING.code]
    assert [one.burden for one in reading.burdens(code())] == [Burden.UNREAD_ORDER]


def test_supervisors_come_in_twos(story: Province) -> None:
    """监察法 28, 44."""
    one = replace(
        COURTS, organ=Organ.SUPERVISION, organ_zh="滑县监察委员会", case_no="滑监查〔2026〕1号", order_no="1",
        documents=("协助查封通知",),
    )  # fmt: skip
    alone = taken(story, one)
    two = (OfficerBody(name="甲", work_permit_no="1"), OfficerBody(name="乙", work_permit_no="2"))
    both = taken(story, replace(one, units=(code(1),), officers=two, order_no="2"), key="k2")

    assert (alone.state, both.state) == (Order.QUEUED, Order.ENTERED)


def test_a_government_limits_what_it_takes_and_two_people_lift_it(story: Province) -> None:
    """国有土地上房屋征收与补偿条例 16."""
    limit = PaperOrder(
        organ=Organ.GOVERNMENT, organ_zh="滑县人民政府", kind=Kind.RESTRICTION, order_no="滑政征〔2026〕3号",
        case_no="滑政征〔2026〕3号", units=(code(0), code(1)), period_months=12, documents=("征收决定",),
        officers=(OfficerBody(name="贺立", work_permit_no="3"),),
    )  # fmt: skip
    assert taken(story, limit).state == Order.ENTERED
    assert line(code(1)) == [(Burden.ADMINISTRATIVE, "滑县人民政府")]

    lift = taken(
        story, replace(limit, kind=Kind.LIFT, order_no="滑政征〔2026〕9号", units=(code(0),), period_months=None,
                       documents=("解除通知",)), key="k2",
    )  # fmt: skip
    assert lift.doubts == [OrderReasons.FREED_BY_TWO.code]
    freed = Proposal(Answer.CARRY_OUT, Ruling(frozenset({OrderReasons.FREED_BY_TWO.code})))
    deciding.propose(lift.message_id, freed, story.actor(ASSISTANT), story.tick())
    lift.refresh_from_db()
    assert lift.proposed_at is not None
    deciding.confirm(lift.message_id, lift.proposed_at, story.actor(SECOND_ASSISTANT), story.tick())

    assert (line(code(0)), line(code(1))) == ([], [(Burden.ADMINISTRATIVE, "滑县人民政府")])


def test_a_limit_is_nothing_the_nation_misses(story: Province) -> None:
    limit = replace(
        COURTS, organ=Organ.OTHER_ORGAN, organ_zh="滑县住房保障服务中心", kind=Kind.RESTRICTION, order_no="函1",
        case_no="滑住保函〔2026〕1号", documents=("公函",),
    )  # fmt: skip
    taken(story, limit)
    taken(story, replace(COURTS, units=(code(2),)), key="k2")

    assert days.unreported(HOME, NOW.date()) == []


def test_a_frozen_mortgage_is_reported_as_an_altered_one(story: Province) -> None:
    fact = BurdenFact(Burden.MORTGAGE, "m-1", NOW.date(), None, "", "", 1, "豫（2026）滑县不动产证明第9900001号")
    bank = Holder(
        1, HolderKind.ENTERPRISE, HolderIdentity("示例银行滑县支行", IdDocument.USCC, "91410526MA44000081"), None
    )
    opened = OpenBurden(UnitCode(code()), fact, {"debt_yuan": "800000"}, (bank,))
    request = RecordRequest(
        unit_codes=(UnitCode(code()),), entries=(opened,), acts=(Act.MORTGAGE,), evidence=frozenset(),
        recorder=story.actor(REGISTRAR), case_no="41052620261122000099", key="m", now=story.tick(), registry=HOME,
    )  # fmt: skip
    assert not isinstance(book.record(request), Refusal)

    order = taken(story, replace(COURTS, kind=Kind.FREEZE, period_months=None))

    assert order.state == Order.ENTERED
    assert [one.burden for one in reading.burdens(code())] == [Burden.MORTGAGE_FROZEN]
    (upload,) = Upload.objects.filter(unit_code=code())
    assert (upload.registration, upload.subject) == ("alteration", "mortgage")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": Kind.RESTRICTION}, "kind"),
        ({"organ": Organ.GOVERNMENT}, "kind"),
        ({"units": ()}, "units"),
        ({"units": ("410526",)}, "units"),
        ({"units": tuple(code() for _ in range(201))}, "units"),
        ({"period_until": NOW.date()}, "period_months"),
    ],
)
def test_what_the_person_at_the_desk_can_mend_is_told_and_nothing_is_held(
    story: Province, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        taken(story, replace(COURTS, **change))  # type: ignore[arg-type]

    assert field in {one.field for one in caught.value.problems}
    assert all(one.what_zh and one.cure_zh for one in caught.value.problems)
    assert Order.objects.count() == 0
    assert reading.burdens(code()) == ()


def test_without_a_scan_nothing_is_taken_in(story: Province) -> None:
    with pytest.raises(InvalidInput):
        paper_orders.take(COURTS, [], story.actor(ASSISTANT), story.tick(), key="k")


@pytest.mark.parametrize("account", [CLERK, REGISTRAR], ids=lambda one: one.username)
def test_only_assistants_take_orders_in(story: Province, account: object) -> None:
    with pytest.raises(NotPermitted):
        paper_orders.take(COURTS, [scan()], story.actor(account), story.tick(), key="k")  # type: ignore[arg-type]


@pytest.mark.parametrize("organ", list(Organ), ids=str)
def test_every_organ_says_what_it_may_order_with_which_papers_by_which_law(organ: Organ) -> None:
    rule = RULES[organ]

    assert rule.kinds and rule.papers
    assert "第" in rule.law_zh and "条" in rule.law_zh
    assert (Kind.TRANSFER in rule.kinds) == (organ is Organ.COURT)


def test_an_organ_of_the_network_orders_nothing_it_may_not(story: Province) -> None:
    now = story.tick()
    courts.send(courts.order("CX-1", CASE, (code(),), now, kind="restriction"), now)
    story.settles()

    assert Order.objects.get().doubts == [OrderReasons.KIND_UNKNOWN.code]
