"""The main job as one line: a far window receives, the home registry decides, records and certifies."""

from __future__ import annotations

from tests.province import HOME, OFFICER, REGISTRAR, REVIEWER, SECOND, Province, flats

from tongban.cases.models import Case
from tongban.cli import play
from tongban.domain.lifecycle import ApplicationState, CaseState
from tongban.register import reading


def test_a_name_change_received_in_zhengzhou_is_recorded_in_huaxian(story: Province) -> None:
    flat = flats()[0]
    number = story.hands_over(story.wish(0, "韩雨桐"))
    assert story.application(number).state == ApplicationState.HANDED_OVER

    story.settles()
    case_no = play.case_of(number)
    for action, account in (("accept", OFFICER), ("approve_first", REVIEWER), ("approve_second", SECOND)):
        story.moves(case_no, action, account)
    story.settles()
    story.moves(case_no, "record", REGISTRAR)
    story.settles()

    case = Case.objects.get(case_no=case_no)
    assert case.state == CaseState.CERTIFIED
    assert case.home_registry == HOME
    title = reading.title(flat.unit_code)
    assert title is not None
    assert title.holders[0].name == "韩雨桐"
    assert title.certificate_no == case.certificate_no != flat.title.certificate_no
    assert story.application(number).state == ApplicationState.CERTIFIED
