"""Titles, pages and forms of transfers, for tests: an example's own answers over a page, changed word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.entry_inputs import TODAY, given
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue.form import check_form, clean_form
from tongban.domain.catalogue.item import ServiceItem, Shown
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.entries import Entry
from tongban.domain.errors import InvalidInput
from tongban.domain.facts import UnitState
from tongban.domain.identity import IdDocument, id18_check_character
from tongban.domain.replay import Titles, replay
from tongban.domain.terms import CoOwnership, HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity, Title
from tongban.domain.unit_page import UnitPage

UNIT = UnitCode("410526001002GB00015F00030027")
OLD_NO = CertificateNo("豫（2020）滑县不动产权第0000001号")
NEW_NO = CertificateNo("豫（2026）滑县不动产权第0001234号")


def id_number(birth: str) -> str:
    """The number of an invented person born on that day; its sequence is given to nobody."""
    first17 = f"410526{birth}000"
    return first17 + id18_check_character(first17)


def holder(name: str, birth: str, no: int = 1, share: Fraction | None = None) -> Holder:
    return Holder(no, HolderKind.PERSON, HolderIdentity(name, IdDocument.ID_CARD, id_number(birth)), share)


def title_of(*holders: Holder, unit_code: UnitCode = UNIT, certificate_no: CertificateNo = OLD_NO) -> Title:
    """Held by one, jointly, or by shares when the holders have some."""
    kind = CoOwnership.SOLE if len(holders) == 1 else CoOwnership.BY_SHARES if holders[0].share else CoOwnership.JOINT
    unit = UnitState(unit_code, "滑县道口镇某路1号", RightKind.STATE_LAND_HOUSE, use_code="11", area_m2="118.26")
    return Title(unit, certificate_no, kind, holders)


def burden(
    kind: Burden,
    number: str = "豫（2022）滑县不动产证明第0000007号",
    *,
    holders: tuple[Holder, ...] = (),
    since: date = date(2022, 3, 1),
    until: date | None = None,
) -> OpenBurden:
    rank = 1 if "mortgage" in kind else 0
    return OpenBurden(UNIT, BurdenFact(kind, number, since, until, rank=rank, proof_no=number), holders=holders)


def page_of(title: Title, *burdens: OpenBurden) -> UnitPage:
    return UnitPage(title.unit.unit_code, title, burdens)


def form_of(item: ServiceItem, page: UnitPage, asking: Holder | None, /, **changed: str) -> dict[str, str]:
    """The example's answers with what the register fills in for the holder who asks, then the changes; complete."""
    shown = Shown(page.title.certificate_no if page.title else "", asking)
    return complete(item, {**item.example.answers, **item.prefill(page, shown), **changed})


def complete(item: ServiceItem, raw: Mapping[str, str]) -> dict[str, str]:
    """The cleaned form; it has no problems."""
    form = clean_form(item, {key: text.replace("{today}", TODAY.isoformat()) for key, text in raw.items()})
    assert check_form(item, form, TODAY) == (), "the form of a test is complete"
    return form


def written(item: ServiceItem, form: Mapping[str, str], *pages: UnitPage) -> tuple[Entry, ...]:
    return item.entries(given(form, *pages))


def after(entries: tuple[Entry, ...], *pages: UnitPage) -> Titles:
    """What holds once these entries stand in the book after what the pages show."""
    held = Titles(
        titles={page.unit_code: page.title for page in pages if page.title},
        open_burdens={page.unit_code: page.burdens for page in pages if page.burdens},
        used_certificates=frozenset(page.title.certificate_no for page in pages if page.title),
        described={page.unit_code: page.described for page in pages if page.described},
    )
    return replay(entries, held)


def refused(item: ServiceItem, form: Mapping[str, str], *pages: UnitPage) -> list[str]:
    """The fields that keep the item from being written; no number is drawn for a refused one."""
    plain = given(form, *pages)

    def never() -> CertificateNo:
        raise AssertionError("a refused application draws no number")

    asked = replace(plain, certificate_no=never, proof_no=never)
    try:
        item.entries(asked)
    except InvalidInput as error:
        assert all(one.what_zh and one.cure_zh for one in error.problems)
        return [problem.field for problem in error.problems]
    raise AssertionError("it was not refused")


def needed(item: ServiceItem, form: Mapping[str, str]) -> set[str]:
    """The keys of the checklist of this form."""
    return {one.key for one in item.needed_materials(item.application_facts(form, frozenset()))}


def another(prefix: str, place: int, name: str, birth: str, *, is_last: bool = True) -> dict[str, str]:
    """One more person of a group, who comes in person."""
    answers = {
        "also": "yes",
        "kind": "person",
        "name": name,
        "id_kind": "id_card",
        "id_no": id_number(birth),
        "phone": "13900139003",
        "comes": "self",
    }
    found = {f"{prefix}{place}_{what}": value for what, value in answers.items()}
    return {**found, f"{prefix}{place + 1}_also": "no"} if is_last else found


def stood_in_for(prefix: str, place: int, comes: str) -> dict[str, str]:
    """Somebody else comes for that person."""
    answers = {
        "comes": comes,
        "acting_name": "朱军",
        "acting_id_kind": "id_card",
        "acting_id_no": id_number("19760101"),
        "acting_phone": "13900139009",
    }
    return {f"{prefix}{place}_{what}": value for what, value in answers.items()}
