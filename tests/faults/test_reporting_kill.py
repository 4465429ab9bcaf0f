"""A worker killed between any two steps of reporting: nothing is lost, nothing counts twice, no number is wasted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests import certificate_builders as b
from tests import platform_builders as build
from tests import register_builders as a
from tests.integration.test_reporting_uploads import record

from tongban.register import book, sealing
from tongban.reporting.models import LibraryEntry, Upload, UploadAnswer, UploadMessage
from tongban.simulators import licence_library as library_simulator
from tongban.simulators import platform as simulator

FLATS = 12
KILLS = 4
_WORK = """
import sys, django
django.setup()
from datetime import timedelta
from pathlib import Path
from django.conf import settings
settings.TONGBAN_KEYS_DIR = Path(sys.argv[1])
from tests.certificate_builders import NOW
from tongban.certificates import issue
from tongban.reporting import licences, sending
moment = NOW + timedelta(minutes=10 * int(sys.argv[2]))
print("ready", flush=True)
while issue.issue_due(moment) + sending.send_due(moment) + licences.register_licences_due(moment):
    pass
print("done", flush=True)
"""


@pytest.fixture
def keys_dir(settings: Any, tmp_path: Path) -> Path:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    return tmp_path / "keys"


def _worker(database: str, keys_dir: Path, turn: int, addresses: dict[str, str]) -> subprocess.Popen[str]:
    environment = {**os.environ, "TONGBAN_DATABASE_NAME": database, **addresses}
    command = [sys.executable, "-c", _WORK, str(keys_dir), str(turn)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_a_worker_killed_again_and_again_reports_every_recording_once(own_database: str, keys_dir: Path) -> None:
    b.found_registry()
    book.record(a.request(*[a.opened(number) for number in range(1, FLATS + 1)], key="stock", case_no=""))
    cases = [record(number, 100 + number, case=number) for number in range(1, FLATS + 1)]
    licences = [b.rename(number, 300 + number, name="张小美") for number in range(1, FLATS + 1)]
    sealing.seal(b.NOW)

    with build.running(simulator.server(0)) as platform, build.running(library_simulator.server(0)) as library:
        addresses = {
            "TONGBAN_PLATFORM_URL": platform.url,
            "TONGBAN_COUNTY_LIBRARY_URL": library.url,
            "TONGBAN_PROVINCE_LIBRARY_URL": "none",
        }
        for kill in range(KILLS):
            worker = _worker(own_database, keys_dir, kill + 1, addresses)
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            time.sleep(0.15 * kill)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        last = _worker(own_database, keys_dir, KILLS + 1, addresses)
        assert "done" in last.communicate(timeout=120)[0]
        taken_in, held = platform.state, library.state

    assert taken_in["flows"] == sorted(cases)
    assert taken_in["declined"] == []
    assert set(Upload.objects.values_list("state", flat=True)) == {"accepted"}
    numbers = sorted(UploadMessage.objects.values_list("number", flat=True))
    assert numbers == [f"410526261122{serial:06d}" for serial in range(1, FLATS + 1)]
    assert UploadAnswer.objects.filter(is_accepted=True).count() == FLATS
    assert held["states"] == dict.fromkeys(licences, "正常")
    assert len(held["changes"]) == LibraryEntry.objects.filter(state="accepted").count() == FLATS
