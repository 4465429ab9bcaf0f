"""A worker killed while it begins the rows of a batch, or does it together: every row ends once, and nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

from django.db import connection
from tests.integration.test_intake_batches import mortgage_row, takes
from tests.integration.test_intake_together import (
    AGENT,
    MANY,
    answers,
    applications,
    asked,
    carries_out,
    own_papers,
    shared_papers,
    signs,
)
from tests.integration.test_intake_together import batch as batch
from tests.province import Province
from tests.thorough import rounds

from tongban.access.models import AuditRow
from tongban.domain.lifecycle import ApplicationState
from tongban.domain.messages import CASE_HANDOVER
from tongban.exchange.models import OutboxMessage
from tongban.intake import filling
from tongban.intake.batches import together
from tongban.intake.models import Application, BatchAct, BatchRow, Signature

pytest_plugins = ("tests.stories.conftest",)
KILLS = rounds(4, soak=30)
_WORK = """
import sys, django
django.setup()
from datetime import datetime, timedelta
from tongban.intake.batches import together, working
moment, duty = datetime.fromisoformat(sys.argv[1]), {"begin": working.begin_due, "act": together.act_due}[sys.argv[2]]
print("ready", flush=True)
while duty(moment):
    moment += timedelta(milliseconds=10)
print("done", flush=True)
"""


def worker(story: Province, duty: str) -> subprocess.Popen[str]:
    """Another process at work on the same database, more than a turn later."""
    now = story.tick(seconds=61)
    environment = {**os.environ, "TONGBAN_DATABASE_NAME": connection.settings_dict["NAME"]}
    command = [sys.executable, "-c", _WORK, now.isoformat(), duty]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def ends_after_kills(story: Province, duty: str) -> None:
    """Workers come and are killed at any moment; the last one comes to the end."""
    chance, cut_off = random.Random(20261127), 0
    for _ in range(KILLS):
        killed = worker(story, duty)
        assert killed.stdout is not None and killed.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.35))
        cut_off += killed.poll() is None
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    last = worker(story, duty)
    assert "done" in last.communicate(timeout=120)[0]
    assert cut_off, "a kill met the work"


def test_rows_taken_in_survive_kills(story: Province) -> None:
    flats = rounds(8, soak=12)
    takes(story, "S19", [mortgage_row(number) for number in range(flats)])

    ends_after_kills(story, "begin")

    assert set(BatchRow.objects.values_list("state", flat=True)) == {BatchRow.BEGUN}
    assert Application.objects.count() == flats == BatchRow.objects.values("application").distinct().count()
    assert all(one.parties.exists() for one in Application.objects.all())


def test_a_batch_done_together_survives_kills(story: Province, batch: str) -> None:
    numbers = applications()
    for number in numbers:
        own_papers(story, number)
    together.check_identity(asked(story, batch, "who"), AGENT, filling.READER_FACE)
    shared_papers(story, batch)
    together.answer_inquiry(asked(story, batch, "asked"), answers())
    carries_out(story)
    signs(story, batch)
    together.hand_over(asked(story, batch, "go"))

    ends_after_kills(story, "act")

    assert not BatchAct.objects.filter(finished_at=None).exists()
    assert [one.failures for one in together.acts_of(batch)] == [[]] * BatchAct.objects.count()
    assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.HANDED_OVER}
    assert Signature.objects.count() == MANY
    assert AuditRow.objects.filter(action="intake.identity").count() == MANY
    assert OutboxMessage.objects.filter(kind=CASE_HANDOVER).count() == MANY
