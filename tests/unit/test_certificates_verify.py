"""What verification says: a genuine certificate passes, and of a false one it names exactly what is false."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.certificate_samples import NOW, PROVINCE, REGISTRY, P256Key, Sm2Key, World
from tests.unit.test_certificates_documents import SAMPLES

from tongban.certificates import qr_text, verify
from tongban.certificates.payload import ATTACHMENT_NAME, Attachment, Payload
from tongban.certificates.seals import pdf_check
from tongban.certificates.seals.pdf_seal import seal_pdf
from tongban.certificates.trust import Authority, authority_wire, normal_fingerprint, read_trust
from tongban.certificates.typeset.rendering import render
from tongban.certificates.verify import Verification, verify_payload, verify_pdf
from tongban.cli import verify_certificate
from tongban.domain.errors import BadSignature, InvalidInput
from tongban.domain.numbering import licence_identifier
from tongban.vault import sm2

ALL = ("file", "seal", "data", "payload", "inclusion", "head", "content", "page")
SCANNED = ("data", "payload", "inclusion", "head")


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def pdf(world: World) -> bytes:
    return world.pdf()


def _codes(found: Verification) -> tuple[str, ...]:
    return tuple(check.code for check in found.checks)


def _resigned(world: World, **changes: object) -> Payload:
    return replace(world.payload(), **changes)  # type: ignore[arg-type]


def test_a_genuine_file_passes_every_check_and_says_what_is_in_it(world: World, pdf: bytes) -> None:
    found = verify_pdf(pdf, world.trust())

    assert found.ok
    assert _codes(found) == ALL
    assert not any(check.skipped for check in found.checks)
    assert found.identifier == world.payload().identifier
    assert {fact.name_zh: fact.value_zh for fact in found.facts}["权利人"] == "王小丽"


def test_a_genuine_code_passes_every_check_and_shows_a_masked_name(world: World) -> None:
    found = verify_payload(world.attachment().code, world.trust())

    assert found.ok
    assert _codes(found) == SCANNED
    assert {fact.name_zh: fact.value_zh for fact in found.facts}["权利人"] == "王**"


def test_sealing_the_same_page_at_the_same_time_gives_the_same_bytes(world: World) -> None:
    page, seal = world.page(), world.seal()

    assert seal_pdf(page, seal, now=NOW) == seal_pdf(page, seal, now=NOW)
    assert seal_pdf(page, seal, now=NOW) != seal_pdf(page, seal, now=NOW + timedelta(seconds=1))


def test_the_seal_leaves_the_typeset_file_as_it_is_and_only_adds_to_it(world: World) -> None:
    attachment = world.attachment()

    sealed = world.pdf(attachment)

    assert sealed.startswith(world.page(attachment))
    assert pdf_check.attached_file(sealed, ATTACHMENT_NAME) == attachment.to_text().encode()


def test_a_sealed_notice_has_a_file_and_a_seal_and_nothing_else(world: World) -> None:
    found = verify_pdf(seal_pdf(render(SAMPLES[3]), world.seal(), now=NOW), world.trust())

    assert found.ok
    assert _codes(found) == ("file", "seal")


def test_an_unsealed_file_is_refused(world: World) -> None:
    found = verify_pdf(render(SAMPLES[3]), world.trust())

    assert found.broken == ("file", "seal")
    assert found.checks[0].detail_zh == "没有电子签章"


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-", b"%PDF-1.7\n/ByteRange [0 1 2 3]", b"not a pdf", b"%PDF-" + b"\0" * 9999]
)
def test_anything_else_is_refused_and_never_an_error(world: World, data: bytes) -> None:
    found = verify_pdf(data, world.trust())

    assert not found.ok
    assert found.facts == ()


def test_an_appended_revision_breaks_the_file(world: World, pdf: bytes) -> None:
    found = verify_pdf(pdf + b"\n% a later revision\n", world.trust())

    assert "file" in found.broken
    assert "page" in found.broken


def test_a_second_seal_over_the_first_breaks_the_file(world: World, pdf: bytes) -> None:
    twice = pdf + pdf[pdf.index(b"%%EOF") + len(b"%%EOF") :]

    found = verify_pdf(twice, world.trust())

    assert found.checks[0].detail_zh == "不止一个电子签章，文件签发后被追加过内容"
    assert "page" in found.broken


def test_a_page_that_shows_other_words_is_named_even_with_a_good_seal(world: World) -> None:
    forged = world.pdf(holders_zh="赵大强")

    assert verify_pdf(forged, world.trust()).broken == ("page",)


def test_other_attached_words_are_named_even_with_a_good_seal(world: World) -> None:
    opening = world.opening(holders_zh="赵大强")
    attachment = world.attachment(opening=opening)

    found = verify_pdf(world.pdf(attachment), world.trust())

    assert found.broken == ("content",)
    assert found.facts == ()


def test_a_seal_by_an_unknown_authority_is_named(world: World, pdf: bytes) -> None:
    stranger = World(registry=world.registry, province=world.province)

    assert verify_pdf(pdf, stranger.trust()).broken == ("seal",)


def test_a_seal_of_another_registry_on_this_certificate_is_named(world: World) -> None:
    other = "registry-410100"
    both = [authority_wire(Authority("site-test", world.authority, frozenset({REGISTRY, other})))]

    found = verify_pdf(world.pdf(seal=world.seal(other)), world.trust(authorities=both))

    assert "data" in found.broken
    assert found.facts == ()


def test_an_authority_vouches_for_its_own_institutions_only(world: World, pdf: bytes) -> None:
    elsewhere = [authority_wire(Authority("site-test", world.authority, frozenset({"registry-410100"})))]

    assert verify_pdf(pdf, world.trust(authorities=elsewhere)).broken == ("seal",)


def test_a_revoked_seal_counts_until_its_revocation(world: World) -> None:
    seal = world.seal()
    pdf, serial = world.pdf(seal=seal), pdf_check.serial_of(seal.certificate)
    before = {serial: (NOW - timedelta(days=1)).isoformat()}
    after = {serial: (NOW + timedelta(days=1)).isoformat()}

    assert verify_pdf(pdf, world.trust(revoked_seals=before)).broken == ("seal",)
    assert verify_pdf(pdf, world.trust(revoked_seals=after)).ok


def test_a_seal_that_was_not_yet_or_no_longer_valid_when_used_is_named(world: World) -> None:
    page, seal = world.page(), world.seal()
    early = seal_pdf(page, seal, now=NOW - timedelta(days=1))
    late = seal_pdf(page, seal, now=NOW + timedelta(days=4_000))

    assert verify_pdf(early, world.trust()).broken == ("seal",)
    assert verify_pdf(late, world.trust()).broken == ("seal",)


def test_a_seal_made_with_another_key_than_its_certificate_is_named(world: World) -> None:
    forged = world.pdf(seal=world.seal(sign=P256Key().sign))

    found = verify_pdf(forged, world.trust())

    assert found.checks[0].detail_zh == "电子签章与文件不符"
    assert {"file", "seal"} <= set(found.broken)


def test_a_payload_signed_by_a_stranger_is_named(world: World) -> None:
    packed = replace(world.packed(), signature=Sm2Key.make(REGISTRY).sign(world.packed().payload))

    found = verify_payload(qr_text.pack(packed), world.trust())

    assert found.broken == ("payload",)
    assert found.facts == ()


def test_an_unknown_key_is_named(world: World) -> None:
    packed = replace(world.packed(), key_id=f"{REGISTRY}.0000000000000000")

    assert verify_payload(qr_text.pack(packed), world.trust()).broken == ("payload",)


def test_another_algorithm_than_the_keys_is_named(world: World) -> None:
    packed = replace(world.packed(), algorithm="none")

    assert verify_payload(qr_text.pack(packed), world.trust()).broken == ("payload",)


@pytest.mark.parametrize(
    "limit",
    [
        {"valid_from": "2026-12-01T00:00:00+00:00"},
        {"valid_until": "2026-11-01T00:00:00+00:00"},
        {"revoked_at": "2026-11-01T00:00:00+00:00"},
        {"revoked_at": "2026-12-01T00:00:00+00:00", "compromised_since": "2026-11-01T00:00:00+00:00"},
    ],
    ids=["not yet", "no longer", "revoked", "stolen"],
)
def test_a_key_out_of_force_when_it_signed_is_named(world: World, limit: dict[str, str | None]) -> None:
    keys = [world.registry.row(**limit), world.province.row()]

    assert verify_payload(world.attachment().code, world.trust(keys=keys)).broken == ("payload", "head")


def test_a_key_revoked_afterwards_leaves_earlier_certificates_good(world: World) -> None:
    keys = [world.registry.row(revoked_at="2027-01-01T00:00:00+00:00"), world.province.row()]

    assert verify_payload(world.attachment().code, world.trust(keys=keys)).ok


def test_an_entry_that_is_not_in_the_register_is_named(world: World) -> None:
    entry = replace(world.payload().entry, hash=world.entry_hash(77))

    found = verify_payload(qr_text.pack(world.packed(_resigned(world, entry=entry))), world.trust())

    assert found.broken == ("inclusion",)


@pytest.mark.parametrize("spoil", [lambda path: path[1:], lambda path: (*path, path[0]), lambda path: path[::-1]])
def test_another_path_is_named(world: World, spoil: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> None:
    packed = replace(world.packed(), path=spoil(world.path))

    assert verify_payload(qr_text.pack(packed), world.trust()).broken == ("inclusion",)


def test_a_head_signed_by_a_stranger_is_named(world: World) -> None:
    packed = replace(world.packed(), head_signature=Sm2Key.make(REGISTRY).sign(b"anything"))

    assert verify_payload(qr_text.pack(packed), world.trust()).broken == ("head",)


def test_a_head_of_another_size_than_was_signed_is_named(world: World) -> None:
    payload = world.payload()
    packed = world.packed(replace(payload, head=replace(payload.head, size=payload.head.size - 1)))

    assert "head" in verify_payload(qr_text.pack(packed), world.trust()).broken


def test_an_identifier_of_another_registry_is_named(world: World) -> None:
    other = licence_identifier("11100000MB03271699022", "410100", "2026Z0001234", 1).text

    found = verify_payload(qr_text.pack(world.packed(_resigned(world, identifier=other))), world.trust())

    assert found.broken == ("payload",)


def test_a_printed_code_that_says_something_else_is_named(world: World) -> None:
    other = qr_text.pack(replace(world.packed(), path=world.path[::-1]))

    found = verify_pdf(world.pdf(replace(world.attachment(), code=other)), world.trust())

    assert found.broken == ("data",)


def test_another_typesetter_is_told_and_does_not_fail_the_file(world: World) -> None:
    attachment = replace(world.attachment(), renderer="typst-0.99/other")

    found = verify_pdf(world.pdf(attachment), world.trust())

    assert found.ok
    assert [check.code for check in found.checks if check.skipped] == ["page"]


def test_a_trust_file_shows_the_provinces_fingerprint(world: World) -> None:
    trust = world.trust()

    assert normal_fingerprint(trust.fingerprint.upper()) == normal_fingerprint(trust.fingerprint)
    assert len(normal_fingerprint(trust.fingerprint)) == 64


def test_a_trust_file_somebody_changed_is_refused(world: World) -> None:
    wire = json.loads(world.trust_bytes())
    wire["names_zh"][REGISTRY] = "别的登记中心"

    with pytest.raises(BadSignature):
        read_trust(json.dumps(wire).encode())


def test_a_trust_file_signed_with_a_key_it_does_not_list_is_refused(world: World) -> None:
    with pytest.raises(BadSignature):
        world.trust(keys=[world.registry.row()])


def test_a_trust_file_signed_after_the_provinces_key_was_stolen_is_refused(world: World) -> None:
    stolen = "2026-11-01T00:00:00+00:00"
    keys = [world.registry.row(), world.province.row(revoked_at=stolen, compromised_since=stolen)]

    with pytest.raises(BadSignature):
        world.trust(keys=keys)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format": "tongban-trust-1"}', b"[" * 100_000])
def test_a_file_that_is_no_trust_file_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_trust(data)


@pytest.mark.parametrize("row", [{"public_key": "AAAA"}, {"valid_from": "yesterday"}, {"owner": None}])
def test_a_trust_file_with_a_row_that_is_no_key_is_refused(world: World, row: dict[str, str | None]) -> None:
    with pytest.raises(InvalidInput):
        world.trust(keys=[world.registry.row(**row), world.province.row()])


def test_the_same_algorithm_name_is_used_everywhere() -> None:
    assert sm2.ALGORITHM == "sm2sm3"
    assert PROVINCE.startswith("province-")


def test_every_check_has_a_name_for_people(world: World, pdf: bytes) -> None:
    names = {check.code: check.name_zh for check in verify_pdf(pdf, world.trust()).checks}

    assert set(names) == set(ALL) == set(verify._NAMES_ZH)
    assert len(set(names.values())) == len(ALL)


def test_an_attachment_is_read_only_in_its_canonical_form(world: World) -> None:
    loose = json.dumps(json.loads(world.attachment().to_text()), indent=1).encode()

    with pytest.raises(ValueError, match="canonical"):
        Attachment.parse(loose)


def test_the_command_needs_neither_django_nor_network(world: World, pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_bytes(world.trust_bytes())
    (tmp_path / "a.pdf").write_bytes(pdf)
    program = (
        "import sys; from tongban.cli import verify_certificate as c; code = c.run(['a.pdf', '--trust', 'trust.json']);"
        "sys.exit(9 if 'django' in sys.modules else code)"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env={})

    assert done.returncode == verify_certificate.GENUINE, done.stderr
    assert "结论：真实、完整。是否仍然有效" in done.stdout


def test_the_command_tells_broken_from_unusable(
    world: World, pdf: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust, good, bad, code = (tmp_path / name for name in ("trust.json", "good.pdf", "bad.pdf", "code.txt"))
    trust.write_bytes(world.trust_bytes())
    good.write_bytes(pdf)
    bad.write_bytes(pdf[:-1])
    code.write_text(world.attachment().code + "\n")
    finger = world.trust().fingerprint

    assert verify_certificate.run([str(code), "--trust", str(trust), "--fingerprint", finger.upper()]) == 0
    assert verify_certificate.run([str(bad), "--trust", str(trust)]) == verify_certificate.BROKEN
    assert verify_certificate.run([str(good), "--trust", str(trust), "--fingerprint", "00" * 32]) == 2
    assert verify_certificate.run([str(good), "--trust", str(tmp_path / "none")]) == verify_certificate.UNUSABLE
    assert verify_certificate.run([str(good), "--trust", str(good)]) == verify_certificate.UNUSABLE
    assert "请勿采信" in capsys.readouterr().out
