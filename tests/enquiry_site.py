"""The counter in tests: a clerk at home, a clerk far away, flats with and without burdens, and the clock of the story."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tests.province import CLERK, HOME, OTHER, REGISTRAR, WINDOW, Province, flats
from tongban.access.models import AuditRow
from tongban.access.permissions import Role
from tongban.cli import stage
from tongban.cli.people import Flat
from tongban.cli.stage import Account
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.entries import Entry
from tongban.domain.facts import CLASSIFIED
from tongban.domain.identity import IdDocument
from tongban.domain.numbering import certificate_no
from tongban.domain.query_terms import QUERY_SERVICE, Acting, Asker, Index, Paper, Part, Wanted
from tongban.domain.restrictions import Act
from tongban.domain.terms import CoOwnership, HolderKind
from tongban.domain.titles import Holder, HolderIdentity, Title
from tongban.enquiries import taking
from tongban.enquiries.models import Enquiry, QueryRecord
from tongban.enquiries.taking import Application, Person
from tongban.exchange.contract.register_query import RegisterQueryAnswer
from tongban.exchange.models import Authorization, AuthorizedItem
from tongban.register import book
from tongban.register.requests import RecordRequest

HOME_CLERK = Account("hx.clerk", "吕秀兰", HOME, (Role.WINDOW_CLERK,), "")
UNSIGNED = Account("hx.unsigned", "许静", HOME, (Role.WINDOW_CLERK,), "")
NEIGHBOUR = Account("ay.clerk", "谢红霞", OTHER, (Role.WINDOW_CLERK,), "")
SEIZED, CLEAN, UNDER_WAY, SECRET, EXPIRED = 0, 1, 2, 3, 4
COURT_ZH, ORDER_NO = "滑县人民法院", "（2026）豫0526执1234号"
STRANGER = Person("韩雨桐", "id_card", "410526199001011237")
BANK_ZH = "滑县农村商业银行"
BANK = Holder(1, HolderKind.ENTERPRISE, HolderIdentity(BANK_ZH, IdDocument.USCC, "91410526MA44000081"))
HOLDER = HolderIdentity("尤国强", IdDocument.ID_CARD, "410526198505050016")
LAWYER = Person("严律师", "id_card", "410526198812120029")


def build(file: Path) -> None:
    """Fill a copy of the province with what queries meet; the clock goes into `file`."""
    story = Province()
    for account in (HOME_CLERK, UNSIGNED, NEIGHBOUR):
        stage.hire(account, story.now, with_agreement=account is not UNSIGNED)
    seizure = BurdenFact(Burden.SEIZURE, "cf-1", date(2026, 11, 1), date(2029, 10, 31), COURT_ZH, ORDER_NO)
    over = BurdenFact(Burden.SEIZURE, "cf-0", date(2020, 1, 1), date(2022, 12, 31), COURT_ZH, "（2020）豫0526执1号")
    mortgage = BurdenFact(Burden.MORTGAGE, "豫（2025）滑县不动产证明第0000001号", rank=1)
    _record(story, Act.MORTGAGE, OpenBurden(flat(SEIZED).unit_code, mortgage, {"debt_yuan": "600000.00"}, (BANK,)))
    _record(story, Act.SEIZE, OpenBurden(flat(SEIZED).unit_code, seizure))
    _record(story, Act.SEIZE, OpenBurden(flat(EXPIRED).unit_code, over))
    book.note_order([flat(UNDER_WAY).unit_code], order_id="CX-9", organ=COURT_ZH, now=story.tick())
    book.flag_unit(flat(SECRET).unit_code, frozenset({CLASSIFIED}))
    stage.take_stock([joint_flat()], HOME, story.tick())
    authorize_queries()
    file.write_text(json.dumps({"now": story.now.isoformat()}), encoding="utf-8")


def authorize_queries() -> None:
    """The home registry's authorization of the far window covers queries too."""
    grant = Authorization.objects.get(grantor=HOME, grantee=WINDOW)
    AuthorizedItem.objects.get_or_create(
        authorization=grant, grantor=HOME, grantee=WINDOW, item=QUERY_SERVICE,
        defaults={"valid_from": grant.valid_from, "valid_until": grant.valid_until},
    )  # fmt: skip


def flat(number: int) -> Flat:
    return flats()[number]


def joint_flat() -> Flat:
    """A flat that two people hold together and nothing lies on."""
    one = flat(CLEAN).title
    second = Holder(2, HolderKind.PERSON, HolderIdentity("沈嘉禾", IdDocument.ID_CARD, LAWYER.id_no))
    unit = replace(one.unit, unit_code=UnitCode(one.unit.unit_code[:-4] + "0999"), address_zh="滑县共有路2号")
    number = certificate_no(2025, "滑县", 999)
    return Flat(Title(unit, number, CoOwnership.JOINT, (Holder(1, HolderKind.PERSON, HOLDER), second)))


def owner(one: Flat) -> Person:
    return Person(one.holder.name, one.holder.id_kind.value, one.holder.id_no)


def _record(story: Province, act: Act, *entries: Entry) -> None:
    outcome = book.record(
        RecordRequest(
            unit_codes=tuple(entry.unit_code for entry in entries), entries=tuple(entries), acts=(act,),
            evidence=frozenset(), recorder=story.actor(REGISTRAR), case_no="", key=story.tick().isoformat(),
            now=story.now, registry=HOME,
        )
    )  # fmt: skip
    assert not isinstance(outcome, Refusal)


def application(asker: Asker, one: Flat, **changes: Any) -> Application:
    """A complete application about one flat, by its unit code, for the result."""
    is_holder = asker is Asker.HOLDER
    given = Application(
        asker=asker,
        acting=Acting.IN_PERSON,
        wanted=Wanted.RESULT,
        index=Index.UNIT_CODE,
        papers=frozenset(Paper),
        purpose_zh="买房前核实有没有抵押和查封",
        home=HOME,
        person=owner(one) if is_holder else STRANGER,
        agent=LAWYER,
        subject=owner(one),
        reference=one.unit_code,
        agreed=frozenset({Part.NATURAL_STATE, Part.CHARGES}),
    )
    return replace(given, **changes)


@dataclass(slots=True)
class Counter:
    """What clerks take in, and what became of it."""

    story: Province

    def takes(self, given: Application, account: Account = HOME_CLERK, *, key: str = "") -> Enquiry:
        now = self.story.tick()
        number = taking.take(given, self.story.actor(account), key=key or now.isoformat(), now=now)
        return Enquiry.objects.get(pk=number)

    def answer(self, row: Enquiry) -> RegisterQueryAnswer:
        return RegisterQueryAnswer.model_validate(row.answer)

    def asks(self, asker: Asker, one: Flat, account: Account = HOME_CLERK, **changes: Any) -> RegisterQueryAnswer:
        return self.answer(self.takes(application(asker, one, **changes), account))

    def log(self) -> list[QueryRecord]:
        return list(QueryRecord.objects.order_by("pk"))

    def audited(self, **conditions: Any) -> list[AuditRow]:
        return list(AuditRow.objects.filter(**conditions).order_by("pk"))


def parts(said: RegisterQueryAnswer) -> set[str]:
    return {section.part for unit in said.units for section in unit.sections}


def words(said: RegisterQueryAnswer) -> str:
    """Everything the answer shows."""
    shown = [f"{fact.name_zh} {fact.value_zh}" for unit in said.units for one in unit.sections for fact in one.facts]
    return "\n".join([*shown, *(note for unit in said.units for note in unit.notes_zh)])


assert CLERK.institution == WINDOW, "the province's own clerk is the one far away"
