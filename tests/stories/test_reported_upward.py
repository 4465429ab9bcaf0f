"""Whatever is recorded is reported: a case received elsewhere, and an order of a court, arrive at the platform whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests import platform_builders as build
from tests.province import REGISTRAR, Province, flats

from tongban.domain.decision import Refusal
from tongban.register import book
from tongban.reporting import days, sending
from tongban.reporting.models import DailyLog, LibraryEntry, Upload, UploadMessage
from tongban.simulators import licence_library as library_simulator
from tongban.simulators import platform as simulator


@pytest.fixture
def platform(settings: Any) -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as door:
        settings.DEPARTMENTS = settings.DEPARTMENTS | {"platform": settings.DEPARTMENTS["platform"] | {"URL": door.url}}
        yield door


@pytest.fixture
def library(settings: Any) -> Iterator[build.Simulator]:
    with build.running(library_simulator.server(0)) as door:
        county = settings.DEPARTMENTS["library-county"] | {"URL": door.url}
        settings.DEPARTMENTS = settings.DEPARTMENTS | {"library-county": county}
        yield door


def _sent(case_no: str) -> ET.Element:
    content = bytes(UploadMessage.objects.get(upload__case_no=case_no).content)
    return ET.fromstring(content)  # noqa: S314 - our own bytes


def test_a_case_received_far_away_is_reported_by_its_home_registry_with_all_its_papers(
    story: Province, platform: build.Simulator, library: build.Simulator
) -> None:
    case_no = story.case_certified(0)
    story.settles()

    root = _sent(case_no)
    assert platform.state["flows"] == [case_no]
    assert root.findtext("Head/RecType") == "3000402"
    (handling,) = root.iterfind("Data/DJT_DJ_SLSQ")
    assert "收件机构：郑州市不动产登记中心" in handling.get("BZ", "")
    assert [row.get("JDMC") for row in root.iterfind("Data/DJF_DJ_SH")] == ["初审", "复审"]
    assert "韩雨桐" in {row.get("QLRMC") for row in root.iterfind("Data/ZTT_GY_QLR")}
    assert all(row.get("QLRZJH") for row in root.iterfind("Data/DJF_DJ_SQR"))
    assert len(list(root.iterfind("Data/DJF_DJ_SJ"))) > 0
    (licence,) = library.state["states"].values()
    assert licence == "正常"
    assert set(LibraryEntry.objects.values_list("line", "state")) == {
        ("library-county", "accepted"),
        ("library-province", "waiting"),
    }


def test_a_seizure_by_order_of_a_court_is_reported_too_and_the_day_agrees(
    story: Province, platform: build.Simulator
) -> None:
    story.court_orders(1)
    story.settles()
    upload = Upload.objects.get()
    root = _sent(upload.case_no)

    assert (root.findtext("Head/RecType"), root.findtext("Head/RegType")) == ("8000101", "800")
    (seizure,) = root.iterfind("Data/QLF_QL_CFDJ")
    assert (seizure.get("CFJG"), seizure.get("CFWH")) == ("滑县人民法院", "（2026）豫0526执1234号")
    tomorrow = story.now + timedelta(days=1)
    days.send_daily_logs(tomorrow)
    assert DailyLog.objects.get(registry="registry-410526", day=upload.recorded_on).state == "agreed"


def test_a_recording_refused_by_the_law_is_not_reported(story: Province, platform: build.Simulator) -> None:
    case_no = story.case_ready_to_record(2)
    book.note_order([flats()[2].unit_code], order_id="CX-9", organ="滑县人民法院", now=story.tick())

    assert isinstance(story.moves(case_no, "record", REGISTRAR), Refusal)
    assert not Upload.objects.exists()
    assert sending.send_due(story.now) == 0
    assert platform.state["flows"] == []
