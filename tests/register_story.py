"""A flat on which nearly everything lies that the register can hold, written through the book's own door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.province import HOME, REGISTRAR, Province, flats
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import UnitCode
from tongban.domain.decision import Refusal
from tongban.domain.entries import Entry
from tongban.domain.evidence import OF_ONE_BURDEN, Evidence, key_of
from tongban.domain.identity import IdDocument
from tongban.domain.restrictions import Act
from tongban.domain.terms import HolderKind
from tongban.domain.titles import Holder, HolderIdentity
from tongban.register import book, reading
from tongban.register.requests import RecordRequest

BANK = "滑县河畔农村商业银行股份有限公司"
DWELLER = "郑秀兰"
BUYER = "吕明远"
CLAIMANT = "何国栋"
LENT, LENT_MORE = "800000.00", "860000.00"


def proof(number: int) -> str:
    return f"豫（2026）滑县不动产证明第{number:07d}号"


def burden(code: UnitCode, kind: Burden, number: int, name: str, **private: str) -> OpenBurden:
    """A private right of one holder under proof `number`; `until` and `rank` are its public facts."""
    until, rank = private.pop("until", ""), int(private.pop("rank", "0"))
    fact = BurdenFact(
        kind, proof(number), date(2026, 11, 20), date.fromisoformat(until) if until else None,
        rank=rank, proof_no=proof(number),
    )  # fmt: skip
    body = name == BANK
    paper = HolderIdentity(name, IdDocument.USCC if body else IdDocument.ID_CARD, f"91410526MA000000{number:02d}")
    return OpenBurden(code, fact, private, (Holder(1, HolderKind.ENTERPRISE if body else HolderKind.PERSON, paper),))


def write(story: Province, number: int) -> UnitCode:
    """Two mortgages, one changed and a third cancelled, a notice, a habitation, an objection and a seizure."""
    code = flats()[number].unit_code
    old = burden(code, Burden.MORTGAGE, 101, BANK, rank="1", debt_yuan="100000.00")
    first = burden(code, Burden.MORTGAGE, 102, BANK, rank="1", debt_yuan=LENT, scope="主债权、利息和实现抵押权的费用")
    second = burden(code, Burden.MORTGAGE_NO_TRANSFER, 103, BANK, rank="2", debt_yuan="200000.00", no_transfer="是")
    altered = replace(first.burden, proof_no=proof(104))
    record(story, old, Act.MORTGAGE)
    record(story, CloseBurden(code, old.burden_no, "主债权消灭"), Act.CANCEL_MORTGAGE)
    record(story, first, Act.MORTGAGE)
    record(
        story,
        AlterBurden(code, first.burden, altered, {**first.private, "debt_yuan": LENT_MORE}, first.holders),
        Act.ALTER_MORTGAGE,
    )
    record(story, second, Act.MORTGAGE)
    record(
        story,
        burden(code, Burden.HABITATION, 105, DWELLER, scope="东卧室，共用客厅和厨房", term="终身"),
        Act.HABITATION,
    )
    record(
        story,
        burden(code, Burden.PRIORITY_NOTICE, 106, BUYER, until="2027-02-20", price_yuan="980000.00"),
        Act.PRIORITY_NOTICE,
    )
    record(
        story,
        burden(code, Burden.OBJECTION, 107, CLAIMANT, until="2026-12-08", matter="这处房产是共同出资买的"),
        Act.OBJECT,
    )
    fact = BurdenFact(
        Burden.SEIZURE, "cf-77", date(2026, 11, 23), date(2029, 11, 22), "滑县人民法院", "（2026）豫0526执77号"
    )
    record(story, OpenBurden(code, fact, {"scope": "整处房产"}), Act.SEIZE)
    return code


def every_proof(unit_code: str) -> frozenset[str]:
    """Every proof there is, from every holder of something on the unit."""
    lying = [fact.burden_no for fact in reading.burdens(unit_code)]
    own = (key_of(proof.value, burden_no) for proof in OF_ONE_BURDEN for burden_no in lying)
    return frozenset((*(one.value for one in Evidence), *own))


def record(story: Province, entry: Entry, act: Act) -> None:
    """One recording by the registrar at home, with every proof there is."""
    now = story.tick()
    outcome = book.record(
        RecordRequest(
            unit_codes=(entry.unit_code,),
            entries=(entry,),
            acts=(act,),
            evidence=every_proof(entry.unit_code),
            recorder=story.actor(REGISTRAR),
            case_no="",
            key=f"story-{now.isoformat()}",
            now=now,
            registry=HOME,
        )
    )
    assert not isinstance(outcome, Refusal), outcome
