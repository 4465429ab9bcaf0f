"""What others say to an act that may harm their right on the unit: asked in the form, proved on paper, claimed as proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.item import Choice, Field, FieldKind, PartyRole, Requirement
from tongban.domain.evidence import Evidence

NONE_THERE: Final = "none"
AGREES: Final = "agrees"


@dataclass(frozen=True, slots=True)
class _Words:
    """How one consent is asked for, and the paper it is on."""

    evidence: Evidence
    label_zh: str
    none_zh: str
    agrees_zh: str
    material: m.Material
    whose: PartyRole
    how_zh: str


class Consent(Enum):
    """One consent; its value is the key of the field that asks for it."""

    MORTGAGEE = "mortgagee_agrees"
    DWELLER = "dweller_agrees"
    NOTICE_HOLDER = "notice_holder_agrees"
    OBJECTION = "objection_known"

    @property
    def evidence(self) -> Evidence:
        """The proof it is."""
        return _WORDS[self].evidence

    def is_given(self, form: Mapping[str, str]) -> bool:
        """Whether the form says it is there."""
        return form.get(self.value) == AGREES


_WORDS: Final = {
    Consent.MORTGAGEE: _Words(
        Evidence.MORTGAGEE_CONSENT, "房产抵押了没有，抵押权人同意吗", "没有抵押", "有抵押，抵押权人书面同意了",
        m.MORTGAGEE_CONSENT, PartyRole.MORTGAGEE, "抵押权人（银行等）盖章的同意书，有几位就要几份；银行能网上确认的不用带。",
    ),
    Consent.DWELLER: _Words(
        Evidence.HABITANT_CONSENT, "房产上已经有居住权没有，居住权人同意吗", "没有居住权", "有居住权，居住权人书面同意了",
        m.RIGHT_HOLDER_CONSENT, PartyRole.DWELLER, "居住权人签名的同意书，有几位就要几份。",
    ),
    Consent.NOTICE_HOLDER: _Words(
        Evidence.NOTICE_HOLDER_CONSENT, "房产上有预告登记没有，预告登记权利人同意吗", "没有预告登记",
        "有预告登记，权利人书面同意了", m.RIGHT_HOLDER_CONSENT, PartyRole.NOTICE_HOLDER, "预告登记权利人签名的同意书，有几位就要几份。",
    ),
    Consent.OBJECTION: _Words(
        Evidence.OBJECTION_RISK_STATEMENT, "房产上有异议登记没有", "没有异议登记", "有，我们知道，愿意自己承担风险",
        m.OBJECTION_PAPERS, PartyRole.OWNER, "写一份“知道有异议登记、自愿承担风险”的承诺，窗口有样本。",
    ),
}  # fmt: skip
assert set(_WORDS) == set(Consent), "every consent has its words"


def consent_fields(*consents: Consent) -> tuple[Field, ...]:
    """One question for each."""
    return tuple(
        Field(
            one.value, _WORDS[one].label_zh, "拿不准的，窗口能查到；没有的选“没有”。", FieldKind.CHOICE,
            choices=(Choice(NONE_THERE, _WORDS[one].none_zh), Choice(AGREES, _WORDS[one].agrees_zh)), can_wait=True,
            heading_zh=h.ON_IT,
        )
        for one in consents
    )  # fmt: skip


def consent_rows(*consents: Consent) -> tuple[Requirement, ...]:
    """The paper of each consent that the form says is there."""
    return tuple(
        Requirement(
            one.value, _WORDS[one].material, b.answered(one.value, AGREES), whose=_WORDS[one].whose,
            how_zh=_WORDS[one].how_zh,
        )
        for one in consents
    )  # fmt: skip


def claimed_consents(form: Mapping[str, str]) -> frozenset[str]:
    """The proofs that the form says are there."""
    return frozenset(one.evidence.value for one in Consent if one.is_given(form))
