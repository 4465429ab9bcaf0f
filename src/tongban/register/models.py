"""Tables of the register.

The book proper (entries and their secrets, unit events, order notes, Merkle nodes, signed heads) is append-only for
everybody: the application role lacks the privilege and a trigger refuses even the owner.  Rights, holders and burdens
are the projection of the entries: a row is opened by one entry and may only be given its end by another.  Keys of the
book begin with the ledger, so that it can be partitioned by ledger when a benchmark asks for it.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from tongban.domain.burdens import RECORDED_BURDENS, Burden
from tongban.domain.terms import CoOwnership
from tongban.domain.unit_page import NOTICES

HASH_BYTES = 32
EFFECTIVE_SEIZURES = (Burden.PRE_SEIZURE.value, Burden.SEIZURE.value)
EVENT_KINDS = ("entry", "order")


def _digest(column: str, name: str) -> models.CheckConstraint:
    """The column holds one SM3 digest."""
    return models.CheckConstraint(condition=Exact(Length(column), Value(HASH_BYTES)), name=name)


def _lives_forward(name: str) -> models.CheckConstraint:
    """A row ends by a later entry than the one it began with."""
    return models.CheckConstraint(condition=Q(to_entry__isnull=True) | Q(to_entry__gt=F("from_entry")), name=name)


class LedgerHead(models.Model):
    """Where a ledger stands: its last sequence number, hash and time.  Whoever appends holds this row's lock."""

    ledger = models.CharField(max_length=40, primary_key=True)
    registry = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.BinaryField()
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _digest("hash", "register_head_hash_is_sm3"),
            models.CheckConstraint(
                condition=Q(seq=0, at__isnull=True) | Q(seq__gt=0, at__isnull=False),
                name="register_head_time_with_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.seq}"


class Entry(models.Model):
    """One entry (登记簿记载事项).  `leaf` is the exact text that was hashed; the columns repeat it for queries."""

    pk = models.CompositePrimaryKey("ledger", "seq")
    ledger = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    unit_code = models.CharField(max_length=28)
    unit_seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    act = models.CharField(max_length=32)
    registry = models.CharField(max_length=40)
    recorder = models.CharField(max_length=64)
    case_no = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    request_key = models.CharField(max_length=120)
    request_position = models.PositiveIntegerField()
    request_digest = models.BinaryField()
    leaf = models.TextField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="register_entry_counts_from_one"),
            models.UniqueConstraint(fields=["unit_code", "unit_seq"], name="register_entry_unit_place_once"),
            models.UniqueConstraint(fields=["request_key", "request_position"], name="register_entry_request_once"),
            _digest("hash", "register_entry_hash_is_sm3"),
            _digest("previous_hash", "register_entry_previous_is_sm3"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger}/{self.seq}"


class EntrySecret(models.Model):
    """The private part of one entry with the salt of its commitment, sealed together."""

    pk = models.CompositePrimaryKey("ledger", "seq")
    ledger = models.CharField(max_length=40)
    seq = models.PositiveBigIntegerField()
    ciphertext = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.ledger}/{self.seq}"


class UnitEvent(models.Model):
    """What reached one unit in which order: recordings and orders of courts share one gapless, chained sequence."""

    pk = models.CompositePrimaryKey("unit_code", "seq")
    unit_code = models.CharField(max_length=28)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    ref = models.CharField(max_length=120)
    at = models.DateTimeField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=1), name="register_event_counts_from_one"),
            models.CheckConstraint(condition=Q(kind__in=EVENT_KINDS), name="register_event_kind_known"),
            _digest("hash", "register_event_hash_is_sm3"),
            _digest("previous_hash", "register_event_previous_is_sm3"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.seq}"


class OrderNote(models.Model):
    """An order of a court or another organ has arrived for a unit; until it is settled nothing disposes of the unit."""

    pk = models.CompositePrimaryKey("order_id", "unit_code")
    order_id = models.CharField(max_length=100)
    unit_code = models.CharField(max_length=28)
    unit_seq = models.PositiveIntegerField()
    organ = models.CharField(max_length=80)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_code", "unit_seq"], name="register_order_unit_place_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.unit_code}"


class OrderSettlement(models.Model):
    """An order was read and dealt with; it no longer stands in the way by itself."""

    order_id = models.CharField(max_length=100, primary_key=True)
    outcome = models.CharField(max_length=40)
    settled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} {self.outcome}"


