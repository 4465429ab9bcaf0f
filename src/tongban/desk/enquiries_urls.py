"""Addresses of the query desk, below /desk/enquiries/."""

from __future__ import annotations

from django.urls import path

from tongban.desk import enquiries_list, enquiries_log, enquiries_new

urlpatterns = [
    path("", enquiries_list.listing, name="enquiries"),
    path("new", enquiries_new.choose, name="enquiries-new"),
    path("new/<str:asker>/<str:acting>/<str:wanted>", enquiries_new.fill, name="enquiries-fill"),
    path("log/", enquiries_log.listing, name="enquiries-log"),
    path("log/<int:number>/", enquiries_log.one, name="enquiries-record"),
    path("log/<int:number>/paper.pdf", enquiries_log.paper, name="enquiries-record-paper"),
    path("<str:number>/", enquiries_list.one, name="enquiry"),
    path("<str:number>/again", enquiries_list.again, name="enquiry-again"),
    path("<str:number>/paper.pdf", enquiries_list.paper, name="enquiry-paper"),
]
