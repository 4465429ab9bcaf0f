"""Invented people, bodies and flats: real places, numbers valid in form whose sequence nobody is ever given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tongban.cli.play import Wish
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import OpenTitle
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument, id18_check_character, uscc_check_character
from tongban.domain.numbering import certificate_no
from tongban.domain.terms import Cause, CoOwnership, HolderKind, HouseNature, LandNature, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
GIVEN = "明芳伟静军敏洁涛超勇艳杰娟磊丽洋强霞鹏红飞秀兰建国桂英志远小花玉梅文博雨桐子轩欣怡浩然思源嘉禾"
STREETS = ("文明路", "人民路", "道口镇新区大街", "长虹大道", "滨河路", "向阳路", "振兴街", "解放路")
GARDENS = ("锦绣花园", "阳光家园", "和谐小区", "翰林雅苑", "水岸新城", "世纪花城")
UNASSIGNED_SEQUENCE = "000"  # real ID numbers count from 001
FIRST_BIRTH = date(1950, 1, 1)
BIRTH_DAYS = 20_000
FLATS_PER_HOUSE = 40
HOUSES_PER_PARCEL = 12


@dataclass(frozen=True, slots=True)
class Flat:
    """One invented flat with its holder."""

    title: Title

    @property
    def unit_code(self) -> UnitCode:
        return self.title.unit.unit_code

    @property
    def holder(self) -> Holder:
        return self.title.holders[0]

    @property
    def entry(self) -> OpenTitle:
        return OpenTitle(self.title, Cause.OTHER)


def id_number(division: str, number: int) -> str:
    """The ID number of the `number`-th invented person of a division."""
    born = FIRST_BIRTH + timedelta(days=number % BIRTH_DAYS)
    first17 = f"{division}{born:%Y%m%d}{UNASSIGNED_SEQUENCE}"
    return first17 + id18_check_character(first17)


def company_number(division: str, number: int) -> str:
    """The credit code of the `number`-th invented company of a division."""
    first17 = f"91{division}MA9{number:06d}"
    return first17 + uscc_check_character(first17)


def person_name(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))


def flats(division: str, place_zh: str, short_zh: str, count: int, *, year: int = 2025) -> tuple[Flat, ...]:
    """`count` flats of a division, the same every time, certificates numbered from 1 in `year`."""
    chance = Random(f"{division}:{count}")  # noqa: S311 - inventing, not guarding
    return tuple(_flat(division, place_zh, certificate_no(year, short_zh, n + 1), n, chance) for n in range(count))


def _flat(division: str, place_zh: str, number: CertificateNo, n: int, chance: Random) -> Flat:
    house, flat = divmod(n, FLATS_PER_HOUSE)
    parcel = house // HOUSES_PER_PARCEL
    code = UnitCode(
        f"{division}001{parcel % 900 + 1:03d}GB{parcel + 1:05d}F{house % HOUSES_PER_PARCEL + 1:04d}{flat + 1:04d}"
    )
    garden, street = GARDENS[house % len(GARDENS)], STREETS[parcel % len(STREETS)]
    address = f"{place_zh}{street}{garden}{house + 1}号楼{flat // 20 + 1}单元{flat % 20 + 101}"
    unit = UnitState(
        code,
        address,
        RightKind.STATE_LAND_HOUSE,
        land_nature=LandNature.GRANTED,
        use_code="11",
        use_zh="成套住宅",
        house_nature=HouseNature.MARKET,
        area_m2=f"{chance.randrange(6800, 14800) / 100:.2f}",
        land_use_until="2088-06-30",
    )
    holders = [_person(division, n, 1, chance)]
    co_ownership = CoOwnership.SOLE
    if chance.random() < 0.3:
        holders.append(_person(division, n + 10_000, 2, chance))
        co_ownership = CoOwnership.JOINT
    return Flat(Title(unit, number, co_ownership, tuple(holders)))


def _person(division: str, n: int, holder_no: int, chance: Random) -> Holder:
    identity = HolderIdentity(person_name(chance), IdDocument.ID_CARD, id_number(division, n))
    return Holder(holder_no, HolderKind.PERSON, identity)


def name_change(flat: Flat, new_name: str, *, day: date) -> Wish:
    """The first holder of a flat wants the register to call him or her by the new name."""
    holder = flat.holder
    return Wish(
        item_number="S13",
        unit_code=flat.unit_code,
        certificate_no=flat.title.certificate_no,
        holder_name=holder.name,
        holder_id_no=holder.id_no,
        form={
            "owner_kind": "person",
            "certificate_no": flat.title.certificate_no,
            "previous_name": holder.name,
            "new_name": new_name,
            "id_kind": holder.id_kind.value,
            "id_no": holder.id_no,
            "cause": Cause.NAME_CHANGE.value,
            "evidence_kind": "household_former_name",
            "evidence_no": "无",
            "evidence_issuer": "滑县公安局城关派出所",
            "evidence_date": day.isoformat(),
            "phone": "13800000000",
            "has_agent": "no",
        },
        answers={
            "true_will": "yes",
            "same_holder": "yes",
            "is_co_owned": "yes" if len(flat.title.holders) > 1 else "no",
            "co_owners_know": "yes",
            "has_dispute": "no",
            "knows_limits": "no",
            "old_certificate_void": "yes",
            "knows_consequences": "yes",
        },
    )
