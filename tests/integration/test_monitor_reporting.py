"""The pages of reporting: what waits, what stopped and why, what a person may do about it, in few queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import platform_builders as build
from tests import province
from tests.province import HOME, HOME_ADMIN, OTHER, REVIEWER

from tongban.access.models import Staff
from tongban.access.permissions import Role
from tongban.access.sign_in import SEEN_AT
from tongban.cli import stage
from tongban.cli.stage import Account
from tongban.domain.terms import Registration, Subject
from tongban.reporting.case_facts import CaseFacts, to_wire
from tongban.reporting.models import DailyLog, Difference, LibraryEntry, Line, LineState, Upload, UploadMessage
from tongban.simulators import platform as simulator

pytest_plugins = ("tests.stories.conftest",)
NOW = province.NOW
OTHER_ADMIN = Account("ay.admin", "贺新", OTHER, (Role.REGISTRY_ADMIN,), "")
REFUSED_ZH = "国家平台不接收：QLF_QL_DYAQ缺少DYR"
PAGE = "/admin/reporting/"
FACTS = to_wire(CaseFacts(item_zh="抵押权登记", cause_zh="抵押合同"))


@pytest.fixture
def door() -> Iterator[build.Simulator]:
    with build.running(simulator.server(0)) as found:
        yield found


@pytest.fixture
def here(story: province.Province) -> None:
    """A province of one's own: what is denied is audited for good, whatever becomes of the test."""
    stage.hire(OTHER_ADMIN, NOW)


def an_upload(serial: int, state: str = "waiting", registry: str = HOME, **more: Any) -> Upload:
    values: dict[str, Any] = {
        "case_no": f"41052620261123{serial:06d}",
        "flow_no": f"41052620261123{serial:06d}",
        "unit_code": f"410526001002GB00001F0001{serial:04d}",
        "registry": registry,
        "registration": Registration.FIRST.value,
        "subject": Subject.MORTGAGE.value,
        "recorded_at": NOW,
        "recorded_on": NOW.date(),
        "facts": FACTS,
        "next_try_at": NOW,
        "state": state,
        **more,
    }
    if state == "parked":
        values["reason_zh"] = REFUSED_ZH
    return Upload.objects.create(**values)


def a_difference(kind: str, serial: int, **more: Any) -> Difference:
    identifier = f"1.2.156.3005.2.11100000MB03271699022.410526.2026Z{serial:07d}.001.4"
    return Difference.objects.create(
        line=Line.COUNTY, identifier=identifier, registry=HOME, kind=kind, found_at=NOW, seen_at=NOW, **more
    )


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=account.username))
    session = client.session
    session[SEEN_AT] = int(timezone.now().timestamp())
    session.save()
    return client


def text_of(client: Client, url: str, status: int = 200) -> str:
    page = client.get(url)
    assert page.status_code == status, page.content[:500]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_the_page_says_what_waits_for_whom_and_what_is_not_connected(here: None, settings: Any) -> None:
    settings.DEPARTMENTS = settings.DEPARTMENTS | {"library-province": {"BACKEND": "", "URL": "none"}}
    an_upload(1)

    text = text_of(signed_in(HOME_ADMIN), PAGE)

    assert "国家平台 1 11月23日 10:00 0" in text
    assert text.count("未接入，先等着") == 2
    assert "省级证照库" not in text


def test_a_dead_platform_shows_with_its_reason(here: None, settings: Any) -> None:
    settings.DEPARTMENTS = settings.DEPARTMENTS | {"platform": {"BACKEND": "", "URL": "http://127.0.0.1:9"}}
    LineState.objects.create(line=Line.PLATFORM, failures=3, failed_since=NOW, reason_zh="国家平台没有应答。")

    assert "连不上：国家平台没有应答。" in text_of(signed_in(HOME_ADMIN), PAGE)


def test_a_parked_upload_shows_why_and_is_sent_again_from_its_page(here: None) -> None:
    one = an_upload(1, "parked")
    client = signed_in(HOME_ADMIN)

    assert REFUSED_ZH in text_of(client, PAGE)
    assert "重新上报" in text_of(client, f"{PAGE}uploads/{one.pk}/")
    done = client.post(f"{PAGE}uploads/{one.pk}/", {"act": "resend"}, follow=True)
    assert "已重新排队，用原报文号上报。" in done.content.decode()
    assert Upload.objects.get().state == "waiting"
    assert "重新上报" not in text_of(client, f"{PAGE}uploads/{one.pk}/")


def test_all_parked_uploads_are_sent_again_at_once(here: None) -> None:
    for serial in (1, 2, 3):
        an_upload(serial, "parked")
    client = signed_in(HOME_ADMIN)

    done = client.post(PAGE, {"act": "resend_all"}, follow=True)

    assert "已重新排队 3 份。" in done.content.decode()
    assert not Upload.objects.filter(state="parked").exists()


