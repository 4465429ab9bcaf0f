"""Addresses of the query desk, below /desk/enquiries/."""

from __future__ import annotations

from django.urls import path

from tongban.desk.enquiries import listing, log, new

urlpatterns = [
    path("", listing.listing, name="enquiries"),
    path("new", new.choose, name="enquiries-new"),
    path("new/<str:asker>/<str:acting>/<str:wanted>", new.fill, name="enquiries-fill"),
    path("log/", log.listing, name="enquiries-log"),
    path("log/<int:number>/", log.one, name="enquiries-record"),
    path("log/<int:number>/paper.pdf", log.paper, name="enquiries-record-paper"),
    path("<str:number>/", listing.one, name="enquiry"),
    path("<str:number>/again", listing.again, name="enquiry-again"),
    path("<str:number>/paper.pdf", listing.paper, name="enquiry-paper"),
]
