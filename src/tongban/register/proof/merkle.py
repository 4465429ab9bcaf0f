"""Merkle trees in the shape of RFC 9162 §2.1 with SM3: growth, roots and proofs.  Pure: no tables, no clock.

Nodes are named (level, position): the node stands for the entries [position << level, (position + 1) << level).  Only
full subtrees are ever stored; what hangs half empty on the right is folded when it is needed, so a stored node is final
and a proof for a tree of n entries reads at most 2·log2(n) of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tongban.vault.sm3 import sm3

Place = tuple[int, int]
Node = tuple[Place, bytes]
Lookup = Callable[[Place], bytes]


def hash_leaf(data: bytes) -> bytes:
    """The hash of a leaf; its first byte differs from an inner node's, so neither passes for the other."""
    return sm3(b"\x00" + data)


def hash_pair(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sm3(b"\x01" + left + right)


def full_subtrees(start: int, end: int) -> tuple[Place, ...]:
    """The fewest full subtrees that make up the entries [start, end), from left to right.

    `start` must be a multiple of the largest power of two below `end - start`, as it is for every subtree of a tree.
    """
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return tuple(places)


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees given from left to right, larger ones first."""
    assert hashes, "an empty range has no root here"
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = hash_pair(left, root)
    return root


def grow(size: int, frontier: Sequence[bytes], leaves: Iterable[bytes]) -> tuple[list[Node], list[bytes]]:
    """Append leaf hashes to a tree of `size` entries: the new full nodes, and the frontier after.

    `frontier` are the hashes of `full_subtrees(0, size)`.
    """
    stack = [(level, node) for (level, _), node in zip(full_subtrees(0, size), frontier, strict=True)]
    nodes: list[Node] = []
    for leaf in leaves:
        level, position, node = 0, size, leaf
        nodes.append(((level, position), node))
        while stack and stack[-1][0] == level:
            level, position, node = level + 1, position >> 1, hash_pair(stack.pop()[1], node)
            nodes.append(((level, position), node))
        stack.append((level, node))
        size += 1
    return nodes, [node for _, node in stack]


Range = tuple[int, int]


def inclusion_ranges(index: int, size: int) -> tuple[Range, ...]:
    """The ranges whose roots are the path from the leaf up to the root of a tree of `size` (RFC 9162 §2.1.3.1)."""
    assert 0 <= index < size, "the leaf lies in the tree"
    start, end = 0, size
    ranges: list[Range] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return tuple(reversed(ranges))


def consistency_ranges(first: int, second: int) -> tuple[Range, ...]:
    """The ranges whose roots prove that the tree of `second` begins with the tree of `first` (RFC 9162 §2.1.4.1)."""
    assert 0 < first <= second, "a proof goes from a tree with entries to one at least as large"
    start, end, whole = 0, second, True
    ranges: list[Range] = []
    while start + first != end:
        middle = start + _split(end - start)
        if start + first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            first -= middle - start
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return tuple(reversed(ranges))


def places_of(ranges: Iterable[Range]) -> set[Place]:
    """Every stored node that the roots of these ranges need."""
    return {place for start, end in ranges for place in full_subtrees(start, end)}


def roots_of(ranges: Iterable[Range], node: Lookup) -> tuple[bytes, ...]:
    """The root of each range."""
    return tuple(fold([node(place) for place in full_subtrees(start, end)]) for start, end in ranges)


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that this path leads to from the hashed leaf (RFC 9162 §2.1.3.2); None when its length is wrong."""
    if not 0 <= index < size:
        return None
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = hash_pair(sibling, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = hash_pair(root, sibling)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, *, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the larger tree only adds to the smaller one (RFC 9162 §2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    hashes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not hashes:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = hash_pair(sibling, old), hash_pair(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = hash_pair(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
