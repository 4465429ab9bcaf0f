"""Signed heads and proofs: what the registry signs covers every entry, and anyone can check it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import register_builders as a

from tongban.domain.errors import BadSignature, EvidenceBroken, Unavailable
from tongban.register import book, models, sealing
from tongban.register.proof.heads import ConsistencyProof, InclusionProof
from tongban.vault import keys

pytestmark = pytest.mark.django_db
LATER = a.NOW + timedelta(seconds=2)


@pytest.fixture(autouse=True)
def registry_key(settings: Any, tmp_path: Path) -> None:
    settings.TONGBAN_KEYS_DIR = tmp_path
    tmp_path.chmod(0o700)
    keys.create_key(a.REGISTRY, a.NOW - timedelta(days=1))


def record(*numbers: int, ledger: str = a.LEDGER) -> list[book.EntryRef]:
    done = book.record(
        a.request(*(a.opened(n) for n in numbers), key=f"{ledger}-{numbers[0]}-{numbers[-1]}", ledger=ledger)
    )
    assert isinstance(done, book.Recording)
    return list(done.entries)


def test_every_entry_is_proven_by_its_first_covering_head_and_by_every_later_one() -> None:
    refs, sizes = [], []
    for first, last in ((1, 4), (4, 5), (5, 12), (12, 30)):
        refs += record(*range(first, last))
        assert sealing.seal(LATER) == last - first
        sizes.append(len(refs))

    for ref in refs:
        first = sealing.inclusion_proof(a.LEDGER, ref.seq)
        assert first is not None and first.head.size == min(size for size in sizes if size >= ref.seq)
        for size in (size for size in sizes if size >= ref.seq):
            proof = sealing.inclusion_proof(a.LEDGER, ref.seq, size=size)
            assert proof is not None
            assert sealing.check_inclusion(ref.hash, proof, proof.head)
            sealing.check_signature(proof.head)


def test_a_proof_fails_for_another_entry_place_or_tree() -> None:
    refs = record(1, 2, 3, 4, 5)
    sealing.seal(LATER)
    proof = sealing.inclusion_proof(a.LEDGER, 2)
    assert proof is not None
    head = proof.head

    assert not sealing.check_inclusion(refs[0].hash, proof, head)
    assert not sealing.check_inclusion(refs[1].hash, replace(proof, seq=3), head)
    assert not sealing.check_inclusion(refs[1].hash, replace(proof, path=proof.path[:-1]), head)
    assert not sealing.check_inclusion(refs[1].hash, replace(proof, path=(*proof.path, proof.path[0])), head)
    assert not sealing.check_inclusion(refs[1].hash, replace(proof, path=("zz",)), head)
    assert not sealing.check_inclusion(refs[1].hash, replace(proof, ledger="other"), head)
    assert not sealing.check_inclusion(refs[1].hash, proof, replace(head, size=4))


def test_later_heads_are_proven_to_only_add_to_earlier_ones() -> None:
    heads = []
    for first, last in ((1, 4), (4, 8), (8, 9), (9, 20)):
        record(*range(first, last))
        sealing.seal(LATER)
        head = sealing.latest_head(a.LEDGER)
        assert head is not None
        heads.append(head)

    for early in heads:
        for late in heads[heads.index(early) :]:
            proof = sealing.consistency_proof(a.LEDGER, early.size, late.size)
            assert proof is not None
            assert sealing.check_consistency(proof, early, late)
            if early is not late:
                assert not sealing.check_consistency(proof, replace(early, root=late.root), late)
                assert not sealing.check_consistency(proof, early, replace(late, root=early.root))
                assert not sealing.check_consistency(proof, late, early)


def test_there_is_no_proof_before_there_is_a_head() -> None:
    record(1, 2)

    assert sealing.inclusion_proof(a.LEDGER, 1) is None
    assert [(one.ledger, one.entries, one.since) for one in sealing.unsealed()] == [(a.LEDGER, 2, a.NOW)]
    sealing.seal(LATER)
    assert sealing.unsealed() == ()
    assert sealing.inclusion_proof(a.LEDGER, 3) is None
    assert sealing.consistency_proof(a.LEDGER, 1, 2) is None


def test_sealing_twice_signs_nothing_new() -> None:
    record(1)
    assert sealing.seal(LATER) == 1

    assert sealing.seal(LATER) == 0
    assert models.SignedHead.objects.count() == 1


def test_a_ledger_without_a_key_does_not_keep_the_others_waiting() -> None:
    book.record(a.request(a.opened(1), key="k1", ledger="a-ledger", registry="registry-without-key"))
    record(2)

    with pytest.raises(Unavailable):
        sealing.seal(LATER)
    assert sealing.covering_head(a.LEDGER, 1) is not None
    assert sealing.covering_head("a-ledger", 1) is None


def test_many_entries_come_under_several_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ENTRIES_PER_HEAD_MAX", 3)
    record(*range(1, 9))

    assert [sealing.seal(LATER) for _ in range(4)] == [3, 3, 2, 0]


def test_a_head_is_bound_to_what_it_says() -> None:
    record(1, 2)
    sealing.seal(LATER)
    head = sealing.latest_head(a.LEDGER)
    assert head is not None

    sealing.check_signature(head)
    for forged in (
        replace(head, size=1),
        replace(head, ledger="other"),
        replace(head, root="00" * 32),
        replace(head, at=head.at + timedelta(seconds=1)),
    ):
        with pytest.raises(BadSignature):
            sealing.check_signature(forged)


def test_the_sealer_never_builds_upon_a_tree_it_did_not_sign() -> None:
    record(1, 2)
    sealing.seal(LATER)
    signed = models.SignedHead.objects.get()
    models.SignedHead.objects.create(
        ledger=a.LEDGER, size=3, registry=a.REGISTRY, root=bytes(32), at=LATER,
        algorithm=signed.algorithm, key_id=signed.key_id, signature=signed.signature,
    )  # fmt: skip
    record(3, 4)

    with pytest.raises(EvidenceBroken):
        sealing.seal(LATER)


def test_a_proof_is_read_in_two_statements_however_long_the_ledger() -> None:
    record(*range(1, 100))
    sealing.seal(LATER)

    with CaptureQueriesContext(connection) as queries:
        proof = sealing.inclusion_proof(a.LEDGER, 50)

    assert len(queries) == 2
    assert proof is not None and len(proof.path) == 7


def test_proofs_travel_as_plain_json() -> None:
    record(1, 2, 3)
    sealing.seal(LATER)
    record(4)
    sealing.seal(LATER)
    inclusion = sealing.inclusion_proof(a.LEDGER, 2)
    consistency = sealing.consistency_proof(a.LEDGER, 3, 4)
    assert inclusion is not None and consistency is not None

    assert InclusionProof.from_wire(inclusion.to_wire()) == inclusion
    assert ConsistencyProof.from_wire(consistency.to_wire()) == consistency
