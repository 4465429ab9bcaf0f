"""The rights that follow from the entries: which rows an entry opens and which it ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import (
    BURDEN_ENTRIES,
    TITLE_ENTRIES,
    AlterHolder,
    CloseTitle,
    DescribeUnit,
    Entry,
    OpenTitle,
    ReplaceCertificate,
    ReplaceTitle,
)
from tongban.domain.errors import EvidenceBroken, Stale
from tongban.domain.facts import UnitState
from tongban.domain.replay import Titles, replay
from tongban.domain.titles import Title
from tongban.domain.wires import as_mapping
from tongban.register import rows, standing
from tongban.register.models import BurdenHolder, DescribedUnit, RegisteredBurden, RegisteredRight, RightHolder
from tongban.register.rows import Spot
from tongban.register.writing import tables

Row: TypeAlias = RegisteredRight | RightHolder | RegisteredBurden | BurdenHolder | DescribedUnit

# Each table of the projection with the key of its rows.
_KEYS: Final[Mapping[type[Row], tuple[str, ...]]] = {
    RegisteredRight: ("ledger", "from_entry"),
    RightHolder: ("ledger", "from_entry", "holder_no"),
    RegisteredBurden: ("ledger", "from_entry"),
    BurdenHolder: ("ledger", "from_entry", "holder_no"),
    DescribedUnit: ("ledger", "from_entry"),
}


@dataclass(slots=True)
class Page:
    """The rows in force of some units, and what entries do to them; nothing reaches the tables before `write`."""

    rights: dict[str, RegisteredRight] = field(default_factory=dict)
    holders: dict[tuple[str, int], RightHolder] = field(default_factory=dict)
    burdens: dict[tuple[str, str], RegisteredBurden] = field(default_factory=dict)
    burden_holders: dict[tuple[str, str], list[BurdenHolder]] = field(default_factory=dict)
    described: dict[str, DescribedUnit] = field(default_factory=dict)
    used_certificates: frozenset[CertificateNo] = frozenset()
    opened: list[Row] = field(default_factory=list)
    ended: list[Row] = field(default_factory=list)

    def titles(self) -> Titles:
        """The state these rows stand for; private details of burdens stay sealed, no entry builds upon them."""
        by_unit: dict[UnitCode, tuple[OpenBurden, ...]] = {}
        for burden in sorted(self.burdens.values(), key=lambda row: row.from_entry):
            code = UnitCode(burden.unit_code)
            by_unit[code] = (*by_unit.get(code, ()), OpenBurden(code, rows.read_burden(burden)))
        holders: dict[str, list[RightHolder]] = {}
        for holder in self.holders.values():
            holders.setdefault(holder.unit_code, []).append(holder)
        titles = {UnitCode(code): rows.read_title(right, holders.get(code, ())) for code, right in self.rights.items()}
        described = {UnitCode(code): UnitState.from_wire(as_mapping(row.unit)) for code, row in self.described.items()}
        return Titles(titles, by_unit, self.used_certificates, described)

    def expect(self, entries: Sequence[Entry]) -> None:
        """Refuse entries whose "before" is not what holds, with the very replay that verification uses later."""
        try:
            replay(entries, self.titles())
        except EvidenceBroken as error:
            if error.code != "entry_conflict":
                raise
            raise Stale("register_moved_on", f"登记簿已有变化，不能照原内容记载：{error.message_zh}") from error

    def apply(self, entry: Entry, spot: Spot) -> None:
        """Open and end rows as this entry says; the entry was checked by `expect`."""
        _APPLY[type(entry)](self, entry, spot)

    def write(self) -> None:
        """Bring every change to the tables: endings first, so that a constraint on rows in force never sees both."""
        ended = {kind: [row for row in self.ended if type(row) is kind] for kind in _KEYS}
        opened = {kind: [row for row in self.opened if type(row) is kind] for kind in _KEYS}
        tables.execute(*(tables.update(kind, ended[kind], columns=("to_entry",), key=_KEYS[kind]) for kind in _KEYS))
        tables.execute(*(tables.insert(kind, opened[kind]) for kind in _KEYS))

    def _open(self, row: Row) -> None:
        self.opened.append(row)

    def _end(self, row: Row, spot: Spot) -> None:
        row.to_entry = spot.seq
        if not row._state.adding:  # a row this very recording opened is written with its end already in it
            self.ended.append(row)

    def describe_unit(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, DescribeUnit)
        self._end_description(entry.unit_code, spot)
        self.described[entry.unit_code] = rows.described_row(spot, entry.unit)
        self._open(self.described[entry.unit_code])

    def open_title(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, OpenTitle)
        self._end_description(entry.unit_code, spot)
        self._begin_title(entry.title, spot)

    def replace_title(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, ReplaceTitle)
        self._end_title(entry.unit_code, spot)
        self._begin_title(entry.title, spot)

    def close_title(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, CloseTitle)
        self._end_title(entry.unit_code, spot)

    def _end_description(self, code: UnitCode, spot: Spot) -> None:
        if row := self.described.pop(code, None):
            self._end(row, spot)

    def _end_title(self, code: UnitCode, spot: Spot) -> None:
        self._end(self.rights.pop(code), spot)
        for place in [place for place in self.holders if place[0] == code]:
            self._end(self.holders.pop(place), spot)

    def _begin_title(self, title: Title, spot: Spot) -> None:
        code = title.unit.unit_code
        self.rights[code] = rows.right_row(spot, title, spot.seq)
        self._open(self.rights[code])
        for holder in title.holders:
            row = rows.holder_row(spot, code, spot.seq, holder)
            self.holders[code, holder.holder_no] = row
            self._open(row)

    def alter_holder(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, AlterHolder)
        place = (entry.unit_code, entry.holder_no)
        before = self.holders[place]
        self._end(before, spot)
        after = replace(rows.read_holder(before), identity=entry.after)
        self.holders[place] = rows.holder_row(spot, entry.unit_code, before.title_seq, after)
        self._open(self.holders[place])

    def replace_certificate(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, ReplaceCertificate)
        before = self.rights[entry.unit_code]
        self._end(before, spot)
        of_unit = [row for row in self.holders.values() if row.unit_code == entry.unit_code]
        after = replace(rows.read_title(before, of_unit), certificate_no=entry.after)
        self.rights[entry.unit_code] = rows.right_row(spot, after, before.title_seq)
        self._open(self.rights[entry.unit_code])

    def open_burden(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, OpenBurden)
        self._begin_burden(entry, spot)

    def alter_burden(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, AlterBurden)
        self._end_burden(entry.unit_code, entry.burden_no, spot)
        self._begin_burden(entry.opened, spot)

    def close_burden(self, entry: Entry, spot: Spot) -> None:
        assert isinstance(entry, CloseBurden)
        self._end_burden(entry.unit_code, entry.burden_no, spot)

    def _begin_burden(self, opened: OpenBurden, spot: Spot) -> None:
        row = rows.burden_row(spot, opened)
        held = [rows.burden_holder_row(spot, opened, holder) for holder in opened.holders]
        self.burdens[opened.unit_code, opened.burden_no] = row
        self.burden_holders[opened.unit_code, opened.burden_no] = held
        self._open(row)
        for one in held:
            self._open(one)

    def _end_burden(self, code: UnitCode, burden_no: str, spot: Spot) -> None:
        self._end(self.burdens.pop((code, burden_no)), spot)
        for row in self.burden_holders.pop((code, burden_no), ()):
            self._end(row, spot)


_APPLY: Final[Mapping[type[Entry], Callable[[Page, Entry, Spot], None]]] = {
    DescribeUnit: Page.describe_unit,
    OpenTitle: Page.open_title,
    AlterHolder: Page.alter_holder,
    ReplaceCertificate: Page.replace_certificate,
    ReplaceTitle: Page.replace_title,
    CloseTitle: Page.close_title,
    OpenBurden: Page.open_burden,
    AlterBurden: Page.alter_burden,
    CloseBurden: Page.close_burden,
}


def load(entries: Sequence[Entry], ledgers: Iterable[str], fresh: Collection[str]) -> Page:
    """The rows in force that these entries may change; reads nothing that they cannot touch.

    `fresh` are units that the register meets for the first time: nothing is in force on them.
    """
    page = Page()
    about_titles = {one.unit_code for one in entries if isinstance(one, TITLE_ENTRIES)}
    about_burdens = {one.unit_code for one in entries if isinstance(one, BURDEN_ENTRIES)}
    for right, holders in standing.titles_of(about_titles) if about_titles else ():
        page.rights[right.unit_code] = right
        page.holders |= {(row.unit_code, row.holder_no): row for row in holders}
    if opened := {one.unit_code for one in entries if isinstance(one, DescribeUnit | OpenTitle)} - set(fresh):
        page.described = {
            row.unit_code: row for row in DescribedUnit.objects.filter(unit_code__in=opened, to_entry=None)
        }
    if about_burdens:
        lying = RegisteredBurden.objects.filter(unit_code__in=about_burdens, to_entry=None)
        page.burdens = {(row.unit_code, row.burden_no): row for row in lying}
    if ending := {one.unit_code for one in entries if isinstance(one, AlterBurden | CloseBurden)}:
        for row in BurdenHolder.objects.filter(unit_code__in=ending, to_entry=None):
            page.burden_holders.setdefault((row.unit_code, row.burden_no), []).append(row)
    page.used_certificates = _used(entries, ledgers)
    return page


def _used(entries: Sequence[Entry], ledgers: Iterable[str]) -> frozenset[CertificateNo]:
    """Which of the certificate numbers that the entries bring were used before."""
    fresh = [one.title.certificate_no for one in entries if isinstance(one, OpenTitle | ReplaceTitle)]
    fresh += [one.after for one in entries if isinstance(one, ReplaceCertificate)]
    fresh += [CertificateNo(one.burden.proof_no) for one in entries if isinstance(one, OpenBurden | AlterBurden)]
    fresh = [number for number in fresh if number]
    if not fresh:
        return frozenset()
    return frozenset(map(CertificateNo, standing.used_certificates(fresh, ledgers)))
