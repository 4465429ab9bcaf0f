"""Invented recordings as the national platform is told of them, and the simulators behind their doors."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from http.server import ThreadingHTTPServer
from typing import Any

from tongban.departments.platform.port import (
    Applicant,
    BurdenRecord,
    Change,
    FeeLine,
    Handling,
    IssuedPaper,
    Office,
    Paper,
    RecordedCase,
    Review,
)
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.terms import CoOwnership, HolderKind, HouseNature, LandNature, Registration, RightKind, Subject
from tongban.domain.titles import Holder, HolderIdentity, Title

MADE_AT = datetime(2026, 11, 25, 3, 5, 7, tzinfo=UTC)
RECORDED_AT = datetime(2026, 11, 25, 3, 4, 5, tzinfo=UTC)
CASE_NO = "41052620261125000001"
FLAT = UnitState(
    unit_code=UnitCode("410526001002GB00015F00030027"),
    address_zh="滑县道口镇人民路15号3幢1单元27号",
    right=RightKind.STATE_LAND_HOUSE,
    land_nature=LandNature.GRANTED,
    use_code="11",
    use_zh="成套住宅",
    house_nature=HouseNature.MARKET,
    area_m2="118.26",
    land_area_m2="12.5",
    land_use_until="2076-06-30",
)
OFFICE = Office("410526", "滑县不动产登记中心")
BANK = Holder(
    1, HolderKind.ENTERPRISE, HolderIdentity("滑县虚构银行股份有限公司", IdDocument.USCC, "91410526MA44000081")
)


def holder(number: int, name: str, id_no: str, share: Fraction | None = None) -> Holder:
    return Holder(number, HolderKind.PERSON, HolderIdentity(name, IdDocument.ID_CARD, id_no), share)


ZHANG = holder(1, "张小花", "410526199001011237")
LI = holder(1, "李大山", "410526198812120029", Fraction(1, 3))
WANG = holder(2, "王小河", "410526199203030018", Fraction(2, 3))


def title(serial: int, *holders: Holder, unit: UnitState = FLAT) -> Title:
    form = CoOwnership.SOLE if len(holders) == 1 else CoOwnership.BY_SHARES
    return Title(unit, CertificateNo(f"豫（2026）滑县不动产权第{serial:07d}号"), form, holders)


def proof(serial: int) -> str:
    return f"豫（2026）滑县不动产证明第{serial:07d}号"


def a_transfer(**more: Any) -> RecordedCase:
    """张小花 sold to 李大山 and 王小河, by shares."""
    values: dict[str, Any] = {
        "case_no": CASE_NO,
        "flow_no": CASE_NO,
        "office": OFFICE,
        "registration": Registration.TRANSFER,
        "subject": Subject.TITLE,
        "item_zh": "存量房买卖转移登记",
        "cause_zh": "买卖",
        "recorded_at": RECORDED_AT,
        "recorder_zh": "登簿员",
        "unit": FLAT,
        "before": title(11, ZHANG),
        "after": title(12, LI, WANG),
        "handling": Handling(
            "郑州市不动产登记中心",
            "收件员",
            datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
            datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
            "任一窗口办理",
        ),
        "applicants": (
            Applicant(
                name="张小花",
                id_kind=IdDocument.ID_CARD,
                id_no=ZHANG.id_no,
                kind=HolderKind.PERSON,
                is_giving=True,
                phone="13700000001",
            ),
            Applicant(
                name="李大山",
                id_kind=IdDocument.ID_CARD,
                id_no=LI.id_no,
                kind=HolderKind.PERSON,
                agent="赵代理",
                agent_phone="13700000002",
            ),
        ),
        "papers": (
            Paper("不动产登记申请书", True, 2, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
            Paper("买卖合同", False, 6, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
        ),
        "reviews": (
            Review(
                "初审",
                "初审员",
                datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
                datetime(2026, 11, 24, 2, 10, tzinfo=UTC),
                "符合登记条件",
            ),
            Review(
                "复审",
                "复审员",
                datetime(2026, 11, 24, 2, 10, tzinfo=UTC),
                datetime(2026, 11, 24, 3, 0, tzinfo=UTC),
                "同意",
            ),
        ),
        "fees": (FeeLine("不动产登记费（住宅）", 8000, 8000, "李大山", date(2026, 11, 25)),),
        "issued": (IssuedPaper("豫（2026）滑县不动产权第0000012号"),),
        **more,
    }
    return RecordedCase(**values)


def a_burden(registration: Registration, subject: Subject, record: BurdenRecord, **more: Any) -> RecordedCase:
    """A recording that concerns one burden and leaves the title of 张小花 as it is."""
    held = title(11, ZHANG)
    values = {"registration": registration, "subject": subject, "burdens": (record,), "before": held, "after": held}
    issued = (IssuedPaper(record.proof_no, is_proof=True),) if record.change is not Change.CLOSED else ()
    return a_transfer(**{**values, "issued": issued, "fees": (), **more})


def a_mortgage(burden: Burden = Burden.MORTGAGE, change: Change = Change.OPENED, **details: str) -> RecordedCase:
    said = {
        "mortgagor": "张小花",
        "object": "土地和房屋",
        "debt_yuan": "1200000.00",
        "no_transfer": "否",
        "scope": "主债权及利息",
    }
    said |= {"debt_from": "2026-11-25", "debt_until": "2046-11-24"} | details
    fact = BurdenFact(burden, proof(21), since=date(2026, 11, 25), rank=1)
    cause_zh = "债务清偿" if change is Change.CLOSED else ""
    record = BurdenRecord(fact, change, proof(21), holders=(BANK,), details=said, cause_zh=cause_zh)
    kind = Registration.CANCELLATION if change is Change.CLOSED else Registration.FIRST
    return a_burden(kind, Subject.MORTGAGE, record, item_zh="抵押权登记", cause_zh="抵押合同")


def a_maximum_mortgage() -> RecordedCase:
    return a_mortgage(
        Burden.MORTGAGE_MAXIMUM,
        debt_yuan="",
        maximum_yuan="3456789.01",
        claim_from="2026-11-25",
        claim_until="2029-11-24",
    )


def a_notice() -> RecordedCase:
    record = BurdenRecord(
        BurdenFact(Burden.PRIORITY_NOTICE, proof(31), since=date(2026, 11, 25)),
        Change.OPENED,
        proof(31),
        holders=(replace(LI, share=None),),
        details={"obligor": "滑县虚构置业有限公司", "notice_kind": "预售商品房买卖预告登记", "price_yuan": "880000.00"},
    )
    more = {"before": None, "after": None, "unit": replace(FLAT, surveyed=False)}
    return a_burden(Registration.PRIORITY_NOTICE, Subject.PRIORITY_NOTICE, record, item_zh="预告登记", **more)


def an_objection(change: Change = Change.OPENED) -> RecordedCase:
    record = BurdenRecord(
        BurdenFact(Burden.OBJECTION, proof(41), since=date(2026, 11, 25), until=date(2026, 12, 10)),
        change,
        proof(41),
        holders=(replace(LI, share=None),),
        details={"matter": "登记的权利人有错误"},
        cause_zh="申请人没有起诉" if change is Change.CLOSED else "",
    )
    kind = Registration.CANCELLATION if change is Change.CLOSED else Registration.OBJECTION
    return a_burden(kind, Subject.OBJECTION, record, item_zh="异议登记", cause_zh="异议")


def a_habitation() -> RecordedCase:
    record = BurdenRecord(
        BurdenFact(Burden.HABITATION, proof(51), since=date(2026, 11, 25)),
        Change.OPENED,
        proof(51),
        holders=(replace(LI, share=None),),
        details={"owner": "张小花", "term": "终身", "scope": "全部", "conditions": "自住", "way": "合同"},
    )
    return a_burden(Registration.FIRST, Subject.HABITATION, record, item_zh="居住权登记", cause_zh="居住权合同")


def a_seizure(change: Change = Change.OPENED) -> RecordedCase:
    record = BurdenRecord(
        BurdenFact(
            Burden.SEIZURE,
            "cf-1",
            since=date(2026, 11, 25),
            until=date(2029, 11, 24),
            organ_zh="滑县人民法院",
            reference="（2026）豫0526执1234号",
        ),
        change,
        details={"paper": "（2026）豫0526执1234号协助执行通知书"},
        cause_zh="解除查封" if change is Change.CLOSED else "",
    )
    more = {"handling": None, "applicants": (), "papers": (), "reviews": (), "issued": ()}
    return a_burden(Registration.SEIZURE, Subject.NONE, record, item_zh="查封登记", cause_zh="查封", **more)


GOLDEN = {
    "transfer": a_transfer(),
    "mortgage": a_mortgage(),
    "mortgage-cancelled": a_mortgage(change=Change.CLOSED),
    "mortgage-maximum": a_maximum_mortgage(),
    "notice-presale": a_notice(),
    "objection": an_objection(),
    "objection-cancelled": an_objection(Change.CLOSED),
    "habitation": a_habitation(),
    "seizure": a_seizure(),
    "seizure-released": a_seizure(Change.CLOSED),
    "title-cancelled": a_transfer(
        registration=Registration.CANCELLATION, after=None, item_zh="注销登记", cause_zh="房屋灭失", issued=()
    ),
}


class Simulator:
    """A simulator in a thread, reached through its HTTP door only."""

    def __init__(self, running: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{running.server_port}"

    def control(self, **wanted: object) -> None:
        """Tell it how to behave."""
        body = json.dumps(wanted).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/control", body)) as reply:  # noqa: S310
            assert reply.status == 204

    @property
    def state(self) -> dict[str, Any]:
        """What it holds."""
        with urllib.request.urlopen(f"{self.url}/control") as reply:  # noqa: S310
            found: dict[str, Any] = json.load(reply)
        return found


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[Simulator]:
    """The server at work until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Simulator(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
