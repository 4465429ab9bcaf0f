"""Tables of an application while its receiving institution is its custodian."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongban.domain.lifecycle import ApplicationState
from tongban.vault.fields import EncryptedJSONField, EncryptedTextField

STATES = [state.value for state in ApplicationState]


class Application(models.Model):
    """One application (申请), from the first question at a window to the end its home registry reports."""

    number = models.CharField(max_length=24, primary_key=True)
    item_number = models.CharField(max_length=8)
    channel = models.CharField(max_length=16)
    receiving_registry = models.CharField(max_length=32)
    home_registry = models.CharField(max_length=32)
    window_code = models.CharField(max_length=32)
    unit_code = models.CharField(max_length=28)
    state = models.CharField(max_length=24)
    state_since = models.DateTimeField()
    clerk = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True)
    title = EncryptedJSONField()
    form = EncryptedJSONField()
    inquiry = EncryptedJSONField()
    pledged_at = models.DateTimeField(null=True)
    check_id = models.CharField(max_length=64)
    check_digest = models.CharField(max_length=64)
    checked_at = models.DateTimeField()
    check_answer = EncryptedJSONField()
    case_no = models.CharField(max_length=24, blank=True)
    report = EncryptedJSONField(null=True)
    package_digest = models.CharField(max_length=64, blank=True)
    opening_key = models.CharField(max_length=64, unique=True)
    tried = EncryptedJSONField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True) | ~Q(package_digest=""),
                name="application_handed_over_has_package",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True) | Q(handed_over_at__gte=F("created_at")),
                name="application_handed_over_after_opening",
            ),
        ]
        indexes = [
            models.Index(fields=["receiving_registry", "state", "-number"], name="application_queue"),
            models.Index(fields=["receiving_registry", "-number"], name="application_all"),
        ]


class ApplicationParty(models.Model):
    """A person or body that applies, or acts for one who does, with how the window knows who it is."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=24)
    name = EncryptedTextField()
    id_kind = models.CharField(max_length=24)
    id_no = EncryptedTextField()
    phone = EncryptedTextField()
    address = EncryptedTextField()
    is_agent = models.BooleanField(default=False)
    stands_for = models.PositiveSmallIntegerField(null=True)
    identity_method = models.CharField(max_length=24, blank=True)
    identity_result = models.CharField(max_length=16, blank=True)
    identity_reason = models.CharField(max_length=200, blank=True)
    identity_by = models.CharField(max_length=64, blank=True)
    identity_second = models.CharField(max_length=64, blank=True)
    identity_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="party_position_once"),
            models.CheckConstraint(
                condition=Q(identity_result__in=["", "passed", "failed"]), name="party_identity_result_known"
            ),
            models.CheckConstraint(
                condition=Q(identity_second="") | ~Q(identity_second=F("identity_by")),
                name="party_second_person_is_another",
            ),
        ]
        ordering = ["position"]


class MaterialScan(models.Model):
    """One page or file of one material, as it lies in the vault."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scans")
    material_key = models.CharField(max_length=40)
    page_no = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "material_key", "page_no"], name="scan_page_once"),
            models.UniqueConstraint(fields=["application", "material_key", "digest"], name="scan_file_once"),
        ]
        ordering = ["material_key", "page_no"]


class PaperEvent(models.Model):
    """What happened to one paper original: taken in, checked and given back, copied, returned."""

    COLLECTED, CHECKED_RETURNED, COPIED, RETURNED = "collected", "checked_returned", "copied", "returned"
    KINDS = (COLLECTED, CHECKED_RETURNED, COPIED, RETURNED)

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="paper_events")
    material_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=24)
    pages = models.PositiveSmallIntegerField()
    holder_zh = models.CharField(max_length=80)
    note_zh = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["collected", "checked_returned", "copied", "returned"]), name="paper_event_known"
            ),
            models.CheckConstraint(condition=Q(pages__gte=1), name="paper_event_has_pages"),
        ]
        ordering = ["pk"]


class Signature(models.Model):
    """A party's signature under exactly this content; changed content needs a fresh one."""

    APPLICATION, WITHDRAWAL = "application", "withdrawal"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="signatures")
    party_position = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=24)
    content_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class ApplicationEvent(models.Model):
    """One line of the timeline that applicant and window read."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=40)
    state = models.CharField(max_length=24)
    text_zh = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="application_event_once")]
        ordering = ["pk"]


class ReceiptCounter(models.Model):
    """Running number of applications per registry and day."""

    registry = models.CharField(max_length=32)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registry", "day"], name="receipt_counter_once")]


class Batch(models.Model):
    """One sheet of applications of one service item, handed in by one person at one window (批量申请)."""

    number = models.CharField(max_length=24, primary_key=True)
    item_number = models.CharField(max_length=8)
    receiving_registry = models.CharField(max_length=32)
    window_code = models.CharField(max_length=32)
    clerk = models.CharField(max_length=64)
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["receiving_registry", "item_number", "file_digest"], name="batch_same_file_once"
            ),
        ]
        indexes = [models.Index(fields=["receiving_registry", "-number"], name="batch_list")]


class BatchRow(models.Model):
    """One row: waiting to be begun, wrong with its findings, or begun as an application of its own.

    `stopped_by`: how many things the home registry found in the form of its application, as last checked (`ready`).
    """

    WAITING, WRONG, BEGUN = "waiting", "wrong", "begun"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows")
    row_no = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    given = EncryptedJSONField()
    subject = models.CharField(max_length=64)
    unit_code = models.CharField(max_length=28, blank=True)
    findings = EncryptedJSONField()
    finding_count = models.PositiveSmallIntegerField(default=0)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="batch_row")
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    waits_zh = models.CharField(max_length=200, blank=True)
    checked_version = models.PositiveIntegerField(default=0)
    checked_on = models.DateField(null=True)
    ready_digest = models.CharField(max_length=64, blank=True)
    stopped_by = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state="begun") | Q(stopped_by=0), name="batch_row_stopped_once_begun"),
            models.UniqueConstraint(fields=["batch", "row_no"], name="batch_row_once"),
            models.UniqueConstraint(
                fields=["batch", "subject"], condition=~Q(state="wrong"), name="batch_row_subject_once"
            ),
            models.CheckConstraint(
                condition=Q(state="wrong", finding_count__gte=1, application__isnull=True)
                | Q(state="waiting", finding_count=0, application__isnull=True)
                | Q(state="begun", finding_count=0, application__isnull=False),
                name="batch_row_state_fits",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="batch_row_due"),
            models.Index(fields=["subject"], name="batch_row_subject"),
        ]


class BatchAct(models.Model):
    """One thing done for every begun row of a batch at once: an identity check, a paper, the inquiry, a signature, the
    hand-over.

    The worker carries it out row by row up to `cursor`; `failures` are the rows it could not be done for, with the
    reason.  Carried out again after a kill it does nothing twice.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="acts")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    content = EncryptedJSONField()
    clerk = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    cursor = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    failures = EncryptedJSONField()
    failure_count = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="batch_act_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["identity", "paper", "inquiry", "sign", "hand_over"]), name="batch_act_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(finished_at=None), name="batch_act_due")]
        ordering = ["pk"]
