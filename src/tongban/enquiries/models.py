"""Tables of a query: the application at the window that took it in, and the log (查询记录簿) of the home registry.

The log, its papers and its copies are written once: who saw what must stand as it was (查询办法 13).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongban.domain.query_terms import Acting, Asker, Index, Wanted
from tongban.exchange.contract.register_query import EMPTY, REFUSED, SHOWN
from tongban.vault.fields import EncryptedJSONField, EncryptedTextField

ASKED, ANSWERED, DENIED = "asked", "answered", "denied"
STATES = (ASKED, ANSWERED, REFUSED, DENIED)
OUTCOMES = (SHOWN, EMPTY, REFUSED)


def _one_of(
    column: str, values: type[Asker] | type[Acting] | type[Index] | type[Wanted], name: str
) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [one.value for one in values]}), name=name)


class Enquiry(models.Model):
    """One application to query at the window that took it in.

    ASKED: the home registry has not answered yet.  REFUSED: it refused in writing.  DENIED: it does not let this window
    ask at all.  `request` is what was asked, `answer` what the home registry said, as they went over the wire.
    """

    number = models.CharField(max_length=24, primary_key=True)
    receiving = models.CharField(max_length=32)
    home = models.CharField(max_length=32)
    clerk = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    due_on = models.DateField()
    asker = models.CharField(max_length=32)
    wanted = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default=ASKED)
    request = EncryptedJSONField()
    answer = EncryptedJSONField(null=True)
    refusal = EncryptedJSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    question_id = models.CharField(max_length=64, blank=True)
    answer_digest = models.CharField(max_length=64, blank=True)
    paper_no = models.CharField(max_length=60, blank=True)
    paper_digest = models.CharField(max_length=64, blank=True)
    opening_key = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="enquiry_state_known"),
            models.CheckConstraint(
                condition=Q(state=ASKED, answered_at__isnull=True)
                | (~Q(state=ASKED) & Q(answered_at__gte=F("taken_at"))),
                name="enquiry_answered_after_taken",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ASKED, DENIED], paper_no="")
                | (Q(state__in=[ANSWERED, REFUSED]) & ~Q(paper_no="")),
                name="enquiry_answer_is_in_writing",
            ),
            _one_of("asker", Asker, "enquiry_asker_known"),
            _one_of("wanted", Wanted, "enquiry_wanted_known"),
        ]
        indexes = [
            models.Index(fields=["receiving", "state", "-number"], name="enquiry_by_state"),
            models.Index(fields=["receiving", "-number"], name="enquiry_all"),
        ]

    def __str__(self) -> str:
        return self.number


class QueryRecord(models.Model):
    """One line of the log: who asked as what, for which purpose, what was shown, which paper was given."""

    registry = models.CharField(max_length=32)
    receiving = models.CharField(max_length=32)
    enquiry_no = models.CharField(max_length=24)
    question_id = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    clerk = models.CharField(max_length=64)
    at = models.DateTimeField()
    asker = models.CharField(max_length=32)
    acting = models.CharField(max_length=16)
    index = models.CharField(max_length=16)
    wanted = models.CharField(max_length=16)
    papers = models.JSONField()
    parts = models.JSONField()
    masks = models.JSONField()
    unit_codes = models.JSONField()
    outcome = models.CharField(max_length=8)
    reason_code = models.CharField(max_length=8, blank=True)
    paper_no = models.CharField(max_length=60, unique=True)
    copies_due_on = models.DateField(null=True)
    request = EncryptedJSONField()
    answer = EncryptedJSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receiving", "enquiry_no"], name="query_answered_once"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="query_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=REFUSED, parts=[], unit_codes=[]) & ~Q(reason_code="")
                | (~Q(outcome=REFUSED) & Q(reason_code="")),
                name="query_refusal_shows_nothing",
            ),
            _one_of("asker", Asker, "query_asker_known"),
            _one_of("acting", Acting, "query_acting_known"),
            _one_of("index", Index, "query_index_known"),
            _one_of("wanted", Wanted, "query_wanted_known"),
        ]
        indexes = [
            models.Index(fields=["registry", "-id"], name="query_log"),
            models.Index(fields=["registry", "outcome", "-id"], name="query_log_by_outcome"),
            models.Index(
                fields=["receiving", "clerk", "at"],
                condition=Q(index=Index.IDENTITY.value),
                name="query_by_name_of_clerk",
            ),
        ]

    def __str__(self) -> str:
        return self.paper_no


class QueryPaper(models.Model):
    """The sealed certificate or notice of one line of the log."""

    record = models.OneToOneField(QueryRecord, on_delete=models.PROTECT, primary_key=True, related_name="paper")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class QueryCopy(models.Model):
    """Original material that was copied for an asker: what, how many pages, by whom."""

    record = models.ForeignKey(QueryRecord, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=24)
    pages = models.PositiveSmallIntegerField()
    note = EncryptedTextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pages__gte=1), name="query_copy_has_pages")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pages}"


class QueryAlarm(models.Model):
    """Somebody searched more names than one person should; a person looks into it."""

    NAMES = "names"

    registry = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    who = models.CharField(max_length=64)
    institution = models.CharField(max_length=32)
    about = models.CharField(max_length=120)
    what_zh = models.CharField(max_length=200)
    at = models.DateTimeField()
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=["names"]), name="query_alarm_kind_known")]
        indexes = [models.Index(fields=["registry", "-id"], name="query_alarms")]

    def __str__(self) -> str:
        return f"{self.kind} {self.who}"
