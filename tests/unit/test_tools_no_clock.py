"""The domain takes time and chance as arguments, services take the time."""

from pathlib import Path

import pytest
from tools import no_clock


def _findings(root: Path, package: str, text: str) -> list[str]:
    folder = root / "src" / "tongban" / package
    folder.mkdir(parents=True)
    (folder / "m.py").write_text(text)
    return no_clock.findings(root)


@pytest.mark.parametrize(
    "text",
    [
        "import datetime\nx = datetime.datetime.now()\n",
        "from datetime import date\nx = date.today()\n",
        "import random\n",
        "from time import monotonic\n",
        "import uuid\nx = uuid.uuid4()\n",
        "from uuid import uuid4\n",
        "def f():\n    import os\n",
    ],
)
def test_a_domain_that_asks_clock_or_chance_is_found(tmp_path: Path, text: str) -> None:
    assert len(_findings(tmp_path, "domain", text)) == 1


def test_a_domain_that_computes_with_dates_passes(tmp_path: Path) -> None:
    text = "from datetime import date, timedelta\n\ndef f(d: date) -> date:\n    return d + timedelta(days=1)\n"

    assert _findings(tmp_path, "domain", text) == []


@pytest.mark.parametrize("text", ["x = timezone.now()\n", "x = timezone.localdate()\n", "x = datetime.now(UTC)\n"])
def test_a_service_that_reads_the_clock_is_found(tmp_path: Path, text: str) -> None:
    assert len(_findings(tmp_path, "register", text)) == 1


def test_a_view_may_read_the_clock(tmp_path: Path) -> None:
    assert _findings(tmp_path, "desk", "x = timezone.now()\n") == []


def test_a_service_may_change_the_time_zone_of_a_given_time(tmp_path: Path) -> None:
    assert _findings(tmp_path, "register", "day = timezone.localdate(now)\n") == []
