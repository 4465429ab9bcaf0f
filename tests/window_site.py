"""The window in tests: applications in every state, people at their browsers, and the clock of the story."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.province import CLERK, HOME, OFFICER, OTHER, REGISTRAR, WINDOW, Province, flats
from tongban.access import passwords, staff
from tongban.access.models import AuditRow, Staff
from tongban.access.permissions import Role
from tongban.access.sign_in import SEEN_AT
from tongban.cases import flow
from tongban.cases.moves import CorrectionLine, StepData
from tongban.cli import play, stage
from tongban.cli.stage import Account
from tongban.directory.recent import forget_kept
from tongban.domain.decision import Fact, Refusal
from tongban.domain.reasons import Reasons
from tongban.exchange.models import OutboxMessage
from tongban.intake import handover
from tongban.intake.models import Application

PASSWORD = "Tongban-2026"
COLLEAGUE = Account("zz.colleague", "尤国强", WINDOW, (Role.WINDOW_SUPERVISOR,), "")
NEIGHBOUR = Account("ay.clerk", "谢红霞", OTHER, (Role.WINDOW_CLERK,), "")
NEWCOMER = Account("zz.newcomer", "孔嘉禾", WINDOW, (Role.WINDOW_CLERK,), "")
WRITES = ("BEGIN", "COMMIT", 'UPDATE "django_session"', 'UPDATE "access_staff"')  # of the session, not of the page


def build(file: Path) -> None:
    """Fill a copy of the province with one application in every state; what is where goes into `file`."""
    story = Province()
    secrets = {}
    for account in (COLLEAGUE, NEIGHBOUR, NEWCOMER):
        made = stage.hire(account, story.now, with_agreement=account is not NEWCOMER)
        staff.choose_password(account.username, made.password, PASSWORD, story.now)
        secrets[account.username] = made.totp_secret
    stage.befriend(HOME, OTHER, story.now)
    applications = {
        "certified": _certified(story, 0),
        "corrected": _corrected(story, 1),
        "not_accepted": _not_accepted(story, 2),
        "withdrawn": _withdrawn(story, 3),
        "handed_over": _handed_over(story, 4),
        "told_home": _told_home(story, 5),
        "filled": _filled(story, 6),
        "draft": _draft(story, 7),
        "neighbours": _draft(story, 8, NEIGHBOUR),
    }
    plan = {"now": story.now.isoformat(), "applications": applications, "secrets": secrets}
    file.write_text(json.dumps(plan), encoding="utf-8")


def _draft(story: Province, number: int, clerk: Account = CLERK) -> str:
    begun = story.begins(story.wish(number), clerk)
    assert isinstance(begun, str), begun
    return begun


def _filled(story: Province, number: int) -> str:
    begun = _draft(story, number)
    play.fill(begun, story.wish(number), story.actor(CLERK), now=story.tick())
    return begun


def _handed_over(story: Province, number: int) -> str:
    begun = story.hands_over(story.wish(number))
    story.settles()
    return begun


def _corrected(story: Province, number: int) -> str:
    begun = _handed_over(story, number)
    lines = (CorrectionLine("change_evidence", "看不出曾用名", "请提交有曾用名栏的户口簿页"),)
    data = StepData(key="correct", now=story.tick(), corrections=lines)
    flow.advance(play.case_of(begun), "ask_correction", story.actor(OFFICER), data)
    story.settles()
    return begun


def _not_accepted(story: Province, number: int) -> str:
    begun = _handed_over(story, number)
    refusal = Refusal(Reasons.PAPERS_INCOMPLETE, (Fact("缺少", "曾用名证明"),))
    data = StepData(key="no", now=story.tick(), refusal=refusal)
    flow.advance(play.case_of(begun), "not_accept", story.actor(OFFICER), data)
    story.settles()
    return begun


def _withdrawn(story: Province, number: int) -> str:
    begun = _handed_over(story, number)
    request = handover.WithdrawalRequest("不改了", {0: play.signature("本人")})
    handover.withdraw(begun, request, story.actor(CLERK), key="w", now=story.tick())
    story.settles()
    return begun


def _told_home(story: Province, number: int) -> str:
    begun = _draft(story, number)
    handover.tell_home(begun, "证件照片与本人差别大", story.actor(CLERK), key="t", now=story.tick())
    return begun


def _certified(story: Province, number: int) -> str:
    case_no = story.case_ready_to_record(number)
    story.moves(case_no, "record", REGISTRAR)
    story.settles()
    return str(Application.objects.values_list("number", flat=True).get(case_no=case_no))


@dataclass(slots=True)
class Seen:
    """What a browser got."""

    response: HttpResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return unescape(self.response.content.decode())

    @property
    def words(self) -> str:
        """The text without tags, blanks made one."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.text).split())

    @property
    def to(self) -> str:
        """Where the browser is sent."""
        return str(self.response.headers.get("Location", ""))

    def value(self, name: str) -> str:
        """The value of an input."""
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.text)
        assert tag, f"no input {name}"
        found = re.search(r'value="([^"]*)"', tag[0])
        return found[1] if found else ""

    def is_checked(self, name: str, value: str) -> bool:
        return re.search(rf'<input[^>]*name="{name}" value="{value}"[^>]*checked', self.text) is not None


