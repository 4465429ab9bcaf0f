"""The review desk in tests: cases in every state, people at their browsers, and the clock of the story."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.province import HOME, OFFICER, REGISTRAR, REVIEWER, Province, flats
from tongban.access.models import AuditRow, Staff
from tongban.access.permissions import Role
from tongban.access.sign_in import SEEN_AT
from tongban.cases import flow
from tongban.cases.models import Case
from tongban.cases.moves import CorrectionLine, StepData
from tongban.cli import stage
from tongban.cli.stage import Account
from tongban.directory.recent import forget_kept
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.decision import Fact, Refusal
from tongban.domain.reasons import Reasons
from tongban.domain.restrictions import Act
from tongban.register import book
from tongban.register.requests import RecordRequest

BOTH = Account("hx.both", "沈嘉禾", HOME, (Role.REVIEWER, Role.SECOND_REVIEWER), "")
SEIZURE_NO = "（2026）豫0526执1234号"


def build(file: Path) -> None:
    """Fill a copy of the province with one case in every state; what is where goes into `file`."""
    story = Province()
    stage.hire(BOTH, story.now)
    cases = {
        "received": story.case_received(0, "韩雨桐"),
        "received_later": story.case_received(1, "沈浩然"),
        "reviewed": _reviewed(story, 3),
        "ready": story.case_ready_to_record(4, "吕建华"),
        "certified": story.case_certified(5, "张子轩"),
        "seized": _seized(story, 6),
        "correction": _corrected(story, 7),
        "paused": _paused(story, 8),
        "refused": _refused(story, 9),
    }
    cases["accepted"] = story.case_received(2, "蒋文静")
    story.moves(cases["accepted"], "accept", OFFICER)
    story.settles()
    file.write_text(json.dumps({"now": story.now.isoformat(), "cases": cases}), encoding="utf-8")


def _reviewed(story: Province, number: int) -> str:
    case_no = story.case_received(number, "何思雨")
    story.moves(case_no, "accept", OFFICER)
    story.moves(case_no, "approve_first", REVIEWER)
    return case_no


def _seized(story: Province, number: int) -> str:
    """Accepted, and its unit seized by a court."""
    code = flats()[number].unit_code
    fact = BurdenFact(Burden.SEIZURE, "cf-1", date(2026, 11, 1), date(2029, 10, 31), "滑县人民法院", SEIZURE_NO)
    outcome = book.record(
        RecordRequest(
            unit_codes=(code,),
            entries=(OpenBurden(code, fact),),
            acts=(Act.SEIZE,),
            evidence=frozenset(),
            recorder=story.actor(REGISTRAR),
            case_no="",
            key="seizure",
            now=story.tick(),
            registry=HOME,
        )
    )
    assert not isinstance(outcome, Refusal)
    case_no = story.case_received(number, "曹远志")
    story.moves(case_no, "accept", OFFICER)
    return case_no


def _corrected(story: Province, number: int) -> str:
    case_no = story.case_received(number, "严欣怡")
    lines = (CorrectionLine("change_evidence", "看不出曾用名", "请提交有曾用名栏的户口簿页"),)
    data = StepData(key="correct", now=story.tick(), corrections=lines)
    flow.advance(case_no, "ask_correction", story.actor(OFFICER), data)
    return case_no


def _paused(story: Province, number: int) -> str:
    case_no = story.case_received(number, "魏桂兰")
    story.moves(case_no, "accept", OFFICER)
    story.moves(case_no, "suspend", REVIEWER, "等法院补充法律文书")
    return case_no


def _refused(story: Province, number: int) -> str:
    case_no = story.case_received(number, "陶明杰")
    story.moves(case_no, "accept", OFFICER)
    refusal = Refusal(Reasons.CONFLICTS_WITH_REGISTER, (Fact("查明的事实", "户口簿上的曾用名与登记簿不同"),))
    data = StepData(key="refuse", now=story.tick(), refusal=refusal)
    flow.advance(case_no, "refuse", story.actor(REVIEWER), data)
    return case_no


@dataclass(slots=True)
class Page:
    """What a browser got."""

    response: HttpResponse
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = unescape(self.response.content.decode(errors="replace"))

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def words(self) -> str:
        """The text without tags, blanks made one."""
        body = re.sub(r"<(script|style).*?</\1>", " ", self.text, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    def hidden(self, name: str) -> str:
        """The value of a hidden field; the last one when there are several."""
        found = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', self.text)
        assert found, f"no hidden field {name}"
        return found[-1]

    @property
    def handle(self) -> dict[str, str]:
        """Key and expected state of the page's move."""
        return {"key": self.hidden("key"), "expected": self.hidden("expected")}

    def link(self, text: str) -> str:
        """Where a link with these words leads."""
        found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>{re.escape(text)}', self.text)
        assert found, f"no link {text}"
        return found[1]


@dataclass(slots=True)
class Desk:
    """The cases by the state they are in, and the people who work on them."""

    story: Province
    cases: dict[str, str]

    def person(self, account: Account) -> Person:
        client = Client()
        client.force_login(Staff.objects.get(username=account.username))
        session = client.session
        session[SEEN_AT] = int(self.story.now.timestamp())
        session.save()
        return Person(client, self)

    def case(self, name: str) -> Case:
        return Case.objects.get(case_no=self.cases.get(name, name))

    def audited(self, **conditions: Any) -> list[AuditRow]:
        return list(AuditRow.objects.filter(**conditions).order_by("pk"))


@dataclass(slots=True)
class Person:
    """Somebody signed in at a browser; every request takes a minute."""

    client: Client
    desk: Desk

    def opens(self, url: str, **query: str) -> Page:
        self.desk.story.tick()
        return Page(self.client.get(url, query or None))

    def sends(self, url: str, **fields: Any) -> Page:
        self.desk.story.tick()
        return Page(self.client.post(url, fields))

    def opens_case(self, name: str, **query: str) -> Page:
        return self.opens(f"/desk/cases/{self.desk.cases[name]}/", **query)

    def url(self, name: str, action: str) -> str:
        return f"/desk/cases/{self.desk.cases[name]}/move/{action}"

    def decides(self, name: str, action: str, **fields: Any) -> Page:
        """A move made on the case's own page."""
        return self.sends(self.url(name, action), **self.opens_case(name).handle, **fields)

    def fills_in(self, name: str, action: str, **fields: Any) -> Page:
        """A move made on its own page."""
        return self.sends(self.url(name, action), **self.opens(self.url(name, action)).handle, **fields)

    def queries_of(self, url: str) -> int:
        """How many statements a page takes, the directory's kept answers warm; the session's own writes left out."""
        forget_kept()  # else one kept some time ago may end between the two looks
        self.opens(url)
        with CaptureQueriesContext(connection) as captured:
            self.opens(url)
        writes = ("BEGIN", "COMMIT", 'UPDATE "django_session"', 'UPDATE "access_staff"')
        return sum(not one["sql"].startswith(writes) for one in captured)
