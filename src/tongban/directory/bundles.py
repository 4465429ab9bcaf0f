"""The province's signed directory: how sites learn of each other, of districts, services, the calendar and public keys.

The document is canonical JSON; its exact bytes are signed with the province's key and kept.  A site accepts a document
only when it knows the province's key already (`pin_province_key`, once, by the operator), the signature fits, and the
version is higher than any it has taken.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from tongban.directory.divisions import PROVINCE
from tongban.directory.lookup import PROVINCE_DIVISION
from tongban.directory.models import (
    BundleVersion,
    CalendarDay,
    Institution,
    LedgerDistrict,
    LocalNote,
    ParameterValue,
    RegistryDistrict,
    ServiceOpening,
    Site,
    Window,
)
from tongban.directory.recent import forget_kept
from tongban.directory.turns import take_turns
from tongban.domain.canonical import canonical_json
from tongban.domain.errors import BadSignature, InvalidInput, Problem, Stale
from tongban.domain.wires import Wire, as_mapping, as_mappings, as_number, as_text
from tongban.vault import keys

KIND: Final = "tongban.directory"
FORMAT: Final = 1
_TURN: Final = "directory bundle"
BUNDLE_BYTES_MAX: Final = 16 * 1024 * 1024

_SECTIONS: Final[Mapping[str, tuple[type[models.Model], tuple[str, ...]]]] = {
    "sites": (Site, ("code", "base_url")),
    "institutions": (
        Institution,
        (
            "code", "kind", "name_zh", "short_zh", "division_code", "site_code", "parent_code", "address_zh", "phone",
            "is_active",
        ),
    ),
    "districts": (RegistryDistrict, ("division_code", "registry_code", "valid_from", "valid_until")),
    "ledgers": (LedgerDistrict, ("ledger_code", "division_code", "registry_code", "valid_from", "valid_until")),
    "windows": (
        Window,
        ("code", "institution_code", "name_zh", "address_zh", "hours", "phone", "is_cross_registry", "is_active"),
    ),
    "notes": (
        LocalNote,
        ("registry_code", "item_number", "title_zh", "text_zh", "valid_from", "valid_until", "set_by", "set_at"),
    ),
    "openings": (ServiceOpening, ("registry_code", "item_number", "channel", "open_from", "open_until", "note_zh")),
    "calendar": (CalendarDay, ("day", "is_workday", "occasion_zh", "source", "is_final")),
    "parameters": (
        ParameterValue,
        ("name", "division_code", "value", "valid_from", "valid_until", "source_zh", "set_by", "set_at"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedDirectory:
    """A document, byte for byte, with the province's signature over it."""

    document: bytes
    algorithm: str
    key_id: str
    signature: bytes

    def to_file(self) -> bytes:
        """The form in which it travels: JSON with the two byte strings in base64."""
        return canonical_json(
            {
                "document": base64.b64encode(self.document).decode(),
                "algorithm": self.algorithm,
                "key_id": self.key_id,
                "signature": base64.b64encode(self.signature).decode(),
            }
        )

    @classmethod
    def from_file(cls, content: bytes) -> SignedDirectory:
        """Read what `to_file` wrote; raises InvalidInput for anything else."""
        if len(content) > BUNDLE_BYTES_MAX:
            raise _unreadable("目录文件太大")
        try:
            wire = as_mapping(json.loads(content))
            return cls(
                base64.b64decode(as_text(wire["document"]), validate=True),
                as_text(wire["algorithm"]),
                as_text(wire["key_id"]),
                base64.b64decode(as_text(wire["signature"]), validate=True),
            )
        except (KeyError, TypeError, ValueError, binascii.Error, RecursionError):
            raise _unreadable("目录文件读不出来") from None


