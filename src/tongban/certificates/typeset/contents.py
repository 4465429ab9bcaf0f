"""What is printed on a certificate, taken from the register's title; and the documents made of such words.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Final, TypeAlias

from tongban.certificates import qr_text
from tongban.certificates.documents import RegistrationProof, TitleCertificate
from tongban.certificates.payload import Attachment, HolderName, Payload
from tongban.domain.entries import AlterHolder, Entry, OpenTitle, ReplaceCertificate
from tongban.domain.facts import UnitState
from tongban.domain.identity import mask_id
from tongban.domain.terms import CoOwnership, Document, LandNature, RightKind
from tongban.domain.titles import Holder, Title
from tongban.domain.unit_code import parse_unit_code
from tongban.domain.wires import Wire, as_list, as_text

NOT_RECORDED_ZH = "——"
HOUSE_RIGHTS = frozenset(
    {RightKind.STATE_LAND_HOUSE, RightKind.HOMESTEAD_HOUSE, RightKind.COLLECTIVE_LAND_HOUSE}
)  # fmt: skip
_LISTS = frozenset({"other_zh", "notes_zh"})
# Not printed from the register's words, but made of the signed payload.
_FROM_PAYLOAD = frozenset({"issued_on", "identifier", "qr_svg", "attachment"})
LicenceDocument: TypeAlias = TitleCertificate | RegistrationProof
_DOCUMENTS: Final[Mapping[str, type[TitleCertificate] | type[RegistrationProof]]] = MappingProxyType(
    {Document.CERTIFICATE.value: TitleCertificate, Document.PROOF.value: RegistrationProof}
)


@dataclass(frozen=True, slots=True)
class Issuing:
    """Who issues, on which day (in China), for which case; `specimen_zh` marks demonstration data."""

    registry_zh: str
    issued_on: date
    case_no: str
    specimen_zh: str = ""


def certificate_words(title: Title, entries: Iterable[Entry], issuing: Issuing) -> Wire:
    """Everything a certificate of this title prints, as plain JSON; `entries` are those recorded with it."""
    unit = title.unit
    return {
        "certificate_no": title.certificate_no,
        "registry_zh": issuing.registry_zh,
        "issued_on": issuing.issued_on.isoformat(),
        "holders_zh": "、".join(holder.name for holder in title.holders),
        "co_ownership_zh": _co_ownership(title),
        "address_zh": unit.address_zh,
        "unit_code_zh": parse_unit_code(unit.unit_code).grouped,
        "right_kind_zh": unit.right.name_zh,
        "right_nature_zh": _nature(unit),
        "use_zh": unit.use_zh or NOT_RECORDED_ZH,
        "area_zh": _areas(unit),
        "term_zh": _term(unit),
        "other_zh": [f"权利人证件：{name.name_zh}，{name.id_zh}" for name in holder_names(title.holders)],
        "notes_zh": [*_notes(entries), *([title.note_zh] if title.note_zh else []), f"业务号：{issuing.case_no}"],
        "seal_zh": "不动产登记专用章",
        "specimen_zh": issuing.specimen_zh,
    }


def holder_names(holders: Iterable[Holder]) -> tuple[HolderName, ...]:
    """The holders as printed: name in clear, document number masked."""
    return tuple(_holder_name(holder) for holder in holders)


def document_of(attachment: Attachment, payload: Payload) -> LicenceDocument:
    """The document that shows exactly this attachment; raises KeyError, TypeError or ValueError if none does."""
    content, kind = attachment.opening.content, _DOCUMENTS[payload.kind]
    printed = [one.name for one in fields(kind) if one.name not in _FROM_PAYLOAD]
    if set(content) != {*printed, "issued_on"}:
        raise ValueError(f"other words than a {payload.kind} prints")
    words = {name: as_text(content[name]) for name in printed if name not in _LISTS}
    return kind(
        **words,
        issued_on=date.fromisoformat(as_text(content["issued_on"])),
        other_zh=_lines(content["other_zh"]),
        notes_zh=_lines(content["notes_zh"]),
        identifier=payload.identifier,
        qr_svg=qr_text.draw(attachment.code)[0],
        attachment=attachment.to_text(),
    )


def _lines(value: object) -> tuple[str, ...]:
    return tuple(as_text(line) for line in as_list(value))


def _holder_name(holder: Holder) -> HolderName:
    return HolderName(holder.name, f"{holder.id_kind.name_zh} {mask_id(holder.id_no)}")


def _co_ownership(title: Title) -> str:
    if title.co_ownership is not CoOwnership.BY_SHARES:
        return title.co_ownership.name_zh
    shares = "，".join(f"{holder.name} {holder.share_zh}" for holder in title.holders)
    return f"{title.co_ownership.name_zh}：{shares}"


def _nature(unit: UnitState) -> str:
    land = NOT_RECORDED_ZH if unit.land_nature is LandNature.UNKNOWN else unit.land_nature.name_zh
    return f"{land}/{unit.house_nature.name_zh}" if unit.right in HOUSE_RIGHTS else land


def _areas(unit: UnitState) -> str:
    land = f"共有宗地面积 {unit.land_area_m2} m²" if unit.land_area_m2 else ""
    house = f"房屋建筑面积 {unit.area_m2} m²" if unit.area_m2 else ""
    if unit.right not in HOUSE_RIGHTS:
        land, house = f"宗地面积 {unit.land_area_m2 or unit.area_m2} m²", ""
    return "/".join(part for part in (land, house) if part) or NOT_RECORDED_ZH


def _term(unit: UnitState) -> str:
    if not unit.land_use_until:
        return NOT_RECORDED_ZH
    day = date.fromisoformat(unit.land_use_until)
    return f"国有建设用地使用权 至{day.year}年{day.month}月{day.day}日止"


def _notes(entries: Iterable[Entry]) -> list[str]:
    """附记: what was registered with this certificate, and which one it replaces."""
    notes = []
    for entry in entries:
        if isinstance(entry, OpenTitle):
            notes.append(f"登记原因：{entry.cause.name_zh}")
        elif isinstance(entry, AlterHolder):
            renamed = f"由“{entry.before.name}”变更为“{entry.after.name}”"
            notes.append(f"变更登记：{entry.cause.name_zh}，{renamed if _is_renamed(entry) else '证件信息已更新'}")
        elif isinstance(entry, ReplaceCertificate):
            notes.append(f"原不动产权证号：{entry.before}，自登簿时起作废")
    return notes


def _is_renamed(entry: AlterHolder) -> bool:
    return entry.before.name != entry.after.name
