"""A filled form tried on the home register before it is handed over: the very checks of the recording, nothing written.

So the window hears at once that a joint owner is missing, that somebody is too young to come alone, that shares do not
make one, or that a pre-signature is not on file; there is no second set of rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count

from django.utils.timezone import localdate

from tongban.cases import presignatures
from tongban.directory import lookup
from tongban.directory.time_limits import after_workdays
from tongban.domain import numbering
from tongban.domain import presignatures as papers
from tongban.domain.catalogue import form as forms
from tongban.domain.catalogue.item import EntryInput, FieldKind, ServiceItem
from tongban.domain.codes import CertificateNo, UnitCode
from tongban.domain.decision import Finding, Verdict
from tongban.domain.errors import InvalidInput, NotFound, Problem
from tongban.domain.unit_code import parse_unit_code
from tongban.register import reading

FORM_FIELD = "form"
TRIAL_NUMBERS_FROM = 9_900_001  # numbers no registry reaches in a year: nothing of a trial is written


def problems(
    item: ServiceItem, form: dict[str, str], unit_code: UnitCode, registry: str, now: datetime
) -> tuple[Problem, ...]:
    """What would keep this form from being recorded as the register stands; a form still incomplete says only so."""
    today = localdate(now)
    if incomplete := forms.check_form(item, form, today):
        return tuple(incomplete)
    codes = (unit_code, *item.more_units(form))
    if away := elsewhere(item, form, codes, registry, now):
        return away
    findings = presign_findings(item, form, codes, registry, now)
    absent = [_problem(one, registry) for one in findings if one.verdict is Verdict.REFUSE]
    return (*absent, *_unfit(item, form, codes, now))


def refused(
    item: ServiceItem, form: dict[str, str], unit_code: UnitCode, findings: tuple[Finding, ...]
) -> tuple[Problem, ...]:
    """What refuses on a further unit of the application, each reason once, beside the field that names the unit.

    The first unit was asked about before the application began.
    """
    reasons = {one.reason.code: one.reason for one in findings if one.verdict is Verdict.REFUSE}
    return tuple(
        Problem(
            _field_of(item, form, unit_code),
            f"不动产单元{parse_unit_code(unit_code).grouped}：{reason.what_zh}",
            f"{reason.cure_zh}依据：{reason.law_zh}。",
        )
        for reason in reasons.values()
    )


def elsewhere(
    item: ServiceItem, form: Mapping[str, str], codes: Sequence[UnitCode], registry: str, now: datetime
) -> tuple[Problem, ...]:
    """The units that another registry keeps, each beside the field that names it."""
    return tuple(_elsewhere(item, form, code, registry) for code in codes if not _is_of(code, registry, now))


def _elsewhere(item: ServiceItem, form: Mapping[str, str], unit_code: UnitCode, registry: str) -> Problem:
    home_zh = lookup.institution(registry).name_zh
    what_zh = f"不动产单元{parse_unit_code(unit_code).grouped}不归{home_zh}管"
    cure_zh = "请核对不动产单元号；归另一家登记机构管的，不能在这一件里办，要分别到房产所在地办"
    return Problem(_field_of(item, form, unit_code), what_zh, cure_zh)


def _field_of(item: ServiceItem, form: Mapping[str, str], unit_code: UnitCode) -> str:
    named = (one.key for one in item.fields if one.kind is FieldKind.UNIT_CODE and form.get(one.key) == unit_code)
    return next(named, FORM_FIELD)


def presign_findings(
    item: ServiceItem, form: dict[str, str], codes: tuple[str, ...], registry: str, received_at: datetime
) -> tuple[Finding, ...]:
    """What the file of pre-signatures says about those who stay away; no query when everybody comes."""
    away = papers.presigned(item, form)
    kept = presignatures.kept_by_bodies(registry, [who.id_no for who in away]) if away else ()
    return papers.look(item, form, codes, kept, (localdate(received_at), received_at))


def _unfit(item: ServiceItem, form: dict[str, str], codes: tuple[UnitCode, ...], now: datetime) -> tuple[Problem, ...]:
    today, place_zh = localdate(now), lookup.institution(lookup.registry_of_unit(codes[0], localdate(now))).short_zh
    numbers = count(TRIAL_NUMBERS_FROM)

    def certificate_no() -> CertificateNo:
        return numbering.certificate_no(today.year, place_zh, next(numbers))

    def proof_no() -> CertificateNo:
        return numbering.proof_no(today.year, place_zh, next(numbers))

    def figure(name: str) -> int:
        return lookup.parameter_count(name, codes[0][:6], today)

    pages, claims = tuple(reading.page(code) for code in codes), item.claims(form)
    try:
        item.entries(EntryInput(pages, form, today, certificate_no, proof_no, figure, after_workdays, claims))
    except InvalidInput as error:
        return tuple(error.problems)
    return ()


def _problem(finding: Finding, registry: str) -> Problem:
    """A refusal in the words a clerk reads out: who, what, what to do, by which law, and where."""
    who, where = finding.facts[0], lookup.place_of(registry)
    what_zh = f"{who.name_zh}“{who.value_zh}”：{finding.reason.what_zh}"
    cure_zh = (
        f"{finding.reason.cure_zh}依据：{finding.reason.law_zh}。"
        f"备案到{where.name_zh}（{where.address_zh}，电话{where.phone}）。"
    )
    return Problem(FORM_FIELD, what_zh, cure_zh)


def _is_of(code: UnitCode, registry: str, now: datetime) -> bool:
    try:
        return lookup.registry_of_unit(code, localdate(now)) == registry
    except NotFound:
        return False
