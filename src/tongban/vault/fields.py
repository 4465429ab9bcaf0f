"""Model fields that are encrypted in the database and plain in Python.

The column holds a sealed token bound to `app.model.field`; equal values give different tokens, so no lookup but
`isnull` is possible.  To find a row by such a value, keep a `seal.blind_index` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import IsNull

from tongban.vault import seal

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
_Value = TypeVar("_Value")


if TYPE_CHECKING:

    class _Field(models.Field[_Value, _Value]):
        """Django's field with the types its stubs give it."""
else:

    class _Field(models.Field):
        """Django's field, which takes no type arguments when it runs."""

        def __class_getitem__(cls, _types: object) -> type:
            return cls


class _EncryptedField(_Field[_Value]):
    """What the three fields share: sealing on the way in, unsealing on the way out, no lookups."""

    empty_strings_allowed = False

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        assert not kwargs.get("unique") and not kwargs.get("db_index"), "an encrypted field cannot be indexed"
        self.context = context
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        raise FieldError(f"{self.name} is encrypted: it can be tested for null, not compared ({lookup_name})")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is encrypted: there is nothing to look into ({lookup_name})")

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        token = seal.seal(self.to_bytes(value), self._place(), purpose=self.model._meta.label_lower)
        return connection.Database.Binary(token)

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> _Value | None:
        return None if value is None else self.from_bytes(seal.unseal(bytes(value), self._place()))

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not serialized")

    def to_bytes(self, value: _Value) -> bytes:
        raise AssertionError("each encrypted field says how it becomes bytes")

    def from_bytes(self, plaintext: bytes) -> _Value:
        raise AssertionError("each encrypted field says how it is read from bytes")

    def _place(self) -> str:
        """What tokens are bound to; given as `context` only where a model or field was renamed after it held data."""
        return self.context or f"{self.model._meta.label_lower}.{self.name}"


class EncryptedTextField(_EncryptedField[str]):
    """Text, encrypted."""

    def to_bytes(self, value: str) -> bytes:
        return str(value).encode()

    def from_bytes(self, plaintext: bytes) -> str:
        return plaintext.decode()


class EncryptedBytesField(_EncryptedField[bytes]):
    """Bytes, encrypted."""

    def to_bytes(self, value: bytes) -> bytes:
        return bytes(value)

    def from_bytes(self, plaintext: bytes) -> bytes:
        return plaintext


class EncryptedJSONField(_EncryptedField[JsonValue]):
    """A JSON value without floats, encrypted."""

    def to_bytes(self, value: JsonValue) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def from_bytes(self, plaintext: bytes) -> JsonValue:
        value: JsonValue = json.loads(plaintext)
        return value
