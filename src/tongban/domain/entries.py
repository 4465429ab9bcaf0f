"""What can be written into the register: the kinds of entry, and what they do to titles and burdens.

Every entry has a public part (`to_public`: codes, dates, shares; no name, no ID number) and a private part
(`to_private`).  The register hashes the public part together with a salted commitment to the private one, so a leaf
can be shown to anyone.  What entries do to titles and burdens is in `tongban.domain.replay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias

from tongban.domain.burdens import RECORDED_BURDENS, BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.errors import EvidenceBroken, InvalidInput
from tongban.domain.terms import Cause
from tongban.domain.titles import HolderIdentity, Title
from tongban.domain.wires import Wire, as_list, as_mapping, as_number, as_text


@dataclass(frozen=True, slots=True)
class OpenTitle:
    """The title of a unit comes into force for the first time in this ledger (stock data or first registration)."""

    kind: ClassVar[str] = "open_title"
    title: Title
    cause: Cause

    @property
    def unit_code(self) -> UnitCode:
        return self.title.unit.unit_code

    def to_public(self) -> Wire:
        return {
            "kind": self.kind,
            "unit_code": self.unit_code,
            "cause": self.cause.value,
            "title": self.title.to_public(),
        }

    def to_private(self) -> Wire:
        return {"title": self.title.to_private()}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> OpenTitle:
        title = Title.from_parts(as_mapping(public["title"]), as_mapping(private["title"]))
        return cls(title, Cause(as_text(public["cause"])))


@dataclass(frozen=True, slots=True)
class AlterHolder:
    """One holder stays the same person or body, but is called otherwise from now on (变更登记: 细则 26)."""

    kind: ClassVar[str] = "alter_holder"
    unit_code: UnitCode
    holder_no: int
    cause: Cause
    before: HolderIdentity
    after: HolderIdentity
    evidence_kind: str  # key of a document kind in `catalogue.materials`
    evidence_no: str

    def __post_init__(self) -> None:
        assert self.before != self.after, "an entry that changes nothing is not an entry"

    def to_public(self) -> Wire:
        return {
            "kind": self.kind,
            "unit_code": self.unit_code,
            "holder_no": self.holder_no,
            "cause": self.cause.value,
            "changed": list(self.before.changed(self.after)),
            "evidence_kind": self.evidence_kind,
        }

    def to_private(self) -> Wire:
        return {
            "before": self.before.to_private(),
            "after": self.after.to_private(),
            "evidence_no": self.evidence_no,
        }

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> AlterHolder:
        entry = cls(
            unit_code=UnitCode(as_text(public["unit_code"])),
            holder_no=as_number(public["holder_no"]),
            cause=Cause(as_text(public["cause"])),
            before=HolderIdentity.from_private(as_mapping(private["before"])),
            after=HolderIdentity.from_private(as_mapping(private["after"])),
            evidence_kind=as_text(public["evidence_kind"]),
            evidence_no=as_text(private["evidence_no"]),
        )
        if list(entry.before.changed(entry.after)) != list(as_list(public["changed"])):
            raise ValueError("public and private part disagree on what changed")
        return entry


@dataclass(frozen=True, slots=True)
class ReplaceCertificate:
    """A new certificate number takes the place of the old one; the old certificate is void from this moment."""

    kind: ClassVar[str] = "replace_certificate"
    unit_code: UnitCode
    before: CertificateNo
    after: CertificateNo

    def __post_init__(self) -> None:
        assert self.before != self.after, "a certificate does not replace itself"

    def to_public(self) -> Wire:
        return {"kind": self.kind, "unit_code": self.unit_code, "before": self.before, "after": self.after}

    def to_private(self) -> Wire:
        return {}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> ReplaceCertificate:
        return cls(
            unit_code=UnitCode(as_text(public["unit_code"])),
            before=CertificateNo(as_text(public["before"])),
            after=CertificateNo(as_text(public["after"])),
        )


@dataclass(frozen=True, slots=True)
class OpenBurden:
    """A burden comes to lie on a unit.  `private` holds names and amounts; the organ of state is public."""

    kind: ClassVar[str] = "open_burden"
    unit_code: UnitCode
    burden: BurdenFact
    private: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.burden.burden in RECORDED_BURDENS, f"{self.burden.burden} follows from facts, it is never recorded"

    def to_public(self) -> Wire:
        return {"kind": self.kind, "unit_code": self.unit_code, "burden": self.burden.to_wire()}

    def to_private(self) -> Wire:
        return {"details": dict(self.private)}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> OpenBurden:
        details = {name: as_text(value) for name, value in as_mapping(private["details"]).items()}
        return cls(
            UnitCode(as_text(public["unit_code"])),
            BurdenFact.from_wire(as_mapping(public["burden"])),
            MappingProxyType(details),
        )


@dataclass(frozen=True, slots=True)
class CloseBurden:
    """A burden is gone: released, cancelled, lapsed or used up.  Nothing is deleted; the row gets its end."""

    kind: ClassVar[str] = "close_burden"
    unit_code: UnitCode
    burden_no: str
    cause_zh: str

    def to_public(self) -> Wire:
        return {
            "kind": self.kind,
            "unit_code": self.unit_code,
            "burden_no": self.burden_no,
            "cause_zh": self.cause_zh,
        }

    def to_private(self) -> Wire:
        return {}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> CloseBurden:
        return cls(UnitCode(as_text(public["unit_code"])), as_text(public["burden_no"]), as_text(public["cause_zh"]))


Entry: TypeAlias = OpenTitle | AlterHolder | ReplaceCertificate | OpenBurden | CloseBurden

ENTRY_KINDS: Final[Mapping[str, type[Entry]]] = MappingProxyType(
    {cls.kind: cls for cls in (OpenTitle, AlterHolder, ReplaceCertificate, OpenBurden, CloseBurden)}
)


def entry_from_parts(public: Mapping[str, object], private: Mapping[str, object]) -> Entry:
    """The entry whose two parts these are; raises EvidenceBroken when they are of no known kind or contradict."""
    try:
        return ENTRY_KINDS[as_text(public["kind"])].from_parts(public, private)
    except InvalidInput as error:
        raise EvidenceBroken("entry_unreadable", f"登记簿记载自相矛盾：{error.message_zh}") from error
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        raise EvidenceBroken("entry_unreadable", "登记簿记载无法读出，内容缺失或者公开、保密两部分不一致") from error
