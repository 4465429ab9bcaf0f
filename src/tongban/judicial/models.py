"""Orders of courts as this site received them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongban.vault.fields import EncryptedJSONField


class Order(models.Model):
    """One order (协助执行通知) at the home registry, from arrival to its end.

    `court` is the institution that is answered over the network, empty for an order on paper, whose answers are kept in
    `told` to be printed.  An organ may send an order again under its number: word for word the same it is a duplicate,
    otherwise one of its own.
    `doubts` are the codes of what a person has to look at.  `proposal` is what one of two people would do about it:
    nothing is carried out or answered by hand before another has confirmed it.  `asked` is what the court was asked,
    `outcome` what it was told in the end;
    `disposed_at` is when it was told that its seizure ended because the thing was sold by a court.
    """

    ARRIVED, ENTERED, QUEUED, REFUSED, DUPLICATE = "arrived", "entered", "queued", "refused", "duplicate"

    message_id = models.CharField(max_length=64, primary_key=True)
    order_no = models.CharField(max_length=64)
    court = models.CharField(max_length=32, blank=True)
    organ_zh = models.CharField(max_length=120, default="")
    is_paper = models.BooleanField(default=False)
    told = EncryptedJSONField(null=True)
    court_case_no = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    registry = models.CharField(max_length=32)
    body = EncryptedJSONField()
    state = models.CharField(max_length=16)
    arrived_at = models.DateTimeField()
    places = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    proposal = EncryptedJSONField(null=True)
    proposed_by = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True)
    asked = EncryptedJSONField(null=True)
    outcome = models.JSONField(null=True)
    entered_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["arrived", "entered", "queued", "refused", "duplicate"]),
                name="order_state_known",
            ),
            models.CheckConstraint(
                condition=Q(proposal__isnull=True) | (~Q(proposed_by="") & Q(proposed_at__isnull=False)),
                name="order_proposal_is_somebodys",
            ),
        ]
        indexes = [
            models.Index(fields=["registry", "state", "arrived_at"], name="order_queue"),
            models.Index(fields=["court", "order_no", "registry"], name="order_by_number"),
        ]
