"""What the items about a mortgage that stands in the register share: finding it by its proof, and its two sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tongban.domain.burden_entries import AlterBurden, OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.building_blocks import always
from tongban.domain.catalogue.disposal import all_together, disposing, refuse
from tongban.domain.catalogue.item import EntryInput, Field, FieldKind, PartyRole, Requirement, Shown
from tongban.domain.catalogue.mortgage_form import MAXIMUM_ZH, MORTGAGEE, MORTGAGOR
from tongban.domain.catalogue.transferring import people_problems, refuse_if_any
from tongban.domain.titles import Holder
from tongban.domain.unit_page import MORTGAGES, UnitPage

PROOF_FIELD: Final = Field(
    "proof_no",
    "不动产登记证明号",
    "照着抵押权的登记证明抄，例如 豫（2026）滑县不动产证明第0001234号。",
    FieldKind.PROOF_NO,
    heading_zh=h.HELD,
)
PROOF_ROW: Final = Requirement(
    "proof",
    m.MATERIALS[6],
    always,
    keeps_original=True,
    whose=PartyRole.MORTGAGEE,
    how_zh="有电子证明的不用带；只有纸质证明的，带原件来，窗口收走，登簿后作废。",
)
_SHARE_ZH: Final = "只抵押份额"


def mortgage_of(given: EntryInput) -> OpenBurden:
    """The mortgage whose proof the form names; raises InvalidInput when there is none."""
    opened = given.page.by_proof(given.form.get("proof_no", ""))
    if opened is None or opened.burden.burden not in MORTGAGES:
        cure_zh = "请核对证明号；已经换过证明的，填最新的那一个"
        raise refuse("proof_no", "这处房产上没有这个登记证明号的抵押权", cure_zh)
    return opened


def all_mortgagees(given: EntryInput, opened: OpenBurden) -> tuple[Holder, ...]:
    """The mortgagees of the register, all of them named in the form."""
    return all_together("mortgagee1_name", MORTGAGEE.read(given.form), opened.holders, MORTGAGEE.who_zh)


def mortgagors_now(given: EntryInput, opened: OpenBurden) -> tuple[Holder, ...]:
    """Whose thing is mortgaged now: those of the title who may dispose of it, or of the mortgaged share."""
    own_share = _SHARE_ZH in opened.private.get("object", "")
    people = MORTGAGOR.read(given.form)
    refuse_if_any(people_problems((MORTGAGOR,), given.form, given.today))
    return disposing("mortgagor1_name", people, given.title, MORTGAGOR.who_zh, own_share=own_share)


def is_undetermined(opened: OpenBurden) -> bool:
    """A maximum mortgage whose claims are not determined yet (民法典 423)."""
    is_maximum = opened.burden.burden is Burden.MORTGAGE_MAXIMUM or opened.private.get("way") == MAXIMUM_ZH
    return is_maximum and not opened.private.get("determined_yuan")


def altered(
    given: EntryInput,
    opened: OpenBurden,
    details: Mapping[str, str],
    *,
    fact: BurdenFact | None = None,
    holders: tuple[Holder, ...] | None = None,
) -> AlterBurden:
    """The same mortgage with other content, under a new proof."""
    burden = replace(fact or opened.burden, proof_no=given.proof_no())
    said = {key: value for key, value in {**opened.private, **details}.items() if value}
    return AlterBurden(opened.unit_code, opened.burden, burden, said, opened.holders if holders is None else holders)


def prefill_mortgage(page: UnitPage, shown: Shown) -> Mapping[str, str]:
    """The proof, and whoever shows it: the mortgagee it names, or the owner."""
    known, opened = {"proof_no": shown.number}, page.by_proof(shown.number)
    if shown.holder is None or opened is None:
        return known
    side = MORTGAGEE if shown.holder in opened.holders else MORTGAGOR
    return {**known, **side.prefill(shown.holder)}