def export_directory(now: datetime) -> SignedDirectory:
    """The directory as it stands, signed by the province; the same version again while nothing has changed.

    Raises `Unavailable` at a site that does not hold the province's key.
    """
    with transaction.atomic():
        take_turns(_TURN)
        content: Wire = {name: _written(name) for name in _SECTIONS}
        content["keys"] = list(keys.export_public(Institution.objects.values_list("code", flat=True)))
        last = BundleVersion.objects.order_by("-version").first()
        if last is not None and not last.is_import and _content_of(bytes(last.document)) == canonical_json(content):
            return _signed(last)
        version = 1 if last is None else last.version + 1
        heading = {
            "kind": KIND,
            "format": FORMAT,
            "version": version,
            "issuer": PROVINCE,
            "issued_at": now.astimezone(UTC).isoformat(),
        }
        document = canonical_json(heading | content)
        made = keys.sign(PROVINCE, document, now)
        row = BundleVersion.objects.create(
            version=version,
            document=document,
            algorithm=made.algorithm,
            key_id=made.key_id,
            signature=made.value,
            is_import=False,
            taken_at=now,
        )
    return _signed(row)


def import_directory(signed: SignedDirectory, now: datetime) -> int:
    """Take over the province's directory and return its version; taking the latest again changes nothing.

    Windows, notes and openings of institutions hosted here stay as they are: they are kept here.  Raises `BadSignature` when
    the province did not sign these bytes, `Stale` for an older version, `InvalidInput` for a document that breaks its
    own rules; nothing is changed then.
    """
    document = _verified(signed, now)
    try:
        version = as_number(document["version"])
        with transaction.atomic():
            take_turns(_TURN)
            last = BundleVersion.objects.order_by("-version").first()
            if last is not None and last.version == version and bytes(last.document) == signed.document:
                return version
            if last is not None and last.version >= version:
                raise Stale("directory_rollback", f"目录第{version}版不比现有的第{last.version}版新，没有导入。")
            forget_kept()
            _take_over(document)
            BundleVersion.objects.create(
                version=version,
                document=signed.document,
                algorithm=signed.algorithm,
                key_id=signed.key_id,
                signature=signed.signature,
                is_import=True,
                taken_at=now,
            )
    except (KeyError, TypeError, ValueError, ValidationError, IntegrityError) as error:
        raise _unreadable(f"目录内容不合规则（{type(error).__name__}）") from error
    return version


def pin_province_key(rows: Iterable[Mapping[str, str | None]]) -> int:
    """Take note of the province's own public keys, as its operator handed them over; refuses any other owner's."""
    listed = list(rows)
    if not listed or any(row.get("owner") != PROVINCE for row in listed):
        raise _unreadable("信任根文件里只能有省级中心的公钥")
    return keys.import_exported(listed)


def latest_version() -> int:
    """The version of the directory in force here; 0 before the first."""
    return BundleVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0


def _verified(signed: SignedDirectory, now: datetime) -> Mapping[str, object]:
    """The document, once it is certain that the province signed it."""
    try:
        document = as_mapping(json.loads(signed.document))
        if document["kind"] != KIND or document["format"] != FORMAT or document["issuer"] != PROVINCE:
            raise ValueError("another kind of document")
        issued_at = datetime.fromisoformat(as_text(document["issued_at"]))
        if issued_at.tzinfo is None:
            raise ValueError("a time without zone")
    except (KeyError, TypeError, ValueError, RecursionError):
        raise _unreadable("这不是本系统的机构目录") from None
    if issued_at > now + keys.HANDOVER_OVERLAP:
        raise BadSignature("issued_in_the_future", "目录的签发时间在将来，没有导入。")
    keys.check(PROVINCE, signed.key_id, signed.algorithm, signed.document, signed.signature, issued_at, received_at=now)
    return document


