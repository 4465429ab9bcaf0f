"""Our words and the numbers of the national platform, one table each (facts 2.1, 2.2 and 12.1 of the domain notes).

Basis: the dictionaries A6–A40 of 《不动产登记数据库标准（试行）》 and the upload rules 接入技术规范（试行）.  Nothing above this
package knows a number of theirs.  What has no number says why in `UNMAPPED_ZH`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from tongban.domain.burdens import Burden
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.identity import IdDocument
from tongban.domain.terms import (
    CoOwnership,
    HolderKind,
    HouseNature,
    LandNature,
    Registration,
    RightKind,
    Subject,
)
from tongban.domain.unit_code import NO_FIXTURE, WHOLE_PROJECT

TIME_ZONE: Final = ZoneInfo("Asia/Shanghai")
STANDARD: Final = "AS100"  # ASID: the version of the upload rules
ROUTINE: Final = "1"  # IsRoutine: 日常
STOCK: Final = "0"  # IsRoutine: 存量
YES: Final = "1"  # A6
SQUARE_METRE: Final = "1"  # A7
BY_PIECE: Final = "1"  # A39 按件, the only lawful one (民法典 223)
ORIGINAL: Final = "1"  # A40 原件正本
COPY: Final = "2"  # A40 正本复印件
AGREED: Final = "1"  # A37 同意
SENT_BACK: Final = "2"  # A37 回退
CASE_DONE: Final = "2"  # A31 已办

REGISTRATION: Final[Mapping[Registration, str]] = MappingProxyType(  # DJLX, A21
    {
        Registration.FIRST: "100",
        Registration.TRANSFER: "200",
        Registration.ALTERATION: "300",
        Registration.CANCELLATION: "400",
        Registration.CORRECTION: "500",
        Registration.OBJECTION: "600",
        Registration.PRIORITY_NOTICE: "700",
        Registration.SEIZURE: "800",
        Registration.OTHER: "900",
    }
)
RIGHT: Final[Mapping[RightKind, str]] = MappingProxyType(  # QLLX, A8
    {
        RightKind.COLLECTIVE_LAND_OWNERSHIP: "1",
        RightKind.STATE_LAND_USE: "3",
        RightKind.STATE_LAND_HOUSE: "4",
        RightKind.HOMESTEAD: "5",
        RightKind.HOMESTEAD_HOUSE: "6",
        RightKind.COLLECTIVE_LAND_USE: "7",
        RightKind.COLLECTIVE_LAND_HOUSE: "8",
        RightKind.LAND_CONTRACT: "9",
        RightKind.FOREST: "12",
        RightKind.FARMLAND_USE: "99",  # A8 has no number for it; 24 is one vendor's own
        RightKind.OTHER: "99",
    }
)
OTHER_RIGHT: Final = "99"  # mortgage, notice, objection and seizure are reported under 其它权利
HABITATION_RIGHT: Final = "92"  # the official number is not public; decided until it is
EASEMENT_RIGHT: Final = "19"
SUBJECT_RIGHT: Final[Mapping[Subject, str]] = MappingProxyType(  # RightType of what is no title
    {
        Subject.MORTGAGE: OTHER_RIGHT,
        Subject.PRIORITY_NOTICE: OTHER_RIGHT,
        Subject.OBJECTION: OTHER_RIGHT,
        Subject.HABITATION: HABITATION_RIGHT,
        Subject.EASEMENT: EASEMENT_RIGHT,
        Subject.NONE: OTHER_RIGHT,
    }
)
LAND_NATURE: Final[Mapping[LandNature, str]] = MappingProxyType(  # QLXZ, A9
    {
        LandNature.ALLOCATED: "101",
        LandNature.GRANTED: "102",
        LandNature.CONTRIBUTED: "103",
        LandNature.LEASED: "104",
        LandNature.AUTHORISED: "105",
        LandNature.COLLECTIVE: "200",
    }
)
HOUSE_NATURE: Final[Mapping[HouseNature, str]] = MappingProxyType(  # FWXZ, A19
    {
        HouseNature.MARKET: "0",
        HouseNature.RESETTLEMENT: "1",
        HouseNature.PUBLIC_RENTAL: "3",
        HouseNature.LIMITED_PRICE: "5",
        HouseNature.AFFORDABLE: "6",
        HouseNature.FUNDED: "8",
        HouseNature.WELFARE: "9",
        HouseNature.OTHER: "99",
    }
)
ID_DOCUMENT: Final[Mapping[IdDocument, str]] = MappingProxyType(  # ZJZL, A30
    {
        IdDocument.ID_CARD: "1",
        IdDocument.RESIDENCE_PERMIT: "2",
        IdDocument.HKMO_PASS: "2",
        IdDocument.TAIWAN_PASS: "2",
        IdDocument.PASSPORT: "3",
        IdDocument.HOUSEHOLD_REGISTER: "4",
        IdDocument.OFFICER_CARD: "5",
        IdDocument.ORGANISATION_CODE: "6",
        IdDocument.USCC: "7",
        IdDocument.FOREIGNER_CARD: "99",
        IdDocument.OTHER: "99",
    }
)
HOLDER_KIND: Final[Mapping[HolderKind, str]] = MappingProxyType(  # QLRLX, A36
    {
        HolderKind.PERSON: "1",
        HolderKind.ENTERPRISE: "2",
        HolderKind.PUBLIC_INSTITUTION: "3",
        HolderKind.STATE_ORGAN: "4",
        HolderKind.OTHER: "99",
    }
)
CO_OWNERSHIP: Final[Mapping[CoOwnership, str]] = MappingProxyType(  # GYFS, A34
    {CoOwnership.SOLE: "0", CoOwnership.JOINT: "1", CoOwnership.BY_SHARES: "2"}
)
UNMAPPED_ZH: Final[Mapping[str, str]] = MappingProxyType({LandNature.UNKNOWN.value: "登记簿没有记载，不上报"})

_USES_BY_FIRST_DIGIT = {
    "1": "1 2 3 11 12",
    "2": "1 2 3 4 5 6 7",
    "3": "1 2 3 4 5",
    "4": "1 2 3",
    "5": "1 2 3 4 5",
    "8": "1 2 3 4",
}
HOUSE_USES: Final = frozenset(  # GHYT, A17: the register keeps these numbers itself
    {f"{first}0" for first in "12345678"}
    | {first + rest for first, later in _USES_BY_FIRST_DIGIT.items() for rest in later.split()}
)
_HOUSE_TYPE = {"1": "1", "3": "2", "6": "3", "21": "4", "20": "4", "27": "5"}  # GHYT or its first digit → FWLX, A18
OTHER_HOUSE_TYPE: Final = "99"

IN_FORCE: Final = "1"  # QSZT, A22 现势
ENDED: Final = "3"  # QSZT, A22 终止
UNIT_VALID: Final = "1"  # A11


class RowKind(Enum):
    """Which statutory page of the register a burden stands on."""

    MORTGAGE = "QLF_QL_DYAQ"
    NOTICE = "QLF_QL_YGDJ"
    OBJECTION = "QLF_QL_YYDJ"
    SEIZURE = "QLF_QL_CFDJ"
    HABITATION = "habitation"
    EASEMENT = "easement"


_FOLLOWS_ZH = "由其他事实推出，登记簿不单独记载，不上报"
_LOCAL_ZH = "全国平台没有对应的表，只在本省公示"
BURDEN_ROW: Final[Mapping[str, RowKind | str]] = MappingProxyType(  # by value; a text is the reason why there is none
    {
        Burden.SEIZURE.value: RowKind.SEIZURE,
        Burden.PRE_SEIZURE.value: RowKind.SEIZURE,
        Burden.WAITING_SEIZURE.value: RowKind.SEIZURE,
        Burden.MORTGAGE_FROZEN.value: RowKind.MORTGAGE,
        Burden.PRIORITY_NOTICE.value: RowKind.NOTICE,
        Burden.MORTGAGE_NOTICE.value: RowKind.NOTICE,
        Burden.OBJECTION.value: RowKind.OBJECTION,
        Burden.MORTGAGE.value: RowKind.MORTGAGE,
        Burden.MORTGAGE_NO_TRANSFER.value: RowKind.MORTGAGE,
        Burden.MORTGAGE_OLD.value: RowKind.MORTGAGE,
        Burden.MORTGAGE_MAXIMUM.value: RowKind.MORTGAGE,
        Burden.HABITATION.value: RowKind.HABITATION,
        Burden.EASEMENT.value: RowKind.EASEMENT,
        Burden.ADMINISTRATIVE.value: _LOCAL_ZH,
        Burden.DISPUTE.value: _LOCAL_ZH,
        Burden.NOTICE_OVERDUE.value: _FOLLOWS_ZH,
        Burden.MORTGAGE_NOTICE_OVERDUE.value: _FOLLOWS_ZH,
        Burden.NOTICE_LAPSED.value: _FOLLOWS_ZH,
        Burden.OBJECTION_LAPSED.value: _FOLLOWS_ZH,
        Burden.PENDING_CASE.value: _FOLLOWS_ZH,
        Burden.COURT_TRANSFER.value: _FOLLOWS_ZH,
        Burden.UNREAD_ORDER.value: _FOLLOWS_ZH,
        Burden.OWNER_DEAD.value: _FOLLOWS_ZH,
        Burden.OWNER_DISSOLVED.value: _FOLLOWS_ZH,
        Burden.TAX_UNPAID.value: _FOLLOWS_ZH,
        Burden.LAND_HOUSE_PARTED.value: _FOLLOWS_ZH,
        Burden.PUBLIC_FACILITY.value: _FOLLOWS_ZH,
    }
)
SEIZURE_KIND: Final[Mapping[Burden, str]] = MappingProxyType(  # CFLX, A32
    {Burden.SEIZURE: "1", Burden.WAITING_SEIZURE: "2", Burden.PRE_SEIZURE: "3"}
)
WAITING_PRE_SEIZURE: Final = "4"  # CFLX, A32: a seizure that waits on a unit without a title
ORDINARY_MORTGAGE: Final = "1"  # DYFS, A28
MAXIMUM_MORTGAGE: Final = "2"
MORTGAGED_THING: Final[Mapping[str, str]] = MappingProxyType(  # DYBDCLX, A27, by the words on the page
    {
        "土地": "1",
        "土地和房屋": "2",
        "林地和林木": "3",
        "土地和在建建筑物": "4",
        "海域": "5",
        "海域和构筑物": "6",
        "其它": "7",
        "其他": "7",
    }
)
_NOTICE_KIND = {  # YGDJZL, A29, by (on a mortgage, on a unit sold before it was built)
    (False, True): "1",
    (False, False): "2",
    (True, True): "3",
    (True, False): "4",
}

_TITLE_RECORD = {  # RecType without its first three digits, for titles (facts 2.2)
    RightKind.COLLECTIVE_LAND_OWNERSHIP: "0101",
    RightKind.STATE_LAND_USE: "0301",
    RightKind.HOMESTEAD: "0301",
    RightKind.COLLECTIVE_LAND_USE: "0301",
    RightKind.LAND_CONTRACT: "0901",
    RightKind.FARMLAND_USE: "0901",
    RightKind.FOREST: "1201",
}
_WHOLE_PROJECT_RECORD = "0401"
_HOUSE_RECORD = "0402"
_TITLE_PREFIX = {
    Registration.FIRST: "100",
    Registration.TRANSFER: "200",
    Registration.ALTERATION: "300",
    Registration.CORRECTION: "500",
}
_ALTERED = "300"  # a certificate issued anew has no number of its own: the title goes on, its paper changes
_SUBJECT_RECORD = {
    Subject.MORTGAGE: "9000101",
    Subject.EASEMENT: "9000102",
    Subject.OBJECTION: "6000101",
    Subject.PRIORITY_NOTICE: "7000101",
    Subject.HABITATION: "1009901",  # no number of its own is public: 其他相关权利
    Subject.NONE: "1009901",
}
CANCELLATION_RECORD: Final = "4000101"
SEIZURE_RECORD: Final = "8000101"


def record_type(registration: Registration, subject: Subject, right: RightKind, unit_code: str) -> str:
    """RecType, the seven digits of 登记小类 (facts 2.2)."""
    if registration is Registration.SEIZURE:
        return SEIZURE_RECORD
    if subject is not Subject.TITLE:
        return _SUBJECT_RECORD[subject]
    if registration is Registration.CANCELLATION:
        return CANCELLATION_RECORD
    house = _WHOLE_PROJECT_RECORD if unit_code.endswith(WHOLE_PROJECT) else _HOUSE_RECORD
    return _TITLE_PREFIX.get(registration, _ALTERED) + _TITLE_RECORD.get(right, house)


def right_type(registration: Registration, subject: Subject, right: RightKind) -> str:
    """RightType: the title's own right, or what the platform files the other rights under."""
    if registration is Registration.SEIZURE:
        return OTHER_RIGHT
    return RIGHT[right] if subject is Subject.TITLE else SUBJECT_RIGHT[subject]


