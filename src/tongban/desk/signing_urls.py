"""Addresses of signing in and out; they stand at the root because every audience shares them."""

from __future__ import annotations

from django.urls import path

from tongban.desk import signing_views

urlpatterns = [
    path("sign-in", signing_views.enter, name="sign-in"),
    path("sign-out", signing_views.leave, name="sign-out"),
    path("password", signing_views.password, name="password"),
]