def _take_over(document: Mapping[str, object]) -> None:
    sections = {name: _read(name, as_mappings(document[name])) for name in _SECTIONS}
    _take_sites(sections["sites"])
    _take_institutions(sections["institutions"])
    hosted_here = list(Institution.objects.filter(site_code=settings.TONGBAN_SITE_CODE).values_list("code", flat=True))
    _replace(RegistryDistrict.objects.all(), sections["districts"])
    _replace(LedgerDistrict.objects.all(), sections["ledgers"])
    _replace(
        Window.objects.exclude(institution_code__in=hosted_here),
        _outside(sections["windows"], "institution_code", hosted_here),
    )
    _replace(
        LocalNote.objects.exclude(registry_code__in=hosted_here),
        _outside(sections["notes"], "registry_code", hosted_here),
    )
    _replace(
        ServiceOpening.objects.exclude(registry_code__in=hosted_here),
        _outside(sections["openings"], "registry_code", hosted_here),
    )
    _replace(ParameterValue.objects.filter(division_code=PROVINCE_DIVISION), sections["parameters"])
    _take_calendar(sections["calendar"])
    keys.import_exported([_key_row(row) for row in as_mappings(document["keys"])])


def _take_sites(rows: Sequence[models.Model]) -> None:
    Site.objects.filter(is_self=False).exclude(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        assert isinstance(row, Site)
        row.is_self = row.code == settings.TONGBAN_SITE_CODE
    _upsert(Site, rows, ["base_url", "is_self"])


def _take_institutions(rows: Sequence[models.Model]) -> None:
    Institution.objects.exclude(pk__in=[row.pk for row in rows]).update(is_active=False)
    _upsert(Institution, rows, [name for name in _SECTIONS["institutions"][1] if name != "code"])


def _take_calendar(rows: Sequence[models.Model]) -> None:
    """A provisional day never replaces one that is final here."""
    final = set(CalendarDay.objects.filter(is_final=True).values_list("day", flat=True))
    news = [row for row in rows if isinstance(row, CalendarDay) and (row.is_final or row.day not in final)]
    _upsert(CalendarDay, news, ["is_workday", "occasion_zh", "source", "is_final"])


def _upsert(model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    key = model._meta.pk
    assert key is not None, "every table has a key"
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key.name], update_fields=list(fields), batch_size=500
    )


def _replace(old: models.QuerySet[models.Model], rows: Sequence[models.Model]) -> None:
    old.delete()
    old.model._default_manager.bulk_create(rows, batch_size=500)


def _outside(rows: Sequence[models.Model], owner_field: str, hosted_here: Sequence[str]) -> list[models.Model]:
    return [row for row in rows if getattr(row, owner_field) not in hosted_here]


def _written(section: str) -> list[Wire]:
    model, fields = _SECTIONS[section]
    rows = model._default_manager.order_by(*fields[:4])
    if model is ParameterValue:
        rows = rows.filter(division_code=PROVINCE_DIVISION)
    return [{name: _plain(value) for name, value in row.items()} for row in rows.values(*fields)]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(section: str, rows: Iterable[Mapping[str, object]]) -> list[models.Model]:
    """The rows of a section as unsaved models, each checked against its columns; raises ValidationError, TypeError."""
    model, fields = _SECTIONS[section]
    columns = {column.name: column for column in model._meta.fields}
    made: list[models.Model] = []
    for row in rows:
        one = model(**{name: columns[name].to_python(row[name]) for name in fields})
        one.clean_fields(exclude={"is_self", "valid_until", "open_until", "id"})
        made.append(one)
    return made


def _key_row(row: Mapping[str, object]) -> dict[str, str | None]:
    return {name: None if value is None else as_text(value) for name, value in row.items()}


def _content_of(document: bytes) -> bytes:
    wire = as_mapping(json.loads(document))
    return canonical_json({name: wire.get(name) for name in (*_SECTIONS, "keys")})


def _signed(row: BundleVersion) -> SignedDirectory:
    return SignedDirectory(bytes(row.document), row.algorithm, row.key_id, bytes(row.signature))


def _unreadable(what_zh: str) -> InvalidInput:
    return InvalidInput([Problem("directory", what_zh, "请由省级中心重新导出目录")])
