"""Tables of a case at its home registry; nothing here comes from an intake table."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongban.domain.acts import Act
from tongban.domain.decision import Verdict
from tongban.domain.dues import DueKind
from tongban.domain.lifecycle import CaseState
from tongban.vault.fields import EncryptedJSONField, EncryptedTextField

STATES = [state.value for state in CaseState]


class Case(models.Model):
    """One case (案件) from hand-over to archive: the sealed package in, status reports out."""

    case_no = models.CharField(max_length=24, primary_key=True)
    application_no = models.CharField(max_length=24, unique=True)
    item_number = models.CharField(max_length=8)
    channel = models.CharField(max_length=16)
    home_registry = models.CharField(max_length=32)
    receiving_registry = models.CharField(max_length=32)
    state = models.CharField(max_length=24)
    resume_state = models.CharField(max_length=24, blank=True)
    state_since = models.DateTimeField()
    package = EncryptedJSONField()
    package_digest = models.CharField(max_length=64)
    package_message = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    legal_due_on = models.DateField(null=True)
    service_due_on = models.DateField(null=True)
    service_paused_at = models.DateTimeField(null=True)
    assigned_to = models.CharField(max_length=64, blank=True)
    first_reviewer = models.CharField(max_length=64, blank=True)
    second_reviewer = models.CharField(max_length=64, blank=True)
    decision = EncryptedJSONField(null=True)
    evidence = models.JSONField(default=list)
    refusal = models.JSONField(null=True)
    certificate_no = models.CharField(max_length=60, blank=True)
    licence_id = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(first_reviewer="") | Q(second_reviewer="") | ~Q(first_reviewer=F("second_reviewer")),
                name="case_two_reviewers",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.SUSPENDED.value) | ~Q(resume_state=""), name="case_suspended_can_resume"
            ),
        ]
        indexes = [
            models.Index(fields=["home_registry", "state", "case_no"], name="case_queue"),
            models.Index(fields=["answer_due_at"], name="case_answer_due", condition=Q(state="RECEIVED")),
            models.Index(fields=["home_registry", "-opened_at", "-case_no"], name="case_newest"),
            models.Index(
                fields=["home_registry", "-ended_at", "-case_no"],
                name="case_ended",
                condition=Q(ended_at__isnull=False),
            ),
        ]


class CaseUnit(models.Model):
    """A unit a case is about; of the open cases that dispose of it the first is exclusive, later ones wait for it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="units")
    unit_code = models.CharField(max_length=28)
    act = models.CharField(max_length=32)
    is_open = models.BooleanField(default=True)
    is_exclusive = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "unit_code"], name="case_unit_once"),
            models.UniqueConstraint(
                fields=["unit_code"], condition=Q(is_open=True, is_exclusive=True), name="unit_one_open_disposal"
            ),
        ]
        indexes = [
            models.Index(fields=["unit_code"], condition=Q(is_open=True), name="case_unit_open"),
            models.Index(
                fields=["-case"],
                condition=Q(act=Act.COMPELLED_TRANSFER.value, is_open=False),
                name="case_unit_court_sale",
            ),
        ]


class CaseMove(models.Model):
    """One move of one case: who, when, from where to where; never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    position = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    source = models.CharField(max_length=24, blank=True)
    target = models.CharField(max_length=24)
    by = models.CharField(max_length=64)
    by_name_zh = models.CharField(max_length=80)
    institution = models.CharField(max_length=32)
    note_zh = models.TextField(blank=True)
    at = models.DateTimeField()
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="case_move_once"),
            models.UniqueConstraint(fields=["case", "position"], name="case_move_position_once"),
        ]
        ordering = ["position"]


class CaseDecision(models.Model):
    """One decision a move rested on, with everything it was made from; never changed.

    `inputs` is `tongban.domain.judging.Inputs` and `decision` what came of them.  Sealed, for they name people.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decided")
    position = models.PositiveIntegerField()
    step = models.CharField(max_length=40)
    item_number = models.CharField(max_length=8)
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    inputs = EncryptedJSONField()
    verdict = models.CharField(max_length=12)
    decision = EncryptedJSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="case_decision_position_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in Verdict]), name="case_decision_verdict_known"
            ),
        ]
        indexes = [models.Index(fields=["decided_on"], name="case_decision_day")]
        ordering = ["pk"]


