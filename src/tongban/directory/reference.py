"""What every site starts with: divisions, institutions, districts, windows, the calendar, the first services.

`sync_reference` may be run at any time: it adds what is missing and never overwrites what an administrator changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from tongban.directory import lookup
from tongban.directory.bundles import export_directory as export_directory
from tongban.directory.bundles import import_directory as import_directory
from tongban.directory.divisions import (
    PROVINCE,
    PackagedDivision,
    assignments,
    full_name,
    packaged_divisions,
    phone_of,
    renamings,
    street_of,
)
from tongban.directory.models import (
    Division,
    Institution,
    LedgerDistrict,
    RegistryDistrict,
    ServiceOpening,
    Site,
    Window,
)
from tongban.directory.notices import seed_calendar
from tongban.directory.recent import forget_kept
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.codes import InstitutionKind, institution_code
from tongban.domain.terms import Channel
from tongban.vault import keys

FIRST_CHANNELS: Final = (Channel.WINDOW, Channel.PRECHECKED, Channel.ONLINE)
OPEN_SINCE: Final = date(2026, 1, 1)
OFFICE_HOURS: Final = {str(weekday): ["09:00", "17:00"] for weekday in range(1, 6)}


@dataclass(frozen=True, slots=True)
class Synced:
    """How many rows were added, by kind."""

    divisions: int
    institutions: int
    districts: int
    windows: int
    openings: int
    days: int

    @property
    def total(self) -> int:
        return self.divisions + self.institutions + self.districts + self.windows + self.openings + self.days


def sync_reference(now: datetime, *, hosts: Collection[str] | None = None) -> Synced:
    """Add what is missing; running it again adds nothing.

    `hosts`: codes of the institutions this site hosts, None for the whole province; the others stay without a site
    until the province's directory is imported.
    """
    with transaction.atomic():
        forget_kept()
        _own_site()
        return Synced(
            divisions=_add_divisions(),
            institutions=_add_institutions(hosts),
            districts=_add_districts(),
            windows=_add_windows(),
            openings=_add_openings(),
            days=seed_calendar(),
        )


def create_missing_keys(now: datetime) -> int:
    """Make a signing key for every hosted institution that has none; how many were made."""
    known = keys.owners_here()
    missing = [institution.code for institution in lookup.hosted() if institution.code not in known]
    for owner in missing:
        keys.create_key(owner, now)
    return len(missing)


def _own_site() -> None:
    Site.objects.filter(is_self=True).exclude(pk=settings.TONGBAN_SITE_CODE).update(is_self=False)
    Site.objects.update_or_create(code=settings.TONGBAN_SITE_CODE, defaults={"is_self": True})


def _add_divisions() -> int:
    known = set(Division.objects.values_list("code", flat=True))
    rows = [
        Division(code=row.code, name_zh=row.name_zh, parent_code=row.parent_code, level=row.level)
        for row in packaged_divisions()
    ] + [
        Division(code=old.code, name_zh=old.name_zh, parent_code=old.code[:4] + "00", level="ended")
        for old in renamings()
    ]
    return len(Division.objects.bulk_create([row for row in rows if row.code not in known]))


def _add_institutions(hosts: Collection[str] | None) -> int:
    known = set(Institution.objects.values_list("code", flat=True))
    rows = [row for row in (_province(), *_registries(), *_ended_registries(), *_courts()) if row.code not in known]
    for row in rows:
        if hosts is None or row.code in hosts:
            row.site_code = settings.TONGBAN_SITE_CODE
    return len(Institution.objects.bulk_create(rows))


def _province() -> Institution:
    return Institution(
        code=PROVINCE,
        kind=InstitutionKind.PROVINCE,
        name_zh="河南省不动产登记中心",
        short_zh="河南省",
        division_code="410000",
        address_zh=f"郑州市{street_of('410000')}",
        phone=phone_of("410000"),
    )


def _registries() -> Iterable[Institution]:
    return (_registry(row.code, row.name_zh, full_name(row.code)) for row in packaged_divisions() if row.has_registry)


def _ended_registries() -> Iterable[Institution]:
    """Registries whose ledgers live on with a successor; needed to say who was responsible then."""
    for old in renamings():
        if old.keeps_ledger:
            row = _registry(old.code, old.name_zh, old.name_zh)
            row.is_active = False
            yield row


def _registry(division: str, name_zh: str, full_zh: str) -> Institution:
    return Institution(
        code=institution_code(InstitutionKind.REGISTRY, division),
        kind=InstitutionKind.REGISTRY,
        name_zh=f"{name_zh}不动产登记中心",
        short_zh=name_zh,
        division_code=division,
        parent_code=PROVINCE,
        address_zh=f"{full_zh}{street_of(division)}政务服务中心一楼不动产登记大厅",
        phone=phone_of(division),
    )


def _courts() -> Iterable[Institution]:
    for row in packaged_divisions():
        if row.level == "province":
            yield _court(row, f"{row.name_zh}高级人民法院", "")
        elif row.level == "prefecture":
            yield _court(row, f"{row.name_zh}中级人民法院", "410000")
        elif row.is_county_level:
            yield _court(
                row, f"{full_name(row.code) if row.is_city_district else row.name_zh}人民法院", row.parent_code
            )


def _court(row: PackagedDivision, name_zh: str, above: str) -> Institution:
    has_court_above = above and above != "419000"
    return Institution(
        code=institution_code(InstitutionKind.COURT, row.code),
        kind=InstitutionKind.COURT,
        name_zh=name_zh,
        short_zh=row.name_zh,
        division_code=row.code,
        parent_code=institution_code(InstitutionKind.COURT, above) if has_court_above else "",
        address_zh=f"{full_name(row.code)}{street_of(row.code)}",
        phone="12368",
    )


def _add_districts() -> int:
    """Only for divisions nobody has assigned yet: a later reassignment is the administrators'."""
    known = set(RegistryDistrict.objects.values_list("division_code", flat=True))
    fresh = [row for row in assignments() if row.division_code not in known]
    RegistryDistrict.objects.bulk_create(
        RegistryDistrict(
            division_code=row.division_code,
            registry_code=row.registry_code,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in fresh
    )
    kept = set(LedgerDistrict.objects.values_list("division_code", flat=True))
    LedgerDistrict.objects.bulk_create(
        LedgerDistrict(
            ledger_code=row.ledger_code,
            division_code=row.division_code,
            registry_code=row.registry_code,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in assignments()
        if row.division_code not in kept
    )
    return len(fresh)


def _add_windows() -> int:
    known = set(Window.objects.values_list("code", flat=True))
    rows = [window for row in packaged_divisions() for window in _windows(row)]
    return len(Window.objects.bulk_create([row for row in rows if row.code not in known]))


def _windows(row: PackagedDivision) -> Iterable[Window]:
    """Each registry has a counter for the province-wide service and one for local affairs; a zone runs one too."""
    if row.has_registry:
        yield _window(row, "01", f"{row.name_zh}“全豫通办”专窗", is_cross_registry=True)
        yield _window(row, "02", f"{row.name_zh}不动产登记综合窗口", is_cross_registry=False)
    elif row.level == "functional_zone":
        yield _window(row, "01", f"{row.name_zh}便民窗口", is_cross_registry=True)


def _window(row: PackagedDivision, number: str, name_zh: str, *, is_cross_registry: bool) -> Window:
    return Window(
        code=f"window-{row.code}-{number}",
        institution_code=row.registry,
        name_zh=name_zh,
        address_zh=f"{full_name(row.code)}{street_of(row.code)}政务服务中心一楼",
        hours=OFFICE_HOURS,
        phone=phone_of(row.registry_division),
        is_cross_registry=is_cross_registry,
    )


def _add_openings() -> int:
    """Every service, where a registry has no line about it at all; closing one is a line, too."""
    known = set(ServiceOpening.objects.values_list("registry_code", "item_number", "channel"))
    registries = (row.registry for row in packaged_divisions() if row.has_registry)
    wanted = [
        (registry, item, channel.value) for registry in registries for item in CATALOGUE for channel in FIRST_CHANNELS
    ]
    return len(
        ServiceOpening.objects.bulk_create(
            ServiceOpening(
                registry_code=registry, item_number=item, channel=channel, open_from=OPEN_SINCE, note_zh="第一批开通"
            )
            for registry, item, channel in wanted
            if (registry, item, channel) not in known
        )
    )
