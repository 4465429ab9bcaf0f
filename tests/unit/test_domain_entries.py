"""Titles, entries and their replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.canonical import canonical_json
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import (
    AlterHolder,
    CloseBurden,
    Entry,
    OpenBurden,
    OpenTitle,
    ReplaceCertificate,
    entry_from_parts,
)
from tongban.domain.errors import EvidenceBroken, InvalidInput
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.replay import Titles, apply, replay
from tongban.domain.terms import Cause, CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title, check_shares, parse_share

UNIT = UnitCode("410526001002GB00015F00030027")
FIRST = CertificateNo("豫（2020）滑县不动产权第0000001号")
SECOND = CertificateNo("豫（2026）滑县不动产权第0001234号")
WANG = HolderIdentity("王小明", IdDocument.ID_CARD, "410526199001011237")
LI = HolderIdentity("李红", IdDocument.ID_CARD, "410526198812120029")
NEW_WANG = replace(WANG, name="王大明")
STATE = UnitState(UNIT, "滑县道口镇某路1号3幢27户", RightKind.STATE_LAND_HOUSE, use_code="11", area_m2="118.26")


def a_holder(holder_no: int, identity: HolderIdentity, share: Fraction | None = None) -> Holder:
    return Holder(holder_no, HolderKind.PERSON, identity, share)


TITLE = Title(STATE, FIRST, CoOwnership.JOINT, (a_holder(1, WANG), a_holder(2, LI)), note_zh="夫妻王小明、李红共有")
OPENED = OpenTitle(TITLE, Cause.SALE)
ALTERED = AlterHolder(UNIT, 1, Cause.NAME_CHANGE, WANG, NEW_WANG, "police_change", "滑公证字第7号")
REPLACED = ReplaceCertificate(UNIT, FIRST, SECOND)
SEIZED = OpenBurden(
    UNIT,
    BurdenFact(Burden.SEIZURE, "CF-1", date(2026, 1, 1), date(2028, 12, 31), "滑县人民法院", "（2026）豫0526执1号"),
    {"debtor": "王小明"},
)
RELEASED = CloseBurden(UNIT, "CF-1", "解除查封")
EVERY_KIND: tuple[Entry, ...] = (OPENED, ALTERED, REPLACED, SEIZED, RELEASED)


def test_a_name_change_leaves_the_holder_the_same_and_voids_the_old_certificate() -> None:
    after = replay([OPENED, ALTERED, REPLACED])

    title = after.title(UNIT)
    assert title == replace(TITLE, certificate_no=SECOND, holders=(a_holder(1, NEW_WANG), a_holder(2, LI)))
    assert after.current_certificates == {SECOND}
    assert after.used_certificates == {FIRST, SECOND}


def test_burdens_come_and_go_in_their_order() -> None:
    mortgage = OpenBurden(UNIT, BurdenFact(Burden.MORTGAGE, "DY-1", rank=1))
    after = replay([OPENED, SEIZED, mortgage])

    assert [fact.burden_no for fact in after.burdens(UNIT)] == ["CF-1", "DY-1"]
    assert [fact.burden_no for fact in apply(after, RELEASED).burdens(UNIT)] == ["DY-1"]


def test_a_burden_may_lie_on_a_unit_that_has_no_title_yet() -> None:
    assert replay([SEIZED]).burdens(UNIT) == (SEIZED.burden,)


@pytest.mark.parametrize(
    "entries",
    [
        (ALTERED,),
        (REPLACED,),
        (RELEASED,),
        (OPENED, OPENED),
        (OPENED, ALTERED, ALTERED),
        (OPENED, REPLACED, REPLACED),
        (OPENED, replace(ALTERED, holder_no=3)),
        (OPENED, replace(ALTERED, before=replace(WANG, id_no="410526198812120029"))),
        (OPENED, replace(REPLACED, before=SECOND, after=CertificateNo("豫（2026）滑县不动产权第0001235号"))),
        (OPENED, REPLACED, ReplaceCertificate(UNIT, SECOND, FIRST)),
        (SEIZED, SEIZED),
        (SEIZED, RELEASED, RELEASED),
    ],
)
def test_entries_that_do_not_follow_from_each_other_are_broken_evidence(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(EvidenceBroken) as caught:
        replay(entries)
    assert caught.value.code == "entry_conflict"


def test_replaying_does_not_change_what_was_there() -> None:
    before = replay([OPENED])
    apply(before, ALTERED)

    assert before == replay([OPENED])
    assert before.title(UNIT) == TITLE


@pytest.mark.parametrize("entry", EVERY_KIND, ids=lambda entry: entry.kind)
def test_an_entry_comes_back_from_its_two_parts(entry: Entry) -> None:
    assert entry_from_parts(entry.to_public(), entry.to_private()) == entry
    assert entry.to_public()["kind"] == entry.kind
    assert entry.to_public()["unit_code"] == UNIT


@pytest.mark.parametrize("entry", EVERY_KIND, ids=lambda entry: entry.kind)
def test_the_public_part_names_nobody(entry: Entry) -> None:
    public = canonical_json(entry.to_public()).decode()

    for personal in ("王小明", "王大明", "李红", WANG.id_no, LI.id_no, "滑公证字第7号", "id_card"):
        assert personal not in public


def test_the_public_part_of_an_alteration_says_which_fields_changed() -> None:
    assert ALTERED.to_public()["changed"] == ["name"]


def a_changed(entry: Entry, part: str, key: str, value: object) -> tuple[Mapping[str, object], Mapping[str, object]]:
    public, private = entry.to_public(), entry.to_private()
    (public if part == "public" else private)[key] = value
    return public, private


@pytest.mark.parametrize(
    ("public", "private"),
    [
        a_changed(ALTERED, "public", "changed", ["id_no"]),
        a_changed(ALTERED, "private", "after", WANG.to_private()),
        a_changed(ALTERED, "public", "kind", "unheard_of"),
        a_changed(ALTERED, "public", "holder_no", "1"),
        a_changed(ALTERED, "public", "cause", "whim"),
        a_changed(REPLACED, "public", "after", FIRST),
        a_changed(OPENED, "private", "title", {"holders": [], "note_zh": ""}),
        a_changed(SEIZED, "private", "details", ["debtor"]),
    ],
)
def test_parts_that_contradict_or_cannot_be_read_are_broken_evidence(
    public: Mapping[str, object], private: Mapping[str, object]
) -> None:
    with pytest.raises(EvidenceBroken) as caught:
        entry_from_parts(public, private)
    assert caught.value.code == "entry_unreadable"


def test_an_alteration_that_changes_nothing_cannot_be_written() -> None:
    with pytest.raises(AssertionError):
        replace(ALTERED, after=WANG)
    with pytest.raises(AssertionError):
        replace(REPLACED, after=FIRST)


def test_a_burden_that_follows_from_facts_is_never_written() -> None:
    with pytest.raises(AssertionError):
        OpenBurden(UNIT, BurdenFact(Burden.OWNER_DEAD, "x"))


@pytest.mark.parametrize(
    ("co_ownership", "shares"),
    [
        (CoOwnership.SOLE, [None]),
        (CoOwnership.SOLE, [Fraction(1)]),
        (CoOwnership.JOINT, [None, None]),
        (CoOwnership.BY_SHARES, [Fraction(1, 3), Fraction(2, 3)]),
        (CoOwnership.BY_SHARES, [Fraction(1, 7)] * 7),
    ],
)
def test_shares_that_make_a_whole_are_right(co_ownership: CoOwnership, shares: list[Fraction | None]) -> None:
    holders = [a_holder(number, WANG, share) for number, share in enumerate(shares, 1)]

    assert check_shares(co_ownership, holders) == ()


@pytest.mark.parametrize(
    ("co_ownership", "shares"),
    [
        (CoOwnership.SOLE, [None, None]),
        (CoOwnership.SOLE, []),
        (CoOwnership.SOLE, [Fraction(1, 2)]),
        (CoOwnership.JOINT, [None]),
        (CoOwnership.JOINT, [None, Fraction(1, 2)]),
        (CoOwnership.BY_SHARES, [Fraction(1, 2), None]),
        (CoOwnership.BY_SHARES, [Fraction(1, 2), Fraction(1, 3)]),
        (CoOwnership.BY_SHARES, [Fraction(3, 2), Fraction(-1, 2)]),
        (CoOwnership.BY_SHARES, [Fraction(1)]),
    ],
)
def test_a_title_whose_shares_do_not_make_a_whole_cannot_be_made(
    co_ownership: CoOwnership, shares: list[Fraction | None]
) -> None:
    holders = tuple(a_holder(number, WANG, share) for number, share in enumerate(shares, 1))
    with pytest.raises(InvalidInput):
        Title(STATE, FIRST, co_ownership, holders)


def test_holders_are_numbered_from_one_without_gaps() -> None:
    with pytest.raises(InvalidInput):
        Title(STATE, FIRST, CoOwnership.JOINT, (a_holder(1, WANG), a_holder(3, LI)))


@pytest.mark.parametrize(("text", "share"), [("1/2", Fraction(1, 2)), ("2/4", Fraction(1, 2)), ("1/1", Fraction(1))])
def test_a_share_is_written_as_a_part_of_one(text: str, share: Fraction) -> None:
    assert parse_share(text) == share


@pytest.mark.parametrize(
    "text", ["", "1", "0.5", "50%", "1/0", "0/2", "3/2", "-1/2", "１/２", "1/2/3", "1/1000000000000"]
)
def test_anything_else_is_no_share(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_share(text)


@pytest.mark.parametrize("area", ["118,26", "-1", "1e3", "118.2666", "０.5", "01.5"])
def test_an_area_is_plain_decimal_text(area: str) -> None:
    with pytest.raises(InvalidInput):
        replace(STATE, area_m2=area)


def test_nothing_replayed_is_nothing() -> None:
    assert replay([]) == Titles()
    assert Titles().title(UNIT) is None
    assert Titles().burdens(UNIT) == ()
