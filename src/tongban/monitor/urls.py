"""Addresses of administration."""

from __future__ import annotations

from django.urls import path

from tongban.monitor import audit, local, messages, people, places, reporting, system, trust

app_name = "monitor"
urlpatterns = [
    path("trust/", trust.trust, name="trust"),
    path("trust/authorizations/<int:number>/", trust.authorization, name="authorization"),
    path("trust/agreements/<int:number>/", trust.agreement, name="agreement"),
    path("settings/", places.settings, name="settings"),
    path("local/", local.local, name="local"),
    path("staff/", people.staff, name="staff"),
    path("roles/", people.roles, name="roles"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<str:direction>/<int:row>/", messages.message, name="message"),
    path("reporting/", reporting.reports, name="reporting"),
    path("reporting/uploads/<int:row>/", reporting.upload, name="upload"),
    path("reporting/days/<int:row>/", reporting.day, name="day-log"),
    path("reporting/licences/<int:row>/", reporting.entry, name="library-entry"),
    path("reporting/differences/<int:row>/", reporting.difference, name="difference"),
    path("audit/", audit.audit, name="audit"),
    path("system/", system.system, name="system"),
]
