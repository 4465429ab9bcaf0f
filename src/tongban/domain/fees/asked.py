"""What the registration fee is asked for: the figures of a place, the things, and one registration of one payer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tongban.domain.codes import UnitCode
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.fees.terms import FeeClass, FeeUse, PayerKind
from tongban.domain.standing_parameters import STANDING_PARAMETERS
from tongban.domain.terms import HouseNature, Subject, Term

UNITS_MAX: Final = 2000  # a developer's bulk case, with room
CERTIFICATES_MAX: Final = 10_000
_PARCEL_CHARACTERS: Final = 19  # 宗地代码: the first 19 characters of a unit code


@dataclass(frozen=True, slots=True)
class FeeFigures:
    """The amounts of a place on a day, in fen."""

    residential_fen: int
    other_fen: int
    residential_half_fen: int
    other_half_fen: int
    certificate_fen: int
    habitation_fen: int
    divorce_as_spouses: bool

    @classmethod
    def of(cls, values: Mapping[str, str]) -> FeeFigures:
        """From the stored texts of the parameters `fee.*`; a missing one has its default."""
        texts = {name: values.get(name, STANDING_PARAMETERS[name].default) for name in FEE_PARAMETERS}
        amounts = {name: int(STANDING_PARAMETERS[name].read(text)) for name, text in texts.items()}
        return cls(
            residential_fen=amounts["fee.residential"],
            other_fen=amounts["fee.other"],
            residential_half_fen=amounts["fee.residential_half"],
            other_half_fen=amounts["fee.other_half"],
            certificate_fen=amounts["fee.certificate"],
            habitation_fen=amounts["fee.habitation"],
            divorce_as_spouses=bool(amounts["fee.divorce_as_spouses"]),
        )


FEE_PARAMETERS: Final = tuple(name for name in STANDING_PARAMETERS if name.startswith("fee."))


@dataclass(frozen=True, slots=True)
class FeeUnit:
    """One thing the registration is about."""

    unit_code: UnitCode
    use: FeeUse
    house_nature: HouseNature = HouseNature.OTHER

    @property
    def parcel(self) -> str:
        """The parcel it stands on."""
        return self.unit_code[:_PARCEL_CHARACTERS]


@dataclass(frozen=True, slots=True)
class FeeInput:
    """One registration as the fee sees it.

    `certificates` are title certificates to be issued; a registration proof (登记证明) is never charged and not counted.
    `is_one_loan`: a mortgage of all these things for one loan.  `payer_kind` is what the payer claims to be.
    """

    fee_class: FeeClass
    subject: Subject
    units: tuple[FeeUnit, ...]
    certificates: int
    payer_role: Term
    day: date
    payer_kind: PayerKind = PayerKind.PERSON
    is_one_loan: bool = False

    def __post_init__(self) -> None:
        problems = []
        least = 0 if self.fee_class is FeeClass.QUERY else 1
        if not least <= len(self.units) <= UNITS_MAX:
            problems.append(
                Problem("units", "没有说明登记的是哪些不动产，或者太多", f"请列出1到{UNITS_MAX}个不动产单元")
            )
        if len({unit.unit_code for unit in self.units}) != len(self.units):
            problems.append(Problem("units", "同一个不动产单元列了两次", "请删去重复的单元"))
        if not 0 <= self.certificates <= CERTIFICATES_MAX:
            problems.append(Problem("certificates", "证书本数不对", f"请填0到{CERTIFICATES_MAX}之间的整数"))
        if self.is_one_loan and self.subject is not Subject.MORTGAGE:
            problems.append(Problem("is_one_loan", "只有抵押权登记才能按一笔贷款合并计件", "请改为按不动产单元计件"))
        if problems:
            raise InvalidInput(problems)