class MerkleNode(models.Model):
    """The root of one full subtree of 2^level entries; `position` counts from the left at its level."""

    pk = models.CompositePrimaryKey("ledger", "level", "position")
    ledger = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    position = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [_digest("hash", "register_node_hash_is_sm3")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.level}:{self.position}"


class SignedHead(models.Model):
    """The registry's signature over the tree of a ledger's first `size` entries."""

    pk = models.CompositePrimaryKey("ledger", "size")
    ledger = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    registry = models.CharField(max_length=40)
    root = models.BinaryField()
    at = models.DateTimeField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=120)
    signature = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="register_signed_head_not_empty"),
            _digest("root", "register_signed_head_root_is_sm3"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.size}"


class BAUnit(models.Model):
    """A unit the register knows.  `flags` are the registry's own marks on it, not entries of the book."""

    unit_code = models.CharField(max_length=28, primary_key=True)
    ledger = models.CharField(max_length=40)
    flags = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["ledger", "unit_code"], name="register_unit_of_ledger")]

    def __str__(self) -> str:
        return self.unit_code


class RegisteredRight(models.Model):
    """One version of a title; `title_seq` is the entry that opened the title and ties its holders to it."""

    pk = models.CompositePrimaryKey("ledger", "from_entry")
    ledger = models.CharField(max_length=40)
    from_entry = models.PositiveBigIntegerField()
    to_entry = models.PositiveBigIntegerField(null=True)
    title_seq = models.PositiveBigIntegerField()
    unit_code = models.CharField(max_length=28)
    certificate_no = models.CharField(max_length=60)
    co_ownership = models.CharField(max_length=16)
    unit = models.JSONField()
    note = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_code"], condition=Q(to_entry__isnull=True), name="register_one_active_title"
            ),
            models.UniqueConstraint(fields=["certificate_no", "ledger"], name="register_certificate_no_once"),
            models.CheckConstraint(
                condition=Q(co_ownership__in=[kind.value for kind in CoOwnership]), name="register_co_ownership_known"
            ),
            _lives_forward("register_right_lives_forward"),
        ]
        indexes = [
            models.Index(fields=["unit_code", "from_entry"], name="register_right_of_unit"),
            models.Index(KeyTextTransform("address_zh", "unit"), name="register_right_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.certificate_no}"


class RightHolder(models.Model):
    """One version of one holder.  Name and number are sealed; the indexes find a holder by equality only."""

    pk = models.CompositePrimaryKey("ledger", "from_entry", "holder_no")
    ledger = models.CharField(max_length=40)
    from_entry = models.PositiveBigIntegerField()
    holder_no = models.PositiveSmallIntegerField()
    to_entry = models.PositiveBigIntegerField(null=True)
    title_seq = models.PositiveBigIntegerField()
    unit_code = models.CharField(max_length=28)
    kind = models.CharField(max_length=20)
    share_numerator = models.PositiveIntegerField(null=True)
    share_denominator = models.PositiveIntegerField(null=True)
    identity = models.BinaryField()
    name_index = models.BinaryField()
    id_no_index = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "title_seq", "holder_no"],
                condition=Q(to_entry__isnull=True),
                name="register_one_active_holder",
            ),
            models.CheckConstraint(
                condition=Q(share_numerator__isnull=True, share_denominator__isnull=True)
                | Q(share_numerator__gte=1, share_denominator__gte=F("share_numerator")),
                name="register_share_is_part_of_one",
            ),
            _lives_forward("register_holder_lives_forward"),
        ]
        indexes = [
            models.Index(fields=["unit_code", "from_entry"], name="register_holder_of_unit"),
            models.Index(fields=["id_no_index"], name="register_holder_by_number"),
            models.Index(fields=["name_index"], name="register_holder_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.holder_no}"


class RegisteredBurden(models.Model):
    """One burden as recorded.  `holder_no` 0: on the whole unit; `since` and `until` are days, both included."""

    pk = models.CompositePrimaryKey("ledger", "from_entry")
    ledger = models.CharField(max_length=40)
    from_entry = models.PositiveBigIntegerField()
    to_entry = models.PositiveBigIntegerField(null=True)
    unit_code = models.CharField(max_length=28)
    burden = models.CharField(max_length=24)
    burden_no = models.CharField(max_length=100)
    holder_no = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    organ_zh = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    proof_no = models.CharField(max_length=60, blank=True)
    details = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(burden__in=sorted(kind.value for kind in RECORDED_BURDENS)),
                name="register_burden_recordable",
            ),
            models.UniqueConstraint(
                fields=["unit_code", "burden_no"], condition=Q(to_entry__isnull=True), name="register_burden_open_once"
            ),
            models.UniqueConstraint(
                fields=["proof_no", "unit_code"],
                condition=Q(to_entry__isnull=True) & ~Q(proof_no=""),
                name="register_proof_no_once",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="register_burden_period",
            ),
            ExclusionConstraint(
                name="register_one_seizure_in_force",
                expressions=[
                    ("unit_code", "="),
                    ("burden", "="),
                    ("holder_no", "="),
                    (Func(F("since"), F("until"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(to_entry__isnull=True, burden__in=EFFECTIVE_SEIZURES),
            ),
            _lives_forward("register_burden_lives_forward"),
        ]
        indexes = [
            models.Index(fields=["unit_code", "from_entry"], name="register_burden_of_unit"),
            models.Index(fields=["proof_no"], name="register_burden_by_proof"),
            models.Index(
                fields=["until"],
                condition=Q(to_entry__isnull=True, burden__in=EFFECTIVE_SEIZURES),
                name="register_seizure_ends",
            ),
            models.Index(
                fields=["unit_code"],
                condition=Q(to_entry__isnull=True, burden=Burden.WAITING_SEIZURE.value),
                name="register_seizure_waits",
            ),
            models.Index(
                fields=["ledger"],
                condition=Q(to_entry__isnull=True, burden__in=sorted(kind.value for kind in NOTICES)),
                name="register_notice_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.burden_no}"


class BurdenHolder(models.Model):
    """Whose right a burden is: mortgagee, holder of a notice, dweller.  Sealed and indexed like a title's holder."""

    pk = models.CompositePrimaryKey("ledger", "from_entry", "holder_no")
    ledger = models.CharField(max_length=40)
    from_entry = models.PositiveBigIntegerField()
    holder_no = models.PositiveSmallIntegerField()
    to_entry = models.PositiveBigIntegerField(null=True)
    unit_code = models.CharField(max_length=28)
    burden_no = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    share_numerator = models.PositiveIntegerField(null=True)
    share_denominator = models.PositiveIntegerField(null=True)
    identity = models.BinaryField()
    name_index = models.BinaryField()
    id_no_index = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_code", "burden_no", "holder_no"],
                condition=Q(to_entry__isnull=True),
                name="register_one_active_burden_holder",
            ),
            models.CheckConstraint(
                condition=Q(share_numerator__isnull=True, share_denominator__isnull=True)
                | Q(share_numerator__gte=1, share_denominator__gte=F("share_numerator")),
                name="register_burden_share_is_part_of_one",
            ),
            _lives_forward("register_burden_holder_lives_forward"),
        ]
        indexes = [
            models.Index(fields=["unit_code", "from_entry"], name="register_burden_holder_of_unit"),
            models.Index(fields=["id_no_index"], name="register_burden_by_number"),
            models.Index(fields=["name_index"], name="register_burden_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_code} {self.burden_no} {self.holder_no}"


class DescribedUnit(models.Model):
    """One version of the natural state of a unit that has no title yet (楼盘表)."""

    pk = models.CompositePrimaryKey("ledger", "from_entry")
    ledger = models.CharField(max_length=40)
    from_entry = models.PositiveBigIntegerField()
    to_entry = models.PositiveBigIntegerField(null=True)
    unit_code = models.CharField(max_length=28)
    unit = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_code"], condition=Q(to_entry__isnull=True), name="register_one_active_description"
            ),
            _lives_forward("register_description_lives_forward"),
        ]
        indexes = [models.Index(fields=["unit_code", "from_entry"], name="register_description_of_unit")]

    def __str__(self) -> str:
        return self.unit_code


class NumberCounter(models.Model):
    """The last number drawn of one kind by one registry in one year."""

    pk = models.CompositePrimaryKey("kind", "registry", "year")
    kind = models.CharField(max_length=24)
    registry = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.registry} {self.year}: {self.last}"
