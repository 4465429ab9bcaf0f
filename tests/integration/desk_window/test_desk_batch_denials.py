"""Who has no business with a batch is denied on every page of it and by every service; each denial leaves its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.integration.desk_window.test_desk_batches import LIST, wrong_row
from tests.integration.test_intake_batches import mortgage_row, sheet
from tests.window_site import CLERK, NEIGHBOUR, NEWCOMER, WINDOW, Desk

from tongban.access.actors import Actor
from tongban.access.denials import denials_audited
from tongban.access.models import AuditRow
from tongban.access.permissions import Role
from tongban.cli import play, stage
from tongban.cli.stage import Account
from tongban.domain.decision import Reason
from tongban.domain.errors import NotPermitted
from tongban.domain.reasons import Reasons
from tongban.intake import filling
from tongban.intake.batches import queries, taking, together, working
from tongban.intake.batches.together import Asked, Paper, Who
from tongban.intake.models import Application, Batch, BatchAct, BatchRow

READER = Account("zz.reviewer", "施宏伟", WINDOW, (Role.REVIEWER,), "")  # of the same window, for other work
WRONG_ROW = 3
PAGES = (
    ("GET", "", "intake.read"),
    ("GET", f"rows/{WRONG_ROW}", "intake.read"),
    ("GET", "together", "intake.read"),
    ("GET", "wrong.xlsx", "intake.read"),
    ("GET", "results.xlsx", "intake.read"),
    ("POST", "", "intake.edit"),
    ("POST", f"rows/{WRONG_ROW}", "intake.read"),
    ("POST", "together", "intake.read"),
)


@pytest.fixture
def batch(desk: Desk) -> str:
    """The number of a batch with a row begun and a wrong one."""
    stage.hire(READER, desk.story.now)
    rows, clerk = [mortgage_row(9), wrong_row(10)], desk.story.actor(CLERK)
    number = taking.take(
        "S19", stage.window_of(WINDOW), sheet("S19", rows), "一批.xlsx", clerk, now=desk.story.tick()
    )  # fmt: skip
    working.begin_due(desk.story.tick(seconds=1))
    return number


def standing() -> tuple[object, ...]:
    """All that a denied act must leave as it is."""
    rows = list(BatchRow.objects.order_by("pk").values_list("row_no", "state", "version", "given"))
    versions = list(Application.objects.order_by("pk").values_list("number", "version"))
    return Batch.objects.count(), BatchAct.objects.count(), rows, versions


def denials() -> list[tuple[str, str, str, str]]:
    found = AuditRow.objects.filter(outcome="denied").order_by("pk")
    return [(one.action, one.actor_id, one.object_id, one.detail["reason"]) for one in found]


@pytest.mark.parametrize(
    ("account", "reason"),
    [(READER, Reasons.ROLE_MISSING), (NEIGHBOUR, Reasons.OTHER_INSTITUTION)],
    ids=["role", "window"],
)
def test_each_page_of_a_batch_denies_whoever_has_no_business_with_it(
    desk: Desk, batch: str, account: Account, reason: Reason
) -> None:
    person, before = desk.person(account), standing()
    sheet_sent = {"sheet": SimpleUploadedFile("改.xlsx", sheet("S19", [mortgage_row(10)]))}
    for method, part, permission in PAGES:
        url, count = f"{LIST}{batch}/{part}", AuditRow.objects.filter(outcome="denied").count()

        answer = (
            person.opens(url) if method == "GET" else person.sends(url, step="hand_over", version="1", **sheet_sent)
        )

        assert answer.status == 403 and batch not in answer.words, (method, part)
        (row,) = AuditRow.objects.filter(outcome="denied").order_by("pk")[count:]
        assert (row.action, row.actor_id, row.object_id) == (f"denied.{permission}", account.username, batch)
        assert (row.detail["method"], row.detail["path"]) == (method, url)
        assert row.detail["reason"] == reason.code
    assert standing() == before


def test_a_sheet_is_neither_given_nor_taken_without_the_right_to_begin(desk: Desk) -> None:
    stage.hire(READER, desk.story.now)
    before = standing()
    for account, reason in ((READER, Reasons.ROLE_MISSING), (NEWCOMER, Reasons.NO_STAFF_AGREEMENT)):
        person = desk.person(account)
        fields = {"item_number": "S19", "window_code": stage.window_of(WINDOW)}
        file = SimpleUploadedFile("一批.xlsx", sheet("S19", [mortgage_row(9)]))
        count = len(denials())

        assert person.opens(f"{LIST}templates/S19.xlsx").status == 403
        assert person.sends(LIST, **fields, sheet=file).status == 403

        fresh = denials()[count:]
        assert fresh == [("denied.intake.open", account.username, "", reason.code)] * 2
    assert desk.person(READER).opens(LIST).status == 403
    assert denials()[-1] == ("denied.intake.read", READER.username, "", Reasons.ROLE_MISSING.code)
    assert standing() == before


def _asked(batch: str, actor: Actor, now: datetime) -> Asked:
    return Asked(batch, actor, "k", now)


WHO = Who("魏思源", "410526197408260009")
SERVICES: dict[str, Callable[[str, Actor, datetime], Any]] = {
    "mend_row": lambda batch, actor, now: taking.mend_row(
        batch, WRONG_ROW, mortgage_row(10), actor, version=1, now=now
    ),
    "mend_by_sheet": lambda batch, actor, now: taking.mend_by_sheet(
        batch, sheet("S19", [mortgage_row(10)]), actor, now=now
    ),
    "identity": lambda batch, actor, now: together.check_identity(_asked(batch, actor, now), WHO, filling.READER_FACE),
    "paper": lambda batch, actor, now: together.bring_paper(
        _asked(batch, actor, now), Paper("licence", "执照", filling.COPIED, 1), [play.scan("执照")]
    ),
    "inquiry": lambda batch, actor, now: together.answer_inquiry(_asked(batch, actor, now), {}),
    "sign": lambda batch, actor, now: together.sign(_asked(batch, actor, now), WHO, play.signature(WHO.name), ""),
    "hand_over": lambda batch, actor, now: together.hand_over(_asked(batch, actor, now)),
    "read": lambda batch, actor, now: queries.batch(batch, actor),
    "sample": lambda batch, actor, now: together.sample(batch, actor, now),
}


def test_each_service_of_a_batch_denies_whoever_has_no_business_with_it(desk: Desk, batch: str) -> None:
    (begun,) = BatchRow.objects.filter(batch=batch, state=BatchRow.BEGUN).values_list("application_id", flat=True)
    before = standing()
    for account, reason in ((READER, Reasons.ROLE_MISSING), (NEIGHBOUR, Reasons.OTHER_INSTITUTION)):
        actor = desk.story.actor(account)
        for name, service in SERVICES.items():
            count = len(denials())

            with pytest.raises(NotPermitted), denials_audited(actor, name):
                service(batch, actor, desk.story.tick())

            permission = "intake.read" if name in ("read", "sample") else "intake.edit"
            (row,) = denials()[count:]
            about = begun if name == "sample" else batch
            assert row == (f"denied.{permission}", account.username, about, reason.code), name
    assert standing() == before


def test_a_worker_does_nothing_for_whoever_lost_the_right_meanwhile(desk: Desk, batch: str) -> None:
    together.hand_over(_asked(batch, desk.story.actor(CLERK), desk.story.tick()))
    BatchAct.objects.update(clerk=READER.username)
    before = standing()

    together.act_due(desk.story.tick(seconds=1))

    (row,) = denials()
    (begun,) = BatchRow.objects.filter(batch=batch, state=BatchRow.BEGUN).values_list("application_id", flat=True)
    assert row[:3] == ("denied.intake.read", READER.username, begun)
    (act,) = together.acts_of(batch)
    assert (act.done, act.failed) == (0, 1) and "请" in act.failures[0][1]
    assert standing() == before


def test_a_row_is_not_begun_for_whoever_lost_the_right_and_the_denial_is_told_once(desk: Desk, batch: str) -> None:
    taking.mend_row(batch, WRONG_ROW, mortgage_row(10), desk.story.actor(CLERK), version=1, now=desk.story.tick())
    Batch.objects.update(clerk=READER.username)
    before = Application.objects.count()

    for _ in range(3):
        working.begin_due(desk.story.tick(minutes=3))

    row = BatchRow.objects.get(batch=batch, row_no=WRONG_ROW)
    assert (row.state, row.application_id) == (BatchRow.WAITING, None) and row.waits_zh
    (told,) = denials()
    assert (told[0], told[1]) == ("denied.intake.open", READER.username)
    assert Application.objects.count() == before

    Batch.objects.update(clerk=CLERK.username)
    working.begin_due(desk.story.tick(minutes=3))
    assert BatchRow.objects.get(pk=row.pk).state == BatchRow.BEGUN
