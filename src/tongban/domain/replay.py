"""The pure projection: what holds after a sequence of entries, for the register's tables to be compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import BurdenFact
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import (
    AlterHolder,
    CloseTitle,
    DescribeUnit,
    Entry,
    OpenTitle,
    ReplaceCertificate,
    ReplaceTitle,
)
from tongban.domain.errors import EvidenceBroken
from tongban.domain.facts import UnitState
from tongban.domain.titles import Title


@dataclass(frozen=True, slots=True)
class Titles:
    """What holds: units without a title, titles by unit, burdens by unit as they stand, every number ever used."""

    titles: Mapping[UnitCode, Title] = field(default_factory=dict)
    open_burdens: Mapping[UnitCode, tuple[OpenBurden, ...]] = field(default_factory=dict)
    used_certificates: frozenset[CertificateNo] = frozenset()
    described: Mapping[UnitCode, UnitState] = field(default_factory=dict)

    def title(self, unit_code: UnitCode) -> Title | None:
        """The title in force, or None."""
        return self.titles.get(unit_code)

    def burdens(self, unit_code: UnitCode) -> tuple[BurdenFact, ...]:
        """The burdens not closed; whether their days have passed is for `BurdenFact.is_in_force`."""
        return tuple(opened.burden for opened in self.open_burdens.get(unit_code, ()))

    @property
    def current_certificates(self) -> frozenset[CertificateNo]:
        """The numbers of the certificates in force."""
        return frozenset(title.certificate_no for title in self.titles.values())


def replay(entries: Iterable[Entry], start: Titles | None = None) -> Titles:
    """Titles and burdens after these entries in their order, from nothing or from `start`.

    Raises EvidenceBroken (code `entry_conflict`) at the first entry whose "before" is not what holds: the sequence was
    changed, an entry is missing, or two stand in the wrong order.
    """
    page = _Page(start or Titles())
    for entry in entries:
        page.apply(entry)
    return page.titles()


def apply(state: Titles, entry: Entry) -> Titles:
    """The state after one more entry; refuses like `replay`."""
    return replay((entry,), state)


class _Page:
    """A working copy; one pass over a ledger touches each entry once."""

    def __init__(self, start: Titles) -> None:
        self._titles = dict(start.titles)
        self._burdens = dict(start.open_burdens)
        self._used = set(start.used_certificates)
        self._described = dict(start.described)

    def titles(self) -> Titles:
        return Titles(self._titles, self._burdens, frozenset(self._used), self._described)

    def apply(self, entry: Entry) -> None:
        match entry:
            case DescribeUnit():
                self._describe_unit(entry)
            case OpenTitle():
                self._open_title(entry)
            case AlterHolder():
                self._alter_holder(entry)
            case ReplaceCertificate():
                self._replace_certificate(entry)
            case ReplaceTitle():
                self._replace_title(entry)
            case CloseTitle():
                self._close_title(entry)
            case OpenBurden():
                self._open_burden(entry)
            case AlterBurden():
                self._alter_burden(entry)
            case CloseBurden():
                self._close_burden(entry)

    def _describe_unit(self, entry: DescribeUnit) -> None:
        if entry.unit_code in self._titles:
            raise _conflict(entry, "该单元已有现势权利，自然状况随权利记载")
        self._described[entry.unit_code] = entry.unit

    def _open_title(self, entry: OpenTitle) -> None:
        if entry.unit_code in self._titles:
            raise _conflict(entry, "该单元已有现势权利，不能再次开立")
        self._use(entry, entry.title.certificate_no)
        self._titles[entry.unit_code] = entry.title
        self._described.pop(entry.unit_code, None)

    def _replace_title(self, entry: ReplaceTitle) -> None:
        self._expect_certificate(entry, entry.before)
        self._use(entry, entry.title.certificate_no)
        self._titles[entry.unit_code] = entry.title

    def _close_title(self, entry: CloseTitle) -> None:
        self._expect_certificate(entry, entry.before)
        del self._titles[entry.unit_code]

    def _expect_certificate(self, entry: Entry, before: CertificateNo) -> Title:
        title = self._title(entry)
        if title.certificate_no != before:
            raise _conflict(entry, f"原证号应为{title.certificate_no}，记载为{before}")
        return title

    def _alter_holder(self, entry: AlterHolder) -> None:
        title = self._title(entry)
        holder = title.holder(entry.holder_no)
        if holder is None:
            raise _conflict(entry, f"没有第{entry.holder_no}号权利人")
        if holder.identity != entry.before:
            raise _conflict(entry, f"第{entry.holder_no}号权利人变更前的内容与登记簿不一致")
        changed = replace(holder, identity=entry.after)
        holders = tuple(changed if one.holder_no == entry.holder_no else one for one in title.holders)
        self._titles[entry.unit_code] = replace(title, holders=holders)

    def _replace_certificate(self, entry: ReplaceCertificate) -> None:
        title = self._expect_certificate(entry, entry.before)
        self._use(entry, entry.after)
        self._titles[entry.unit_code] = replace(title, certificate_no=entry.after)

    def _open_burden(self, entry: OpenBurden) -> None:
        present = self._burdens.get(entry.unit_code, ())
        if any(opened.burden.burden_no == entry.burden.burden_no for opened in present):
            raise _conflict(entry, f"限制{entry.burden.burden_no}已经记载")
        self._use_proof(entry, entry.burden)
        self._burdens[entry.unit_code] = (*present, entry)

    def _alter_burden(self, entry: AlterBurden) -> None:
        present = self._burdens.get(entry.unit_code, ())
        before = next((one.burden for one in present if one.burden_no == entry.burden_no), None)
        if before is None:
            raise _conflict(entry, f"没有限制{entry.burden_no}可以变更")
        if before != entry.before:
            raise _conflict(entry, f"限制{entry.burden_no}变更前的内容与登记簿不一致")
        if entry.burden.proof_no != before.proof_no:
            self._use_proof(entry, entry.burden)
        others = tuple(one for one in present if one.burden_no != entry.burden_no)
        self._burdens[entry.unit_code] = (*others, entry.opened)  # it stands where its latest entry stands

    def _use_proof(self, entry: Entry, burden: BurdenFact) -> None:
        if burden.proof_no:
            self._use(entry, CertificateNo(burden.proof_no))

    def _close_burden(self, entry: CloseBurden) -> None:
        present = self._burdens.get(entry.unit_code, ())
        left = tuple(opened for opened in present if opened.burden.burden_no != entry.burden_no)
        if len(left) == len(present):
            raise _conflict(entry, f"没有限制{entry.burden_no}可以解除")
        if left:
            self._burdens[entry.unit_code] = left
        else:
            del self._burdens[entry.unit_code]

    def _title(self, entry: Entry) -> Title:
        title = self._titles.get(entry.unit_code)
        if title is None:
            raise _conflict(entry, "该单元没有现势权利")
        return title

    def _use(self, entry: Entry, number: CertificateNo) -> None:
        if number in self._used:
            raise _conflict(entry, f"证号{number}已经用过，不能再用")
        self._used.add(number)


def _conflict(entry: Entry, what_zh: str) -> EvidenceBroken:
    return EvidenceBroken("entry_conflict", f"单元{entry.unit_code}的记载（{entry.kind}）与之前的记载矛盾：{what_zh}")
