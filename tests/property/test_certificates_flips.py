"""One flipped byte, anywhere: in the file, in the code, in the payload.  Every one is found."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certificate_samples import World

from tongban.certificates import qr_text
from tongban.certificates.payload import Payload, UnreadablePayloadError
from tongban.certificates.seals.pdf_check import BrokenSealError, open_seal
from tongban.certificates.trust import Trust
from tongban.certificates.verify import verify_payload, verify_pdf

FLIPS_OF_THE_FILE = 4_000
FULL_CHECKS = 40
BITS = (0x01, 0x20, 0x80)  # the least, letter case, the most


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def trust(world: World) -> Trust:
    return world.trust()


@pytest.fixture(scope="module")
def pdf(world: World) -> bytes:
    return world.pdf()


def _flipped(data: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= bit
    return bytes(changed)


def _is_whole(data: bytes) -> bool:
    try:
        open_seal(data)
    except BrokenSealError:
        return False
    return True


def test_the_bytes_of_the_seal_and_its_surroundings_count(pdf: bytes) -> None:
    """Where a signature cannot cover itself: its own digits, their case, the zeros behind, the brackets around."""
    start = pdf.index(b"/Contents <3082")
    end = pdf.index(b">", start)
    chance, filled = random.Random(7), start + len(pdf[start:end].rstrip(b"0"))
    inside = [*range(start, start + 100), *chance.sample(range(start + 100, filled), 500)]
    places = [*inside, *chance.sample(range(filled, end), 200), *range(end - 3, len(pdf))]

    missed = [(place, bit) for place in places for bit in BITS if _is_whole(_flipped(pdf, place, bit))]

    assert _is_whole(pdf)
    assert missed == []


def test_a_flip_at_thousands_of_places_of_the_file_is_always_found(pdf: bytes) -> None:
    chance = random.Random(20261122)
    flips = [(chance.randrange(len(pdf)), 1 << chance.randrange(8)) for _ in range(FLIPS_OF_THE_FILE)]

    missed = [flip for flip in flips if _is_whole(_flipped(pdf, *flip))]

    assert missed == []


def test_the_whole_verification_never_stumbles_over_a_flip(pdf: bytes, trust: Trust) -> None:
    chance = random.Random(16)
    for _ in range(FULL_CHECKS):
        found = verify_pdf(_flipped(pdf, chance.randrange(len(pdf)), 1 << chance.randrange(8)), trust)

        assert not found.ok
        assert {"file", "seal"} <= set(found.broken)


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0, max_value=200_000), kept=st.booleans())
def test_a_file_cut_anywhere_is_found(pdf: bytes, trust: Trust, cut: int, kept: bool) -> None:
    cut %= len(pdf)
    found = verify_pdf(pdf[:cut] if kept else pdf[:cut] + pdf[cut + 1 :], trust)

    assert not found.ok


def test_every_flip_of_every_character_of_the_code_is_found(world: World, trust: Trust) -> None:
    text = world.attachment().code.encode()
    missed = []
    for place in range(len(text)):
        for bit in (1, 2, 16, 32):
            try:
                qr_text.unpack(_flipped(text, place, bit).decode())
            except qr_text.UnreadableTextError:
                continue
            missed.append((place, bit))

    assert missed == []
    assert verify_payload(text.decode(), trust).ok


def test_a_code_repacked_around_a_flipped_payload_is_found(world: World, trust: Trust) -> None:
    """The guard is no secret: a forger computes it anew, and then the signatures have to hold."""
    packed = world.packed()
    chance = random.Random(5)
    for _ in range(300):
        payload = _flipped(packed.payload, chance.randrange(len(packed.payload)), 1 << chance.randrange(8))

        found = verify_payload(qr_text.pack(replace(packed, payload=payload)), trust)

        assert not found.ok
        assert found.facts == ()


@pytest.mark.parametrize("part", ["signature", "head_signature"])
def test_a_code_repacked_around_a_flipped_signature_is_found(world: World, trust: Trust, part: str) -> None:
    packed = world.packed()
    good = getattr(packed, part)
    for place in range(len(good)):
        for bit in BITS:
            spoiled = replace(packed, **{part: _flipped(good, place, bit)})

            assert not verify_payload(qr_text.pack(spoiled), trust).ok


def test_a_code_repacked_around_a_flipped_path_is_found(world: World, trust: Trust) -> None:
    packed = world.packed()
    for step in range(len(packed.path)):
        for place in range(32):
            path = list(packed.path)
            path[step] = _flipped(path[step], place, 1)

            assert verify_payload(qr_text.pack(replace(packed, path=tuple(path))), trust).broken == ("inclusion",)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_code_or_refused(data: bytes) -> None:
    text = qr_text.PREFIX + qr_text._base45(data)
    with pytest.raises(qr_text.UnreadableTextError):
        qr_text.unpack(text)


@given(data=st.binary(max_size=300))
def test_base45_gives_back_what_it_was_given(data: bytes) -> None:
    assert qr_text._from_base45(qr_text._base45(data)) == data


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_payload_or_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePayloadError):
        Payload.parse(data)
