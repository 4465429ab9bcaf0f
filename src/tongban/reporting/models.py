"""Tables of reporting.

What was recorded and what was sent never changes: messages and answers are append-only, and of an upload only the
columns about its delivery may change; it never goes.  Everything waits here, visibly, while the other side is away.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongban.departments.licence_library.port import Standing
from tongban.domain.terms import Registration, Subject
from tongban.vault.fields import EncryptedBytesField, EncryptedJSONField

REASON_CHARACTERS_MAX = 400


class Delivery(models.TextChoices):
    """WAITING: goes out by itself.  ACCEPTED: the other side has it.  PARKED: a person must look first."""

    WAITING = "waiting", "等待上报"
    ACCEPTED = "accepted", "已接收"
    PARKED = "parked", "搁置"


class Agreement(models.TextChoices):
    """WAITING: not answered yet.  AGREED: both sides count the same.  DIFFERENT: they do not.  PARKED: refused."""

    WAITING = "waiting", "等待上报"
    AGREED = "agreed", "一致"
    DIFFERENT = "different", "不一致"
    PARKED = "parked", "搁置"


class Line(models.TextChoices):
    """The outside bodies that are reported to."""

    PLATFORM = "platform", "国家平台"
    COUNTY = "library-county", "县级证照库"
    PROVINCE = "library-province", "省级证照库"


LIBRARIES = (Line.COUNTY.value, Line.PROVINCE.value)


class LineState(models.Model):
    """How an outside body has been answering, shared by all workers: after a failure it rests, longer each time."""

    line = models.CharField(max_length=20, primary_key=True, choices=Line.choices)
    failures = models.PositiveIntegerField(default=0)
    failed_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    reason_zh = models.CharField(max_length=REASON_CHARACTERS_MAX, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(line__in=Line.values), name="reporting_line_known")]

    def __str__(self) -> str:
        return self.line


class Upload(models.Model):
    """One registration of one unit, to be reported to the national platform: one message (facts 12.1).

    `facts` are what the case knows (applicants, materials, reviews, fees); what the register knows is read from its
    entries.  `message_no` names the message that goes out; it changes only after a refusal.
    """

    case_no = models.CharField(max_length=40)
    flow_no = models.CharField(max_length=48, unique=True)
    unit_code = models.CharField(max_length=28)
    registry = models.CharField(max_length=40)
    registration = models.CharField(max_length=24)
    subject = models.CharField(max_length=24)
    others = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()
    facts = EncryptedJSONField()
    state = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.WAITING)
    message_no = models.CharField(max_length=18, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    bad_replies = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=64, blank=True)
    reason_zh = models.CharField(max_length=REASON_CHARACTERS_MAX, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Delivery.values), name="reporting_upload_state_known"),
            models.CheckConstraint(
                condition=Q(registration__in=list(Registration)), name="reporting_upload_registration_known"
            ),
            models.CheckConstraint(condition=Q(subject__in=list(Subject)), name="reporting_upload_subject_known"),
            models.CheckConstraint(
                condition=~Q(state=Delivery.ACCEPTED) | Q(message_no__gt=""), name="reporting_accepted_has_a_message"
            ),
            models.CheckConstraint(
                condition=~Q(state=Delivery.PARKED) | Q(reason_zh__gt=""), name="reporting_parked_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=Q(state=Delivery.WAITING), name="reporting_upload_waiting"
            ),
            models.Index(
                fields=["unit_code", "id"], condition=~Q(state=Delivery.ACCEPTED), name="reporting_upload_of_unit"
            ),
            models.Index(fields=["registry", "recorded_on"], name="reporting_upload_day"),
            models.Index(
                fields=["registry", "-id"], condition=Q(state=Delivery.PARKED), name="reporting_upload_parked"
            ),
            models.Index(fields=["case_no"], name="reporting_upload_case"),
        ]

    def __str__(self) -> str:
        return f"{self.flow_no} {self.state}"


class UploadMessage(models.Model):
    """One message as it was made: its number (BizMsgID) and the exact bytes."""

    number = models.CharField(max_length=18, primary_key=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="messages")
    content = EncryptedBytesField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__regex="^[0-9]{18}$"), name="reporting_message_number_form"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="reporting_message_digest_is_sm3"),
        ]

    def __str__(self) -> str:
        return self.number


class UploadAnswer(models.Model):
    """One answer of the platform to one message, as it came."""

    message = models.ForeignKey(UploadMessage, on_delete=models.PROTECT, related_name="answers")
    is_accepted = models.BooleanField()
    code = models.CharField(max_length=64, blank=True)
    said_zh = models.CharField(max_length=REASON_CHARACTERS_MAX, blank=True)
    content = EncryptedBytesField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["message", "id"], name="reporting_answer_order")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.is_accepted}"


class MessageCounter(models.Model):
    """Running number of messages per division and day."""

    division = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "day"], name="reporting_counter_once")]

    def __str__(self) -> str:
        return f"{self.division} {self.day}"


class DailyLog(models.Model):
    """The log of one registry's day (登簿日志): counts by registration here and there, and recordings not reported.

    `unreported` are recordings of that day in the book without an upload, as “case unit”, at most a page of them.
    """

    registry = models.CharField(max_length=40)
    day = models.DateField()
    counts = models.JSONField(default=dict)
    platform_counts = models.JSONField(null=True)
    unreported = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=Agreement.choices, default=Agreement.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    reason_zh = models.CharField(max_length=REASON_CHARACTERS_MAX, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registry", "day"], name="reporting_one_log_a_day"),
            models.CheckConstraint(condition=Q(state__in=Agreement.values), name="reporting_log_state_known"),
            models.CheckConstraint(
                condition=~Q(state=Agreement.AGREED) | Q(platform_counts__isnull=False, unreported=[]),
                name="reporting_agreed_has_both_counts",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=~Q(state=Agreement.AGREED), name="reporting_log_due"),
            models.Index(fields=["-day", "registry"], name="reporting_log_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.registry} {self.day} {self.state}"


class LibraryEntry(models.Model):
    """One change of one licence on its way to one library.  `key` names the change, there and here, once."""

    line = models.CharField(max_length=20, choices=Line.choices)
    key = models.CharField(max_length=80)
    identifier = models.CharField(max_length=100)
    certificate_no = models.CharField(max_length=60)
    registry = models.CharField(max_length=40)
    standing = models.CharField(max_length=12)
    changed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    bad_replies = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=64, blank=True)
    reason_zh = models.CharField(max_length=REASON_CHARACTERS_MAX, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "key"], name="reporting_library_change_once"),
            models.CheckConstraint(condition=Q(line__in=LIBRARIES), name="reporting_entry_goes_to_a_library"),
            models.CheckConstraint(condition=Q(state__in=Delivery.values), name="reporting_entry_state_known"),
            models.CheckConstraint(condition=Q(standing__in=list(Standing)), name="reporting_entry_standing_known"),
            models.CheckConstraint(
                condition=~Q(state=Delivery.PARKED) | Q(reason_zh__gt=""), name="reporting_entry_parked_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["line", "next_try_at", "id"],
                condition=Q(state=Delivery.WAITING),
                name="reporting_entry_waiting",
            ),
            models.Index(
                fields=["line", "identifier", "id"],
                condition=~Q(state=Delivery.ACCEPTED),
                name="reporting_entry_of_licence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.key}"


class FeedPosition(models.Model):
    """Up to which event of the certificates everything has been passed on."""

    feed = models.CharField(max_length=20, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.feed} {self.position}"


class Reconciliation(models.Model):
    """One day's comparison of one library with our licences: first ours there, then theirs here; `cursor` goes on."""

    line = models.CharField(max_length=20, choices=Line.choices)
    day = models.DateField()
    phase = models.CharField(max_length=8, default="ours")
    registry = models.CharField(max_length=40, blank=True)
    cursor = models.CharField(max_length=200, blank=True)
    checked = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "day"], name="reporting_one_reconciliation_a_day"),
            models.CheckConstraint(condition=Q(phase__in=["ours", "theirs", "done"]), name="reporting_phase_known"),
            models.CheckConstraint(
                condition=Q(phase="done", finished_at__isnull=False) | (~Q(phase="done") & Q(finished_at__isnull=True)),
                name="reporting_done_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.day}"


class DifferenceKind(models.TextChoices):
    """What a comparison can find."""

    MISSING = "missing", "证照库没有这份证照"
    OTHER_STATE = "other_state", "证照库的状态与本站不同"
    UNKNOWN = "unknown", "本站没有签发过这份证照"


class Difference(models.Model):
    """One licence on which a library and this site differ; resolved when a later comparison finds them alike."""

    line = models.CharField(max_length=20, choices=Line.choices)
    identifier = models.CharField(max_length=100)
    registry = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, choices=DifferenceKind.choices)
    ours = models.CharField(max_length=12, blank=True)
    theirs = models.CharField(max_length=12, blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    repair = models.CharField(max_length=80, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "identifier"],
                condition=Q(resolved_at__isnull=True),
                name="reporting_one_open_difference",
            ),
            models.CheckConstraint(condition=Q(kind__in=DifferenceKind.values), name="reporting_difference_kind_known"),
        ]
        indexes = [
            models.Index(fields=["registry", "-id"], condition=Q(resolved_at=None), name="reporting_difference_open")
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.identifier} {self.kind}"
