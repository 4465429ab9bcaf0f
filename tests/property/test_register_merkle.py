"""Trees of any size: every proof leads to the root, and no proof leads there from anything else."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tongban.register.proof import merkle

SIZE_MAX = 300
LEAVES = [merkle.hash_leaf(str(number).encode()) for number in range(SIZE_MAX)]
sizes = st.integers(1, SIZE_MAX)


@cache
def plain_root(start: int, end: int) -> bytes:
    """MTH of RFC 9162 §2.1.1, written down as the standard says it, without the stored nodes."""
    if end - start == 1:
        return LEAVES[start]
    split = 1
    while split * 2 < end - start:
        split *= 2
    return merkle.hash_pair(plain_root(start, start + split), plain_root(start + split, end))


NODES = dict(merkle.grow(0, [], LEAVES)[0])


def inclusion(index: int, size: int) -> tuple[bytes, ...]:
    return merkle.roots_of(merkle.inclusion_ranges(index, size), NODES.__getitem__)


def consistency(first: int, second: int) -> tuple[bytes, ...]:
    return merkle.roots_of(merkle.consistency_ranges(first, second), NODES.__getitem__)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_a_tree_grown_in_steps_is_the_tree_grown_at_once(steps: list[int]) -> None:
    size, frontier, nodes = 0, list[bytes](), list[merkle.Node]()
    for step in steps:
        fresh, frontier = merkle.grow(size, frontier, LEAVES[size : size + step])
        nodes += fresh
        size = min(size + step, SIZE_MAX)

    assert nodes == merkle.grow(0, [], LEAVES[:size])[0]
    assert len(nodes) == (2 * size - size.bit_count() if size else 0)
    assert not size or merkle.fold(frontier) == plain_root(0, size)


@given(sizes, st.data())
def test_every_entry_is_proven_in_every_later_tree_with_few_nodes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(index, size)

    assert merkle.root_from_inclusion(LEAVES[index], index, size, path) == plain_root(0, size)
    assert len(path) <= (size - 1).bit_length()
    assert len(merkle.places_of(merkle.inclusion_ranges(index, size))) <= 2 * max(1, (size - 1).bit_length())


@given(sizes, st.data())
def test_no_other_entry_or_place_is_proven_by_the_same_path(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 1))
    path, root = inclusion(index, size), plain_root(0, size)

    if other != index:
        assert merkle.root_from_inclusion(LEAVES[index], other, size, path) != root
    if (leaf := other % SIZE_MAX) != index:
        assert merkle.root_from_inclusion(LEAVES[leaf], index, size, path) != root
    longer = (*path, LEAVES[0])
    assert merkle.root_from_inclusion(LEAVES[index], index, size, longer) is None
    if path:
        assert merkle.root_from_inclusion(LEAVES[index], index, size, path[:-1]) is None


@given(sizes, sizes)
def test_a_later_tree_is_proven_to_begin_with_an_earlier_one(one: int, two: int) -> None:
    first, second = sorted((one, two))
    path = consistency(first, second)

    assert merkle.is_consistent(first, second, plain_root(0, first), plain_root(0, second), path=path)
    assert len(path) <= (second - 1).bit_length() + 1


@settings(max_examples=200)
@given(st.integers(1, SIZE_MAX - 1), st.data())
def test_a_rewritten_tree_is_never_proven_consistent(first: int, data: st.DataObject) -> None:
    second = data.draw(st.integers(first + 1, SIZE_MAX))
    changed = data.draw(st.integers(0, first - 1))
    forged = [*LEAVES[:changed], merkle.hash_leaf(b"forged"), *LEAVES[changed + 1 : second]]
    nodes = dict(merkle.grow(0, [], forged)[0])
    forged_root = merkle.fold(merkle.grow(0, [], forged)[1])
    old, path = plain_root(0, first), merkle.roots_of(merkle.consistency_ranges(first, second), nodes.__getitem__)

    assert not merkle.is_consistent(first, second, old, forged_root, path=path)
    assert not merkle.is_consistent(first, second, old, forged_root, path=consistency(first, second))
