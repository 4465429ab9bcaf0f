"""The scanned code and what is inside it: packed tightly, printable, and readable only when whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.certificate_samples import CONTENT, World

from tongban.certificates import qr_text
from tongban.certificates.payload import Attachment, HolderName, Opening, Payload, UnreadablePayloadError
from tongban.domain.canonical import canonical_json
from tongban.vault.sm3 import sm3

PRINTED_MM = 40
# The module size at which common phones still read a printed code without fail.
MODULE_MM_MIN = 0.3


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_a_code_gives_back_what_was_packed(world: World) -> None:
    packed = world.packed()

    assert qr_text.unpack(qr_text.pack(packed)) == packed


@pytest.mark.parametrize("entries", [1, 2, 3, 1000, 2**17, 2**20])
def test_a_code_stays_printable_at_40_mm_however_large_the_register(world: World, entries: int) -> None:
    path = tuple(sm3(bytes([step])) for step in range((entries - 1).bit_length()))

    text = qr_text.pack(replace(world.packed(), path=path))

    assert PRINTED_MM / qr_text.modules(text) >= MODULE_MM_MIN
    assert qr_text.unpack(text).path == path


def test_a_code_uses_only_the_letters_of_the_dense_mode(world: World) -> None:
    assert set(qr_text.pack(world.packed())) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def test_a_strangers_scan_shows_no_full_name_and_no_number(world: World) -> None:
    said = world.packed().payload.decode()

    assert "王**" in said
    assert "小丽" not in said
    assert "1237" not in said
    assert "解放路" not in said


@pytest.mark.parametrize(
    "text",
    ["", "TB1:", "TB1:A", "TB1:ABC", "TB2:", "http://example", "TB1:" + ":::" * 20, "TB1:" + "0" * 4293, "TB1:证照"],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(qr_text.UnreadableTextError):
        qr_text.unpack(text)


def test_a_code_that_unpacks_to_very_much_is_refused(world: World) -> None:
    bomb = qr_text.pack(replace(world.packed(), payload=b"0" * 1_000_000))

    with pytest.raises(qr_text.UnreadableTextError):
        qr_text.unpack(bomb)


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"\xff", "U5")],
)
def test_base45_agrees_with_the_published_examples(data: bytes, text: str) -> None:
    assert qr_text._base45(data) == text
    assert qr_text._from_base45(text) == data


@pytest.mark.parametrize("text", ["GGW", ":::", "::", "A", "AAAA"])
def test_base45_beyond_its_range_is_refused(text: str) -> None:
    with pytest.raises(qr_text.UnreadableTextError):
        qr_text._from_base45(text)


def test_a_payload_reads_back_as_it_was(world: World) -> None:
    payload = world.payload()

    assert Payload.parse(payload.to_bytes()) == payload


def test_a_payload_with_one_field_more_is_refused(world: World) -> None:
    wire = json.loads(world.payload().to_bytes()) | {"note": "x"}

    with pytest.raises(UnreadablePayloadError):
        Payload.parse(canonical_json(wire))


@pytest.mark.parametrize(
    "name", ["identifier", "entry", "head", "issued_at", "content_commitment", "version", "format"]
)
def test_a_payload_with_one_field_less_is_refused(world: World, name: str) -> None:
    wire = {key: value for key, value in json.loads(world.payload().to_bytes()).items() if key != name}

    with pytest.raises(UnreadablePayloadError):
        Payload.parse(canonical_json(wire))


@pytest.mark.parametrize("change", [{"issued_at": "2026-11-22T09:03:11"}, {"holders_commitment": "00"}, {"entry": []}])
def test_a_payload_of_the_wrong_form_is_refused(world: World, change: dict[str, object]) -> None:
    wire = json.loads(world.payload().to_bytes()) | change

    with pytest.raises(UnreadablePayloadError):
        Payload.parse(canonical_json(wire))


def test_an_attachment_reads_back_as_it_was(world: World) -> None:
    attachment = world.attachment()

    assert Attachment.parse(attachment.to_text().encode()) == attachment


def test_a_commitment_shows_nothing_without_its_salt_and_changes_with_every_word(world: World) -> None:
    opening = world.opening()
    other_salt = Opening(opening.content, opening.holders, sm3(b"another"))
    other_word = world.opening(holders_zh="王小丽 ")
    other_holder = Opening(opening.content, (HolderName("王小莉", "居民身份证 410526********1237"),), opening.salt)

    commitments = {one.content_commitment for one in (opening, other_salt, other_word)}

    assert len(commitments) == 3
    assert other_holder.holders_commitment != opening.holders_commitment
    assert str(CONTENT["holders_zh"]) not in opening.content_commitment


@pytest.mark.parametrize(
    ("names", "shown"),
    [(["王小丽"], "王**"), (["王小丽", "李明"], "王**、李*"), (["王小丽", "李明", "赵六"], "王**等3人")],
)
def test_many_holders_are_counted_and_not_listed(names: list[str], shown: str) -> None:
    opening = Opening({}, tuple(HolderName(name, "居民身份证") for name in names), sm3(b"salt"))

    assert opening.holder_zh == shown
