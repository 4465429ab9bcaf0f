"""Verification: one flipped byte anywhere, and the report names the check and the row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test import override_settings
from tests import cluster
from tests import register_builders as a

from tongban.domain.restrictions import Act
from tongban.register import book, models, sealing, unit_verification, verification
from tongban.register.proof import leaf
from tongban.vault import keys

LATER = a.NOW + timedelta(seconds=2)


@pytest.fixture(scope="module")
def small_book(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Six entries about two units, an order on each of them and on a third unit, two signed heads.

    The tests below look at it as a superuser, who can change anything, each in a transaction that is rolled back.
    """
    keys_dir = tmp_path_factory.mktemp("keys")
    default = connections.databases["default"]
    before = dict(default)
    with (
        cluster.clone("own") as name,
        django_db_blocker.unblock(),
        override_settings(TONGBAN_KEYS_DIR=keys_dir),
    ):
        connections.close_all()
        default["NAME"] = name
        _write_small_book()
        connections.close_all()
        default |= {"USER": "postgres", "PASSWORD": cluster.SITE.database_passwords["postgres"]}
        yield
        connections.close_all()
        default |= before


def _write_small_book() -> None:
    keys.create_key(a.REGISTRY, a.NOW - timedelta(days=1))
    first = a.opened(1, note_zh="附记")
    book.record(a.request(first, a.opened(2, "甲", "乙"), key="k1"))
    sealing.seal(LATER)
    book.note_order([a.unit(1), a.unit(3)], order_id="o1", organ="滑县人民法院", now=a.NOW)
    book.settle_order("o1", "declined", a.NOW)
    renamed = a.renamed(1, first.title.holders[0].identity, "张晓华")
    book.record(a.request(renamed, a.replaced(1, a.certificate(1), a.certificate(3)), key="k2"))
    book.record(a.request(a.seized(2, holder_no=2), key="k3", act=Act.SEIZE))
    book.record(a.request(a.released(2), key="k4", act=Act.SEIZE))
    book.note_order([a.unit(2)], order_id="o2", organ="滑县人民法院", now=a.NOW)
    sealing.seal(LATER)


