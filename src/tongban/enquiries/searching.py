"""Looking into the book for a query: which units an index leads to, and each as the register has it now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tongban.directory import lookup
from tongban.domain.burdens import Burden
from tongban.domain.codes import UnitCode
from tongban.domain.errors import NotFound
from tongban.domain.facts import CLASSIFIED
from tongban.domain.identity import modern_number, normal_name, normal_number
from tongban.domain.numbering import normal_certificate_no
from tongban.domain.query_answers import Charge, Subject, UnitRecord
from tongban.domain.query_terms import Index
from tongban.exchange.contract.register_query import RegisterQueryRequest
from tongban.register import reading


def is_of(registry: str, unit_code: str, today: date) -> bool:
    """Whether the registry keeps the book of this unit."""
    try:
        return lookup.registry_of_unit(unit_code, today) == registry
    except NotFound:
        return False


def found(request: RegisterQueryRequest, subject: Subject, registry: str, today: date) -> tuple[UnitCode, ...]:
    """The units of this registry that the index leads to, by code; those of other registries are not told of."""
    codes = dict.fromkeys(_codes(request, subject))
    return tuple(sorted(code for code in codes if is_of(registry, code, today)))


def record_of(unit_code: UnitCode) -> UnitRecord | None:
    """The unit as the register has it now; None when it has nothing of it."""
    facts = reading.unit_facts(unit_code)
    if facts is None:
        return None
    lying = reading.burdens(unit_code)
    charges = [Charge.of(opened) for opened in reading.opened_burdens(unit_code)]
    charges += [Charge(fact) for fact in lying if fact.from_unit and fact.burden is not Burden.UNREAD_ORDER]
    unsettled = any(fact.burden is Burden.UNREAD_ORDER for fact in lying)
    return UnitRecord(facts.state, reading.title(unit_code), tuple(charges), unsettled, CLASSIFIED in facts.flags)


def _codes(request: RegisterQueryRequest, subject: Subject) -> Iterable[UnitCode]:
    index = Index(request.index)
    if index is Index.UNIT_CODE:
        return (UnitCode(request.unit_code),)
    if index is Index.CERTIFICATE_NO:
        number = normal_certificate_no(request.certificate_no)
        places = (reading.find(number), reading.find_proof(number))
        return (place.unit_code for place in places if place)
    if index is Index.ADDRESS:
        return (place.unit_code for place in reading.find_by_address(normal_name(request.address)))
    return (place.unit_code for number in _numbers(subject.id_no) for place in reading.find_by_id_no(number))


def _numbers(id_no: str) -> tuple[str, ...]:
    """The number and, of an ID card, the 15 digits it was before 1999: old entries of the book still have those."""
    number = modern_number(id_no)
    old = number[:6] + number[8:17] if len(number) == 18 and number[6:8] == "19" else ""
    return tuple(one for one in (number, normal_number(old)) if one and modern_number(one) == number)
