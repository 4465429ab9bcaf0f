"""Addresses of the desks, below /desk/."""

from __future__ import annotations

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("tongban.desk.home_urls")),
    path("intake/", include("tongban.desk.window_urls")),
    path("batches/", include("tongban.desk.batches")),
    path("cases/", include("tongban.desk.cases_urls")),
    path("presignatures/", include("tongban.desk.presignature_urls")),
    path("register/", include("tongban.desk.register_urls")),
    path("enquiries/", include("tongban.desk.enquiries_urls")),
]
