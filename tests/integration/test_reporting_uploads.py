"""Uploads to the national platform: nothing lost, nothing twice, whatever mood the platform is in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests import certificate_builders as b
from tests import platform_builders as build
from tests import register_builders as a

from tongban.access.actors import Actor, ActorKind, roles_at
from tongban.access.models import AuditRow
from tongban.access.permissions import Role
from tongban.departments.platform.port import Applicant, Handling
from tongban.domain.errors import NotPermitted, WrongState
from tongban.domain.identity import IdDocument
from tongban.domain.terms import HolderKind, Registration, Subject
from tongban.register import book, reading
from tongban.reporting import days, lines, resending, sending
from tongban.reporting.case_facts import CaseFacts, Part
from tongban.reporting.models import DailyLog, LineState, Upload, UploadAnswer, UploadMessage
from tongban.reporting.uploads import queue_upload
from tongban.simulators import platform as simulator

NOW = b.NOW + timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)
ADMIN = Actor(ActorKind.STAFF, "admin", "管理员", b.REGISTRY, roles_at(b.REGISTRY, [Role.REGISTRY_ADMIN]))
ELSEWHERE = Actor(
    ActorKind.STAFF, "other", "别处", "registry-410100", roles_at("registry-410100", [Role.REGISTRY_ADMIN])
)


@pytest.fixture
def door() -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as found:
        yield found


@pytest.fixture
def registry(db: None, settings: Any, tmp_path: Any) -> None:
    settings.TONGBAN_KEYS_DIR = tmp_path / "keys"
    settings.TONGBAN_KEYS_DIR.mkdir(mode=0o700)
    b.found_registry()
    for number in (1, 2, 3):  # stock data, which belongs to no case
        book.record(a.request(a.opened(number), key=f"stock-{number}", case_no=""))


@pytest.fixture
def platform(registry: None, door: build.Simulator, settings: Any) -> build.Simulator:
    connect(settings, door.url)
    return door


def connect(settings: Any, url: str) -> None:
    settings.DEPARTMENTS = settings.DEPARTMENTS | {"platform": settings.DEPARTMENTS["platform"] | {"URL": url}}
    settings.DEPARTMENTS_TIMEOUT_S = 2.0


FACTS = CaseFacts(
    item_zh="权利人姓名变更登记",
    cause_zh="姓名或者名称改变",
    handling=Handling(
        "郑州市不动产登记中心", "收件员", NOW - timedelta(days=1), NOW - timedelta(hours=20), "任一窗口办理"
    ),
    applicants=(
        Applicant(name="张小丽", id_kind=IdDocument.ID_CARD, id_no="410526199001011237", kind=HolderKind.PERSON),
    ),
)


def record(number: int, serial: int, *, case: int = 1, now: datetime = b.NOW, queue: bool = True) -> str:
    """The holder of a flat changes name; the recording and its upload in one transaction."""
    case_no = f"41052620261122{case:06d}"
    title = reading.title(a.unit(number))
    assert title is not None
    old = title.certificate_no
    entries = [
        a.renamed(number, title.holders[0].identity, f"张小{serial}"),
        a.replaced(number, old, a.certificate(serial)),
    ]
    with transaction.atomic():
        done = book.record(a.request(*entries, key=f"case:{case_no}", now=now, case_no=case_no))
        assert isinstance(done, book.Recording)
        if queue:
            parts = [Part(a.unit(number), Registration.ALTERATION, Subject.TITLE)]
            queue_upload(case_no, b.REGISTRY, parts, FACTS, recording=done)
    return case_no


def states() -> list[str]:
    return list(Upload.objects.order_by("pk").values_list("state", flat=True))


def test_a_recording_is_reported_with_what_book_and_case_know(platform: build.Simulator) -> None:
    case_no = record(1, 101)

    assert sending.send_due(NOW) == 1

    upload = Upload.objects.get()
    assert (upload.state, upload.message_no, upload.flow_no) == ("accepted", "410526261122000001", case_no)
    sent = bytes(UploadMessage.objects.get().content).decode()
    assert "<PreCertID>豫（2026）滑县不动产权第0000001号</PreCertID>" in sent
    assert 'BDCQZH="豫（2026）滑县不动产权第0000101号"' in sent
    assert 'QLRMC="张小101"' in sent and 'SLRY="收件员"' in sent and 'DJYY="姓名或者名称改变"' in sent
    assert platform.state["flows"] == [case_no]
    assert UploadAnswer.objects.get().is_accepted


def test_a_recording_that_is_rolled_back_leaves_no_upload(registry: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(1, 101)
        raise RuntimeError

    assert states() == []


def test_queueing_again_changes_nothing(registry: None) -> None:
    record(1, 101)
    done = book.recorded("case:41052620261122000001")
    assert done is not None
    parts = [Part(a.unit(1), Registration.ALTERATION, Subject.TITLE)]
    queue_upload("41052620261122000001", b.REGISTRY, parts, FACTS, recording=done)

    assert states() == ["waiting"]


def test_while_the_platform_is_not_connected_everything_waits(registry: None) -> None:
    record(1, 101)

    assert sending.send_due(NOW) == 0
    assert (states(), UploadMessage.objects.count()) == (["waiting"], 0)


def test_numbers_of_a_day_have_no_gaps(platform: build.Simulator) -> None:
    for number in (1, 2, 3):
        record(number, 100 + number, case=number)

    assert sending.send_due(NOW) == 3
    numbers = UploadMessage.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == ["410526261122000001", "410526261122000002", "410526261122000003"]


def test_what_happens_to_one_unit_is_reported_in_its_order(platform: build.Simulator) -> None:
    record(1, 101, case=1)
    record(1, 102, case=2)
    platform.control(mood="declining")
    assert sending.send_due(NOW) == 1
    platform.control(mood="normal")

    assert sending.send_due(LATER) == 0
    assert states() == ["parked", "waiting"]

    resending.resend(Upload.objects.order_by("pk")[0].pk, ADMIN, LATER)
    assert sending.send_due(LATER) == 2
    assert states() == ["accepted", "accepted"]


@pytest.mark.parametrize("mood", ["down", "slow", "nonsense"])
def test_without_an_answer_the_same_message_goes_again_under_its_number(mood: str, platform: build.Simulator) -> None:
    case_no = record(1, 101)
    platform.control(mood=mood, delay_s=4)
    assert sending.send_due(NOW) == 0
    platform.control(mood="normal")

    assert sending.send_due(LATER) == 1
    assert (states(), UploadMessage.objects.count()) == (["accepted"], 1)
    assert platform.state["flows"] == [case_no]


def test_a_platform_that_is_down_is_left_alone_for_a_while(platform: build.Simulator) -> None:
    for number in (1, 2, 3):
        record(number, 100 + number, case=number)
    platform.control(mood="down")
    for seconds in range(4):
        sending.send_due(NOW + timedelta(seconds=seconds))

    assert platform.state["asked"] == 1
    assert LineState.objects.get().failures == 1
    platform.control(mood="normal")
    assert sending.send_due(LATER) == 3
    assert LineState.objects.get().failures == 0


def test_a_platform_that_takes_everything_in_twice_has_it_once(platform: build.Simulator) -> None:
    case_no = record(1, 101)
    platform.control(mood="duplicate")

    assert sending.send_due(NOW) == 1
    assert (states(), platform.state["flows"]) == (["accepted"], [case_no])


def test_answers_out_of_order_are_not_believed(platform: build.Simulator) -> None:
    record(1, 101, case=1)
    assert sending.send_due(NOW) == 1
    record(2, 102, case=2)
    platform.control(mood="out_of_order")
    assert sending.send_due(NOW) == 0
    assert states() == ["accepted", "waiting"]

    platform.control(mood="normal")
    assert sending.send_due(LATER) == 1
    assert len(platform.state["flows"]) == 2


def test_nonsense_again_and_again_waits_for_a_person_and_goes_on_under_the_same_number(
    platform: build.Simulator,
) -> None:
    record(1, 101)
    platform.control(mood="nonsense")
    for hours in range(sending.BAD_REPLIES_MAX):
        sending.send_due(NOW + timedelta(hours=hours))
    assert states() == ["parked"]

    platform.control(mood="normal")
    said = resending.resend(Upload.objects.get().pk, ADMIN, TOMORROW)
    assert said == "已重新排队，用原报文号上报。"
    assert sending.send_due(TOMORROW) == 1
    assert (states(), UploadMessage.objects.count()) == (["accepted"], 1)


def test_a_refused_message_waits_with_the_reasons_and_goes_again_under_a_new_number(platform: build.Simulator) -> None:
    record(1, 101)
    platform.control(mood="declining")
    assert sending.send_due(NOW) == 1
    upload = Upload.objects.get()
    assert (upload.state, upload.reason_code) == ("parked", "9001")
    assert upload.reason_zh == "国家平台不接收：平台正在核对该地区的数据，暂不接收"
    assert sending.send_due(LATER) == 0

    platform.control(mood="normal")
    said = resending.resend(upload.pk, ADMIN, LATER)
    assert said == "已重新编号，按登簿内容重新生成后上报。"
    assert sending.send_due(LATER) == 1
    assert list(UploadAnswer.objects.order_by("pk").values_list("message_id", "is_accepted")) == [
        ("410526261122000001", False),
        ("410526261122000002", True),
    ]
    assert AuditRow.objects.filter(action="reporting.resend").count() == 1


def test_only_those_responsible_resend_and_only_what_is_parked(platform: build.Simulator) -> None:
    record(1, 101)
    upload = Upload.objects.get()
    with pytest.raises(WrongState):
        resending.resend(upload.pk, ADMIN, NOW)
    platform.control(mood="declining")
    sending.send_due(NOW)

    with pytest.raises(NotPermitted):
        resending.resend(upload.pk, ELSEWHERE, LATER)
    assert resending.resend_all(ELSEWHERE, LATER) == 0
    assert states() == ["parked"]
    assert resending.resend_all(ADMIN, LATER) == 1
    assert states() == ["waiting"]


def test_what_the_register_does_not_say_is_asked_of_a_person_and_no_number_is_used(platform: build.Simulator) -> None:
    Upload.objects.create(
        case_no="41052620261122000009",
        flow_no="41052620261122000009",
        unit_code=a.unit(1),
        registry=b.REGISTRY,
        registration="transfer",
        subject="title",
        recorded_at=NOW,
        recorded_on=NOW.date(),
        facts={"item_zh": "x", "cause_zh": "x"},
        next_try_at=NOW,
    )

    assert sending.send_due(NOW) == 1
    upload = Upload.objects.get()
    assert (upload.state, upload.reason_code, upload.message_no) == ("parked", "upload_without_entries", "")
    assert (UploadMessage.objects.count(), platform.state["asked"]) == (0, 0)


def test_messages_and_answers_never_change_and_uploads_never_go(platform: build.Simulator) -> None:
    record(1, 101)
    sending.send_due(NOW)

    for change in (
        lambda: UploadMessage.objects.update(digest="0" * 64),
        lambda: UploadAnswer.objects.all().delete(),
        lambda: Upload.objects.update(unit_code="x"),
        lambda: Upload.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.update(state="accepted", message_no="")


def test_a_worker_killed_before_it_settled_leaves_work_that_is_found_again(platform: build.Simulator) -> None:
    case_no = record(1, 101)
    (claimed,) = sending._claim(NOW, 20)
    made = sending._made(claimed, NOW)
    assert made is not None
    accepted = lines.platform()
    assert accepted is not None
    accepted.send(made)  # taken in; the worker dies here

    assert sending.send_due(NOW) == 0
    assert sending.send_due(NOW + sending.LEASE) == 1
    assert (states(), UploadMessage.objects.count(), platform.state["flows"]) == (["accepted"], 1, [case_no])


# ---- the log of a day ----


def test_the_day_agrees_when_book_uploads_and_platform_count_the_same(platform: build.Simulator) -> None:
    record(1, 101, case=1)
    record(2, 102, case=2)
    sending.send_due(NOW)

    assert days.send_daily_logs(NOW) == 0
    assert days.send_daily_logs(TOMORROW) == 1
    log = DailyLog.objects.get()
    assert (log.registry, log.day.isoformat(), log.state) == (b.REGISTRY, "2026-11-22", "agreed")
    assert log.counts == log.platform_counts == {"alteration": 2}
    assert platform.state["logs"] == {"410526261122": 2}
    assert days.send_daily_logs(TOMORROW + timedelta(hours=2)) == 0


def test_quiet_days_are_reported_too_and_missed_days_made_up(platform: build.Simulator) -> None:
    record(1, 101)
    sending.send_due(NOW)

    assert days.send_daily_logs(NOW + timedelta(days=3)) == 3
    assert [(log.day.day, log.counts, log.state) for log in DailyLog.objects.order_by("day")] == [
        (22, {"alteration": 1}, "agreed"),
        (23, {}, "agreed"),
        (24, {}, "agreed"),
    ]


def test_a_recording_that_nobody_reported_is_found(platform: build.Simulator) -> None:
    record(1, 101, case=1)
    missed = record(2, 102, case=2, queue=False)
    sending.send_due(NOW)

    days.send_daily_logs(TOMORROW)
    log = DailyLog.objects.get()
    assert (log.state, log.unreported) == ("different", [f"{missed} {a.unit(2)}"])
    assert log.reason_zh == "登记簿有 1 笔登簿没有上报"


def test_what_a_lying_platform_never_kept_is_found_and_sent_again(platform: build.Simulator) -> None:
    case_no = record(1, 101)
    platform.control(mood="lying")
    assert sending.send_due(NOW) == 1
    assert (states(), platform.state["flows"]) == (["accepted"], [])
    platform.control(mood="normal")

    days.send_daily_logs(TOMORROW)
    log = DailyLog.objects.get()
    assert (log.state, states()) == ("different", ["waiting"])
    assert log.reason_zh == "变更登记：本站 1，平台 0；平台缺的 1 份已重新上报"

    assert sending.send_due(TOMORROW) == 1
    assert (platform.state["flows"], UploadMessage.objects.count()) == ([case_no], 1)
    days.send_daily_logs(TOMORROW + timedelta(hours=1))
    assert DailyLog.objects.get(day="2026-11-22").state == "agreed"


def test_a_log_waits_while_the_platform_is_down(platform: build.Simulator) -> None:
    record(1, 101)
    platform.control(mood="down")

    assert days.send_daily_logs(TOMORROW) == 0
    assert DailyLog.objects.get().state == "waiting"
    platform.control(mood="normal")
    sending.send_due(TOMORROW + timedelta(hours=1))
    assert days.send_daily_logs(TOMORROW + timedelta(hours=1)) == 1
    assert DailyLog.objects.get().state == "agreed"


def test_the_day_is_that_of_the_country(platform: build.Simulator) -> None:
    record(1, 101, now=datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    sending.send_due(datetime(2026, 11, 22, 16, 31, tzinfo=UTC))

    assert Upload.objects.get().recorded_on.isoformat() == "2026-11-23"
    days.send_daily_logs(datetime(2026, 11, 23, 16, 31, tzinfo=UTC))
    assert DailyLog.objects.get(day="2026-11-23").state == "agreed"


def test_a_day_is_found_in_the_book_by_halving(registry: None) -> None:
    for offset in range(3):
        record(offset + 1, 101 + offset, case=offset + 1, now=b.NOW + timedelta(days=offset), queue=False)

    assert days.unreported(b.REGISTRY, (NOW + timedelta(days=1)).date()) == [f"41052620261122000002 {a.unit(2)}"]
    assert days.unreported(b.REGISTRY, (NOW - timedelta(days=9)).date()) == []
