"""What must not happen is refused at the earliest point: with reason, law, cure and place, nothing written, audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from tests.province import CLERK, HOME, OFFICER, REVIEWER, SECOND, STRANGER, WINDOW, Province, flats

from tongban.access.actors import Actor
from tongban.access.models import AuditRow
from tongban.access.require import Denied
from tongban.cases.models import Case
from tongban.cli import play, stage
from tongban.directory import figures, lookup
from tongban.directory.recent import forget_kept
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput
from tongban.domain.facts import LEGACY_ISSUE
from tongban.domain.lifecycle import CaseState
from tongban.domain.reasons import Reasons
from tongban.domain.scope_reasons import ScopeReasons
from tongban.domain.terms import Channel
from tongban.exchange.models import Authorization
from tongban.register import book, reading


def assert_says_four_things(refusal: object) -> Refusal:
    """What, why with its law, what cures it, where to go."""
    assert isinstance(refusal, Refusal)
    reason = refusal.reason
    assert all((reason.what_zh, reason.why_zh, reason.law_zh, reason.cure_zh)), reason
    assert refusal.where is not None
    assert all((refusal.where.name_zh, refusal.where.address_zh, refusal.where.phone)), refusal.where
    return refusal


def test_a_window_without_an_authorization_is_refused_before_anything_is_asked(story: Province) -> None:
    _revoke_all(story)
    before = story.footprint()

    refusal = assert_says_four_things(story.begins(story.wish()))

    assert refusal.reason in (Reasons.NOT_AUTHORIZED, Reasons.AUTHORIZATION_EXPIRED)
    assert story.footprint() == before
    assert AuditRow.objects.filter(action="intake.open", outcome="refused").count() == 1


def _revoke_all(story: Province) -> None:
    from_admin = stage.actor(stage.ADMIN)
    for number in Authorization.objects.values_list("pk", flat=True):
        stage.authorizations.revoke(number, from_admin, now=story.tick())


def test_an_expired_authorization_refuses(story: Province) -> None:
    story.tick(days=400)
    before = story.footprint()

    refusal = assert_says_four_things(story.begins(story.wish()))

    assert refusal.reason == Reasons.AUTHORIZATION_EXPIRED
    assert story.footprint() == before


def test_registries_without_a_confidentiality_agreement_are_refused(story: Province) -> None:
    agreement = stage.agreements.agreement_between(HOME, WINDOW, localdate(story.now))
    assert agreement is not None
    stage.agreements.revoke(stage.actor(stage.ADMIN), agreement, story.tick())

    refusal = assert_says_four_things(story.begins(story.wish()))

    assert refusal.reason == Reasons.NO_REGISTRY_AGREEMENT


def test_a_clerk_without_a_confidentiality_agreement_is_denied(story: Province) -> None:
    newcomer: Actor = replace(story.actor(CLERK), has_agreement=False)
    before = story.footprint()

    with pytest.raises(Denied) as denial:
        play.begin(story.wish(), newcomer, window_code=stage.window_of(WINDOW), now=story.tick(), key="x")

    assert denial.value.reason == Reasons.NO_STAFF_AGREEMENT
    assert story.footprint() == before


def test_a_service_that_is_switched_off_is_refused_with_where_to_go(story: Province) -> None:
    today = localdate(story.now)
    figures.end_opening(HOME, "S13", Channel.WINDOW, last_day=today - timedelta(days=1), today=today)
    forget_kept()

    refusal = assert_says_four_things(story.begins(story.wish()))

    assert refusal.reason == Reasons.ITEM_NOT_OPEN
    assert refusal.where == lookup.place_of(HOME)


@pytest.mark.parametrize("account", [OFFICER, REVIEWER, STRANGER], ids=lambda one: one.username)
def test_only_window_roles_may_receive(story: Province, account: stage.Account) -> None:
    before = story.footprint()

    with pytest.raises(Denied):
        story.begins(story.wish(), account)

    assert story.footprint() == before


def test_another_registrys_officer_may_not_touch_the_case(story: Province) -> None:
    case_no = story.case_received()
    before = story.footprint()

    with pytest.raises(Denied) as denial:
        story.moves(case_no, "accept", STRANGER)

    assert denial.value.reason == Reasons.OTHER_INSTITUTION
    assert Case.objects.get(case_no=case_no).state == CaseState.RECEIVED
    assert story.footprint() == before


def test_a_stranger_to_the_title_learns_nothing_but_that_nothing_matches(story: Province) -> None:
    wish = replace(story.wish(), holder_name="无此人")

    refusal = assert_says_four_things(story.begins(wish))

    assert refusal.reason == Reasons.UNIT_UNKNOWN
    assert flats()[0].holder.name not in str(refusal)


def test_a_wrong_certificate_and_a_wrong_holder_are_told_the_same(story: Province) -> None:
    wrong_holder = story.begins(replace(story.wish(), holder_id_no="410526195001010017"))
    wrong_paper = story.begins(replace(story.wish(), certificate_no="豫（2025）滑县不动产权第0000999号"))
    no_such_unit = story.begins(replace(story.wish(), unit_code="410526001001GB00001F00999999"))

    assert wrong_holder == wrong_paper == no_such_unit


def test_an_excluded_property_is_refused_at_the_window(story: Province) -> None:
    book.flag_unit(flats()[3].unit_code, frozenset({LEGACY_ISSUE}))
    before = story.footprint()

    refusal = assert_says_four_things(story.begins(story.wish(3)))

    assert refusal.reason == ScopeReasons.LEGACY_ISSUE
    assert story.footprint() == before


def test_collective_land_never_passes_the_window(story: Province) -> None:
    wish = replace(story.wish(), unit_code="410526101004JC00123F00010001")

    refusal = story.begins(wish)

    assert isinstance(refusal, Refusal)


def test_an_incomplete_application_says_everything_that_is_missing_and_sends_nothing(story: Province) -> None:
    number = story.begins(story.wish())
    assert isinstance(number, str)
    before = story.footprint()

    with pytest.raises(InvalidInput) as incomplete:
        play.hand_over(number, story.actor(CLERK), now=story.tick())

    fields = {problem.field for problem in incomplete.value.problems}
    assert {"new_name", "true_will", "parties"} <= fields
    assert all(problem.cure_zh for problem in incomplete.value.problems)
    assert story.footprint() == before


def test_the_second_reviewer_is_another_person(story: Province) -> None:
    case_no = story.case_received()
    story.moves(case_no, "accept", OFFICER)
    both = replace(REVIEWER, roles=(*REVIEWER.roles, *SECOND.roles))
    story.moves(case_no, "approve_first", both)

    refusal = story.moves(case_no, "approve_second", both)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == Reasons.SECOND_PERSON_NEEDED
    assert Case.objects.get(case_no=case_no).state == CaseState.REVIEWED


def test_an_order_that_arrived_first_stops_the_recording(story: Province) -> None:
    case_no = story.case_ready_to_record()
    code = flats()[0].unit_code
    entries = len(reading.history(code))
    book.note_order([code], order_id="order-1", organ="滑县人民法院", now=story.tick())

    refusal = story.moves(case_no, "record", stage.REGISTRAR)

    assert isinstance(refusal, Refusal)
    assert Case.objects.get(case_no=case_no).state == CaseState.DUES_SETTLED
    assert len(reading.history(code)) == entries + 1  # the order itself
    assert "法院" not in str(refusal.facts)
    assert AuditRow.objects.filter(action="case.record", outcome="refused", object_id=case_no).count() == 1
