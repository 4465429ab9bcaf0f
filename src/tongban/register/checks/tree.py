"""Does the tree hold: every stored node follows from the entries, every signed head is of this tree and signed so."""

from __future__ import annotations

from collections.abc import Iterator

from tongban.domain.errors import BadSignature
from tongban.register import models, sealing
from tongban.register.checks.reports import Check, Findings
from tongban.register.proof import merkle

CHUNK = 2000


def check_tree(ledger: str, doubtful: frozenset[int], findings: Findings) -> int:
    """Rebuild the tree from the entries and compare nodes and signed roots; how many heads there are.

    An entry in `doubtful` was named already: the stored leaf stands in for it, so that its neighbours are judged alone.
    """
    heads = models.SignedHead.objects.filter(ledger=ledger).order_by("size")
    sealed = max((head.size for head in heads), default=0)
    roots = _check_nodes(ledger, sealed, {head.size for head in heads}, doubtful, findings)
    for head in heads:
        _check_head(head, roots.get(head.size), findings)
    stored = models.MerkleNode.objects.filter(ledger=ledger).count()
    if stored != 2 * sealed - sealed.bit_count():
        findings.add(Check.MERKLE_NODE, f"register_merklenode {ledger}", f"已签名{sealed}条，节点数{stored}不对")
    return len(heads)


def _check_nodes(
    ledger: str, sealed: int, sizes: set[int], doubtful: frozenset[int], findings: Findings
) -> dict[int, bytes]:
    """Compare every node up to `sealed` entries; the roots at `sizes` as the entries give them."""
    size, frontier, roots = 0, list[bytes](), dict[int, bytes]()
    for leaves in _leaves(ledger, sealed, doubtful):
        fresh: list[merkle.Node] = []
        for leaf in leaves:
            nodes, frontier = merkle.grow(size, frontier, [leaf])
            fresh += nodes
            size += 1
            if size in sizes:
                roots[size] = merkle.fold(frontier)
        stored = sealing.nodes_at(ledger, [place for place, _ in fresh])
        for place, expected in fresh:
            if stored.get(place) != expected:
                row = f"register_merklenode {ledger}/{place[0]}:{place[1]}"
                findings.add(Check.MERKLE_NODE, row, "节点缺失或者与登簿记载不一致")
    return roots


def _leaves(ledger: str, sealed: int, doubtful: frozenset[int]) -> Iterator[list[bytes]]:
    """Leaf hashes of the sealed entries in chunks; the stored one where the entry itself cannot be believed."""
    for start in range(0, sealed, CHUNK):
        end = min(start + CHUNK, sealed)
        rows = models.Entry.objects.filter(ledger=ledger, seq__gt=start, seq__lte=end).order_by("seq")
        hashes = {seq: merkle.hash_leaf(bytes(digest)) for seq, digest in rows.values_list("seq", "hash")}
        unsure = [seq for seq in range(start + 1, end + 1) if seq in doubtful or seq not in hashes]
        stored = sealing.nodes_at(ledger, [(0, seq - 1) for seq in unsure]) if unsure else {}
        hashes |= {seq: stored.get((0, seq - 1), b"") for seq in unsure}
        yield [hashes[seq] for seq in range(start + 1, end + 1)]


def _check_head(row: models.SignedHead, root: bytes | None, findings: Findings) -> None:
    """A bad signature means the row was changed; a good one over another root, that the entries were."""
    name = f"register_signedhead {row.ledger}/{row.size}"
    try:
        sealing.check_signature(sealing.read_head(row))
    except BadSignature as error:
        findings.add(Check.HEAD_SIGNATURE, name, error.message_zh)
        return
    if bytes(row.root) != root:
        findings.add(Check.HEAD_ROOT, name, "登记机构签名的树根与现在的登簿记载不符，记载在签名之后被改写")
