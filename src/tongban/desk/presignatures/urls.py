"""Addresses of the file of pre-signatures, below /desk/presignatures/."""

from __future__ import annotations

from django.urls import path

from tongban.desk.presignatures import pages

urlpatterns = [
    path("", pages.listing, name="presignatures"),
    path("new", pages.new, name="presignature-new"),
    path("<int:number>/", pages.one, name="presignature"),
    path("<int:number>/document", pages.document, name="presignature-document"),
]
