"""What can be written into the register: the kinds of entry, and what they do to titles and burdens.

Every entry has a public part (`to_public`: codes, dates, shares; no name, no ID number) and a private part
(`to_private`).  The register hashes the public part together with a salted commitment to the private one, so a leaf
can be shown to anyone.  What entries do to titles and burdens is in `tongban.domain.replay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.errors import EvidenceBroken, InvalidInput
from tongban.domain.facts import UnitState
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
class ReplaceTitle:
    """A whole title takes the place of the one before: a transfer, a change of shares or of the natural state.

    The holders, their order and their shares are those of `title`; `before` is the certificate that is void from now on.
    """

    kind: ClassVar[str] = "replace_title"
    before: CertificateNo
    title: Title
    cause: Cause

    def __post_init__(self) -> None:
        assert self.before != self.title.certificate_no, "a new title has a certificate of its own"

    @property
    def unit_code(self) -> UnitCode:
        return self.title.unit.unit_code

    def to_public(self) -> Wire:
        return {
            "kind": self.kind,
            "unit_code": self.unit_code,
            "before": self.before,
            "cause": self.cause.value,
            "title": self.title.to_public(),
        }

    def to_private(self) -> Wire:
        return {"title": self.title.to_private()}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> ReplaceTitle:
        title = Title.from_parts(as_mapping(public["title"]), as_mapping(private["title"]))
        return cls(CertificateNo(as_text(public["before"])), title, Cause(as_text(public["cause"])))


@dataclass(frozen=True, slots=True)
class CloseTitle:
    """A title ends and nothing takes its place on this unit: it was divided, merged into another, or given up."""

    kind: ClassVar[str] = "close_title"
    unit_code: UnitCode
    before: CertificateNo
    cause: Cause

    def to_public(self) -> Wire:
        return {"kind": self.kind, "unit_code": self.unit_code, "before": self.before, "cause": self.cause.value}

    def to_private(self) -> Wire:
        return {}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> CloseTitle:
        return cls(
            unit_code=UnitCode(as_text(public["unit_code"])),
            before=CertificateNo(as_text(public["before"])),
            cause=Cause(as_text(public["cause"])),
        )


@dataclass(frozen=True, slots=True)
class DescribeUnit:
    """The natural state of a unit that has no title yet (楼盘表): what advance notices and pre-seizures lie on."""

    kind: ClassVar[str] = "describe_unit"
    unit: UnitState

    @property
    def unit_code(self) -> UnitCode:
        return self.unit.unit_code

    def to_public(self) -> Wire:
        return {"kind": self.kind, "unit_code": self.unit_code, "unit": self.unit.to_wire()}

    def to_private(self) -> Wire:
        return {}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> DescribeUnit:
        return cls(UnitState.from_wire(as_mapping(public["unit"])))


Entry: TypeAlias = (
    DescribeUnit
    | OpenTitle
    | AlterHolder
    | ReplaceCertificate
    | ReplaceTitle
    | CloseTitle
    | OpenBurden
    | AlterBurden
    | CloseBurden
)
TITLE_ENTRIES: Final = (DescribeUnit, OpenTitle, AlterHolder, ReplaceCertificate, ReplaceTitle, CloseTitle)
BURDEN_ENTRIES: Final = (OpenBurden, AlterBurden, CloseBurden)

ENTRY_KINDS: Final[Mapping[str, type[Entry]]] = MappingProxyType(
    {cls.kind: cls for cls in (*TITLE_ENTRIES, *BURDEN_ENTRIES)}
)


def entry_from_parts(public: Mapping[str, object], private: Mapping[str, object]) -> Entry:
    """The entry whose two parts these are; raises EvidenceBroken when they are of no known kind or contradict."""
    try:
        return ENTRY_KINDS[as_text(public["kind"])].from_parts(public, private)
    except InvalidInput as error:
        raise EvidenceBroken("entry_unreadable", f"登记簿记载自相矛盾：{error.message_zh}") from error
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        raise EvidenceBroken("entry_unreadable", "登记簿记载无法读出，内容缺失或者公开、保密两部分不一致") from error