class Correction(models.Model):
    """One line of the one-time list of what must be put right (补正, 条例17)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    round_no = models.PositiveSmallIntegerField()
    material_key = models.CharField(max_length=40)
    what_zh = models.CharField(max_length=200)
    cure_zh = models.CharField(max_length=200)
    supplied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]


class DueState(models.TextChoices):
    """How a line of dues stands."""

    OPEN = "open", "等待办理"
    SETTLED = "settled", "已缴清（已通过）"
    EXEMPT = "exempt", "免缴"
    NOT_DUE = "not_due", "不用缴"
    DECLINED = "declined", "没有通过"
    REFUND_DUE = "refund_due", "应当退还"
    REFUNDED = "refunded", "已退还"
    RECOVERY = "recovery", "应当追缴"


_DUE_ZH: dict[tuple[str, str], str] = {
    (DueKind.HOUSING, DueState.OPEN): "等待审核",
    (DueKind.HOUSING, DueState.SETTLED): "审核通过",
    (DueKind.HOUSING, DueState.NOT_DUE): "不用审核",
    (DueKind.TAX, DueState.SETTLED): "已缴清",
    (DueKind.FEE, DueState.SETTLED): "已缴清",
}


class CaseDue(models.Model):
    """One thing to pay, or one answer of another office, that recording waits for; amounts in fen."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dues")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    payer_role = models.CharField(max_length=24, blank=True)
    name_zh = models.CharField(max_length=80)
    law_zh = models.CharField(max_length=200)
    explanation_zh = models.TextField(blank=True)
    amount_fen = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=DueState.choices, default=DueState.OPEN)
    voucher_no = models.CharField(max_length=60, blank=True)
    approver_zh = models.CharField(max_length=60, blank=True)
    note_zh = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="case_due_position_once"),
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="case_due_state_known"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in DueKind]), name="case_due_kind_known"),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="case_due_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "not_due"]) | ~Q(voucher_no=""), name="case_due_answer_names_its_paper"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["exempt", "recovery"]) | ~Q(approver_zh=""),
                name="case_due_exemption_is_approved",
            ),
        ]
        indexes = [models.Index(fields=["kind", "opened_at"], name="case_due_waiting", condition=Q(state="open"))]
        ordering = ["position"]

    @property
    def state_zh(self) -> str:
        """How the line stands, in the words of its kind: another office's answer is not paid for."""
        return _DUE_ZH.get((self.kind, self.state), DueState(self.state).label)


class CaseFile(models.Model):
    """One paper of the case's own: a sealed notice, or the signed withdrawal taken in at the home registry.

    `kind` and `position` name it within the case; the bytes lie in the vault under `digest`.  Never changed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=1)
    name_zh = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "position"], name="case_file_once"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="case_file_digest_is_sm3"),
        ]
        ordering = ["pk"]


class PublicNotice(models.Model):
    """The public notice of a case (公告, 细则 17): its words and days; one per case, never changed.

    Sealed, for it names people: it is public while it runs, and no longer.  A statement of loss hangs on the site alone
    (细则 22) and stays there until `shown_until`; None: it is posted at the property too.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="public_notice")
    registry = models.CharField(max_length=32)
    content = EncryptedJSONField()
    published_on = models.DateField()
    ends_on = models.DateField()
    workdays = models.PositiveSmallIntegerField()
    shown_until = models.DateField(null=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("published_on"), workdays__gt=0)
                | Q(ends_on=F("published_on"), workdays=0, shown_until__isnull=False),
                name="public_notice_runs_its_workdays",
            ),
            models.CheckConstraint(
                condition=Q(shown_until__isnull=True) | Q(shown_until__gte=F("ends_on")), name="public_notice_is_shown"
            ),
        ]
        indexes = [models.Index(fields=["ends_on", "registry"], name="public_notice_running")]


class NoticePosting(models.Model):
    """That a notice was posted at the property (细则 17), by a photograph; the last one to end counts, never changed."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="postings")
    posted_on = models.DateField()
    ends_on = models.DateField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "posted_on", "digest"], name="notice_posting_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("posted_on")), name="notice_posting_lasts"),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="notice_posting_digest_is_sm3"),
        ]


class NoticeObjection(models.Model):
    """An objection to a public notice: who, why, on what evidence; never changed.  `received_on`: within the notice."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    key = models.CharField(max_length=80)
    content = EncryptedJSONField()
    received_on = models.DateField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "key"], name="notice_objection_once")]
        ordering = ["pk"]


class ObjectionRuling(models.Model):
    """What was decided about an objection, with the reason; once, never changed."""

    objection = models.OneToOneField(NoticeObjection, on_delete=models.PROTECT, related_name="ruling")
    is_upheld = models.BooleanField()
    reason_zh = models.CharField(max_length=1000)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason_zh=""), name="objection_ruling_has_reason")]


class CaseCounter(models.Model):
    """Running number of cases per division and day."""

    division = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "day"], name="case_counter_once")]


class KeptPreSignature(models.Model):
    """A standing pre-signature (预先签章授权) on file at a home registry; only its revocation is ever added."""

    registry = models.CharField(max_length=32)
    document_no = models.CharField(max_length=80)
    body_name = models.CharField(max_length=200)
    body_id_no = models.CharField(max_length=18)
    signer = EncryptedTextField()
    items = models.JSONField()
    area = models.JSONField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    document = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=64, blank=True)
    revoked_reason_zh = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registry", "document_no"], name="presignature_document_once"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="presignature_period_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="presignature_has_document"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="", revoked_reason_zh="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="") & ~Q(revoked_reason_zh="")),
                name="presignature_revoked_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["registry", "body_id_no"], name="presignature_of_body")]
