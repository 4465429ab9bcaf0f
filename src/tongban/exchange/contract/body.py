"""What every message body shares: unknown fields are kept, nothing is a float, instants carry their zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from tongban.domain.canonical import canonical_json
from tongban.domain.decision import Finding, Place, Refusal, Verdict

TEXT_MAX = 4000  # characters of one text in a body; longer things are attachments
ROWS_MAX = 500  # rows of one list in a body

_Domain = TypeVar("_Domain")


class Body(BaseModel):
    """A message body.  Fields another version knows and this one does not are kept and passed on."""

    model_config = ConfigDict(extra="allow", frozen=True, str_max_length=TEXT_MAX)

    def to_wire(self) -> dict[str, Any]:
        """Plain JSON values: text, whole numbers, truth values, lists and objects only."""
        return self.model_dump(mode="json")

    def to_bytes(self) -> bytes:
        """The canonical bytes of this body."""
        return canonical_json(self.to_wire())


def _text_or_instant(value: object) -> object:
    if not isinstance(value, str | datetime):
        raise ValueError("an instant is written as ISO 8601 text with its zone")
    return value


def _text_or_date(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, str | date):
        raise ValueError("a day is written as YYYY-MM-DD")
    return value


def instant_text(value: datetime) -> str:
    """An instant as it stands in signed bytes: UTC, microseconds, Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_text_or_instant),
    PlainSerializer(instant_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_text_or_date)]


def _reader(kind: type[_Domain], read: Callable[[Mapping[str, object]], _Domain]) -> PlainValidator:
    def parse(value: object) -> _Domain:
        if isinstance(value, kind):
            return value
        if not isinstance(value, Mapping):
            raise ValueError(f"a {kind.__name__} is a JSON object")
        try:
            return read(value)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a {kind.__name__}: {error}") from None

    return PlainValidator(parse)


def _texts(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": list(names)}


_REASON = _texts("code", "what_zh", "why_zh", "law_zh", "cure_zh")
_FACTS = {"type": "array", "items": _texts("name_zh", "value_zh")}
_PLACE = _texts("name_zh", "address_zh", "phone")
_FINDING = {
    "type": "object",
    "properties": {
        "rule": {"type": "string"},
        "verdict": {"enum": [verdict.value for verdict in Verdict]},
        "reason": _REASON,
        "facts": _FACTS,
        "lifted_by": {"type": "string"},
    },
    "required": ["rule", "verdict", "reason", "facts", "lifted_by"],
}
REFUSAL_SCHEMA = {
    "type": "object",
    "properties": {"reason": _REASON, "facts": _FACTS, "where": {"anyOf": [_PLACE, {"type": "null"}]}},
    "required": ["reason", "facts", "where"],
}

FindingBody = Annotated[
    Finding,
    _reader(Finding, Finding.from_wire),
    PlainSerializer(lambda finding: finding.to_wire(), return_type=dict[str, Any]),
    WithJsonSchema(_FINDING),
]
RefusalBody = Annotated[
    Refusal,
    _reader(Refusal, Refusal.from_wire),
    PlainSerializer(lambda refusal: refusal.to_wire(), return_type=dict[str, Any]),
    WithJsonSchema(REFUSAL_SCHEMA),
]
PlaceBody = Annotated[
    Place,
    _reader(Place, Place.from_wire),
    PlainSerializer(lambda place: place.to_wire(), return_type=dict[str, Any]),
    WithJsonSchema(_PLACE),
]
