"""Invented holders, titles and burdens for tests of what service items write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.terms import CoOwnership, HolderKind, HouseNature, LandNature, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title, parse_share
from tongban.domain.unit_page import UnitPage

UNIT_CODE: Final = UnitCode("410526001002GB00015F00030027")
CERTIFICATE: Final = CertificateNo("豫（2020）滑县不动产权第0000001号")
NEW_CERTIFICATE: Final = CertificateNo("豫（2026）滑县不动产权第0001234号")
NEW_PROOF: Final = CertificateNo("豫（2026）滑县不动产证明第0001234号")
OLD_PROOF: Final = CertificateNo("豫（2025）滑县不动产证明第0000009号")

WANG: Final = Holder(1, HolderKind.PERSON, HolderIdentity("王小明", IdDocument.ID_CARD, "410526199001011237"))
LI: Final = Holder(2, HolderKind.PERSON, HolderIdentity("李红", IdDocument.ID_CARD, "410526198812120029"))
ZHAO: Final = Holder(1, HolderKind.PERSON, HolderIdentity("赵秀兰", IdDocument.ID_CARD, "410526197103050004"))
FLAT: Final = UnitState(
    UNIT_CODE,
    "滑县道口镇某路1号楼1单元101",
    RightKind.STATE_LAND_HOUSE,
    land_nature=LandNature.GRANTED,
    use_code="11",
    use_zh="成套住宅",
    house_nature=HouseNature.MARKET,
    area_m2="118.26",
)


def company(name: str, id_kind: IdDocument = IdDocument.USCC, number: str = "91410526MA44000081") -> Holder:
    """A body as the only holder."""
    return Holder(1, HolderKind.ENTERPRISE, HolderIdentity(name, id_kind, number))


def sole(holder: Holder = WANG, unit: UnitState = FLAT) -> Title:
    """A title of one holder."""
    return Title(unit, CERTIFICATE, CoOwnership.SOLE, (replace(holder, holder_no=1),))


def joint(*holders: Holder, unit: UnitState = FLAT) -> Title:
    """A title held jointly."""
    numbered = tuple(replace(one, holder_no=no) for no, one in enumerate(holders, 1))
    return Title(unit, CERTIFICATE, CoOwnership.JOINT, numbered)


def by_shares(*parts: tuple[Holder, str], unit: UnitState = FLAT) -> Title:
    """A title held by shares, each written “1/3”."""
    numbered = tuple(replace(one, holder_no=no, share=parse_share(part)) for no, (one, part) in enumerate(parts, 1))
    return Title(unit, CERTIFICATE, CoOwnership.BY_SHARES, numbered)


def named(prefix: str, *holders: Holder) -> dict[str, str]:
    """How a form names these people, each coming himself."""
    form: dict[str, str] = {}
    for place, one in enumerate(holders, 1):
        said = {
            "also": "yes",
            "kind": one.kind.value,
            "name": one.name,
            "id_kind": one.id_kind.value,
            "id_no": one.id_no,
            "phone": f"1380013800{place}",
            "comes": "self",
        }
        form |= {f"{prefix}{place}_{what}": value for what, value in said.items()}
    return form


def burden(kind: Burden, *holders: Holder, number: str = OLD_PROOF, **details: str) -> OpenBurden:
    """A burden on the flat, begun in 2025."""
    numbered = tuple(replace(one, holder_no=no, share=None) for no, one in enumerate(holders, 1))
    fact = BurdenFact(kind, number, since=date(2025, 3, 1), proof_no=number)
    return OpenBurden(UNIT_CODE, fact, details, numbered)


def page(title: Title | None, *burdens: OpenBurden) -> UnitPage:
    """The page of the flat."""
    return UnitPage(title.unit.unit_code if title else UNIT_CODE, title, burdens)
