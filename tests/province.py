"""A small province for stories: 郑州 receives, 滑县 decides, a court orders; every act through the public services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tongban.access.actors import Actor
from tongban.access.models import AuditRow
from tongban.access.permissions import Role
from tongban.cases.models import Case
from tongban.cli import courts, people, play, stage
from tongban.cli.people import Flat
from tongban.cli.play import Wish
from tongban.cli.stage import Account
from tongban.config import wiring
from tongban.domain.decision import Refusal
from tongban.exchange.models import InboxMessage, OutboxMessage
from tongban.intake.models import Application
from tongban.register.models import Entry

HOME, WINDOW, OTHER, COURT = stage.HUAXIAN, stage.ZHENGZHOU, stage.ANYANG, stage.COURT
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday morning

CLERK, OFFICER, REVIEWER, SECOND, REGISTRAR = stage.CAST
HOME_ADMIN = Account("hx.admin", "喻明", HOME, (Role.REGISTRY_ADMIN,), "")
STRANGER = Account("ay.reviewer", "严磊", OTHER, (Role.REVIEWER, Role.DESK_OFFICER), "")
ASSISTANT, SECOND_ASSISTANT = courts.FIRST_OFFICER, courts.SECOND_OFFICER
ACCOUNTS = (CLERK, OFFICER, REVIEWER, SECOND, REGISTRAR, HOME_ADMIN, STRANGER, ASSISTANT, SECOND_ASSISTANT)
FLATS = 12


def build() -> None:
    """Fill an empty database: the province, its keys, seven people, an authorization, a dozen flats."""
    stage.found(NOW - timedelta(days=1))
    for account in ACCOUNTS:
        stage.hire(account, NOW - timedelta(days=1))
    stage.befriend(HOME, WINDOW, NOW - timedelta(days=1))
    stage.take_stock(flats(), HOME, NOW - timedelta(days=1))


def flats() -> tuple[Flat, ...]:
    return people.flats("410526", "滑县", "滑县", FLATS)


@dataclass(slots=True)
class Province:
    """The driver of a story: what people do, and a clock that only the story moves."""

    now: datetime = NOW

    def actor(self, account: Account) -> Actor:
        return stage.actor(account)

    def tick(self, **step: float) -> datetime:
        """Let time pass (a minute unless said otherwise) and give the new now."""
        self.now += timedelta(**step) if step else timedelta(minutes=1)
        return self.now

    def wish(self, number: int = 0, new_name: str = "韩雨桐") -> Wish:
        return people.name_change(flats()[number], new_name, day=NOW.date())

    def begins(self, wish: Wish, account: Account = CLERK, *, key: str = "") -> str | Refusal:
        now = self.tick()
        return play.begin(
            wish,
            self.actor(account),
            window_code=stage.window_of(account.institution),
            now=now,
            key=key or now.isoformat(),
        )

    def hands_over(self, wish: Wish) -> str:
        """A complete application, handed over but not yet arrived; its number."""
        number = self.begins(wish)
        assert isinstance(number, str), number
        play.fill(number, wish, self.actor(CLERK), now=self.tick())
        play.hand_over(number, self.actor(CLERK), now=self.tick())
        return number

    def settles(self) -> None:
        """Every duty of the site runs until nothing is left to do."""
        self.tick(seconds=3)
        duties = []
        for duty in wiring.DUTIES:
            if duty.per_peer is None:
                duties.append(lambda duty=duty: duty.run(self.tick(milliseconds=1)))
            else:
                duties.append(
                    lambda duty=duty: sum(duty.run(peer, self.now) for peer in duty.per_peer(self.now))  # type: ignore[misc]
                )
        play.pump(tuple(duties))

    def moves(self, case_no: str, action: str, account: Account, note_zh: str = "") -> object:
        return play.advance(case_no, action, self.actor(account), now=self.tick(), note_zh=note_zh)

    def case_received(self, number: int = 0, new_name: str = "韩雨桐") -> str:
        """A case that has just arrived at its home registry."""
        application = self.hands_over(self.wish(number, new_name))
        self.settles()
        return play.case_of(application)

    def case_ready_to_record(self, number: int = 0, new_name: str = "韩雨桐") -> str:
        """A case accepted, reviewed twice, with nothing to pay."""
        case_no = self.case_received(number, new_name)
        self.moves(case_no, "accept", OFFICER)
        self.moves(case_no, "approve_first", REVIEWER)
        self.moves(case_no, "approve_second", SECOND)
        self.settles()
        return case_no

    def case_certified(self, number: int = 0, new_name: str = "韩雨桐") -> str:
        case_no = self.case_ready_to_record(number, new_name)
        self.moves(case_no, "record", REGISTRAR)
        self.settles()
        return case_no

    def court_orders(self, number: int, order_no: str = "CX-1") -> None:
        """滑县人民法院 orders the seizure of flat `number`; the message lies in the outbox."""
        courts.send_seizure(flats()[number], "（2026）豫0526执1234号", order_no=order_no, now=self.tick())

    def audited(self, action: str) -> int:
        """How many audit rows of an action there are."""
        return AuditRow.objects.filter(action=action).count()

    def footprint(self) -> dict[str, int]:
        """What a refused act must not change: applications, cases, entries, messages."""
        return {
            model.__name__: model.objects.count() for model in (Application, Case, Entry, OutboxMessage, InboxMessage)
        }

    def application(self, number: str) -> Application:
        return Application.objects.get(number=number)
