"""A title as the register holds it: the unit, who holds it and in what shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tongban.domain.codes import CertificateNo
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.terms import CoOwnership, HolderKind
from tongban.domain.wires import Wire, as_list, as_mapping, as_number, as_text


@dataclass(frozen=True, slots=True)
class HolderIdentity:
    """Who a holder is on paper.  All of it is personal data: it appears in private parts only."""

    name: str
    id_kind: IdDocument
    id_no: str

    def to_private(self) -> Wire:
        return {"name": self.name, "id_kind": self.id_kind.value, "id_no": self.id_no}

    @classmethod
    def from_private(cls, wire: Mapping[str, object]) -> HolderIdentity:
        return cls(as_text(wire["name"]), IdDocument(as_text(wire["id_kind"])), as_text(wire["id_no"]))

    def changed(self, after: HolderIdentity) -> tuple[str, ...]:
        """The names of the fields in which `after` differs, in fixed order."""
        return tuple(name for name in ("name", "id_kind", "id_no") if getattr(self, name) != getattr(after, name))


@dataclass(frozen=True, slots=True)
class Holder:
    """One holder of a title.

    `holder_no` counts from 1 within the title and never changes while the title lives; public entries name holders by
    it.  `share` is a part of one for co-ownership by shares and None otherwise.
    """

    holder_no: int
    kind: HolderKind
    identity: HolderIdentity
    share: Fraction | None = None

    @property
    def name(self) -> str:
        return self.identity.name

    @property
    def id_kind(self) -> IdDocument:
        return self.identity.id_kind

    @property
    def id_no(self) -> str:
        return self.identity.id_no

    @property
    def share_zh(self) -> str:
        """“1/2”, or empty when there are no shares."""
        return "" if self.share is None else f"{self.share.numerator}/{self.share.denominator}"

    def to_public(self) -> Wire:
        return {"holder_no": self.holder_no, "kind": self.kind.value, "share": self.share_zh}

    def to_private(self) -> Wire:
        return {"holder_no": self.holder_no, **self.identity.to_private()}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> Holder:
        if as_number(public["holder_no"]) != as_number(private["holder_no"]):
            raise ValueError("public and private part speak of different holders")
        share = as_text(public["share"])
        return cls(
            holder_no=as_number(public["holder_no"]),
            kind=HolderKind(as_text(public["kind"])),
            identity=HolderIdentity.from_private(private),
            share=parse_share(share) if share else None,
        )


def parse_share(text: str) -> Fraction:
    """“1/2” as a fraction above 0 and at most 1; refuses anything else (decimals and percents are not shares)."""
    top, slash, bottom = text.partition("/")
    if slash and all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (top, bottom)) and int(bottom):
        share = Fraction(int(top), int(bottom))
        if 0 < share <= 1:
            return share
    raise InvalidInput([Problem("share", f"份额“{text[:20]}”不对", "请填几分之几，例如 1/2；不写小数、百分数")])


def check_shares(co_ownership: CoOwnership, holders: Sequence[Holder]) -> tuple[Problem, ...]:
    """What is wrong with the holders of one title (民法典 297–299).  Empty when all is well.

    SOLE: one holder, no share (or the whole).  JOINT: two or more, no shares.  BY_SHARES: two or more, every share
    above zero, together exactly one.
    """
    if [holder.holder_no for holder in holders] != list(range(1, len(holders) + 1)):
        return (Problem("holders", "权利人的顺序号不连续", "请从1开始依次编号"),)
    shares = [holder.share for holder in holders]
    if co_ownership is CoOwnership.SOLE:
        if len(holders) != 1:
            return (Problem("holders", "单独所有只能有一个权利人", "请改为共有，或者只留一个权利人"),)
        return () if shares in ([None], [Fraction(1)]) else (_share_problem("单独所有不分份额"),)
    if len(holders) < 2:
        return (Problem("holders", "共有至少要有两个权利人", "请补上其他共有人，或者改为单独所有"),)
    if co_ownership is CoOwnership.JOINT:
        return () if all(share is None for share in shares) else (_share_problem("共同共有不分份额"),)
    known = [share for share in shares if share is not None]
    if len(known) != len(shares) or any(share <= 0 for share in known):
        return (_share_problem("按份共有的每个权利人都要有大于零的份额"),)
    if sum(known) != 1:
        return (_share_problem(f"各人份额加起来是{sum(known)}，不等于1"),)
    return ()


def _share_problem(what_zh: str) -> Problem:
    return Problem("share", what_zh, "请核对每个权利人的份额，例如两人各1/2")


@dataclass(frozen=True, slots=True)
class Title:
    """A title in force: ownership or use right of one unit.  A title whose shares do not fit cannot be made."""

    unit: UnitState
    certificate_no: CertificateNo
    co_ownership: CoOwnership
    holders: tuple[Holder, ...]
    note_zh: str = ""  # 附记; may name people, hence private

    def __post_init__(self) -> None:
        if problems := check_shares(self.co_ownership, self.holders):
            raise InvalidInput(problems)

    def holder(self, holder_no: int) -> Holder | None:
        """The holder with this number, if there is one."""
        return next((holder for holder in self.holders if holder.holder_no == holder_no), None)

    def to_public(self) -> Wire:
        return {
            "unit": self.unit.to_wire(),
            "certificate_no": self.certificate_no,
            "co_ownership": self.co_ownership.value,
            "holders": [holder.to_public() for holder in self.holders],
        }

    def to_private(self) -> Wire:
        return {"holders": [holder.to_private() for holder in self.holders], "note_zh": self.note_zh}

    @classmethod
    def from_parts(cls, public: Mapping[str, object], private: Mapping[str, object]) -> Title:
        pairs = zip(as_list(public["holders"]), as_list(private["holders"]), strict=True)
        return cls(
            unit=UnitState.from_wire(as_mapping(public["unit"])),
            certificate_no=CertificateNo(as_text(public["certificate_no"])),
            co_ownership=CoOwnership(as_text(public["co_ownership"])),
            holders=tuple(Holder.from_parts(as_mapping(left), as_mapping(right)) for left, right in pairs),
            note_zh=as_text(private["note_zh"]),
        )
