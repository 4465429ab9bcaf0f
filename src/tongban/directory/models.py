"""Tables of the directory: who is who, which district is whose, what is open where, and which figures hold when.

Dated rows hold from `valid_from` to `valid_until`, both days included; no `valid_until` means until further notice.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from tongban.domain.codes import InstitutionKind
from tongban.domain.terms import Channel

KINDS = [kind.value for kind in InstitutionKind]
CHANNELS = [channel.value for channel in Channel]


def days(first: str, last: str) -> Func:
    """The days from one column to another, both included, as PostgreSQL's `daterange`."""
    return Func(F(first), F(last), Value("[]"), function="daterange")


def never_twice(name: str, *columns: str, first: str = "valid_from", last: str = "valid_until") -> ExclusionConstraint:
    """At most one row per `columns` on any day."""
    return ExclusionConstraint(
        name=name, expressions=[*((column, "=") for column in columns), (days(first, last), "&&")]
    )


def period(name: str, first: str = "valid_from", last: str = "valid_until") -> models.CheckConstraint:
    """The last day is not before the first."""
    return models.CheckConstraint(condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}), name=name)


class Division(models.Model):
    """One administrative division (GB/T 2260) or functional zone; unit codes carry county-level ones only."""

    code = models.CharField(max_length=6, primary_key=True)
    name_zh = models.CharField(max_length=40)
    parent_code = models.CharField(max_length=6, blank=True)
    level = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["parent_code"], name="directory_division_parent")]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex="^[0-9]{6}$"), name="directory_division_code_is_six_digits")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Site(models.Model):
    """One deployment of the product, ours or another's."""

    code = models.CharField(max_length=40, primary_key=True)
    base_url = models.CharField(max_length=200, blank=True)
    is_self = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_self"], condition=Q(is_self=True), name="directory_site_one_is_self")
        ]

    def __str__(self) -> str:
        return self.code


class Institution(models.Model):
    """One institution and the site that hosts it; `site_code` is empty while no site is known."""

    code = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=16)
    name_zh = models.CharField(max_length=80)
    short_zh = models.CharField(max_length=20)
    division_code = models.CharField(max_length=6)
    site_code = models.CharField(max_length=40, blank=True)
    parent_code = models.CharField(max_length=40, blank=True)
    address_zh = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="directory_institution_kind_known"),
            models.CheckConstraint(
                condition=Q(code__regex="^[a-z]+-[0-9]{6}(-[0-9a-z]{2,12})?$"), name="directory_institution_code_form"
            ),
            models.CheckConstraint(
                condition=Q(code__startswith=Func(F("kind"), Value("-"), function="concat")),
                name="directory_institution_code_says_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "code"], name="directory_institution_kind"),
            models.Index(fields=["site_code"], name="directory_institution_site"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class RegistryDistrict(models.Model):
    """Which registry serves a county-level division, by date (条例 7); also for ended codes that units still carry."""

    division_code = models.CharField(max_length=6)
    registry_code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            period("directory_district_period"),
            never_twice("directory_district_one_registry", "division_code"),
        ]
        indexes = [models.Index(fields=["registry_code"], name="directory_district_registry")]

    def __str__(self) -> str:
        return f"{self.division_code} {self.registry_code}"


class LedgerDistrict(models.Model):
    """Which ledger holds the units of a division, and which registry keeps that ledger, by date.

    `ledger_code` is the division code of the registry that began the ledger and never changes; a merged or renamed
    district keeps its ledger and gets rows for its new code.
    """

    ledger_code = models.CharField(max_length=16)
    division_code = models.CharField(max_length=6)
    registry_code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            period("directory_ledger_period"),
            never_twice("directory_ledger_one_per_division", "division_code"),
        ]
        indexes = [
            models.Index(fields=["ledger_code"], name="directory_ledger_code"),
            models.Index(fields=["registry_code"], name="directory_ledger_registry"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_code} {self.division_code}"


class Window(models.Model):
    """A counter people can walk up to.  `hours`: weekday "1" (Monday) to "7" → ["09:00", "17:00"], local time."""

    code = models.CharField(max_length=40, primary_key=True)
    institution_code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    address_zh = models.CharField(max_length=160)
    hours = models.JSONField(default=dict)
    phone = models.CharField(max_length=20, blank=True)
    is_cross_registry = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["institution_code", "code"], name="directory_window_institution")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class ServiceOpening(models.Model):
    """A home registry takes this service item through this channel, from a day to a day (先易后难 roll-out)."""

    registry_code = models.CharField(max_length=40)
    item_number = models.CharField(max_length=8)
    channel = models.CharField(max_length=16)
    open_from = models.DateField()
    open_until = models.DateField(null=True)
    note_zh = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            period("directory_opening_period", "open_from", "open_until"),
            never_twice(
                "directory_opening_once",
                "registry_code",
                "item_number",
                "channel",
                first="open_from",
                last="open_until",
            ),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="directory_opening_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.registry_code} {self.item_number} {self.channel}"


class ParameterValue(models.Model):
    """A local figure set for a division and a time; county before prefecture before province before the default."""

    name = models.CharField(max_length=40)
    division_code = models.CharField(max_length=6)
    value = models.CharField(max_length=400)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source_zh = models.CharField(max_length=200)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            period("directory_parameter_period"),
            never_twice("directory_parameter_one_value", "name", "division_code"),
            models.CheckConstraint(condition=~Q(source_zh=""), name="directory_parameter_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.division_code} {self.value}"


class LocalNote(models.Model):
    """What a registry tells people beyond the province's standard (G8): an announcement, or a hint for one item.

    It never changes what is asked or decided.  A note is ended, not deleted.
    """

    registry_code = models.CharField(max_length=40)
    item_number = models.CharField(max_length=8, blank=True)
    title_zh = models.CharField(max_length=60)
    text_zh = models.CharField(max_length=1000)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            period("directory_note_period"),
            models.CheckConstraint(condition=~Q(title_zh="") & ~Q(text_zh=""), name="directory_note_says_something"),
        ]
        indexes = [models.Index(fields=["registry_code", "valid_from"], name="directory_note_registry")]

    def __str__(self) -> str:
        return f"{self.registry_code} {self.title_zh}"


class CalendarDay(models.Model):
    """One day: worked or not, why, and whether the State Council's notice for it is known (`is_final`)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    occasion_zh = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200)
    is_final = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.day} {'work' if self.is_workday else 'off'}"


class BundleVersion(models.Model):
    """A signed directory bundle this site exported or accepted: the exact bytes, once per version."""

    version = models.PositiveBigIntegerField(primary_key=True)
    document = models.BinaryField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=120)
    signature = models.BinaryField()
    is_import = models.BooleanField()
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"directory {self.version}"
