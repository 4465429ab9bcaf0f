"""Queries between a window and the registry whose book it is: far windows, silence, papers, numbers, the log."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from tests.enquiry_site import (
    CLEAN,
    HOME_CLERK,
    NEIGHBOUR,
    SEIZED,
    STRANGER,
    UNSIGNED,
    Counter,
    application,
    flat,
    owner,
    parts,
)
from tests.province import CLERK, HOME, OFFICER, OTHER, REVIEWER, WINDOW

from tongban.access.permissions import Role
from tongban.cases import unit_look
from tongban.certificates.seals import pdf_check
from tongban.domain.errors import InvalidInput, NotPermitted, Unavailable, WrongState
from tongban.domain.query_terms import Asker, Index, Paper, Wanted
from tongban.enquiries import copies, papers, queries, taking
from tongban.enquiries.copies import Copied
from tongban.enquiries.models import Enquiry, QueryAlarm, QueryCopy, QueryPaper, QueryRecord
from tongban.exchange import questions
from tongban.exchange.models import Authorization, QuestionEvidence

PAPER_NO = "豫（2026）滑县不动产查询证明第{:07d}号"


def footprint() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Enquiry, QueryRecord, QuestionEvidence, QueryPaper, QueryCopy))


def test_a_far_window_is_told_exactly_what_a_near_one_is(counter: Counter) -> None:
    near, far = (counter.asks(Asker.BUYING, flat(SEIZED), who) for who in (HOME_CLERK, CLERK))

    assert parts(near) == parts(far)
    assert [line.receiving for line in counter.log()] == [HOME, WINDOW]
    assert {line.registry for line in counter.log()} == {HOME}
    assert Enquiry.objects.get(receiving=WINDOW).number == "CX41010020260000001"


def test_a_window_without_authorization_learns_nothing_and_the_log_stays_empty(counter: Counter) -> None:
    row = counter.takes(application(Asker.BUYING, flat(SEIZED)), NEIGHBOUR)

    assert (row.receiving, row.state, row.paper_no, row.answer) == (OTHER, "denied", "", None)
    assert row.refusal["reason"]["code"] == "D01"
    assert counter.log() == []
    assert [audit.outcome for audit in counter.audited(action="enquiry.answered")] == ["refused"]


def test_a_revoked_authorization_closes_the_book_at_once(counter: Counter) -> None:
    Authorization.objects.filter(grantor=HOME, grantee=WINDOW).update(suspended_at=counter.story.now)

    row = counter.takes(application(Asker.BUYING, flat(SEIZED)), CLERK)

    assert (row.state, row.refusal["reason"]["code"], counter.log()) == ("denied", "D02", [])


def test_a_clerk_without_a_confidentiality_agreement_asks_nothing(counter: Counter) -> None:
    before = footprint()

    unsigned = replace(counter.story.actor(UNSIGNED), has_agreement=False)

    with pytest.raises(NotPermitted):
        taking.take(application(Asker.BUYING, flat(SEIZED)), unsigned, key="k", now=counter.story.tick())

    assert footprint() == before


def test_a_reviewer_takes_in_no_queries(counter: Counter) -> None:
    with pytest.raises(NotPermitted):
        counter.takes(application(Asker.BUYING, flat(SEIZED)), REVIEWER)


def test_a_unit_of_another_registry_goes_to_the_one_that_keeps_its_book(counter: Counter) -> None:
    given = application(Asker.BUYING, flat(SEIZED), home=OTHER)

    row = counter.takes(given)

    assert (row.home, row.state) == (HOME, "answered")


def test_the_book_of_another_registry_is_silent_about_what_is_not_in_it(counter: Counter) -> None:
    number = flat(CLEAN).title.certificate_no
    said = counter.asks(
        Asker.SALE_PARTY, flat(CLEAN), NEIGHBOUR, index=Index.CERTIFICATE_NO, reference=number, home=OTHER
    )

    assert (said.outcome, said.units) == ("empty", ())
    assert said.paper_no == "豫（2026）安阳市不动产查询证明第0000001号"


def test_a_registry_out_of_reach_is_asked_again_under_the_same_number(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(questions, "_carry", _unreachable)
        row = counter.takes(application(Asker.BUYING, flat(SEIZED)), CLERK)
    assert (row.state, row.answered_at, str(row.due_on)) == ("asked", None, "2026-11-30")

    taking.ask_again(row.number, counter.story.actor(CLERK), counter.story.tick())

    row.refresh_from_db()
    assert (row.state, row.paper_no) == ("answered", PAPER_NO.format(1))
    taking.ask_again(row.number, counter.story.actor(CLERK), counter.story.tick())
    assert QueryRecord.objects.count() == 1


def _unreachable(*_: object) -> None:
    raise Unavailable("peer_unreachable", "站点没有应答。")


def test_an_answer_lost_on_the_way_is_given_again_under_its_number(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry = questions._carry

    def lost(peer: str, question: object, now: datetime) -> None:
        carry(peer, question, now)  # type: ignore[arg-type]
        raise Unavailable("peer_unreachable", "站点没有应答。")

    with monkeypatch.context() as patch:
        patch.setattr(questions, "_carry", lost)
        row = counter.takes(application(Asker.BUYING, flat(SEIZED)), CLERK)
    assert (row.state, QueryRecord.objects.count()) == ("asked", 1)

    taking.ask_again(row.number, counter.story.actor(CLERK), counter.story.tick())

    row.refresh_from_db()
    assert (row.state, row.paper_no, QueryRecord.objects.count()) == ("answered", PAPER_NO.format(1), 1)


def test_the_same_key_again_is_the_same_query(counter: Counter) -> None:
    first = counter.takes(application(Asker.BUYING, flat(SEIZED)), key="k")
    again = counter.takes(application(Asker.BUYING, flat(CLEAN)), key="k")

    assert (first.number, len(counter.log())) == (again.number, 1)


def test_what_is_wrong_with_an_application_is_said_before_anything_is_asked(counter: Counter) -> None:
    before = footprint()
    given = application(
        Asker.GUARDIAN, flat(CLEAN), purpose_zh=" ", reference="41", person=replace(STRANGER, id_no="1"),
        subject=replace(STRANGER, name=""),
    )  # fmt: skip

    with pytest.raises(InvalidInput) as error:
        counter.takes(given)

    assert [problem.field for problem in error.value.problems] == [
        "purpose", "person_id_no", "subject_name", "reference",
    ]  # fmt: skip
    assert footprint() == before


def test_the_certificate_is_sealed_once_by_the_home_registry_and_printed_anywhere(counter: Counter) -> None:
    row = counter.takes(application(Asker.HOLDER, flat(CLEAN)), CLERK)
    actor = counter.story.actor(CLERK)

    data, name = taking.paper(row.number, actor, counter.story.tick())
    again, _ = taking.paper(row.number, actor, counter.story.tick())
    at_home, _ = papers.of_record(counter.log()[0].pk, counter.story.actor(OFFICER), counter.story.tick())

    assert data == again == at_home
    assert pdf_check.owner_of(pdf_check.open_seal(data).certificate) == HOME
    assert name == f"不动产登记资料查询结果证明-{row.number}.pdf"
    assert len(counter.audited(action="enquiry.print")) == 2
    assert len(counter.audited(action="register.query_paper")) == 1


def test_a_refusal_is_a_sealed_paper_too(counter: Counter) -> None:
    row = counter.takes(application(Asker.HOLDER, flat(CLEAN), papers=frozenset({Paper.APPLICATION})))

    data, name = taking.paper(row.number, counter.story.actor(HOME_CLERK), counter.story.tick())

    assert (row.state, name) == ("refused", f"不予查询告知书-{row.number}.pdf")
    assert pdf_check.owner_of(pdf_check.open_seal(data).certificate) == HOME


def test_there_is_no_paper_where_nobody_answered(counter: Counter) -> None:
    row = counter.takes(application(Asker.BUYING, flat(SEIZED)), NEIGHBOUR)

    with pytest.raises(WrongState):
        taking.paper(row.number, counter.story.actor(NEIGHBOUR), counter.story.now)


def test_another_window_reads_neither_the_query_nor_its_paper(counter: Counter) -> None:
    row = counter.takes(application(Asker.HOLDER, flat(CLEAN)))
    stranger = counter.story.actor(NEIGHBOUR)

    for look in (
        lambda: queries.enquiry(row.number, stranger, counter.story.now),
        lambda: taking.paper(row.number, stranger, counter.story.now),
        lambda: queries.log(stranger),
        lambda: queries.record(counter.log()[0].pk, stranger, counter.story.now),
    ):
        with pytest.raises(NotPermitted):
            look()
    assert queries.enquiries(stranger).rows == []


def test_numbers_of_certificates_have_no_gap_when_many_ask_at_once(counter: Counter) -> None:
    actor, now = counter.story.actor(HOME_CLERK), counter.story.tick()

    def ask(number: int) -> None:
        missing = frozenset() if number % 3 == 0 else frozenset(Paper)
        try:
            taking.take(application(Asker.BUYING, flat(CLEAN), papers=missing), actor, key=f"k{number}", now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(12)))

    shown = sorted(line.paper_no for line in counter.log() if line.outcome != "refused")
    refused = sorted(line.paper_no for line in counter.log() if line.outcome == "refused")
    assert shown == [PAPER_NO.format(n) for n in range(1, 9)]
    assert refused == [f"豫（2026）滑县不动产不予查询第{n:07d}号" for n in range(1, 5)]
    assert sorted(Enquiry.objects.values_list("number", flat=True)) == [f"CX4105262026{n:07d}" for n in range(1, 13)]


def test_whoever_searches_too_many_names_is_stopped_and_an_alarm_is_raised(counter: Counter) -> None:
    given = application(Asker.POLICE, flat(CLEAN), index=Index.IDENTITY, reference="")
    for _ in range(20):
        assert counter.takes(given).state == "answered"

    stopped = [counter.takes(given) for _ in range(2)]

    assert [row.refusal["reason"]["code"] for row in stopped] == ["Q10", "Q10"]
    assert counter.answer(stopped[0]).units == ()
    alarm = QueryAlarm.objects.get()
    assert (alarm.kind, alarm.who, alarm.registry) == ("names", "hx.clerk", HOME)
    assert [one.who_zh for one in queries.alarms(counter.story.actor(OFFICER), counter.story.now)] == ["吕秀兰"]
    counter.story.now += timedelta(hours=1)
    assert counter.takes(given).state == "answered"


def test_a_look_into_the_register_without_a_matter_at_hand_is_an_alarm(counter: Counter) -> None:
    actor, code = counter.story.actor(OFFICER), flat(CLEAN).unit_code
    number = counter.takes(application(Asker.HOLDER, flat(CLEAN))).number

    for purpose in ("利害关系人申请查询：张三", f"权利人申请查询：{number}", "办理登记业务：41052620261123000001"):
        unit_look.unit(code, actor, unit_look.Look(purpose), counter.story.tick())

    alarms = queries.alarms(actor, counter.story.tick())
    assert [(one.who_zh, one.about) for one in alarms] == [("方志远", "利害关系人申请查询：张三")]
    assert queries.alarms(actor, counter.story.now + timedelta(days=8)) == []


def test_copies_are_written_down_for_those_who_may_have_them(counter: Counter) -> None:
    counter.takes(application(Asker.HOLDER, flat(CLEAN), wanted=Wanted.ORIGINALS))
    counter.takes(application(Asker.SALE_PARTY, flat(CLEAN)))
    mine, theirs = counter.log()
    actor, now = counter.story.actor(OFFICER), counter.story.tick()

    for _ in range(2):
        copies.note(mine.pk, Copied("application", 3, "第12卷"), actor, key="c1", now=now)
    copies.note(theirs.pk, Copied("register", 1, ""), actor, key="c2", now=now)
    with pytest.raises(WrongState):
        copies.note(theirs.pk, Copied("application", 1, ""), actor, key="c3", now=now)
    with pytest.raises(InvalidInput):
        copies.note(mine.pk, Copied("application", 0, ""), actor, key="c4", now=now)
    with pytest.raises(NotPermitted):
        copies.note(mine.pk, Copied("application", 1, ""), counter.story.actor(HOME_CLERK), key="c5", now=now)

    found = [(one.kind_zh, one.pages, one.note_zh) for one in queries.record(mine.pk, actor, now).copies]
    assert found == [("登记申请书", 3, "第12卷")]
    assert QueryCopy.objects.count() == 2


@pytest.mark.parametrize("table", ["queryrecord", "querypaper", "querycopy", "queryalarm"])
def test_the_log_cannot_be_changed_or_removed(counter: Counter, table: str) -> None:
    for statement in (f"DELETE FROM enquiries_{table}", f"TRUNCATE enquiries_{table} CASCADE"):  # noqa: S608
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_number_tells_a_stranger_that_the_paper_is_real_and_no_more(counter: Counter) -> None:
    counter.takes(application(Asker.HOLDER, flat(CLEAN)))

    found = queries.public_paper(PAPER_NO.format(1))

    assert found is not None
    assert (found.name_zh, found.registry_zh) == ("不动产登记资料查询结果证明", "滑县不动产登记中心")
    assert owner(flat(CLEAN)).name not in str(found)
    assert queries.public_paper(PAPER_NO.format(2)) is None


assert Role.WINDOW_CLERK in HOME_CLERK.roles
