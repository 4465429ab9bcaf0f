"""The design system alone: addresses for tests that need no business page."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("tongban.web.urls"))]
