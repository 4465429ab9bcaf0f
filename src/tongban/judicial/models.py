"""Orders of courts as this site received them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tongban.vault.fields import EncryptedJSONField


class Order(models.Model):
    """One order (协助执行通知) at the home registry, from arrival to entry."""

    ARRIVED, ENTERED, QUEUED = "arrived", "entered", "queued"

    message_id = models.CharField(max_length=64, primary_key=True)
    order_no = models.CharField(max_length=64)
    court = models.CharField(max_length=32)
    court_case_no = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    registry = models.CharField(max_length=32)
    body = EncryptedJSONField()
    state = models.CharField(max_length=16)
    arrived_at = models.DateTimeField()
    places = models.JSONField(default=list)
    outcome = models.JSONField(null=True)
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "order_no", "registry"], name="order_once"),
            models.CheckConstraint(condition=Q(state__in=["arrived", "entered", "queued"]), name="order_state_known"),
        ]
        indexes = [models.Index(fields=["registry", "state", "arrived_at"], name="order_queue")]
