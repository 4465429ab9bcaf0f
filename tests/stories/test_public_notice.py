"""An inheritance without deed or court paper is published, objected to, and recorded only after the last day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import localdate
from tests.province import CLERK, OFFICER, REGISTRAR, REVIEWER, SECOND, Province
from tests.public_notice import FIRST, LAST, accepted, objects, on, posted, published

from tongban.cases import limits, objection_rulings, public_notices
from tongban.cases.models import Case, CaseFile, NoticePosting, ObjectionRuling, PublicNotice
from tongban.cases.moves import StepData
from tongban.cases.public_notices import Objection
from tongban.domain.decision import Reason, Refusal
from tongban.domain.errors import InvalidInput, NotFound, NotPermitted, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.domain.reasons import Reasons


def state(case_no: str) -> str:
    return Case.objects.get(case_no=case_no).state


def refused_for(outcome: object) -> Reason:
    assert isinstance(outcome, Refusal) and outcome.where is not None
    return outcome.reason


def test_the_case_is_published_waits_and_is_recorded_after_the_last_day(story: Province) -> None:
    case_no = accepted(story)
    due_on = Case.objects.get(case_no=case_no).legal_due_on
    assert refused_for(story.moves(case_no, "approve_first", REVIEWER)) == Reasons.NOTICE_MISSING
    with pytest.raises(NotPermitted):
        story.moves(case_no, "publish", OFFICER)

    story.moves(case_no, "publish", REVIEWER)
    story.settles()

    case = Case.objects.get(case_no=case_no)
    report = story.application(case.application_no).report
    notice = PublicNotice.objects.get(case=case)
    assert (notice.published_on, notice.ends_on, notice.workdays) == (FIRST, LAST, 15)
    assert due_on is not None and case.legal_due_on is not None and case.legal_due_on > due_on
    assert report["state_zh"] == "公告中" and "2026年12月14日" in report["note_zh"]
    (shown,) = public_notices.current(FIRST)
    assert "陶浩然" in shown.what_zh and shown.address_zh
    assert "4105" not in shown.what_zh + shown.title_zh
    assert refused_for(story.moves(case_no, "approve_first", REVIEWER)) == Reasons.NOTICE_RUNNING
    assert refused_for(story.moves(case_no, "record", REGISTRAR)) == Reasons.NOTICE_RUNNING
    with pytest.raises(WrongState):
        story.moves(case_no, "publish", REVIEWER)

    posted(story, case_no, FIRST)
    on(story, LAST)
    assert state(case_no) == CaseState.PUBLISHED
    assert refused_for(story.moves(case_no, "record", REGISTRAR)) == Reasons.NOTICE_RUNNING
    on(story, LAST + timedelta(days=1))

    case.refresh_from_db()
    assert case.state == CaseState.ACCEPTED
    assert limits.limits_of(case, localdate(story.now)).legal_used == 1
    again = story.moves(case_no, "publish", REVIEWER)
    assert isinstance(again, Refusal) and again.reason == Reasons.NOTICE_REPEATED
    assert public_notices.current(localdate(story.now)) == ()
    with pytest.raises(NotFound):
        public_notices.public_one(notice.pk, localdate(story.now))
    kept = public_notices.of_case(case_no, story.now)
    assert kept is not None and not kept.is_running
    late = objects(story, case_no, LAST + timedelta(days=1))
    assert refused_for(late) == Reasons.OBJECTION_TOO_LATE
    story.moves(case_no, "approve_first", REVIEWER)
    story.moves(case_no, "approve_second", SECOND)
    assert state(case_no) == CaseState.APPROVED


def test_an_objection_of_the_last_day_stops_the_case_until_it_is_dismissed(story: Province) -> None:
    case_no = published(story)
    posted(story, case_no, FIRST)
    on(story, LAST)
    number = objects(story, case_no, LAST)
    assert isinstance(number, int) and objects(story, case_no, LAST) == number

    on(story, LAST + timedelta(days=2))

    assert state(case_no) == CaseState.PUBLISHED
    assert refused_for(story.moves(case_no, "record", REGISTRAR)) == Reasons.NOTICE_OBJECTED
    with pytest.raises(NotPermitted):
        objection_rulings.dismiss(case_no, number, "查无此事", story.actor(REGISTRAR), now=story.tick())
    with pytest.raises(NotPermitted):
        public_notices.take_objection(
            case_no, Objection("甲", "乙", "丙", "丁", LAST), story.actor(CLERK), key="x", now=story.tick()
        )
    objection_rulings.dismiss(case_no, number, "派出所证明异议人不是继承人。", story.actor(REVIEWER), now=story.tick())
    with pytest.raises(WrongState):
        objection_rulings.dismiss(case_no, number, "再来一次", story.actor(REVIEWER), now=story.tick())
    story.settles()
    assert state(case_no) == CaseState.ACCEPTED
    assert not isinstance(story.moves(case_no, "approve_first", REVIEWER), Refusal)


def test_an_objection_that_came_in_time_but_is_taken_down_late_still_stops_the_case(story: Province) -> None:
    case_no = published(story)
    posted(story, case_no, FIRST)
    on(story, LAST + timedelta(days=1))
    story.moves(case_no, "approve_first", REVIEWER)

    objects(story, case_no, LAST)

    assert refused_for(story.moves(case_no, "approve_second", SECOND)) == Reasons.NOTICE_OBJECTED
    assert state(case_no) == CaseState.REVIEWED


def test_a_founded_objection_ends_the_case_in_writing(story: Province) -> None:
    case_no = published(story)
    posted(story, case_no, FIRST)
    number = objects(story, case_no, FIRST)
    assert isinstance(number, int)

    data = StepData(key="u", now=story.tick())
    objection_rulings.uphold(case_no, number, "异议人是法定继承人。", story.actor(REVIEWER), data)

    case = Case.objects.get(case_no=case_no)
    assert case.state == CaseState.REFUSED and case.refusal is not None
    assert Refusal.from_wire(case.refusal).reason == Reasons.DISPUTED
    assert ObjectionRuling.objects.get().is_upheld
    assert public_notices.current(FIRST) == ()
    for changed in (PublicNotice, NoticePosting, ObjectionRuling):
        with pytest.raises(DatabaseError), transaction.atomic():
            changed.objects.all().delete()


def test_a_notice_nobody_posted_is_not_over(story: Province) -> None:
    case_no = published(story)

    on(story, LAST + timedelta(days=9))

    assert state(case_no) == CaseState.PUBLISHED
    assert refused_for(story.moves(case_no, "approve_first", REVIEWER)) == Reasons.NOTICE_NOT_POSTED
    assert isinstance(objects(story, case_no, localdate(story.now)), int), (
        "objections are taken as long as it hangs out"
    )
    (shown,) = public_notices.current(localdate(story.now))
    assert shown.is_running and shown.posted_on is None


def test_a_notice_posted_late_runs_its_full_days_from_then(story: Province) -> None:
    case_no = published(story)
    third = FIRST + timedelta(days=2)
    on(story, third)
    posted(story, case_no, third)
    posted(story, case_no, third)
    assert NoticePosting.objects.count() == CaseFile.objects.filter(kind="posting").count() == 1

    on(story, LAST + timedelta(days=2))
    assert state(case_no) == CaseState.PUBLISHED
    assert refused_for(story.moves(case_no, "approve_first", REVIEWER)) == Reasons.NOTICE_RUNNING
    on(story, LAST + timedelta(days=3))

    assert state(case_no) == CaseState.ACCEPTED


def test_a_posting_of_another_day_or_by_a_stranger_is_not_kept(story: Province) -> None:
    case_no = accepted(story)
    with pytest.raises(WrongState):
        posted(story, case_no, FIRST)
    story.moves(case_no, "publish", REVIEWER)
    for day in (FIRST - timedelta(days=1), FIRST + timedelta(days=1)):
        with pytest.raises(InvalidInput) as told:
            posted(story, case_no, day)
        assert "2026年11月23日" in told.value.problems[0].cure_zh

    assert not NoticePosting.objects.exists() and not CaseFile.objects.filter(kind="posting").exists()
