"""What the book says of every kind of right arrives at the platform whole, and its proof at the libraries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from tests import certificate_builders as b
from tests import platform_builders as build
from tests import register_builders as a
from tests.integration.test_reporting_uploads import FACTS

from tongban.certificates import issue
from tongban.certificates.library_feed import LicenceChange
from tongban.certificates.models import LicenceState
from tongban.departments.licence_library.port import LicenceHolder, Standing
from tongban.domain.acts import Act
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.entries import CloseTitle, DescribeUnit, Entry, ReplaceTitle
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, Document, Registration, RightKind, Subject
from tongban.register import book, reading
from tongban.reporting import licences, parts, sending, uploads
from tongban.reporting.models import Upload, UploadMessage
from tongban.runtime import site_checks
from tongban.runtime.findings import Level
from tongban.simulators import licence_library as library_simulator
from tongban.simulators import platform as simulator

NOW = b.NOW + timedelta(minutes=1)
MORTGAGE = BurdenFact(Burden.MORTGAGE, build.proof(21), since=date(2026, 11, 22), rank=1, proof_no=build.proof(21))
DETAILS = {"mortgagor": "张小花", "object": "土地和房屋", "debt_yuan": "1200000.00", "scope": "主债权及利息"}


@pytest.fixture
def platform(db: None, settings: Any, tmp_path: Any) -> Iterator[build.Simulator]:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    b.found_registry()
    book.record(a.request(a.opened(1), key="stock-1", case_no=""))
    with build.running(simulator.server(0)) as door, build.running(library_simulator.server(0)) as library:
        settings.DEPARTMENTS = {
            "platform": settings.DEPARTMENTS["platform"] | {"URL": door.url},
            "library-county": settings.DEPARTMENTS["library-county"] | {"URL": library.url},
            "library-province": settings.DEPARTMENTS["library-province"] | {"URL": "none"},
        }
        door.library = library  # type: ignore[attr-defined]
        yield door


def reported(
    serial: int, entries: Sequence[Entry], main: Subject, kind: Registration, *, acts: Sequence[Act]
) -> list[ET.Element]:
    """Record as a case does, let the duty send, and give what was sent."""
    case_no = f"41052620261122{serial:06d}"
    now = b.NOW + timedelta(seconds=serial)
    with transaction.atomic():
        own = frozenset(one.burden_no for one in entries if isinstance(one, AlterBurden | CloseBurden))
        more = {"case_no": case_no, "acts": tuple(acts), "concerns": own}
        done = book.record(a.request(*entries, key=f"case:{case_no}", now=now, **more))
        assert isinstance(done, book.Recording), done
        made = parts.parts_of(entries, main, kind, is_combined=len(acts) > 1)
        uploads.queue_upload(case_no, b.REGISTRY, made, FACTS, recording=done)
        written = zip(entries, done.entries, strict=True)
        issue.prepare(case_no=case_no, registry=b.REGISTRY, written=written, now=now)
    sending.send_due(NOW)
    rows = Upload.objects.filter(case_no=case_no).order_by("pk")
    assert [(row.state, row.reason_zh) for row in rows] == [("accepted", "")] * len(made)
    sent = UploadMessage.objects.filter(upload__in=rows).order_by("number")
    return [ET.fromstring(bytes(one.content)) for one in sent]  # noqa: S314 - our own bytes


def row(root: ET.Element, name: str) -> dict[str, str]:
    found = root.find(f"Data/{name}")
    assert found is not None, [one.tag for one in root.iterfind("Data/*")]
    return dict(found.items())


def mortgage(serial: int = 1) -> ET.Element:
    opened = OpenBurden(a.unit(1), MORTGAGE, DETAILS, (build.BANK,))
    (root,) = reported(serial, [opened], Subject.MORTGAGE, Registration.FIRST, acts=[Act.MORTGAGE])
    return root


def test_a_mortgage_from_its_beginning_to_its_end(platform: build.Simulator) -> None:
    begun = mortgage()
    assert (begun.findtext("Head/RecType"), begun.findtext("Head/ProofCount")) == ("9000101", "1")
    assert row(begun, "QLF_QL_DYAQ")["BDBZZQSE"] == "120"
    assert row(begun, "ZTT_GY_QLR")["QLRMC"] == build.BANK.name

    changed = replace(MORTGAGE, proof_no=build.proof(22))
    more = AlterBurden(a.unit(1), MORTGAGE, changed, DETAILS | {"debt_yuan": "1000000.00"}, (build.BANK,))
    acts = [Act.ALTER_MORTGAGE]
    (altered,) = reported(2, [more], Subject.MORTGAGE, Registration.ALTERATION, acts=acts)
    assert altered.findtext("Head/PreProofID") == build.proof(21)
    assert row(altered, "QLF_QL_DYAQ")["BDCDJZMH"] == build.proof(22)
    assert row(altered, "QLF_QL_DYAQ")["BDBZZQSE"] == "100"

    end = CloseBurden(a.unit(1), MORTGAGE.burden_no, "债务清偿")
    acts = [Act.CANCEL_MORTGAGE]
    (ended,) = reported(3, [end], Subject.MORTGAGE, Registration.CANCELLATION, acts=acts)
    assert (ended.findtext("Head/RegType"), row(ended, "QLF_QL_DYAQ")["QSZT"]) == ("400", "3")
    assert row(ended, "QLF_QL_DYAQ")["ZXDYYY"] == "债务清偿"


def test_a_sale_with_a_mortgage_is_two_messages_under_two_flow_numbers(platform: build.Simulator) -> None:
    title = reading.title(a.unit(1))
    assert title is not None
    sold = ReplaceTitle(
        title.certificate_no, replace(a.title(1, "李大山"), certificate_no=a.certificate(77)), Cause.SALE
    )
    opened = OpenBurden(a.unit(1), MORTGAGE, DETAILS | {"mortgagor": "李大山"}, (build.BANK,))

    both = reported(1, [sold, opened], Subject.TITLE, Registration.TRANSFER, acts=[Act.TRANSFER, Act.MORTGAGE])

    assert [one.findtext("Head/RecFlowID") for one in both] == ["41052620261122000001-1", "41052620261122000001-2"]
    assert [one.findtext("Head/RecType") for one in both] == ["2000402", "9000101"]
    assert both[0].find("Data/QLF_QL_DYAQ") is None
    assert row(both[0], "QLT_FW_FDCQ_YZ")["DJYY"] == "买卖"
    assert both[1].find("Data/QLT_FW_FDCQ_YZ") is None


def test_a_notice_on_a_flat_without_a_title_is_reported_with_its_described_unit(platform: build.Simulator) -> None:
    unit = UnitState(a.unit(9), "人民路9号", RightKind.STATE_LAND_HOUSE, surveyed=False, use_code="10", area_m2="90")
    fact = BurdenFact(Burden.PRIORITY_NOTICE, build.proof(31), since=date(2026, 11, 22), proof_no=build.proof(31))
    details = {"obligor": "滑县虚构置业有限公司", "price_yuan": "880000.00"}
    entries = [DescribeUnit(unit), OpenBurden(a.unit(9), fact, details, (replace(build.LI, share=None),))]

    (root,) = reported(1, entries, Subject.PRIORITY_NOTICE, Registration.PRIORITY_NOTICE, acts=[Act.PRIORITY_NOTICE])

    assert row(root, "KTT_FW_H")["YCJZMJ"] == "90"
    assert row(root, "QLF_QL_YGDJ")["YGDJZL"] == "1"


def test_a_habitation_goes_under_the_agreed_row(platform: build.Simulator) -> None:
    dweller = (replace(build.LI, share=None),)
    fact = BurdenFact(Burden.HABITATION, build.proof(51), since=date(2026, 11, 22), proof_no=build.proof(51))
    opened = OpenBurden(a.unit(1), fact, {"owner": "张小花", "term": "终身"}, dweller)
    (root,) = reported(1, [opened], Subject.HABITATION, Registration.FIRST, acts=[Act.HABITATION])
    assert (root.findtext("Head/RightType"), row(root, "QLF_QL_JZQ")["JZQQX"]) == ("92", "终身")


def test_an_easement_goes_under_the_agreed_row(platform: build.Simulator) -> None:
    fact = BurdenFact(Burden.EASEMENT, build.proof(61), since=date(2026, 11, 22), proof_no=build.proof(61))
    holders = (replace(build.LI, share=None),)
    opened = OpenBurden(a.unit(1), fact, {"servient_owner": "张小花", "purpose": "通行"}, holders)
    (root,) = reported(1, [opened], Subject.EASEMENT, Registration.FIRST, acts=[Act.EASEMENT])
    assert (root.findtext("Head/RecType"), row(root, "QLF_QL_DYIQ")["LYMD"]) == ("9000102", "通行")


def test_a_title_given_up_is_reported_as_cancelled(platform: build.Simulator) -> None:
    title = reading.title(a.unit(1))
    assert title is not None
    gone = CloseTitle(a.unit(1), title.certificate_no, Cause.OTHER)

    (root,) = reported(1, [gone], Subject.TITLE, Registration.CANCELLATION, acts=[Act.CORRECT])

    assert root.findtext("Head/RecType") == "4000101"
    assert row(root, "QLF_ZXDJ")["BDCQZH"] == title.certificate_no


def test_a_library_is_told_of_a_proof_with_those_whose_right_it_is_even_after_it_ended(
    platform: build.Simulator,
) -> None:
    mortgage()
    began = Upload.objects.get().recorded_at
    end = CloseBurden(a.unit(1), MORTGAGE.burden_no, "债务清偿")
    reported(2, [end], Subject.MORTGAGE, Registration.CANCELLATION, acts=[Act.CANCEL_MORTGAGE])
    licence = LicenceState.objects.get().licence
    change = LicenceChange(
        number=9,
        identifier=licence.identifier,
        kind=licence.kind,
        certificate_no=licence.certificate_no,
        unit_code=licence.unit_code,
        right_ref=licence.right_ref,
        registry=licence.registry,
        state="revoked",
        at=NOW,
        recorded_at=began,
        replaces="",
        replaced_by="",
        file_digest="",
    )

    record = licences.record_of(change, "k")

    assert (record.kind, record.standing, record.certificate_no) == (Document.PROOF, Standing.REVOKED, build.proof(21))
    assert record.holders == (LicenceHolder(build.BANK.name, IdDocument.USCC, "91410526MA44000081"),)
    assert record.address_zh == "人民路1号"


def test_the_doctor_says_what_is_not_connected_what_stopped_and_what_waits_too_long(
    platform: build.Simulator, settings: Any
) -> None:
    def found(now: Any) -> dict[str, tuple[Level, str]]:
        return {one.subject_zh: (one.level, one.what_zh) for one in site_checks._reporting(now)}

    assert found(NOW)["国家平台"] == (Level.FINE, "等待 0，搁置 0")
    assert "省级证照库" not in found(NOW)
    platform.control(mood="declining")
    opened = OpenBurden(a.unit(1), MORTGAGE, DETAILS, (build.BANK,))
    with pytest.raises(AssertionError):
        reported(1, [opened], Subject.MORTGAGE, Registration.FIRST, acts=[Act.MORTGAGE])
    assert found(NOW)["国家平台"] == (Level.BAD, "等待 0，搁置 1")
    Upload.objects.update(state="waiting")
    level, what = found(NOW + timedelta(hours=5))["国家平台"]
    assert level is Level.BAD and what.startswith("最早一份自 11-22 10:00 起未能上报")
    settings.DEPARTMENTS = settings.DEPARTMENTS | {"platform": {"BACKEND": "", "URL": ""}}
    assert found(NOW)["国家平台"] == (Level.NOTE, "未接入，等待 1，搁置 0")
