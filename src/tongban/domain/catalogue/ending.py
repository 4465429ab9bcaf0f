"""How a right that lies on a unit ends: who may apply, on what ground, with which paper (民法典 370, 384, 385; 细则 28).

Shared by the cancellations of habitation, easements and objections: the applicant is the holder of the right or the
owner of the unit, never a stranger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.disposal import all_together, in_register, refuse
from tongban.domain.catalogue.item import (
    Choice,
    EntryInput,
    Field,
    FieldKind,
    PartyInput,
    PartyRole,
    Shown,
    When,
)
from tongban.domain.catalogue.people import Group, parties_of
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.terms import Cause
from tongban.domain.unit_page import UnitPage

HOLDER: Final = "holder"
OWNER: Final = "owner"
APPLICANT: Final = Group("applicant", PartyRole.OWNER, "申请人", most=4)


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground to end the right.

    `by`: who may apply.  `all_holders`: every holder of the right takes part, since he gives it up.  `is_over`: the
    last day in the register has passed.
    """

    cause: Cause
    label_zh: str
    by: tuple[str, ...]
    all_holders: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """The ending of one kind of right: what it is called, its holder's role, and its grounds."""

    burden: Burden
    holder_role: PartyRole
    grounds: tuple[Ground, ...]

    def fields(self) -> tuple[Field, ...]:
        """The proof, the ground, and who applies."""
        by_owner = When("cause", tuple(one.cause.value for one in self.grounds if OWNER in one.by))
        by_holder = When("cause", tuple(one.cause.value for one in self.grounds if HOLDER in one.by))
        return (
            Field("proof_no", "不动产登记证明号", "照着登记证明抄，例如 豫（2026）滑县不动产证明第0001234号。",
                  FieldKind.PROOF_NO, heading_zh=h.HELD),
            Field("cause", "为什么注销", "照实际情况选。", FieldKind.CHOICE, heading_zh=h.ENDED,
                  choices=tuple(Choice(one.cause.value, one.label_zh) for one in self.grounds)),
            Field("who", "谁来申请", "登记证明上写的权利人，或者房产的权利人。", FieldKind.CHOICE, heading_zh=h.ENDED, choices=(
                Choice(HOLDER, f"{self.holder_role.name_zh}（登记证明上的权利人）", by_holder),
                Choice(OWNER, "房产的权利人", by_owner),
            )),
            *APPLICANT.fields(),
        )  # fmt: skip

    def parties(self, form: Mapping[str, str]) -> tuple[PartyInput, ...]:
        """The applicants, as what they apply."""
        role = self.holder_role if form.get("who") == HOLDER else PartyRole.OWNER
        return parties_of(replace(APPLICANT, role=role))(form)

    def prefill(self, page: UnitPage, shown: Shown) -> Mapping[str, str]:
        """The proof, and whoever shows it."""
        opened = page.by_proof(shown.number)
        if opened is None or shown.holder is None:
            return {}
        who = HOLDER if shown.holder in opened.holders else OWNER
        return {"proof_no": shown.number, "who": who, **APPLICANT.prefill(shown.holder)}

    def entries(self, given: EntryInput) -> tuple[CloseBurden, ...]:
        """The right is gone.

        Raises InvalidInput when the proof is not of such a right, somebody applies who may not on this ground, or the
        time is said to be over and is not.
        """
        opened = of_kind(given.page, given.form, (self.burden,))
        ground = next((one for one in self.grounds if one.cause == given.form.get("cause")), None)
        if ground is None:
            raise refuse("cause", "没有选为什么注销", "请照实际情况选一项")
        self._check_applicants(given, opened, ground)
        until = opened.burden.until
        if ground.is_over and (until is None or given.today <= until):
            when_zh = "没有写到哪一天为止" if until is None else f"到{until.isoformat()}才满"
            raise refuse("cause", f"登记簿上{when_zh}，现在还没有到期", "没有到期的，请按实际情况选别的原因")
        return (CloseBurden(opened.unit_code, opened.burden_no, ground.label_zh),)

    def _check_applicants(self, given: EntryInput, opened: OpenBurden, ground: Ground) -> None:
        who, people = given.form.get("who", ""), APPLICANT.read(given.form)
        if who not in ground.by:
            may_zh = "、".join(self.holder_role.name_zh if one == HOLDER else "房产的权利人" for one in ground.by)
            raise refuse(
                "who", f"因为“{ground.label_zh}”注销的，只能由{may_zh}申请", "请改选申请人，或者改选注销的原因"
            )
        field = APPLICANT.key(1, "name")
        if who == OWNER:
            in_register(field, people, given.title.holders, "房产的权利人")
        elif ground.all_holders:
            all_together(field, people, opened.holders, self.holder_role.name_zh)
        else:
            in_register(field, people, opened.holders, self.holder_role.name_zh)


def of_kind(page: UnitPage, form: Mapping[str, str], kinds: Collection[Burden]) -> OpenBurden:
    """The right whose proof the form names; raises InvalidInput when the unit bears no such right."""
    number = normal_certificate_no(form.get("proof_no", ""))
    named: Sequence[OpenBurden] = [one for one in page.of_kind(kinds) if one.burden.proof_no == number]
    if not number or not named:
        kinds_zh = "、".join(kind.name_zh for kind in kinds)
        raise refuse(
            "proof_no", f"这处房产上没有这个证明号的{kinds_zh}", "请对照登记证明核对；换过证明的，填新的证明号"
        )
    return named[0]