def row_kind(burden: Burden) -> RowKind | None:
    """The page of a burden; None for what is not reported (`BURDEN_ROW` says why)."""
    found = BURDEN_ROW[burden.value]
    return found if isinstance(found, RowKind) else None


def seizure_kind(burden: Burden, has_title: bool) -> str:
    """CFLX; a waiting seizure of a unit without a title is 轮候预查封."""
    if burden is Burden.WAITING_SEIZURE and not has_title:
        return WAITING_PRE_SEIZURE
    return SEIZURE_KIND[burden]


def notice_kind(burden: Burden, has_title: bool, words_zh: str) -> str:
    """YGDJZL: sale or mortgage, of a unit sold before it was built or another."""
    is_presale = "预售" in words_zh if words_zh else not has_title
    return _NOTICE_KIND[burden is Burden.MORTGAGE_NOTICE, is_presale]


def mortgaged_thing(words_zh: str, unit_code: str) -> str:
    """DYBDCLX from the words on the page; without any, land for a bare parcel and land with house otherwise."""
    if words_zh in MORTGAGED_THING:
        return MORTGAGED_THING[words_zh]
    return "1" if unit_code.endswith(NO_FIXTURE) else "2"


def house_use(code: str) -> str:
    """GHYT; raises `InvalidInput` for a number that the platform does not know."""
    if code and code not in HOUSE_USES:
        raise InvalidInput(
            [Problem("GHYT", f"规划用途代码“{code[:20]}”不在国家字典里", "请在登记簿更正规划用途后重新上报")]
        )
    return code


def house_type(use_code: str) -> str:
    """FWLX that follows from the planned use."""
    return _HOUSE_TYPE.get(use_code, _HOUSE_TYPE.get(use_code[:1], OTHER_HOUSE_TYPE)) if use_code else ""


def amount(yuan: str, in_wan: bool) -> str:
    """An amount of yuan as the platform wants it: exact, in yuan or in ten thousand yuan (万元)."""
    if not yuan:
        return ""
    try:
        value = Decimal(yuan)
    except InvalidOperation:
        problem = Problem("amount", f"金额“{yuan[:20]}”不是数字", "请在登记簿更正金额后重新上报")
        raise InvalidInput([problem]) from None
    scaled = value / 10000 if in_wan else value
    text = f"{scaled:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(at: datetime | None) -> str:
    """A moment as xs:dateTime in the time of the country, without fractions."""
    return "" if at is None else f"{at.astimezone(TIME_ZONE):%Y-%m-%dT%H:%M:%S}"


def yuan_of(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


REGISTRATION_OF: Final[Mapping[str, Registration]] = MappingProxyType({code: one for one, code in REGISTRATION.items()})
