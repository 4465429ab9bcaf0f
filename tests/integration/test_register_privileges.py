"""What the database itself refuses, to the application and even to the owner of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests import cluster
from tests import register_builders as a

from tongban.domain.restrictions import Act
from tongban.register import book, models

BOOK = ("entry", "entrysecret", "unitevent", "ordernote", "ordersettlement", "merklenode", "signedhead")
PROJECTION = ("registeredright", "rightholder", "registeredburden", "baunit", "ledgerhead", "numbercounter")


@pytest.fixture
def titles(db: None) -> None:
    """Flat 1 held by one person, flat 2 by two persons by shares, flat 3 by two persons jointly."""
    half = (Fraction(1, 2), Fraction(1, 2))
    book.record(a.request(a.opened(1), a.opened(2, "甲", "乙", shares=half), a.opened(3, "甲", "乙"), key="k1"))


def refused(statement: str, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", BOOK)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_application_cannot_change_the_book(db: None, table: str, verb: str) -> None:
    column = models.Entry._meta.apps.get_model("register", table)._meta.concrete_fields[-1].column
    statement = {
        "UPDATE": f"UPDATE register_{table} SET {column} = {column}",  # noqa: S608
        "DELETE": f"DELETE FROM register_{table}",  # noqa: S608
        "TRUNCATE": f"TRUNCATE register_{table}",
    }[verb]

    refused(statement, ProgrammingError, "permission denied")


@pytest.mark.parametrize("table", PROJECTION)
def test_the_application_cannot_remove_what_follows_from_the_book(db: None, table: str) -> None:
    refused(f"DELETE FROM register_{table}", ProgrammingError, "permission denied")  # noqa: S608
    refused(f"TRUNCATE register_{table}", ProgrammingError, "permission denied")


@pytest.mark.parametrize("column", ["certificate_no", "unit", "from_entry", "co_ownership"])
def test_the_application_can_only_end_a_right(titles: None, column: str) -> None:
    refused(f"UPDATE register_registeredright SET {column} = {column}", ProgrammingError, "permission denied")  # noqa: S608


@pytest.fixture
def owner(own_database: str) -> Iterator[psycopg.Connection[object]]:
    with psycopg.connect(cluster.SITE.database_url("owner", cluster.HOME, own_database), autocommit=True) as session:
        yield session


def test_even_the_owner_cannot_change_the_book(owner: psycopg.Connection[object]) -> None:
    for table in BOOK:
        for statement in (f"DELETE FROM register_{table}", f"TRUNCATE register_{table}"):  # noqa: S608
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                owner.execute(statement)
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        owner.execute("UPDATE register_entry SET leaf = leaf")


def copy_of_entry(change: str) -> str:
    """SQL that inserts the last entry again, changed."""
    columns = [field.column for field in models.Entry._meta.concrete_fields]
    values = {column: column for column in columns} | dict(part.split(" = ") for part in change.split("; "))
    chosen = ", ".join(values[column] for column in columns)
    return f"INSERT INTO register_entry ({', '.join(columns)}) SELECT {chosen} FROM register_entry WHERE seq = 3"  # noqa: S608


@pytest.mark.parametrize(
    "change",
    [
        "seq = 5; previous_hash = hash; unit_seq = 2; request_key = 'x'",
        "seq = 4; unit_seq = 2; request_key = 'x'",
        "seq = 4; previous_hash = hash; unit_seq = 2; request_key = 'x'; recorded_at = recorded_at - interval '1 s'",
    ],
    ids=["gap", "fork", "back in time"],
)
def test_an_entry_that_does_not_continue_its_ledger_is_refused(titles: None, change: str) -> None:
    refused(copy_of_entry(change), IntegrityError, "does not continue its ledger")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("seq = 3", "register_entry_pkey"),
        ("seq = 4; previous_hash = hash; request_key = 'x'", "register_entry_unit_place_once"),
        ("seq = 4; previous_hash = hash; unit_seq = 2", "register_entry_request_once"),
    ],
)
def test_one_entry_stands_in_one_place_only(titles: None, change: str, constraint: str) -> None:
    refused(copy_of_entry(change), IntegrityError, constraint)


def test_a_unit_has_one_title_in_force(titles: None) -> None:
    first = models.RegisteredRight.objects.get(unit_code=a.unit(1))
    second = models.RegisteredRight(**{f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields})
    second.from_entry, second.certificate_no = 9, "x"

    with pytest.raises(IntegrityError, match="register_one_active_title"), transaction.atomic():
        second.save(force_insert=True)


SHARES = {
    "less than one": ("UPDATE", f"to_entry = 9 WHERE unit_code = '{a.unit(2)}' AND holder_no = 2"),
    "holders of a sole title all gone": ("UPDATE", f"to_entry = 9 WHERE unit_code = '{a.unit(1)}'"),
    "one of two joint holders gone": ("UPDATE", f"to_entry = 9 WHERE unit_code = '{a.unit(3)}' AND holder_no = 1"),
}


@pytest.mark.parametrize("what", SHARES)
def test_shares_that_do_not_make_one_are_refused_when_the_transaction_ends(titles: None, what: str) -> None:
    verb, rest = SHARES[what]

    refused(
        f"{verb} register_rightholder SET {rest}; SET CONSTRAINTS ALL IMMEDIATE",
        IntegrityError,
        "do not fit co-ownership",
    )


@pytest.mark.parametrize(
    ("top", "bottom", "constraint"),
    [(3, 2, "register_share_is_part_of_one"), (0, 2, "register_share_is_part_of_one"), (1, 3, "do not fit")],
)
def test_a_further_share_beyond_one_is_refused(titles: None, top: int, bottom: int, constraint: str) -> None:
    held = models.RightHolder.objects.filter(unit_code=a.unit(2)).first()
    assert held is not None
    held.holder_no, held.share_numerator, held.share_denominator = 3, top, bottom

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        held.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_thirds_and_sixths_make_exactly_one(db: None) -> None:
    shares = (Fraction(1, 3), Fraction(1, 3), Fraction(1, 6), Fraction(1, 6))
    book.record(a.request(a.opened(1, "甲", "乙", "丙", "丁", shares=shares), key="k1"))

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert models.RightHolder.objects.count() == 4


def test_two_seizures_in_force_at_once_are_refused_on_one_share_but_not_on_two(titles: None) -> None:
    book.record(a.request(a.seized(2, "c1", holder_no=1), key="k2", act=Act.SEIZE))
    book.record(a.request(a.seized(2, "c2", holder_no=2), key="k3", act=Act.SEIZE))
    later = a.seized(2, "c3", holder_no=1, since=date(2029, 11, 22), until=date(2032, 11, 21))
    book.record(a.request(later, key="k4", act=Act.SEIZE))

    overlapping = a.seized(2, "c4", holder_no=1, since=date(2029, 11, 21), until=date(2030, 11, 21))
    with pytest.raises(IntegrityError, match="register_one_seizure_in_force"), transaction.atomic():
        book.record(a.request(overlapping, key="k5", act=Act.SEIZE))


def test_a_right_cannot_end_before_it_began(titles: None) -> None:
    refused("UPDATE register_registeredright SET to_entry = from_entry", IntegrityError, "register_right_lives_forward")


def test_a_ledger_cannot_go_back(titles: None) -> None:
    refused("UPDATE register_ledgerhead SET seq = seq - 1", IntegrityError, "cannot go back")


def test_a_lock_outside_a_transaction_is_a_mistake_of_the_program(own_database: str) -> None:
    with pytest.raises(AssertionError, match="outside a transaction"):
        book.lock([a.unit(1)])
