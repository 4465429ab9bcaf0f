"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from tongban.desk.register import lookup, notices, unit

urlpatterns = [
    path("", lookup.look_up, name="register"),
    path("notices/", notices.ending, name="register_notices"),
    path("<str:unit_code>/", unit.unit, name="register_unit"),
    path("<str:unit_code>/print", unit.printed, name="register_print"),
    path("<str:unit_code>/full", unit.reveal, name="register_full"),
    path("<str:unit_code>/verify", unit.verify, name="register_verify"),
]
