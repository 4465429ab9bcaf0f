"""Shares make a whole, and the replay of any lawful history is the history."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entry_inputs import given as given_for

from tongban.domain.burden_entries import CloseBurden, OpenBurden
from tongban.domain.burdens import RECORDED_BURDENS, BurdenFact
from tongban.domain.canonical import canonical_json
from tongban.domain.catalogue.alteration import NAME_CHANGE
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import AlterHolder, Entry, OpenTitle, entry_from_parts
from tongban.domain.errors import EvidenceBroken, InvalidInput
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument
from tongban.domain.replay import Titles, apply, replay
from tongban.domain.terms import Cause, CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title, check_shares

names = st.text("王李张刘陈杨赵黄周吴小大明红军建国", min_size=2, max_size=4)
weights = st.lists(st.integers(1, 1000), min_size=2, max_size=12)


def a_holder(number: int, name: str, share: Fraction | None) -> Holder:
    return Holder(number, HolderKind.PERSON, HolderIdentity(name, IdDocument.OTHER, f"证{number:04d}"), share)


def a_title(number: int, holder_names: list[str], shares: list[Fraction | None]) -> Title:
    kind = CoOwnership.SOLE if len(shares) == 1 else CoOwnership.JOINT if shares[0] is None else CoOwnership.BY_SHARES
    holders = tuple(
        a_holder(n, name, share) for n, (name, share) in enumerate(zip(holder_names, shares, strict=True), 1)
    )
    unit = UnitState(UnitCode(f"410526001002GB00015F0003{number:04d}"), f"某路{number}号", RightKind.STATE_LAND_HOUSE)
    return Title(unit, a_number(number), kind, holders)


def a_number(seq: int) -> CertificateNo:
    return CertificateNo(f"豫（2026）滑县不动产权第{seq:07d}号")


@given(weights)
def test_any_division_of_the_whole_is_a_right_set_of_shares(parts: list[int]) -> None:
    holders = [a_holder(n, "王明", Fraction(part, sum(parts))) for n, part in enumerate(parts, 1)]

    assert check_shares(CoOwnership.BY_SHARES, holders) == ()


@given(weights, st.integers(0, 11), st.fractions(Fraction(1, 10**6), Fraction(1)))
def test_any_other_set_of_shares_is_refused(parts: list[int], index: int, extra: Fraction) -> None:
    shares = [Fraction(part, sum(parts)) for part in parts]
    shares[index % len(shares)] += extra
    holders = tuple(a_holder(n, "王明", share) for n, share in enumerate(shares, 1))

    with pytest.raises(InvalidInput):
        replace(a_title(1, ["王明"], [None]), co_ownership=CoOwnership.BY_SHARES, holders=holders)


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """A lawful history of up to three units: titles, name changes, burdens, releases."""
    entries: list[Entry] = []
    state = Titles()
    next_number = 100
    for unit in range(draw(st.integers(1, 3))):
        people = draw(st.lists(names, min_size=1, max_size=3))
        entries.append(OpenTitle(a_title(unit + 1, people, [None] * len(people)), Cause.SALE))
        state = apply(state, entries[-1])
    for step in range(draw(st.integers(0, 12))):
        title = draw(st.sampled_from(sorted(state.titles.values(), key=lambda one: one.certificate_no)))
        code = title.unit.unit_code
        what = draw(st.sampled_from(["rename", "burden", "release"]))
        new: tuple[Entry, ...] = ()
        if what == "rename":
            holder = draw(st.sampled_from(title.holders))
            next_number += 1
            form = {
                "owner_kind": "person",
                "previous_name": holder.name,
                "new_name": holder.name + "改",
                "id_no": holder.id_no,
            }
            new = NAME_CHANGE.entries(given_for(form, title, first_number=next_number))
        elif what == "burden":
            kind = draw(st.sampled_from(sorted(RECORDED_BURDENS)))
            new = (OpenBurden(code, BurdenFact(kind, f"B-{step}"), {"who": draw(names)}),)
        elif state.burdens(code):
            new = (CloseBurden(code, draw(st.sampled_from(state.burdens(code))).burden_no, "注销"),)
        state = replay(new, state)
        entries += new
    return entries


@given(histories())
def test_a_history_replays_the_same_at_once_or_in_two_parts(entries: list[Entry]) -> None:
    whole = replay(entries)

    for cut in range(len(entries) + 1):
        assert replay(entries[cut:], replay(entries[:cut])) == whole


@given(histories())
def test_a_history_comes_back_from_its_stored_bytes(entries: list[Entry]) -> None:
    stored = [(canonical_json(entry.to_public()), canonical_json(entry.to_private())) for entry in entries]
    read = [entry_from_parts(json.loads(public), json.loads(private)) for public, private in stored]

    assert read == entries
    assert replay(read) == replay(entries)


@given(histories())
def test_no_name_or_number_of_a_holder_is_in_a_public_part(entries: list[Entry]) -> None:
    state = replay(entries)
    personal = {text for title in state.titles.values() for one in title.holders for text in (one.name, one.id_no)}
    public = b"".join(canonical_json(entry.to_public()) for entry in entries).decode()

    assert not [text for text in personal if text in public]


@given(histories(), st.data())
def test_a_history_with_an_alteration_left_out_or_repeated_does_not_pass(
    entries: list[Entry], data: st.DataObject
) -> None:
    places = [place for place, entry in enumerate(entries) if isinstance(entry, AlterHolder)]
    if not places:
        return
    place = data.draw(st.sampled_from(places))

    with pytest.raises(EvidenceBroken):
        replay([*entries[: place + 1], *entries[place:]])
    without = [*entries[:place], *entries[place + 1 :]]
    try:
        assert replay(without) != replay(entries)
    except EvidenceBroken as error:
        assert error.code == "entry_conflict"


@given(histories())
def test_certificates_in_force_are_one_per_title_and_never_used_twice(entries: list[Entry]) -> None:
    state = replay(entries)

    assert len(state.current_certificates) == len(state.titles)
    assert state.current_certificates <= state.used_certificates
