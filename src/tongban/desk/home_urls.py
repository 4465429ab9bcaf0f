"""Address of the desk's first page."""

from __future__ import annotations

from django.urls import path

from tongban.desk import home_views

urlpatterns = [path("", home_views.home, name="home")]
