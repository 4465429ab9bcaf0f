"""The bytes of the book and the tree over them: fixed examples, so that no change of form goes unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tongban.register.proof import leaf, merkle
from tongban.register.proof.heads import ConsistencyProof, Head, InclusionProof, check_consistency, check_inclusion
from tongban.vault.sm3 import sm3

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LEAF = leaf.Leaf(
    ledger="410526",
    seq=7,
    previous="11" * 32,
    recorded_at=leaf.utc_text(AT),
    registry="registry-410526",
    recorder="dengbu",
    case_no="41052620261122000001",
    act="alter_name",
    unit_seq=3,
    unit_previous="22" * 32,
    request_key="k",
    request_position=0,
    request_digest="33" * 32,
    private="44" * 32,
    entry={"kind": "replace_certificate", "unit_code": "410526001002GB00001F00010001", "before": "一", "after": "二"},
)
TEXT = (
    '{"act":"alter_name","case_no":"41052620261122000001","entry":{"after":"二","before":"一",'
    '"kind":"replace_certificate","unit_code":"410526001002GB00001F00010001"},"ledger":"410526",'
    '"previous":"' + "11" * 32 + '","private":"' + "44" * 32 + '","recorded_at":"2026-11-22T02:00:00.000000+00:00",'
    '"recorder":"dengbu","registry":"registry-410526","request":{"digest":"' + "33" * 32 + '","key":"k","position":0},'
    '"seq":7,"unit_previous":"' + "22" * 32 + '","unit_seq":3,"version":1}'
)


def test_a_leaf_is_written_as_exactly_this_text_and_read_back() -> None:
    assert LEAF.text() == TEXT
    assert leaf.Leaf.parse(TEXT) == LEAF
    assert leaf.leaf_hash(TEXT).hex() == "40e50b5b9dc977dcb88b17be3dc1fd10a671ac14ef24188bfa6fa9a3f03b7d1d"


@pytest.mark.parametrize("broken", ["{}", "[]", TEXT.replace('"version":1', '"version":2'), TEXT.replace("7", '"7"')])
def test_a_text_that_is_no_leaf_is_not_read(broken: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        leaf.Leaf.parse(broken)


def test_a_moment_is_written_the_same_whatever_its_time_zone() -> None:
    beijing = AT.astimezone(timezone(timedelta(hours=8)))

    assert leaf.utc_text(beijing) == leaf.utc_text(AT) == "2026-11-22T02:00:00.000000+00:00"


def test_chains_of_different_ledgers_and_units_begin_differently() -> None:
    starts = {leaf.ledger_start("a"), leaf.ledger_start("b"), leaf.unit_start("a"), leaf.unit_start("b")}

    assert len(starts) == 4


def test_a_commitment_depends_on_salt_and_content_and_needs_its_full_salt() -> None:
    salt = bytes(32)

    assert leaf.commitment(salt, b"a") == sm3(b"tongban private part " + salt + b"a")
    assert len({leaf.commitment(salt, b"a"), leaf.commitment(salt, b"b"), leaf.commitment(b"\1" * 32, b"a")}) == 3
    with pytest.raises(AssertionError):
        leaf.commitment(b"short", b"a")


def test_an_event_covers_everything_it_says() -> None:
    event = leaf.Event("u", 2, leaf.ORDER, "o1", AT, bytes(32))
    others = [
        leaf.Event("v", 2, leaf.ORDER, "o1", AT, bytes(32)),
        leaf.Event("u", 3, leaf.ORDER, "o1", AT, bytes(32)),
        leaf.Event("u", 2, leaf.ENTRY, "o1", AT, bytes(32)),
        leaf.Event("u", 2, leaf.ORDER, "o2", AT, bytes(32)),
        leaf.Event("u", 2, leaf.ORDER, "o1", AT + timedelta(microseconds=1), bytes(32)),
        leaf.Event("u", 2, leaf.ORDER, "o1", AT, b"\1" * 32),
    ]

    assert event.hash().hex() == "acd83c8199e005fe5dcaaf3af764c7ffc38ff97909562cc57a6037865c9368e5"
    assert event.hash() not in {other.hash() for other in others}


# The seven-entry tree of RFC 9162 §2.1.5, whose proofs the text gives by name.
LEAVES = [merkle.hash_leaf(bytes([number])) for number in range(7)]
G, H, I = (merkle.hash_pair(LEAVES[n], LEAVES[n + 1]) for n in (0, 2, 4))  # noqa: E741
J = LEAVES[6]
K, L = merkle.hash_pair(G, H), merkle.hash_pair(I, J)
ROOT = merkle.hash_pair(K, L)
NODES = dict(merkle.grow(0, [], LEAVES)[0])


def test_leaves_and_inner_nodes_are_hashed_apart() -> None:
    assert merkle.hash_leaf(b"") == sm3(b"\x00")
    assert merkle.hash_pair(b"a" * 32, b"b" * 32) == sm3(b"\x01" + b"a" * 32 + b"b" * 32)


def test_the_tree_of_the_standard_has_its_root() -> None:
    assert merkle.fold(merkle.grow(0, [], LEAVES)[1]) == ROOT


@pytest.mark.parametrize(
    ("index", "path"), [(0, [LEAVES[1], H, L]), (3, [LEAVES[2], G, L]), (4, [LEAVES[5], J, K]), (6, [I, K])]
)
def test_inclusion_paths_are_those_of_the_standard(index: int, path: list[bytes]) -> None:
    assert list(merkle.roots_of(merkle.inclusion_ranges(index, 7), NODES.__getitem__)) == path
    assert merkle.root_from_inclusion(LEAVES[index], index, 7, path) == ROOT


@pytest.mark.parametrize(("first", "path"), [(3, [LEAVES[2], LEAVES[3], G, L]), (4, [L]), (6, [I, J, K]), (7, [])])
def test_consistency_paths_are_those_of_the_standard(first: int, path: list[bytes]) -> None:
    assert list(merkle.roots_of(merkle.consistency_ranges(first, 7), NODES.__getitem__)) == path
    old = merkle.fold(merkle.grow(0, [], LEAVES[:first])[1])
    assert merkle.is_consistent(first, 7, old, ROOT, path=path)


def head(size: int, root: bytes) -> Head:
    return Head("410526", size, "registry-410526", root.hex(), AT, "sm2sm3", "k1", "00")


def test_a_head_states_exactly_these_bytes() -> None:
    assert (
        head(2, bytes(32)).statement()
        == (
            '{"at":"2026-11-22T02:00:00.000000+00:00","kind":"register.head","ledger":"410526",'
            '"registry":"registry-410526","root":"' + "00" * 32 + '","size":2,"version":1}'
        ).encode()
    )


def test_proofs_are_checked_without_a_database() -> None:
    data = [bytes([number]).hex() for number in range(7)]
    late, early = head(7, ROOT), head(4, K)
    inclusion = InclusionProof("410526", 5, tuple(node.hex() for node in (LEAVES[5], J, K)), late)

    assert check_inclusion(data[4], inclusion, late)
    assert not check_inclusion(data[5], inclusion, late)
    assert check_consistency(ConsistencyProof("410526", 4, 7, (L.hex(),)), early, late)
    assert not check_consistency(ConsistencyProof("410526", 4, 7, (K.hex(),)), early, late)
    assert not check_consistency(ConsistencyProof("410526", 4, 7, ("xx",)), early, late)
    assert Head.from_wire(late.to_wire()) == late
