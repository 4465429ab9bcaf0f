"""Model fields that are encrypted in the database and plain in Python.

The column holds a sealed token bound to `app.model.field`; equal values give different tokens, so no lookup but
`isnull` is possible.  To find a row by such a value, keep a `seal.blind_index` beside it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import IsNull

from tongban.vault import seal

_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)

if TYPE_CHECKING:

    class _Field(models.Field[_Set, _Get]):
        """Django's field with the types its stubs give it."""
else:

    class _Field(models.Field):
        """Django's field, which takes no type arguments when it runs."""

        def __class_getitem__(cls, _types: object) -> type:
            return cls


class _EncryptedField(_Field[_Set, _Get]):
    """What the three fields share: sealing on the way in, unsealing on the way out, no lookups."""

    empty_strings_allowed = False

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        may_index = any(kwargs.get(name) for name in ("unique", "db_index", "primary_key"))
        assert not may_index, "an encrypted field cannot be indexed: equal values have different tokens"
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
        return seal.seal(self.to_bytes(value), self._place(), purpose=self.model._meta.label_lower)

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Any:
        return None if value is None else self.from_bytes(seal.unseal(bytes(value), self._place()))

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not serialized")

    def to_bytes(self, value: Any) -> bytes:
        raise AssertionError("each encrypted field says how it becomes bytes")

    def from_bytes(self, plaintext: bytes) -> Any:
        raise AssertionError("each encrypted field says how it is read from bytes")

    def _place(self) -> str:
        """What tokens are bound to; given as `context` only where a model or field was renamed after it held data."""
        return self.context or f"{self.model._meta.label_lower}.{self.name}"


# The `_pyi_private_*` names tell the type checker's Django plugin what a field takes and gives, null aside.


class EncryptedTextField(_EncryptedField[_Set, _Get]):
    """Text, encrypted."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def to_bytes(self, value: str) -> bytes:
        assert isinstance(value, str), f"{self.name} takes text"
        return value.encode()

    def from_bytes(self, plaintext: bytes) -> str:
        return plaintext.decode()


class EncryptedBytesField(_EncryptedField[_Set, _Get]):
    """Bytes, encrypted."""

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes

    def to_bytes(self, value: bytes) -> bytes:
        assert isinstance(value, (bytes, bytearray, memoryview)), f"{self.name} takes bytes"
        return bytes(value)

    def from_bytes(self, plaintext: bytes) -> bytes:
        return plaintext


class EncryptedJSONField(_EncryptedField[_Set, _Get]):
    """A JSON value, encrypted; typed as loosely as Django's own `JSONField`."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    def from_bytes(self, plaintext: bytes) -> Any:
        return json.loads(plaintext)
