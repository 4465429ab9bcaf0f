"""Developers and banks that stay away: only with a paper on file at the home registry (民法典 165, 173; 条例 14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.province import CLERK, HOME, NOW, OFFICER, REVIEWER, STRANGER, Province

from tongban.cases import presignatures
from tongban.cases.models import Case, KeptPreSignature
from tongban.cases.moves import Moved
from tongban.cli import examples, play
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Refusal
from tongban.domain.errors import InvalidInput, NotPermitted
from tongban.domain.presignatures import PreSignature, presigned
from tongban.domain.reasons import Reasons
from tongban.intake import trying
from tongban.intake.models import Application
from tongban.register import reading

ITEM = CATALOGUE["S01"]
CODE = EXAMPLE_UNITS[ITEM.example.unit].unit.unit_code


@pytest.fixture
def developers_flat(story: Province) -> Province:
    examples.take_units(HOME, NOW)
    return story


def filled(at: Province) -> str:
    """A sale of a new flat with everything but the developer, who stays away."""
    wish = examples.wish_of(ITEM, reading.page(CODE), NOW.date().isoformat())
    number = at.begins(wish)
    assert isinstance(number, str), number
    play.fill(number, wish, at.actor(CLERK), now=at.tick())
    return number


def paper(number: str) -> PreSignature:
    (who,) = presigned(ITEM, Application.objects.get(number=number).form)
    return PreSignature(
        "预签〔2026〕1号", who.name, who.id_no, "常思远", frozenset({"S01"}), frozenset({CODE[:19]}),
        NOW.date(), NOW.date() + timedelta(days=30),
    )  # fmt: skip


def keep(at: Province, kept: PreSignature) -> int:
    return presignatures.keep(at.actor(OFFICER), kept, play.scan("预先签章授权书"), at.tick())


def test_the_window_is_told_before_the_hand_over_and_nothing_is_sent(developers_flat: Province):
    number = filled(developers_flat)
    before = developers_flat.footprint()

    with pytest.raises(InvalidInput) as refused:
        play.hand_over(number, developers_flat.actor(CLERK), now=developers_flat.tick())

    (problem,) = refused.value.problems
    assert Reasons.NO_PRESIGNATURE.what_zh in problem.what_zh
    assert Reasons.NO_PRESIGNATURE.law_zh in problem.cure_zh
    assert "滑县" in problem.cure_zh
    assert developers_flat.footprint() == before

    keep(developers_flat, paper(number))
    play.hand_over(number, developers_flat.actor(CLERK), now=developers_flat.tick())

    assert Application.objects.get(number=number).state == "HANDED_OVER"


def test_with_a_paper_on_file_the_case_goes_on_though_it_is_taken_back_later(developers_flat: Province):
    number = filled(developers_flat)
    kept = keep(developers_flat, paper(number))
    play.hand_over(number, developers_flat.actor(CLERK), now=developers_flat.tick())
    developers_flat.settles()
    case_no = play.case_of(number)

    presignatures.revoke(kept, developers_flat.actor(OFFICER), reason_zh="企业来函收回", now=developers_flat.tick())

    assert isinstance(developers_flat.moves(case_no, "accept", OFFICER), Moved)
    assert Reasons.PRESIGNED.code in {
        finding["reason"]["code"] for finding in Case.objects.get(case_no=case_no).decision["findings"]
    }


def test_the_home_registry_does_not_accept_what_rests_on_no_paper(developers_flat: Province):
    """As when the home registry could not be reached from the window: it looks itself."""
    number = filled(developers_flat)
    kept = keep(developers_flat, paper(number))
    trying.try_form(number, developers_flat.actor(CLERK), now=developers_flat.tick())
    presignatures.revoke(kept, developers_flat.actor(OFFICER), reason_zh="企业来函收回", now=developers_flat.tick())
    play.hand_over(number, developers_flat.actor(CLERK), now=developers_flat.tick())
    developers_flat.settles()
    case_no = play.case_of(number)

    outcome = developers_flat.moves(case_no, "accept", OFFICER)

    assert isinstance(outcome, Refusal)
    assert outcome.reason is Reasons.PRESIGNATURE_ENDED
    assert outcome.where is not None
    assert Case.objects.get(case_no=case_no).state == "RECEIVED"


def test_a_form_that_does_not_fit_the_register_is_told_at_the_window(developers_flat: Province):
    number = filled(developers_flat)
    keep(developers_flat, paper(number))
    application = Application.objects.get(number=number)
    application.form["buyer1_id_no"] = "410526201505060032"  # eleven years old
    application.save()

    (told,) = trying.try_form(number, developers_flat.actor(CLERK), now=developers_flat.tick())

    assert told.field == "buyer1_comes"
    assert "监护人" in told.cure_zh


def test_a_paper_is_kept_by_the_home_registrys_own_officer_with_reason_and_trace(developers_flat: Province):
    number = filled(developers_flat)
    kept = keep(developers_flat, paper(number))
    officer, now = developers_flat.actor(OFFICER), developers_flat.tick()

    with pytest.raises(InvalidInput, match="invalid"):
        presignatures.revoke(kept, officer, reason_zh=" ", now=now)
    with pytest.raises(InvalidInput):
        keep(developers_flat, paper(number))
    for wrong in (
        replace(paper(number), document_no="另号", area=frozenset({"滑县全部"})),
        replace(paper(number), document_no="另号", items=frozenset({"S13"})),
        replace(paper(number), document_no="另号", valid_until=NOW.date() - timedelta(days=1)),
        replace(paper(number), document_no="另号", body_id_no="91410526MA44000082"),
    ):
        with pytest.raises(InvalidInput):
            keep(developers_flat, wrong)
    for account in (REVIEWER, STRANGER, CLERK):
        with pytest.raises(NotPermitted):
            presignatures.revoke(kept, developers_flat.actor(account), reason_zh="试试", now=now)

    presignatures.revoke(kept, officer, reason_zh="企业来函收回", now=now)
    presignatures.revoke(kept, officer, reason_zh="再来一次", now=developers_flat.tick())

    row = KeptPreSignature.objects.get()
    assert (row.revoked_at, row.revoked_reason_zh) == (now, "企业来函收回")
    assert developers_flat.audited("presignature.keep") == 1
    assert developers_flat.audited("presignature.revoke") == 1
    assert presignatures.document(kept, developers_flat.actor(REVIEWER))[1] == "image/png"
