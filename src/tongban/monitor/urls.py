"""Addresses of administration."""

from __future__ import annotations

from django.urls import path

from tongban.monitor import audit, messages, people, places, system, trust

app_name = "monitor"
urlpatterns = [
    path("trust/", trust.trust, name="trust"),
    path("trust/authorizations/<int:number>/", trust.authorization, name="authorization"),
    path("trust/agreements/<int:number>/", trust.agreement, name="agreement"),
    path("settings/", places.settings, name="settings"),
    path("staff/", people.staff, name="staff"),
    path("roles/", people.roles, name="roles"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<str:direction>/<int:row>/", messages.message, name="message"),
    path("audit/", audit.audit, name="audit"),
    path("system/", system.system, name="system"),
]
