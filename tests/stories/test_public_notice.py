"""An inheritance without deed or court paper is published, objected to, and recorded only after the last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import localdate
from tests.province import CLERK, HOME, NOW, OFFICER, REGISTRAR, REVIEWER, SECOND, Province

from tongban.cases import limits, objection_rulings, public_notices
from tongban.cases.models import Case, ObjectionRuling, PublicNotice
from tongban.cases.moves import StepData
from tongban.cases.public_notices import Objection
from tongban.cli import examples, play
from tongban.directory.figures import Figure, write_figure
from tongban.directory.recent import forget_kept
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Reason, Refusal
from tongban.domain.errors import NotFound, NotPermitted, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.domain.reasons import Reasons
from tongban.register import reading

ITEM = CATALOGUE["S06"]
CODE = EXAMPLE_UNITS[ITEM.example.unit].unit.unit_code
FIRST, LAST = date(2026, 11, 23), date(2026, 12, 14)  # fifteen working days, no holiday between


def accepted(story: Province) -> str:
    """A case without deed or court paper; the registry has lifted the exclusion of such cases (X15)."""
    before = NOW - timedelta(days=1)
    write_figure(Figure("exclusion.X15", "410526", "off", NOW.date(), "滑自然资〔2026〕11号"), set_by="t", now=before)
    forget_kept()
    examples.take_units(HOME, NOW)
    wish = examples.wish_of(ITEM, reading.page(CODE), NOW.date().isoformat())
    form = {key: text for key, text in wish.form.items() if not key.startswith("paper_")}
    application = story.hands_over(replace(wish, form={**form, "way": "neither"}))
    story.settles()
    case_no = play.case_of(application)
    story.moves(case_no, "accept", OFFICER)
    return case_no


def published(story: Province) -> str:
    case_no = accepted(story)
    assert not isinstance(story.moves(case_no, "publish", REVIEWER), Refusal)
    return case_no


def on(story: Province, day: date) -> None:
    story.tick(days=(day - localdate(story.now)).days)
    story.settles()


def state(case_no: str) -> str:
    return Case.objects.get(case_no=case_no).state


def refused_for(outcome: object) -> Reason:
    assert isinstance(outcome, Refusal) and outcome.where is not None
    return outcome.reason


def objects(story: Province, case_no: str, day: date, key: str = "o1") -> int | Refusal:
    said = Objection("陶建民", "13800138777", "我也是法定继承人，没有人问过我。", "户口簿复印件一份", day)
    return public_notices.take_objection(case_no, said, story.actor(OFFICER), key=key, now=story.tick())


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
    kept = public_notices.of_case(case_no, localdate(story.now))
    assert kept is not None and not kept.is_running
    late = objects(story, case_no, LAST + timedelta(days=1))
    assert refused_for(late) == Reasons.OBJECTION_TOO_LATE
    story.moves(case_no, "approve_first", REVIEWER)
    story.moves(case_no, "approve_second", SECOND)
    assert state(case_no) == CaseState.APPROVED


def test_an_objection_of_the_last_day_stops_the_case_until_it_is_dismissed(story: Province) -> None:
    case_no = published(story)
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
    on(story, LAST + timedelta(days=1))
    story.moves(case_no, "approve_first", REVIEWER)

    objects(story, case_no, LAST)

    assert refused_for(story.moves(case_no, "approve_second", SECOND)) == Reasons.NOTICE_OBJECTED
    assert state(case_no) == CaseState.REVIEWED


def test_a_founded_objection_ends_the_case_in_writing(story: Province) -> None:
    case_no = published(story)
    number = objects(story, case_no, FIRST)
    assert isinstance(number, int)

    data = StepData(key="u", now=story.tick())
    objection_rulings.uphold(case_no, number, "异议人是法定继承人。", story.actor(REVIEWER), data)

    case = Case.objects.get(case_no=case_no)
    assert case.state == CaseState.REFUSED and case.refusal is not None
    assert Refusal.from_wire(case.refusal).reason == Reasons.DISPUTED
    assert ObjectionRuling.objects.get().is_upheld
    assert public_notices.current(FIRST) == ()
    for changed in (PublicNotice, ObjectionRuling):
        with pytest.raises(DatabaseError), transaction.atomic():
            changed.objects.all().delete()
