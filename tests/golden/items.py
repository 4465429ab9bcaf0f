"""What each service item registers, as the list of items in the law's order says it; the catalogue must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongban.domain.terms import Channel, Registration, Subject

_N, _H, _W, _J = Channel.ONLINE, Channel.PRECHECKED, Channel.WINDOW, Channel.JUDICIAL


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """The facts of an item the law looks at: what is registered, about which right, by which acts, through where."""

    kind: Registration
    subject: Subject
    acts: tuple[str, ...]
    channels: frozenset[Channel]
    is_presale: bool = False


def _item(
    kind: Registration, subject: Subject, acts: str, *channels: Channel, is_presale: bool = False
) -> ExpectedItem:
    return ExpectedItem(kind, subject, tuple(acts.split()), frozenset(channels), is_presale)


_R, _S = Registration, Subject

SERVICE_ITEMS: Final[Mapping[str, ExpectedItem]] = MappingProxyType(
    {
        "S01": _item(_R.TRANSFER, _S.TITLE, "transfer", _N, _H, _W),
        "S02": _item(_R.TRANSFER, _S.TITLE, "transfer", _N, _H, _W),
        "S03": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S04": _item(_R.TRANSFER, _S.TITLE, "transfer", _N, _H, _W),
        "S05": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S06": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S07": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S08": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S09": _item(_R.TRANSFER, _S.TITLE, "compelled_transfer", _J, _H, _W),
        "S10": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S11": _item(_R.TRANSFER, _S.TITLE, "transfer", _H, _W),
        "S12": _item(_R.ALTERATION, _S.TITLE, "alter_shares", _N, _H, _W),
        "S13": _item(_R.ALTERATION, _S.TITLE, "alter_name", _N, _H, _W),
        "S14": _item(_R.ALTERATION, _S.TITLE, "alter_name", _N, _H, _W),
        "S15": _item(_R.ALTERATION, _S.TITLE, "alter_name", _N, _H, _W),
        "S16": _item(_R.ALTERATION, _S.TITLE, "alter_unit", _W),
        "S17": _item(_R.ALTERATION, _S.TITLE, "alter_unit", _W),
        "S18": _item(_R.OTHER, _S.TITLE, "reissue", _N, _H, _W),
        "S19": _item(_R.FIRST, _S.MORTGAGE, "mortgage", _N, _H, _W),
        "S20": _item(_R.FIRST, _S.MORTGAGE, "mortgage", _N, _H, _W),
        "S21": _item(_R.ALTERATION, _S.MORTGAGE, "alter_mortgage", _N, _H, _W),
        "S22": _item(_R.ALTERATION, _S.MORTGAGE, "alter_mortgage", _N, _H, _W),
        "S23": _item(_R.TRANSFER, _S.MORTGAGE, "transfer_mortgage", _N, _H, _W),
        "S24": _item(_R.CANCELLATION, _S.MORTGAGE, "cancel_mortgage", _N, _H, _W),
        "S25": _item(_R.PRIORITY_NOTICE, _S.PRIORITY_NOTICE, "priority_notice", _N, _H, _W, is_presale=True),
        "S26": _item(_R.PRIORITY_NOTICE, _S.PRIORITY_NOTICE, "priority_notice", _N, _H, _W, is_presale=True),
        "S27": _item(_R.PRIORITY_NOTICE, _S.PRIORITY_NOTICE, "priority_notice", _N, _H, _W),
        "S28": _item(_R.PRIORITY_NOTICE, _S.PRIORITY_NOTICE, "priority_notice", _N, _H, _W),
        "S29": _item(_R.TRANSFER, _S.PRIORITY_NOTICE, "alter_notice", _H, _W, is_presale=True),
        "S29A": _item(_R.ALTERATION, _S.PRIORITY_NOTICE, "alter_notice", _H, _W, is_presale=True),
        "S30": _item(_R.CANCELLATION, _S.PRIORITY_NOTICE, "cancel_notice", _N, _H, _W, is_presale=True),
        "S31": _item(_R.TRANSFER, _S.TITLE, "transfer", _N, _H, _W),
        "S31M": _item(_R.FIRST, _S.MORTGAGE, "mortgage", _N, _H, _W),
        "S32": _item(_R.TRANSFER, _S.TITLE, "transfer mortgage", _N, _H, _W),
        "S33": _item(_R.TRANSFER, _S.TITLE, "transfer alter_mortgage", _N, _H, _W),
        "S34": _item(_R.FIRST, _S.HABITATION, "habitation", _H, _W),
        "S35": _item(_R.FIRST, _S.HABITATION, "habitation", _W),
        "S36": _item(_R.CANCELLATION, _S.HABITATION, "release", _H, _W),
        "S37": _item(_R.OBJECTION, _S.OBJECTION, "object", _H, _W),
        "S37N": _item(_R.CANCELLATION, _S.OBJECTION, "release", _H, _W),
        "S38": _item(_R.CORRECTION, _S.TITLE, "correct", _H, _W),
        "S39": _item(_R.FIRST, _S.EASEMENT, "easement", _H, _W),
        "S39A": _item(_R.ALTERATION, _S.EASEMENT, "easement", _H, _W),
        "S39T": _item(_R.TRANSFER, _S.EASEMENT, "easement", _H, _W),
        "S39N": _item(_R.CANCELLATION, _S.EASEMENT, "release", _H, _W),
        "S40": _item(_R.OTHER, _S.NONE, "look_up", _N, _W),
    }
)

# What no window takes in for elsewhere, and what only state organs send: the exclusions are tried on these as well.
OTHER_ITEMS: Final[Mapping[str, ExpectedItem]] = MappingProxyType(
    {
        "HOUSE_FIRST": _item(_R.FIRST, _S.TITLE, "correct", _H, _W),
        "HOUSE_CANCELLATION": _item(_R.CANCELLATION, _S.TITLE, "correct", _H, _W),
        "J05": _item(_R.SEIZURE, _S.NONE, "seize", _J),
        "J06": _item(_R.SEIZURE, _S.NONE, "seize", _J),
        "J09": _item(_R.SEIZURE, _S.NONE, "seize", _J),
        "J11": _item(_R.TRANSFER, _S.TITLE, "compelled_transfer", _J),
    }
)

ITEMS: Final[Mapping[str, ExpectedItem]] = MappingProxyType({**SERVICE_ITEMS, **OTHER_ITEMS})
