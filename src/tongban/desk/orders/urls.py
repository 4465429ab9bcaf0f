"""Addresses of orders of courts, below /desk/orders/."""

from __future__ import annotations

from django.urls import path

from tongban.desk.orders import deciding, listing, taking

urlpatterns = [
    path("", listing.listing, name="orders"),
    path("new", taking.take, name="order-new"),
    path("<str:message_id>/", listing.one, name="order"),
    path("<str:message_id>/propose", deciding.propose, name="order-propose"),
    path("<str:message_id>/confirm", deciding.confirm, name="order-confirm"),
    path("<str:message_id>/receipt", listing.receipt, name="order-receipt"),
    path("<str:message_id>/ask", deciding.ask, name="order-ask"),
    path("<str:message_id>/paper/<str:digest>", listing.paper, name="order-paper"),
]
