"""Addresses of the design system; the site includes them at its root."""

from __future__ import annotations

from django.urls import path

from tongban.web import views

app_name = "web"
urlpatterns = [
    path("preferences", views.preferences, name="preferences"),
    path("style-guide", views.style_guide, name="style-guide"),
]
