"""Tables of the exchange.

Evidence (bytes, signatures, receipts) stands in tables the application can only add to: `OutboxMessage`,
`OutboxReceipt`, `InboxMessage`, `RefusedMessage`, `QuestionEvidence`.  Where a message is on its way stands beside
them in `OutboxDelivery` and `InboxProcessing`.  Received bytes are encrypted at rest.
"""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from tongban.vault.fields import EncryptedBytesField

CODE_CHARS = 64  # an institution or site code
SUBJECT_CHARS = 120
KEY_ID_CHARS = 120
REASON_CHARS = 500

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
PROCESSED: Final = "processed"
PARKED: Final = "parked"

STORED: Final = "stored"
REFUSED: Final = "refused"

ASKED: Final = "asked"
ANSWERED: Final = "answered"


class Authorization(models.Model):
    """One grant: `grantor` (home registry) lets `grantee` receive the listed items for it, over the listed channels.

    Holds from `valid_from` to `valid_until`, both days included, unless suspended or revoked.
    """

    grantor = models.CharField(max_length=CODE_CHARS)
    grantee = models.CharField(max_length=CODE_CHARS)
    channels = ArrayField(models.CharField(max_length=32))
    valid_from = models.DateField()
    valid_until = models.DateField()
    document_no = models.CharField(max_length=120)
    suspended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=CODE_CHARS)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_until")), name="exchange_authorization_period"),
            models.CheckConstraint(condition=~Q(grantor=F("grantee")), name="exchange_authorization_two_sides"),
            models.CheckConstraint(condition=~Q(channels=[]), name="exchange_authorization_has_channels"),
            models.CheckConstraint(condition=~Q(document_no=""), name="exchange_authorization_has_document"),
        ]

    def __str__(self) -> str:
        return f"{self.grantor} → {self.grantee}"


class AuthorizedItem(models.Model):
    """One service item of a grant; carries pair and period so that the database refuses two that overlap."""

    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="items")
    grantor = models.CharField(max_length=CODE_CHARS)
    grantee = models.CharField(max_length=CODE_CHARS)
    item = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_until = models.DateField()
    is_revoked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="exchange_authorized_item_once",
                expressions=[
                    ("grantor", RangeOperators.EQUAL),
                    ("grantee", RangeOperators.EQUAL),
                    ("item", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_until", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(is_revoked=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.grantor} → {self.grantee} {self.item}"


class OutboxSubject(models.Model):
    """The counter of one line of messages (from, to, subject); its row lock orders the senders."""

    sender = models.CharField(max_length=CODE_CHARS)
    receiver = models.CharField(max_length=CODE_CHARS)
    subject = models.CharField(max_length=SUBJECT_CHARS)
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "receiver", "subject"], name="exchange_outbox_subject_once")
        ]

    def __str__(self) -> str:
        return f"{self.sender} → {self.receiver} {self.subject}"


class OutboxMessage(models.Model):
    """Evidence: what we sent, exactly as signed; a second row of the same id is the message signed again."""

    message_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    sender = models.CharField(max_length=CODE_CHARS)
    receiver = models.CharField(max_length=CODE_CHARS)
    subject = models.CharField(max_length=SUBJECT_CHARS)
    seq = models.BigIntegerField()
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    content = EncryptedBytesField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=KEY_ID_CHARS)
    signature = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "digest"], name="exchange_outbox_message_once")]

    def __str__(self) -> str:
        return self.message_id


