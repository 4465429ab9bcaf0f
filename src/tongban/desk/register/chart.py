"""The history of a unit as bands over time: who held it, its certificates, and every right that ever lay on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.timezone import localdate

from tongban.cases.unit_look import UnitSheet
from tongban.domain.book_pages.plain_words import MEANINGS
from tongban.domain.book_pages.statutory import page_key, page_name_zh
from tongban.domain.book_pages.versions import Standing, UnitBook, Version
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.identity import mask_name
from tongban.domain.titles import Title
from tongban.domain.unit_code import parse_unit_code
from tongban.web.parts import Band, BandChart, Lane, Tone

DAYS_AT_LEAST: Final = 30
_NUMERALS_ZH: Final = "一二三四五六七八九十"


def chart(sheet: UnitSheet) -> BandChart | None:
    """Everything the book says was in force, from its first entry to the moment it is read at."""
    book = sheet.book
    if not book.titles and not book.burdens:
        return None
    holders = [_holders(one, is_full=sheet.is_full) for one in reversed(book.titles)]
    numbers = [_certificate(one) for one in reversed(book.titles)]
    lanes = [Lane("权利人", _joined(holders)), Lane("不动产权证", _joined(numbers)), *_burden_lanes(book, sheet)]
    lanes = [lane for lane in lanes if lane.bands]
    start = min(band.start for lane in lanes for band in lane.bands)
    end = max(sheet.day, start + timedelta(days=DAYS_AT_LEAST)) + timedelta(days=1)
    return BandChart(f"{parse_unit_code(sheet.unit_code).grouped} 的登记历史", start, end, lanes)


def _burden_lanes(book: UnitBook, sheet: UnitSheet) -> Iterable[Lane]:
    """A lane for each page; rights in force at the same time stand in lanes of their own."""
    by_page: dict[str, list[Version[OpenBurden]]] = {}
    for one in sorted(book.burdens, key=lambda one: one.began.at):
        by_page.setdefault(page_key(one.content.burden.burden), []).append(one)
    for key, versions in by_page.items():
        rows = packed([_burden(one, is_full=sheet.is_full) for one in versions])
        for number, bands in enumerate(rows, 1):
            yield Lane(page_name_zh(key) + (f"（{_numeral(number)}）" if len(rows) > 1 else ""), bands)


def packed(bands: Sequence[Band]) -> list[list[Band]]:
    """The bands, in order of their start, in as few rows as they fit without lying on each other."""
    rows: list[list[Band]] = []
    for band in bands:
        free = (row for row in rows if row[-1].end is not None and row[-1].end <= band.start)
        row = next(free, None)
        if row is None:
            rows.append([band])
        else:
            row.append(band)
    return rows


def _joined(bands: Sequence[Band]) -> list[Band]:
    """Neighbours that say the same are one band."""
    found: list[Band] = []
    for band in bands:
        last = found[-1] if found else None
        if last and last.label_zh == band.label_zh and last.end == band.start:
            found[-1] = Band(band.label_zh, last.start, band.end, band.tone, band.detail_zh)
        else:
            found.append(band)
    return found


def _holders(version: Version[Title], *, is_full: bool) -> Band:
    names = "、".join(one.name if is_full else mask_name(one.name) for one in version.content.holders)
    tone = Tone.QUIET if version.standing.is_past else Tone.GOING
    return Band(names, localdate(version.began.at), _end(version), tone, version.content.co_ownership.name_zh)


def _certificate(version: Version[Title]) -> Band:
    tone = Tone.QUIET if version.standing.is_past else Tone.DONE
    start = localdate(version.began.at)
    return Band(version.content.certificate_no, start, _end(version), tone, f"登记原因：{version.cause_zh}")


def _burden(version: Version[OpenBurden], *, is_full: bool) -> Band:
    fact = version.content.burden
    start, end = localdate(version.began.at), _end(version)
    lapsed_on = fact.until + timedelta(days=1) if fact.until and version.standing is Standing.LAPSED else None
    names = "、".join(one.name if is_full else mask_name(one.name) for one in version.content.holders)
    until = f"期限到{fact.until.isoformat()}" if fact.until else ""
    detail = "，".join(
        part for part in (names, fact.organ_zh, fact.proof_no or fact.reference, until, _fate(version)) if part
    )
    label = fact.burden.name_zh + (f"（第{fact.rank}顺位）" if fact.rank else "")
    return Band(label, start, max(lapsed_on, start) if lapsed_on else end, _tone(version), detail)


def _fate(version: Version[OpenBurden]) -> str:
    return f"{version.standing.name_zh}：{version.end_zh}" if version.ended else version.standing.name_zh


def _tone(version: Version[OpenBurden]) -> Tone:
    if version.standing.is_past or version.standing is Standing.LAPSED:
        return Tone.QUIET
    return Tone.STOPPED if MEANINGS[version.content.burden.burden].is_hard else Tone.WAITING


def _end(version: Version[Title] | Version[OpenBurden]) -> date | None:
    return localdate(version.ended.at) if version.ended else None


def _numeral(number: int) -> str:
    return _NUMERALS_ZH[number - 1] if number <= len(_NUMERALS_ZH) else str(number)
