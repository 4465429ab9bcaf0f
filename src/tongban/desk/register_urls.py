"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from tongban.desk import register_lookup, register_unit

urlpatterns = [
    path("", register_lookup.look_up, name="register"),
    path("<str:unit_code>/", register_unit.unit, name="register_unit"),
    path("<str:unit_code>/print", register_unit.printed, name="register_print"),
    path("<str:unit_code>/full", register_unit.reveal, name="register_full"),
    path("<str:unit_code>/verify", register_unit.verify, name="register_verify"),
]