class OutboxDelivery(models.Model):
    """Where one sent message is: waiting, delivered (with a checked receipt) or parked (with the refusal's reason)."""

    message = models.OneToOneField(OutboxMessage, on_delete=models.PROTECT, primary_key=True, related_name="delivery")
    line = models.ForeignKey(OutboxSubject, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    peer_site = models.CharField(max_length=CODE_CHARS)
    state = models.CharField(max_length=12, default=WAITING)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=64, blank=True)
    reason_zh = models.CharField(max_length=REASON_CHARS, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "seq"], name="exchange_outbox_delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, DELIVERED, PARKED]), name="exchange_outbox_delivery_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=PARKED) | ~Q(reason_code=""), name="exchange_outbox_parked_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["peer_site", "message"], condition=Q(state=WAITING), name="exchange_outbox_waiting"),
            models.Index(fields=["message"], condition=Q(state=PARKED), name="exchange_outbox_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class OutboxReceipt(models.Model):
    """Evidence: the receiver's signed answer to one message we sent, stored or refused."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="receipts")
    outcome = models.CharField(max_length=12)
    issuer = models.CharField(max_length=CODE_CHARS)
    content = models.BinaryField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=KEY_ID_CHARS)
    signature = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=[STORED, REFUSED]), name="exchange_outbox_receipt_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.outcome}"


class SealedAttachment(models.Model):
    """An attachment encrypted for one receiver, kept until taken, so that a cut upload resumes the same bytes."""

    receiver = models.CharField(max_length=CODE_CHARS)
    digest = models.CharField(max_length=64)
    sealed_digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["receiver", "digest"], name="exchange_sealed_attachment_once")]

    def __str__(self) -> str:
        return f"{self.receiver} {self.digest}"


class PeerState(models.Model):
    """Circuit breaker of a peer site: after a failure nothing goes before `next_try_at`, then one message probes."""

    peer_site = models.CharField(max_length=CODE_CHARS, primary_key=True)
    failures = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    failed_since = models.DateTimeField(null=True)
    reason_code = models.CharField(max_length=64, blank=True)
    reason_zh = models.CharField(max_length=REASON_CHARS, blank=True)

    def __str__(self) -> str:
        return self.peer_site


class InboxMessage(models.Model):
    """Evidence: what we received, exactly as it came, with the receipt we signed for it."""

    message_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    source = models.CharField(max_length=CODE_CHARS)
    receiver = models.CharField(max_length=CODE_CHARS)
    subject = models.CharField(max_length=SUBJECT_CHARS)
    seq = models.BigIntegerField()
    signed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    content = EncryptedBytesField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=KEY_ID_CHARS)
    signature = models.BinaryField()
    receipt_content = models.BinaryField()
    receipt_algorithm = models.CharField(max_length=16)
    receipt_key_id = models.CharField(max_length=KEY_ID_CHARS)
    receipt_signature = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id"], name="exchange_inbox_message_once"),
            models.UniqueConstraint(fields=["source", "receiver", "subject", "seq"], name="exchange_inbox_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.message_id}"


class InboxSubject(models.Model):
    """How far one line of messages was processed; its row lock makes the next message run once."""

    source = models.CharField(max_length=CODE_CHARS)
    receiver = models.CharField(max_length=CODE_CHARS)
    subject = models.CharField(max_length=SUBJECT_CHARS)
    processed_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "receiver", "subject"], name="exchange_inbox_subject_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.receiver} {self.subject}"


class InboxProcessing(models.Model):
    """Where one received message is: waiting for its turn, processed, or parked and holding its subject."""

    message = models.OneToOneField(InboxMessage, on_delete=models.PROTECT, primary_key=True, related_name="processing")
    line = models.ForeignKey(InboxSubject, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    state = models.CharField(max_length=12, default=WAITING)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    reason_code = models.CharField(max_length=64, blank=True)
    reason_zh = models.CharField(max_length=REASON_CHARS, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "seq"], name="exchange_inbox_processing_once"),
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, PROCESSED, PARKED]), name="exchange_inbox_processing_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=PARKED) | ~Q(reason_code=""), name="exchange_inbox_parked_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["message"], condition=Q(state=WAITING), name="exchange_inbox_waiting"),
            models.Index(fields=["message"], condition=Q(state=PARKED), name="exchange_inbox_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class RefusedMessage(models.Model):
    """Evidence: a message we refused for good, as it came, and the refusal we signed."""

    source = models.CharField(max_length=CODE_CHARS, blank=True)
    message_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    content = EncryptedBytesField()
    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=KEY_ID_CHARS)
    signature = models.BinaryField()
    received_at = models.DateTimeField()
    receipt_content = models.BinaryField()
    receipt_algorithm = models.CharField(max_length=16)
    receipt_key_id = models.CharField(max_length=KEY_ID_CHARS)
    receipt_signature = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "code"], name="exchange_refused_message_once")]
        indexes = [models.Index(fields=["-received_at"], name="exchange_refused_recent")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.code}"


class QuestionEvidence(models.Model):
    """Evidence: one signed question and its signed answer, kept by each side; no answer: why there is none."""

    side = models.CharField(max_length=12)
    question_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    asker = models.CharField(max_length=CODE_CHARS)
    answerer = models.CharField(max_length=CODE_CHARS)
    asked_at = models.DateTimeField()
    question = EncryptedBytesField()
    question_digest = models.CharField(max_length=64)
    question_algorithm = models.CharField(max_length=16)
    question_key_id = models.CharField(max_length=KEY_ID_CHARS)
    question_signature = models.BinaryField()
    outcome = models.CharField(max_length=64)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedBytesField(null=True)
    answer_digest = models.CharField(max_length=64, blank=True)
    answer_algorithm = models.CharField(max_length=16, blank=True)
    answer_key_id = models.CharField(max_length=KEY_ID_CHARS, blank=True)
    answer_signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["side", "asker", "question_id"], name="exchange_question_once"),
            models.CheckConstraint(condition=Q(side__in=[ASKED, ANSWERED]), name="exchange_question_side"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.question_id}"


class AttachmentUpload(models.Model):
    """One upload under way: ciphertext for one hosted institution, coming in parts by offset."""

    receiver = models.CharField(max_length=CODE_CHARS)
    digest = models.CharField(max_length=64)
    partner = models.CharField(max_length=CODE_CHARS)
    sealed_digest = models.CharField(max_length=64)
    sealed_size = models.BigIntegerField()
    size_so_far = models.BigIntegerField(default=0)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receiver", "digest", "partner"], name="exchange_upload_once"),
            models.CheckConstraint(condition=Q(size_so_far__lte=F("sealed_size")), name="exchange_upload_within_size"),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} {self.digest}"


class AttachmentPart(models.Model):
    """Some bytes of an upload."""

    upload = models.ForeignKey(AttachmentUpload, on_delete=models.CASCADE, related_name="parts")
    offset = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="exchange_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}"


class HttpNonce(models.Model):
    """A nonce some partner's HTTP request used; a second request with it is a replay."""

    partner = models.CharField(max_length=CODE_CHARS)
    nonce = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "nonce"], name="exchange_http_nonce_once")]
        indexes = [models.Index(fields=["seen_at"], name="exchange_http_nonce_age")]

    def __str__(self) -> str:
        return f"{self.partner} {self.nonce}"
