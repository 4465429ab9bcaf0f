"""Encrypted fields: plain in Python, sealed in the column, not to be searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from tongban.domain.errors import EvidenceBroken
from tongban.vault.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField

pytestmark = pytest.mark.django_db


@pytest.fixture
def probe() -> Iterator[Any]:
    with isolate_apps("tongban.vault"):

        class Probe(models.Model):
            text = EncryptedTextField()
            note = EncryptedTextField(null=True)
            data = EncryptedBytesField(default=b"")
            answer = EncryptedJSONField(default=dict)

            class Meta:
                app_label = "vault"

        columns = (
            "id bigserial PRIMARY KEY, text bytea NOT NULL, note bytea, data bytea NOT NULL, answer bytea NOT NULL"
        )
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE vault_probe ({columns}) ON COMMIT DROP")
        yield Probe


def column(name: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM vault_probe")  # noqa: S608
        row = cursor.fetchone()
    assert row is not None
    return bytes(row[0])


def test_values_come_back_as_they_were(probe: Any) -> None:
    answer = {"姓名": "王小明", "共有": [1, None, True, "x"], "嵌套": {"a": ""}}
    probe.objects.create(text="王小明 𬭚", note=None, data=b"\x00\xff", answer=answer)

    row = probe.objects.get()

    assert (row.text, row.note, row.data, row.answer) == ("王小明 𬭚", None, b"\x00\xff", answer)
    assert list(probe.objects.values_list("text", "note")) == [("王小明 𬭚", None)]


def test_empty_values_are_values(probe: Any) -> None:
    probe.objects.create(text="", note="", data=b"", answer=[])

    row = probe.objects.get()

    assert (row.text, row.note, row.data, row.answer) == ("", "", b"", [])
    assert len(column("text")) == 1 + 16 + 12 + 16


def test_the_column_shows_nothing_and_differs_for_equal_values(probe: Any) -> None:
    probe.objects.create(text="410526199001011234", note="410526199001011234")

    assert b"4105" not in column("text")
    assert column("text") != column("note")


def test_a_value_moved_to_another_column_does_not_open(probe: Any) -> None:
    probe.objects.create(text="13800000000", note="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_probe SET note = text")

    with pytest.raises(EvidenceBroken):
        probe.objects.get()


def test_updates_and_bulk_writes_are_sealed_too(probe: Any) -> None:
    probe.objects.bulk_create([probe(text="a", note="1"), probe(text="b", note="2")])
    rows = list(probe.objects.order_by("id"))
    for row in rows:
        row.note = row.text * 2
    probe.objects.bulk_update(rows, ["note"])
    probe.objects.update(text="same")

    assert [(row.text, row.note) for row in probe.objects.order_by("id")] == [("same", "aa"), ("same", "bb")]
    assert b"same" not in column("text")


@pytest.mark.parametrize(
    "lookup",
    [
        {"text": "a"},
        {"text__exact": "a"},
        {"text__in": ["a"]},
        {"text__gt": "a"},
        {"text__icontains": "a"},
        {"note": None},
        {"answer__key": 1},
        {"text__length": 1},
    ],
    ids=str,
)
def test_a_lookup_by_an_encrypted_value_is_refused(probe: Any, lookup: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        list(probe.objects.filter(**lookup))
    with pytest.raises(FieldError):
        list(probe.objects.exclude(**lookup))


def test_only_being_null_can_be_asked(probe: Any) -> None:
    probe.objects.create(text="a")
    probe.objects.create(text="b", note="x")

    assert [row.text for row in probe.objects.filter(note__isnull=True)] == ["a"]
    assert [row.text for row in probe.objects.exclude(note__isnull=True)] == ["b"]


@pytest.mark.parametrize("option", ["unique", "db_index", "primary_key"])
def test_an_encrypted_field_cannot_be_indexed(option: str) -> None:
    with pytest.raises(AssertionError):
        EncryptedTextField(**{option: True})


def test_a_wrong_type_is_refused_before_it_is_sealed(probe: Any) -> None:
    for wrong in ({"text": 5}, {"text": "a", "data": "text"}, {"text": "a", "answer": {"x": float("nan")}}):
        with pytest.raises((AssertionError, ValueError)), transaction.atomic():
            probe.objects.create(**wrong)
    assert not probe.objects.exists()


def test_values_never_leave_through_a_serializer(probe: Any) -> None:
    row = probe.objects.create(text="secret")

    with pytest.raises(FieldError):
        probe._meta.get_field("text").value_to_string(row)


def test_a_field_is_written_into_migrations_with_its_context() -> None:
    field: Any = EncryptedTextField(null=True, context="intake.party.phone")
    field.set_attributes_from_name("phone")

    _, path, args, kwargs = field.deconstruct()

    assert (path, args, kwargs) == (
        "tongban.vault.fields.EncryptedTextField",
        [],
        {"null": True, "context": "intake.party.phone"},
    )
    assert (
        "tongban.vault.fields.EncryptedTextField(context='intake.party.phone', null=True)"
        in (MigrationWriter.serialize(field)[0])
    )
    assert field.clone().context == "intake.party.phone"


def test_a_renamed_field_reads_on_under_its_old_context() -> None:
    field: Any = EncryptedTextField(context="intake.party.phone")
    field.set_attributes_from_name("mobile")

    assert field._place() == "intake.party.phone"
