"""Addresses of the file of pre-signatures, below /desk/presignatures/."""

from __future__ import annotations

from django.urls import path

from tongban.desk import presignatures

urlpatterns = [
    path("", presignatures.listing, name="presignatures"),
    path("new", presignatures.new, name="presignature-new"),
    path("<int:number>/", presignatures.one, name="presignature"),
    path("<int:number>/document", presignatures.document, name="presignature-document"),
]
