"""Addresses of the public pages, at the root of the site."""

from __future__ import annotations

from django.urls import path

from tongban.portal import can_i, front, public_notices, query_guide, verification

app_name = "portal"
urlpatterns = [
    path("", front.front_door, name="front-door"),
    path("can-i", can_i.choose, name="can-i"),
    path("can-i/<str:number>", can_i.ask, name="can-i-item"),
    path("can-i/<str:number>/unit", can_i.unit, name="can-i-unit"),
    path("verify", verification.choose, name="verify"),
    path("verify/file", verification.by_file, name="verify-file"),
    path("verify/code", verification.by_code, name="verify-code"),
    path("verify/number", verification.by_number, name="verify-number"),
    path("verify/offline", verification.offline, name="verify-offline"),
    path("trust.json", verification.trust_json, name="trust"),
    path("guides", front.guides, name="guides"),
    path("guides/register-query", query_guide.guide, name="query-guide"),
    path("guides/<str:number>", front.guide, name="guide"),
    path("estimate", front.estimate, name="estimate"),
    path("windows", front.windows, name="windows"),
    path("windows/<str:division>", front.windows_of, name="windows-of"),
    path("notices", public_notices.current, name="notices"),
    path("notices/<int:number>", public_notices.one, name="notice"),
    path("accessibility", front.accessibility, name="accessibility"),
    path("privacy", front.privacy, name="privacy"),
]