@pytest.fixture
def superuser(small_book: None) -> Iterator[CursorWrapper]:
    """A session without triggers whose changes are gone after the test."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        transaction.set_rollback(True)


def broken() -> set[tuple[str, str]]:
    """Checks that failed, with the row each of them names."""
    return {(one.check.name, one.row) for report in verification.verify_site() for one in report.breaks}


def test_an_untouched_book_is_sound(small_book: None) -> None:
    ledger, orders = verification.verify_site()

    assert (ledger.ledger, ledger.entries, ledger.units, ledger.heads, ledger.is_sound) == (a.LEDGER, 6, 2, 2, True)
    assert (orders.ledger, orders.units, orders.is_sound) == ("", 1, True)


def flip(column: str, place: int = 20) -> str:
    """SQL that flips the lowest bit of one byte of a binary column."""
    return f"{column} = set_byte({column}, {place}, get_byte({column}, {place}) # 1)"


ENTRY, U1, U2, U3 = f"register_entry {a.LEDGER}/", a.unit(1), a.unit(2), a.unit(3)
TAMPERINGS = {
    "payload of an entry": (
        "register_entry", "leaf = replace(leaf, '118.26', '118.27')", "seq = 2",
        {("ENTRY_PAYLOAD", ENTRY + "2")},
    ),
    "payload made unreadable": (
        "register_entry", "leaf = '!' || substr(leaf, 2)", "seq = 3",
        {("ENTRY_PAYLOAD", ENTRY + "3")},
    ),
    "payload of the last entry": (
        "register_entry", "leaf = replace(leaf, '解除', '解入')", "seq = 6",
        {("ENTRY_PAYLOAD", ENTRY + "6")},
    ),
    "hash of an entry": ("register_entry", flip("hash"), "seq = 2", {("ENTRY_HASH", ENTRY + "2")}),
    "hash of the last entry": ("register_entry", flip("hash"), "seq = 6", {("ENTRY_HASH", ENTRY + "6")}),
    "predecessor's hash beside an entry": (
        "register_entry", flip("previous_hash"), "seq = 2", {("ENTRY_COLUMNS", ENTRY + "2")},
    ),
    "case number beside an entry": (
        "register_entry", "case_no = 'x'", "seq = 4", {("ENTRY_COLUMNS", ENTRY + "4")},
    ),
    "time beside an entry": (
        "register_entry", "recorded_at = recorded_at + interval '1 microsecond'", "seq = 1",
        {("ENTRY_COLUMNS", ENTRY + "1"), ("UNIT_EVENT", f"register_unitevent {U1}/1")},
    ),
    "ciphertext of a secret": (
        "register_entrysecret", flip("ciphertext", 60), "seq = 2",
        {("ENTRY_SECRET", f"register_entrysecret {a.LEDGER}/2")},
    ),
    "holder's sealed identity": (
        "register_rightholder", flip("identity", 60), "from_entry = 3",
        {("PROJECTION", f"register_rightholder {a.LEDGER}/3/1")},
    ),
    "past holder's sealed identity": (
        "register_rightholder", flip("identity", 60), "from_entry = 1",
        {("PROJECTION", f"register_rightholder {a.LEDGER}/1/1")},
    ),
    "holder's blind index": (
        "register_rightholder", flip("id_no_index"), "from_entry = 2 AND holder_no = 2",
        {("PROJECTION", f"register_rightholder {a.LEDGER}/2/2")},
    ),
    "certificate number in force": (
        "register_registeredright", "certificate_no = 'x'", "from_entry = 4",
        {("PROJECTION", f"register_registeredright {a.LEDGER}/4")},
    ),
    "area of the unit": (
        "register_registeredright", "unit = jsonb_set(unit, '{area_m2}', '\"119.26\"')", "from_entry = 2",
        {("PROJECTION", f"register_registeredright {a.LEDGER}/2")},
    ),
    "sealed note of a right": (
        "register_registeredright", flip("note", 40), "from_entry = 4",
        {("PROJECTION", f"register_registeredright {a.LEDGER}/4")},
    ),
    "end of a holder": (
        "register_rightholder", "to_entry = 4",
        "from_entry = 1 AND to_entry = 3",
        {("PROJECTION", f"register_rightholder {a.LEDGER}/1/1")},
    ),
    "end of a burden": (
        "register_registeredburden", "to_entry = NULL", "true",
        {("PROJECTION", f"register_registeredburden {a.LEDGER}/5")},
    ),
    "last day of a burden": (
        "register_registeredburden", "until = until - 1", "true",
        {("PROJECTION", f"register_registeredburden {a.LEDGER}/5")},
    ),
    "hash of a unit's event": (
        "register_unitevent", flip("hash"), f"unit_code = '{U1}' AND seq = 2",
        {("UNIT_EVENT", f"register_unitevent {U1}/2")},
    ),
    "time of an order's event": (
        "register_unitevent", "at = at + interval '1 second'", f"unit_code = '{U1}' AND seq = 2",
        {("UNIT_EVENT", f"register_unitevent {U1}/2")},
    ),
    "event of a unit without entries": (
        "register_unitevent", "ref = 'o9'", f"unit_code = '{U3}'",
        {("UNIT_EVENT", f"register_unitevent {U3}/1")},
    ),
    "order note": (
        "register_ordernote", "order_id = 'o9'", f"unit_code = '{U2}'",
        {("ORDER_NOTE", f"register_ordernote o2/{U2}")},
    ),
    "signature of a head": (
        "register_signedhead", flip("signature", 30), "size = 2",
        {("HEAD_SIGNATURE", f"register_signedhead {a.LEDGER}/2")},
    ),
    "root of a head": (
        "register_signedhead", flip("root"), "size = 6",
        {("HEAD_SIGNATURE", f"register_signedhead {a.LEDGER}/6")},
    ),
    "leaf of the tree": (
        "register_merklenode", flip("hash"), "level = 0 AND position = 3",
        {("MERKLE_NODE", f"register_merklenode {a.LEDGER}/0:3")},
    ),
    "inner node of the tree": (
        "register_merklenode", flip("hash"), "level = 1 AND position = 1",
        {("MERKLE_NODE", f"register_merklenode {a.LEDGER}/1:1")},
    ),
    "head of the ledger": (
        "register_ledgerhead", flip("hash"), "true", {("LEDGER_HEAD", f"register_ledgerhead {a.LEDGER}")},
    ),
    "ledger of a unit": (
        "register_baunit", "ledger = 'x'", f"unit_code = '{U2}'", {("PROJECTION", f"register_baunit {U2}")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_one_change_is_named_with_its_check_and_row(superuser: CursorWrapper, what: str) -> None:
    table, change, where, named = TAMPERINGS[what]

    superuser.execute(f"UPDATE {table} SET {change} WHERE {where}")  # noqa: S608
    assert superuser.rowcount == 1

    assert broken() == named


DELETIONS = {
    "an entry in the middle": (
        "register_entry", "seq = 3",
        {("ENTRY_SEQUENCE", ENTRY + "3"), ("UNIT_EVENT", f"register_unitevent {U1}/3")},
    ),
    "a secret": ("register_entrysecret", "seq = 6", {("ENTRY_SECRET", f"register_entrysecret {a.LEDGER}/6")}),
    "an order's event": (
        "register_unitevent", f"unit_code = '{U2}' AND seq = 4", {("UNIT_EVENT", f"register_unitevent {U2}/4")},
    ),
    "an order's note": ("register_ordernote", "order_id = 'o2'", {("ORDER_NOTE", f"register_ordernote o2/{U2}")}),
    "a node of the tree": (
        "register_merklenode", "level = 2",
        {("MERKLE_NODE", f"register_merklenode {a.LEDGER}/2:0"), ("MERKLE_NODE", f"register_merklenode {a.LEDGER}")},
    ),
    "a holder": (
        "register_rightholder", "from_entry = 2 AND holder_no = 2",
        {("PROJECTION", f"register_rightholder {U2}/2")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DELETIONS)
def test_a_row_that_is_gone_is_missed(superuser: CursorWrapper, what: str) -> None:
    table, where, named = DELETIONS[what]

    superuser.execute(f"DELETE FROM {table} WHERE {where}")  # noqa: S608
    assert superuser.rowcount == 1

    assert named <= broken()


def test_an_entry_rewritten_with_its_hash_is_named_by_its_successor_the_tree_and_the_signed_heads(
    superuser: CursorWrapper,
) -> None:
    row = models.Entry.objects.get(ledger=a.LEDGER, seq=2)
    forged = row.leaf.replace("118.26", "218.26")
    superuser.execute("UPDATE register_entry SET leaf = %s, hash = %s WHERE seq = 2", [forged, leaf.leaf_hash(forged)])

    found = broken()

    assert ("ENTRY_CHAIN", ENTRY + "3") in found
    assert ("MERKLE_NODE", f"register_merklenode {a.LEDGER}/0:1") in found
    assert {("HEAD_ROOT", f"register_signedhead {a.LEDGER}/{size}") for size in (2, 6)} <= found


def test_two_sealed_identities_exchanged_between_rows_do_not_pass(superuser: CursorWrapper) -> None:
    superuser.execute(
        "UPDATE register_rightholder mine SET identity = other.identity FROM register_rightholder other "
        "WHERE mine.from_entry = 2 AND other.from_entry = 2 AND mine.holder_no <> other.holder_no"
    )

    assert broken() == {("PROJECTION", f"register_rightholder {a.LEDGER}/2/{number}") for number in (1, 2)}


def test_every_unit_of_an_untouched_book_is_sound_by_itself(small_book: None) -> None:
    reports = [unit_verification.verify_unit(unit) for unit in (U1, U2, U3)]

    assert [(one.ledger, one.entries, one.heads, one.is_sound) for one in reports] == [
        (a.LEDGER, 3, 2, True),
        (a.LEDGER, 3, 2, True),
        ("", 0, 0, True),
    ]


OF_UNIT_2 = (
    "payload of an entry",
    "hash of the last entry",
    "predecessor's hash beside an entry",
    "ciphertext of a secret",
    "holder's blind index",
    "area of the unit",
    "end of a burden",
    "order note",
    "signature of a head",
    "root of a head",
)


@pytest.mark.parametrize("what", OF_UNIT_2)
def test_one_change_is_found_by_looking_at_its_unit_alone(superuser: CursorWrapper, what: str) -> None:
    table, change, where, named = TAMPERINGS[what]
    superuser.execute(f"UPDATE {table} SET {change} WHERE {where}")  # noqa: S608

    report = unit_verification.verify_unit(U2)

    rows = {one.row for one in report.breaks}
    assert rows == {row for _, row in named}
    assert unit_verification.verify_unit(U3).is_sound


def test_an_entry_rewritten_with_its_hash_is_not_under_the_signed_head(superuser: CursorWrapper) -> None:
    row = models.Entry.objects.get(ledger=a.LEDGER, seq=2)
    forged = row.leaf.replace("118.26", "218.26")
    superuser.execute("UPDATE register_entry SET leaf = %s, hash = %s WHERE seq = 2", [forged, leaf.leaf_hash(forged)])

    assert ("HEAD_ROOT", ENTRY + "2") in {(one.check.name, one.row) for one in unit_verification.verify_unit(U2).breaks}
