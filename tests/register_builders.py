"""Invented titles, entries and requests for the tests of the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction

from tongban.access.actors import Actor, ActorKind
from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import AlterHolder, Entry, OpenTitle, ReplaceCertificate
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.restrictions import Act
from tongban.domain.terms import Cause, CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title
from tongban.register.requests import RecordRequest

REGISTRY = "registry-410526"
LEDGER = "410526"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
REGISTRAR = Actor(ActorKind.STAFF, "dengbu", "登簿员", REGISTRY)


def unit(number: int) -> UnitCode:
    """The code of an invented flat of 滑县."""
    parcel, house, flat = number // 10000 + 1, number % 10000 // 100 + 1, number % 100 + 1
    return UnitCode(f"410526001002GB{parcel:05d}F{house:04d}{flat:04d}")


def certificate(number: int, year: int = 2026) -> CertificateNo:
    return CertificateNo(f"豫（{year}）滑县不动产权第{number:07d}号")


def identity(name: str = "张小花", id_no: str = "410526199001011237") -> HolderIdentity:
    return HolderIdentity(name, IdDocument.ID_CARD, id_no)


def title(number: int, *names: str, shares: Sequence[Fraction] = (), note_zh: str = "") -> Title:
    """The title of flat `number`; several names without shares hold jointly."""
    people = names or ("张小花",)
    form = CoOwnership.SOLE if len(people) == 1 else CoOwnership.BY_SHARES if shares else CoOwnership.JOINT
    return Title(
        unit=UnitState(unit(number), f"人民路{number}号", RightKind.STATE_LAND_HOUSE, use_code="10", area_m2="118.26"),
        certificate_no=certificate(number),
        co_ownership=form,
        holders=tuple(
            Holder(n, HolderKind.PERSON, identity(name, f"41052619900101{n:04d}"), shares[n - 1] if shares else None)
            for n, name in enumerate(people, 1)
        ),
        note_zh=note_zh,
    )


def opened(number: int, *names: str, shares: Sequence[Fraction] = (), note_zh: str = "") -> OpenTitle:
    return OpenTitle(title(number, *names, shares=shares, note_zh=note_zh), Cause.OTHER)


def renamed(number: int, before: HolderIdentity, name: str, *, holder_no: int = 1) -> AlterHolder:
    after = HolderIdentity(name, before.id_kind, before.id_no)
    return AlterHolder(unit(number), holder_no, Cause.NAME_CHANGE, before, after, "household_register", "第1号")


def replaced(number: int, before: CertificateNo, after: CertificateNo) -> ReplaceCertificate:
    return ReplaceCertificate(unit(number), before, after)


def seized(number: int, burden_no: str = "cf-1", **facts: object) -> OpenBurden:
    """A seizure of flat `number` for three years; `facts` change the burden, `holder_no` puts it on one share."""
    holder_no = facts.pop("holder_no", None)
    values: dict[str, object] = {
        "burden": Burden.SEIZURE,
        "burden_no": burden_no,
        "since": date(2026, 11, 22),
        "until": date(2029, 11, 21),
        "organ_zh": "滑县人民法院",
        "reference": "（2026）豫0526执1234号",
        **facts,
    }
    private = {"holder_no": str(holder_no)} if holder_no else {}
    return OpenBurden(unit(number), BurdenFact(**values), private)  # type: ignore[arg-type]


def released(number: int, burden_no: str = "cf-1") -> CloseBurden:
    return CloseBurden(unit(number), burden_no, "解除查封")


def request(*entries: Entry, key: str, act: Act = Act.ALTER_NAME, now: datetime = NOW, **more: object) -> RecordRequest:
    """A recording of these entries by the registrar of 滑县."""
    values: dict[str, object] = {
        "unit_codes": tuple(dict.fromkeys(entry.unit_code for entry in entries)),
        "entries": tuple(entries),
        "acts": (act,),
        "evidence": frozenset(),
        "recorder": REGISTRAR,
        "case_no": "41052620261122000001",
        "key": key,
        "now": now,
        "registry": REGISTRY,
        "ledger": LEDGER,
        **more,
    }
    return RecordRequest(**values)  # type: ignore[arg-type]


def mortgaged(number: int, burden_no: str) -> OpenBurden:
    return OpenBurden(unit(number), BurdenFact(Burden.MORTGAGE, burden_no), {"amount_fen": "100000000"})
