"""Addresses of the machine door."""

from __future__ import annotations

from django.urls import path
from ninja import NinjaAPI

from tongban.api.exchange import router

CONTRACT_VERSION = "1"

api = NinjaAPI(
    title="通办 · tongban",
    version=CONTRACT_VERSION,
    description="Signed messages and questions between institutions. Every request and answer is signed by its site.",
    docs_url=None,
    openapi_url="/openapi.json",
)
api.add_router("/exchange", router)

urlpatterns = [path("api/", api.urls)]