def test_another_registry_sees_and_does_nothing_here(here: None) -> None:
    one = an_upload(1, "parked")
    client = signed_in(OTHER_ADMIN)

    assert REFUSED_ZH not in text_of(client, PAGE)
    assert client.get(f"{PAGE}uploads/{one.pk}/").status_code == 403
    assert client.post(f"{PAGE}uploads/{one.pk}/", {"act": "resend"}).status_code == 403
    assert Upload.objects.get().state == "parked"


def test_without_the_permission_the_page_is_denied(here: None) -> None:
    assert signed_in(REVIEWER).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_a_day_that_does_not_agree_names_the_recordings_nobody_reported(here: None) -> None:
    log = DailyLog.objects.create(
        registry=HOME,
        day=NOW.date() - timedelta(days=1),
        counts={"transfer": 3},
        platform_counts={"transfer": 2},
        unreported=["41052620261122000007 410526001002GB00001F00010007"],
        state="different",
        reason_zh="登记簿有 1 笔登簿没有上报；转移登记：本站 3，平台 2",
        next_try_at=NOW,
    )
    client = signed_in(HOME_ADMIN)

    assert "转移登记：本站 3，平台 2" in text_of(client, f"{PAGE}?list=days")
    text = text_of(client, f"{PAGE}days/{log.pk}/")
    assert "转移登记 3 2" in text
    assert "41052620261122000007" in text


def test_a_refused_day_is_sent_again(here: None) -> None:
    log = DailyLog.objects.create(
        registry=HOME, day=NOW.date(), state="parked", reason_zh="国家平台不接收：缺少字段", next_try_at=NOW
    )
    client = signed_in(HOME_ADMIN)

    done = client.post(f"{PAGE}days/{log.pk}/", {"act": "resend"}, follow=True)

    assert "已重新排队。" in done.content.decode()
    assert DailyLog.objects.get().state == "waiting"


def test_every_difference_with_a_library_says_how_it_goes_away(here: None) -> None:
    missing = a_difference("missing", 1, ours="valid")
    unknown = a_difference("unknown", 2, theirs="valid")
    client = signed_in(HOME_ADMIN)

    text = text_of(client, f"{PAGE}?list=licences")
    assert "证照库没有这份证照" in text and "本站没有签发过这份证照" in text
    assert "把本站的状态再告诉证照库一次" in text_of(client, f"{PAGE}differences/{missing.pk}/")
    text = text_of(client, f"{PAGE}differences/{unknown.pk}/")
    assert "告诉证照库的管理单位核查" in text
    assert "重新登记" not in text.replace("已重新登记", "")


def test_a_parked_licence_is_registered_again(here: None) -> None:
    entry = LibraryEntry.objects.create(
        line=Line.COUNTY,
        key="k",
        identifier="1.2.3",
        certificate_no="豫（2026）滑县不动产权第0000001号",
        registry=HOME,
        standing="valid",
        changed_at=NOW,
        next_try_at=NOW,
        state="parked",
        reason_zh="证照库不接收：缺少holders",
    )
    client = signed_in(HOME_ADMIN)

    assert "证照库不接收：缺少holders" in text_of(client, PAGE)
    done = client.post(f"{PAGE}licences/{entry.pk}/", {"act": "register"}, follow=True)
    assert LibraryEntry.objects.get().state == "waiting"
    assert done.status_code in (200, 404)


@pytest.mark.parametrize("tab", ["parked", "uploads", "days", "licences"])
def test_a_full_page_costs_no_more_queries_than_an_empty_one(tab: str, here: None) -> None:
    client = signed_in(HOME_ADMIN)
    client.get(f"{PAGE}?list={tab}")
    with CaptureQueriesContext(connection) as empty:
        client.get(f"{PAGE}?list={tab}")
    for serial in range(1, 31):
        an_upload(serial, "parked")
        a_difference("missing", serial, ours="valid")
        DailyLog.objects.create(
            registry=HOME, day=NOW.date() - timedelta(days=serial), state="different", next_try_at=NOW
        )

    with CaptureQueriesContext(connection) as full:
        client.get(f"{PAGE}?list={tab}")

    assert len(full) <= len(empty)


def test_the_platform_s_answers_show_on_the_page_of_the_upload(here: None) -> None:
    one = an_upload(1, "parked", message_no="410526261123000001")
    kept = UploadMessage.objects.create(
        number="410526261123000001", upload=one, content=b"<Message/>", digest="0" * 64, made_at=NOW
    )
    kept.answers.create(is_accepted=False, code="1003", said_zh="QLF_QL_DYAQ缺少DYR", at=NOW)

    text = text_of(signed_in(HOME_ADMIN), f"{PAGE}uploads/{one.pk}/")

    assert "退回 QLF_QL_DYAQ缺少DYR" in text