@dataclass(slots=True)
class Person:
    """Somebody signed in at a browser; every request takes a second."""

    client: Client
    desk: Desk

    def opens(self, url: str, **query: str) -> Seen:
        self.desk.story.tick(seconds=1)
        return Seen(self.client.get(url, query or None))

    def sends(self, url: str, **fields: Any) -> Seen:
        self.desk.story.tick(seconds=1)
        return Seen(self.client.post(url, fields))

    def opens_part(self, name: str, part: str = "", **query: str) -> Seen:
        return self.opens(self.desk.url(name, part), **query)

    def sends_part(self, name: str, part: str, **fields: Any) -> Seen:
        return self.sends(self.desk.url(name, part), **fields)

    def queries_of(self, url: str) -> int:
        """How many statements a page takes once the directory's answers are kept."""
        forget_kept()  # else one kept some time ago may end between the two looks
        self.opens(url)
        with CaptureQueriesContext(connection) as captured:
            assert self.opens(url).status == 200
        return sum(not one["sql"].startswith(WRITES) for one in captured)


@dataclass(slots=True)
class Desk:
    """The applications by the state they are in, and the people who work on them."""

    story: Province
    numbers: dict[str, str]
    secrets: dict[str, str]

    def person(self, account: Account = CLERK) -> Person:
        client = Client()
        client.force_login(Staff.objects.get(username=account.username))
        session = client.session
        session[SEEN_AT] = int(self.story.now.timestamp())
        session.save()
        return Person(client, self)

    def url(self, name: str, part: str = "") -> str:
        return f"/desk/intake/{self.numbers.get(name, name)}/{part}"

    def application(self, name: str) -> Application:
        return Application.objects.get(number=self.numbers.get(name, name))

    def code(self, account: Account) -> str:
        """What the person's authenticator shows now."""
        return passwords.code_at(self.secrets[account.username], self.story.now)

    def audited(self, **conditions: Any) -> int:
        return AuditRow.objects.filter(**conditions).count()

    def sent(self, kind: str) -> int:
        return OutboxMessage.objects.filter(kind=kind).count()


def scan(name: str = "scan.png", text: str = "户口簿") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, play.scan(text).data, "image/png")


def signature(name: str = "韩雨桐") -> SimpleUploadedFile:
    return SimpleUploadedFile("signature.png", play.signature(name).data, "image/png")


def question(number: int = 9, **changes: str) -> dict[str, str]:
    """What a clerk types about a flat nobody has applied for yet."""
    flat = flats()[number]
    typed = {
        "key": "k" * 32,
        "act": "ask",
        "item_number": "S13",
        "window_code": stage.window_of(WINDOW),
        "unit_code": flat.unit_code,
        "certificate_no": flat.title.certificate_no,
        "holder_name": flat.holder.name,
        "holder_id_no": flat.holder.id_no,
    }
    return {**typed, **changes}
