"""Addresses of the window desk, below /desk/intake/."""

from __future__ import annotations

from django.urls import path

from tongban.desk.window import after, files, fill, listing, materials, people, sign

urlpatterns = [
    path("", listing.listing, name="intake"),
    path("new", listing.new, name="intake-new"),
    path("home", listing.home, name="intake-home"),
    path("services", listing.services, name="intake-services"),
    path("refused.pdf", files.refused_pdf, name="intake-refused-pdf"),
    path("<str:number>/", fill.overview, name="intake-one"),
    path("<str:number>/form", fill.application_form, name="intake-form"),
    path("<str:number>/people", people.people, name="intake-people"),
    path("<str:number>/materials", materials.materials, name="intake-materials"),
    path("<str:number>/inquiry", fill.inquiry, name="intake-inquiry"),
    path("<str:number>/sign", sign.sign, name="intake-sign"),
    path("<str:number>/hand-over", sign.hand_over, name="intake-hand-over"),
    path("<str:number>/receipt", files.receipt, name="intake-receipt"),
    path("<str:number>/receipt.pdf", files.receipt_pdf, name="intake-receipt-pdf"),
    path("<str:number>/certificate.pdf", files.certificate, name="intake-certificate"),
    path("<str:number>/certificates/<str:licence_id>.pdf", files.certificate, name="intake-licence"),
    path("<str:number>/content", after.content, name="intake-content"),
    path("<str:number>/corrections", after.corrections, name="intake-corrections"),
    path("<str:number>/withdraw", after.withdraw, name="intake-withdraw"),
    path("<str:number>/tell-home", after.tell_home, name="intake-tell-home"),
    path("<str:number>/tell-home.pdf", files.told_home_pdf, name="intake-tell-home-pdf"),
    path("<str:number>/papers", after.papers, name="intake-papers"),
    path("<str:number>/files/<str:digest>", files.original, name="intake-file"),
    path("<str:number>/files/<str:digest>/preview", files.preview, name="intake-preview"),
]
