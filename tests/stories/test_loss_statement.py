"""A lost certificate is issued again once its registry has published the loss on its own site (细则 22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from tests.province import HOME, NOW, OFFICER, REGISTRAR, REVIEWER, SECOND, Province
from tests.public_notice import objects, on, photo

from tongban.cases import public_notices
from tongban.cases.models import Case, PublicNotice
from tongban.cli import examples, play
from tongban.directory.figures import Figure, write_figure
from tongban.directory.recent import forget_kept
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Reason, Refusal
from tongban.domain.errors import NotFound, WrongState
from tongban.domain.lifecycle import CaseState
from tongban.domain.reasons import Reasons
from tongban.register import reading
from tongban.vault.blobs import check_upload

ITEM = CATALOGUE["S18"]
CODE = EXAMPLE_UNITS[ITEM.example.unit].unit.unit_code
DAY = localdate(NOW)


def accepted(story: Province) -> str:
    """The case of somebody who has lost his certificate and published nothing."""
    examples.take_units(HOME, NOW)
    wish = examples.wish_of(ITEM, reading.page(CODE), DAY.isoformat())
    form = {key: text for key, text in wish.form.items() if key not in ("published_in", "published_on", "statement")}
    application = story.hands_over(replace(wish, form={**form, "published_by": "registry"}))
    story.settles()
    case_no = play.case_of(application)
    story.moves(case_no, "accept", OFFICER)
    return case_no


def refused_for(outcome: object) -> Reason:
    assert isinstance(outcome, Refusal) and outcome.where is not None
    return outcome.reason


def state(case_no: str) -> str:
    return Case.objects.get(case_no=case_no).state


def recorded(story: Province, case_no: str) -> None:
    for action, who in (("approve_first", REVIEWER), ("approve_second", SECOND)):
        assert not isinstance(story.moves(case_no, action, who), Refusal)
    story.settles()
    examples.settle_dues(
        case_no, examples.Stage(story.tick, story.settles, story.actor(OFFICER), lambda action, actor, of: None)
    )
    assert not isinstance(story.moves(case_no, "record", REGISTRAR), Refusal)
    story.settles()


def test_the_statement_is_published_and_the_certificate_issued_the_same_day(story: Province) -> None:
    case_no = accepted(story)
    before = reading.title(CODE)
    assert before is not None
    assert refused_for(story.moves(case_no, "approve_first", REVIEWER)) == Reasons.LOSS_NOT_STATED
    assert public_notices.current(DAY) == ()

    story.moves(case_no, "publish", REVIEWER)
    story.settles()

    assert state(case_no) == CaseState.ACCEPTED, "0 working days: it goes on at once"
    (shown,) = public_notices.current(DAY)
    assert (shown.title_zh, shown.is_running, shown.is_on_site_only) == ("不动产权证书遗失声明", True, True)
    assert before.holders[0].name in shown.what_zh and before.certificate_no in shown.what_zh
    assert before.holders[0].id_no not in shown.what_zh
    recorded(story, case_no)
    after = reading.title(CODE)
    assert after is not None and after.certificate_no != before.certificate_no
    assert public_notices.public_one(shown.pk, DAY + timedelta(days=30)).is_running, "the warning stays"
    with pytest.raises(NotFound):
        public_notices.public_one(shown.pk, DAY + timedelta(days=31))
    assert public_notices.current(DAY + timedelta(days=31)) == ()


def test_where_a_place_has_kept_waiting_days_the_certificate_waits_for_them(story: Province) -> None:
    before = NOW - timedelta(days=1)
    write_figure(Figure("reissue_wait_days", "410526", "15", DAY, "滑自然资〔2026〕12号"), set_by="t", now=before)
    forget_kept()
    case_no = accepted(story)

    story.moves(case_no, "publish", REVIEWER)
    story.settles()

    last = PublicNotice.objects.get(case=case_no).ends_on
    assert (last - DAY).days == 21 and state(case_no) == CaseState.PUBLISHED
    assert refused_for(story.moves(case_no, "record", REGISTRAR)) == Reasons.LOSS_STATEMENT_RUNNING
    number = objects(story, case_no, DAY)
    assert isinstance(number, int), "whoever holds the certificate may still speak"
    on(story, last + timedelta(days=1))
    assert refused_for(story.moves(case_no, "record", REGISTRAR)) == Reasons.NOTICE_OBJECTED


def test_a_statement_is_not_posted_and_goes_down_with_a_refused_case(story: Province) -> None:
    case_no = accepted(story)
    story.moves(case_no, "publish", REVIEWER)
    story.settles()
    with pytest.raises(WrongState):
        public_notices.keep_posting(
            case_no, DAY, check_upload(photo(), "image/png", "wall.png"), story.actor(OFFICER), now=story.tick()
        )
    assert refused_for(objects(story, case_no, DAY)) == Reasons.OBJECTION_TOO_LATE
    pk = PublicNotice.objects.get(case=case_no).pk

    Case.objects.filter(case_no=case_no).update(ended_at=story.now, state=CaseState.REFUSED)

    with pytest.raises(NotFound):
        public_notices.public_one(pk, DAY)
    kept = public_notices.of_case(case_no, story.now)
    assert kept is not None and not kept.is_running


def test_only_a_statement_on_the_site_may_run_for_no_days(story: Province) -> None:
    case_no = accepted(story)
    row = public_notices.draft(Case.objects.get(case_no=case_no), story.now)
    row.shown_until, row.published_by = None, "t"

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
