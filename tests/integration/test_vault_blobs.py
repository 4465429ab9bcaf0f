"""Files: encrypted, named by digest, read by owners only, never served when a byte was flipped."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from tongban.domain.errors import EvidenceBroken, InvalidInput, NotFound
from tongban.vault import blobs, seal
from tongban.vault.models import Blob, BlobOwner
from tongban.vault.sm3 import sm3_hex

WINDOW, HOME = "outlet-410100-01", "registry-410526"
SCAN = b"\xff\xd8\xff scan of a household register " * 100


@pytest.mark.django_db
def test_a_file_comes_back_bit_for_bit_to_its_owner() -> None:
    reference = blobs.store(WINDOW, SCAN, "../户口簿.jpg", "image/jpeg", purpose="material")

    assert reference == blobs.BlobRef(sm3_hex(SCAN), len(SCAN), "image/jpeg", "户口簿.jpg")
    assert blobs.read(WINDOW, reference.digest) == SCAN
    assert blobs.find(WINDOW, reference.digest) == reference
    assert BlobOwner.objects.get().purpose == "material"


@pytest.mark.django_db
def test_the_database_holds_no_plaintext() -> None:
    blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg")

    assert b"household" not in bytes(Blob.objects.get().ciphertext)


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once_and_keep_each_owners_name() -> None:
    first = blobs.store(WINDOW, SCAN, "first.jpg", "image/jpeg")
    again = blobs.store(WINDOW, SCAN, "second.jpg", "image/jpeg")
    home = blobs.store(HOME, SCAN, "third.jpg", "image/jpeg")

    assert (first.name, again.name, home.name) == ("first.jpg", "first.jpg", "third.jpg")
    assert Blob.objects.count() == 1
    assert BlobOwner.objects.count() == 2


@pytest.mark.django_db
def test_who_does_not_own_a_file_does_not_learn_that_it_exists() -> None:
    reference = blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg")

    for act in (
        lambda: blobs.read(HOME, reference.digest),
        lambda: blobs.find(HOME, reference.digest),
        lambda: blobs.share(HOME, "court-410526", reference.digest),
        lambda: blobs.read(WINDOW, "0" * 64),
        lambda: blobs.read(WINDOW, ""),
    ):
        with pytest.raises(NotFound) as refused:
            act()
        assert refused.value.code == "blob_not_found"
    assert BlobOwner.objects.count() == 1


@pytest.mark.django_db
def test_a_shared_file_is_read_by_both() -> None:
    reference = blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg", purpose="material")

    shared = blobs.share(WINDOW, HOME, reference.digest)
    blobs.share(WINDOW, HOME, reference.digest)

    assert shared == reference
    assert blobs.read(HOME, reference.digest) == SCAN
    assert BlobOwner.objects.filter(owner=HOME, purpose="material").count() == 1


@pytest.mark.django_db
def test_a_file_is_deleted_when_its_last_owner_lets_it_go() -> None:
    reference = blobs.store(WINDOW, SCAN, "face.jpg", "image/jpeg")
    blobs.share(WINDOW, HOME, reference.digest)

    blobs.release(WINDOW, reference.digest)
    assert blobs.read(HOME, reference.digest) == SCAN
    with pytest.raises(NotFound):
        blobs.read(WINDOW, reference.digest)

    blobs.release(HOME, reference.digest)
    assert not Blob.objects.exists()


def replace_ciphertext(digest: str, ciphertext: bytes, size: int) -> None:
    """Put other bytes in the place of a file, as somebody with the database's owner role could."""
    owner = BlobOwner.objects.get(blob_id=digest).owner
    BlobOwner.objects.all().delete()
    Blob.objects.all().delete()
    Blob.objects.create(digest=digest, size=size, media_type="image/jpeg", ciphertext=ciphertext)
    BlobOwner.objects.create(owner=owner, blob_id=digest, name="x.jpg")


@pytest.mark.django_db
def test_a_flipped_byte_is_found_at_the_next_read() -> None:
    reference = blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg")
    whole = bytes(Blob.objects.get().ciphertext)

    for at in (0, 5, 20, 40, len(whole) // 2, len(whole) - 1):
        replace_ciphertext(reference.digest, whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :], len(SCAN))
        with pytest.raises(EvidenceBroken):
            blobs.read(WINDOW, reference.digest)


@pytest.mark.django_db
def test_a_file_sealed_anew_by_an_insider_is_found_by_its_digest() -> None:
    reference = blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg")
    forged = seal.seal(SCAN[::-1], f"vault.blob {reference.digest}", purpose="vault.blob")
    replace_ciphertext(reference.digest, forged, len(SCAN))

    with pytest.raises(EvidenceBroken) as broken:
        blobs.read(WINDOW, reference.digest)
    assert broken.value.code == "blob_broken"


@pytest.mark.django_db
def test_the_ciphertext_of_one_file_does_not_open_as_another() -> None:
    other = blobs.store(WINDOW, SCAN + b"!", "y.jpg", "image/jpeg")
    stolen = bytes(Blob.objects.get(pk=other.digest).ciphertext)
    blobs.release(WINDOW, other.digest)
    reference = blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg")
    replace_ciphertext(reference.digest, stolen, len(SCAN))

    with pytest.raises(EvidenceBroken):
        blobs.read(WINDOW, reference.digest)


@pytest.mark.django_db
def test_a_file_of_20_mib_is_kept_and_one_byte_more_is_refused() -> None:
    largest = b"\x00" * blobs.BLOB_BYTES_MAX

    assert blobs.store(WINDOW, largest, "big.pdf", "application/pdf").size == 20 * 1024 * 1024
    with pytest.raises(InvalidInput) as refused:
        blobs.store(WINDOW, largest + b"\x00", "big.pdf", "application/pdf")
    assert refused.value.code == "blob_too_large"
    assert Blob.objects.count() == 1


@pytest.mark.django_db
def test_an_empty_file_and_a_plain_message_part_are_files_too() -> None:
    reference = blobs.store(WINDOW, b"", "empty.json", "application/json")

    assert blobs.read(WINDOW, reference.digest) == b""
    assert reference.name == "empty.json"


@pytest.mark.django_db
def test_the_database_refuses_a_digest_that_is_none() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Blob.objects.create(digest="X" * 64, size=0, media_type="text/plain", ciphertext=b"")


def test_a_stored_file_goes_with_the_transaction_that_stored_it(own_database: str) -> None:
    with transaction.atomic():
        blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg")
        transaction.set_rollback(True)

    assert not Blob.objects.exists()
    assert blobs.read(WINDOW, blobs.store(WINDOW, SCAN, "x.jpg", "image/jpeg").digest) == SCAN


def test_storing_and_releasing_the_same_file_at_once_never_breaks(own_database: str) -> None:
    failures: list[BaseException] = []

    def work(owner: str) -> None:
        try:
            for _ in range(15):
                reference = blobs.store(owner, SCAN, "x.jpg", "image/jpeg")
                assert blobs.read(owner, reference.digest) == SCAN
                blobs.release(owner, reference.digest)
        except BaseException as error:  # noqa: BLE001 - reported by the test itself
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"owner-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert not Blob.objects.exists()
