"""What a case brings its applicant: several certificates and proofs, or none at all, told and handed out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from tests import proof_builders as p
from tests.desk_site import Desk, Page, Person
from tests.province import CLERK, HOME, NOW, REGISTRAR, Province, flats

from tongban.access.actors import Actor
from tongban.cases.models import Case
from tongban.certificates import issue, queries
from tongban.cli import examples
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.lifecycle import CaseState
from tongban.domain.restrictions import Act
from tongban.register import book
from tongban.register.requests import RecordRequest

pytest_plugins = ("tests.stories.conftest",)
MORTGAGE, CANCELLATION = CATALOGUE["S19"], CATALOGUE["S24"]


@pytest.fixture
def desk(story: Province, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    examples.take_units(HOME, NOW)
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    yield Desk(story, {})


def played(desk: Desk, item: Any, *, with_a_notice: bool = False) -> Case:
    """The item's example to its end; `with_a_notice`: the same recording brings a second proof, as combined cases do."""
    story = desk.story

    def say(action: str, actor: Actor | None, of: str) -> None:
        if action == "record" and with_a_notice and Case.objects.get(case_no=of).item_number == item.number:
            _also_record_a_notice(story, of)

    at = examples.Stage(story.tick, story.settles, story.actor(CLERK), say)
    return Case.objects.get(case_no=examples.play_item(item, at))


def _also_record_a_notice(story: Province, case_no: str) -> None:
    code, now = flats()[0].unit_code, story.tick()
    notice = p.right(code, Burden.PRIORITY_NOTICE, 900)
    request = RecordRequest(
        unit_codes=(code,), entries=(notice,), acts=(Act.MORTGAGE,), evidence=frozenset(),
        recorder=story.actor(REGISTRAR), case_no=case_no, key="notice", now=now, registry=HOME,
    )  # fmt: skip
    with transaction.atomic():
        done = book.record(request)
        assert isinstance(done, book.Recording), done
        written = zip(request.entries, done.entries, strict=True)
        assert len(issue.prepare(case_no=case_no, registry=HOME, written=written, now=now)) == 1


def at_home(desk: Desk, case: Case) -> Page:
    return desk.person(REGISTRAR).opens(f"/desk/cases/{case.case_no}/")


def at_window(person: Person, case: Case, part: str = "") -> Page:
    return person.opens(f"/desk/intake/{case.application_no}/{part}")


def test_every_licence_of_a_case_is_shown_and_handed_out_at_home_and_at_the_window(desk: Desk) -> None:
    case = played(desk, MORTGAGE, with_a_notice=True)
    first, second = queries.licences_of_case(case.case_no)
    assert (case.state, case.licence_id) == (CaseState.CERTIFIED, first.identifier)

    home, clerk = at_home(desk, case), desk.person(CLERK)
    window = at_window(clerk, case)

    for licence in (first, second):
        assert licence.certificate_no in home.words and licence.certificate_no in window.words
        file = desk.person(REGISTRAR).opens(f"/desk/cases/{case.case_no}/certificate/{licence.identifier}")
        assert file.response.content == issue.pdf(licence.identifier, desk.story.now)
        taken = at_window(clerk, case, f"certificates/{licence.identifier}.pdf")
        assert taken.response.content == file.response.content
    assert home.words.count("不动产登记证明") >= 2 and window.words.count("不动产登记证明") == 2
    assert window.text.count(f"/desk/intake/{case.application_no}/certificates/") == 2
    taken_of = [(row.object_id, row.actor_id) for row in desk.audited(action="certificate.download")]
    assert taken_of == [
        (licence.identifier, account.username) for licence in (first, second) for account in (REGISTRAR, CLERK)
    ]


def test_a_licence_of_another_case_is_handed_out_by_neither(desk: Desk) -> None:
    case, other = played(desk, MORTGAGE), Case.objects.get(case_no=desk.story.case_certified(1))

    home = desk.person(REGISTRAR).opens(f"/desk/cases/{case.case_no}/certificate/{other.licence_id}")
    window = at_window(desk.person(CLERK), case, f"certificates/{other.licence_id}.pdf")

    assert (home.status, window.status) == (404, 404)
    assert desk.audited(action="certificate.download") == []


def test_a_cancellation_passes_at_once_and_says_that_nothing_is_issued_and_what_ended(desk: Desk) -> None:
    case = played(desk, CANCELLATION)
    mortgage = Case.objects.get(item_number=MORTGAGE.number)
    assert (case.state, case.licence_id, queries.licences_of_case(case.case_no)) == (CaseState.CERTIFIED, "", ())

    home, window = at_home(desk, case), at_window(desk.person(CLERK), case)

    for page in (home, window):
        assert "已登簿，不发证照" in page.words
        assert "不发证书，也不发登记证明" in page.words
        assert mortgage.certificate_no in page.words
        assert not any(wrong in page.words for wrong in ("证书制作中", "已发证", "下载电子证照", "下载证照"))
    for listed in (
        desk.person(REGISTRAR).opens("/desk/cases/", queue="all"),
        desk.person(CLERK).opens("/desk/intake/", tab="all"),
    ):
        assert listed.words.count("已登簿，不发证照") == 1
    assert f"以“{mortgage.certificate_no}”设立的权利或者事项已经注销" in home.words
    assert at_window(desk.person(CLERK), case, "certificate.pdf").status == 409
    assert queries.currency(mortgage.licence_id).state == "revoked"
