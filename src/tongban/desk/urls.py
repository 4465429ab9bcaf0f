"""Addresses of the desks, below /desk/."""

from __future__ import annotations

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("tongban.desk.home_urls")),
    path("intake/", include("tongban.desk.window.urls")),
    path("batches/", include("tongban.desk.batches")),
    path("cases/", include("tongban.desk.cases.urls")),
    path("presignatures/", include("tongban.desk.presignatures.urls")),
    path("register/", include("tongban.desk.register.urls")),
    path("orders/", include("tongban.desk.orders.urls")),
    path("enquiries/", include("tongban.desk.enquiries.urls")),
]
