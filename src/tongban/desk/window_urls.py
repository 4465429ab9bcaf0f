"""Addresses of the window desk, below /desk/intake/."""

from __future__ import annotations

from django.urls import path

from tongban.desk import (
    window_after,
    window_files,
    window_fill,
    window_list,
    window_materials,
    window_people,
    window_sign,
)

urlpatterns = [
    path("", window_list.listing, name="intake"),
    path("new", window_list.new, name="intake-new"),
    path("home", window_list.home, name="intake-home"),
    path("refused.pdf", window_files.refused_pdf, name="intake-refused-pdf"),
    path("<str:number>/", window_fill.overview, name="intake-one"),
    path("<str:number>/form", window_fill.application_form, name="intake-form"),
    path("<str:number>/people", window_people.people, name="intake-people"),
    path("<str:number>/materials", window_materials.materials, name="intake-materials"),
    path("<str:number>/inquiry", window_fill.inquiry, name="intake-inquiry"),
    path("<str:number>/sign", window_sign.sign, name="intake-sign"),
    path("<str:number>/hand-over", window_sign.hand_over, name="intake-hand-over"),
    path("<str:number>/receipt", window_files.receipt, name="intake-receipt"),
    path("<str:number>/receipt.pdf", window_files.receipt_pdf, name="intake-receipt-pdf"),
    path("<str:number>/certificate.pdf", window_files.certificate, name="intake-certificate"),
    path("<str:number>/certificates/<str:licence_id>.pdf", window_files.certificate, name="intake-licence"),
    path("<str:number>/content", window_after.content, name="intake-content"),
    path("<str:number>/corrections", window_after.corrections, name="intake-corrections"),
    path("<str:number>/withdraw", window_after.withdraw, name="intake-withdraw"),
    path("<str:number>/tell-home", window_after.tell_home, name="intake-tell-home"),
    path("<str:number>/tell-home.pdf", window_files.told_home_pdf, name="intake-tell-home-pdf"),
    path("<str:number>/papers", window_after.papers, name="intake-papers"),
    path("<str:number>/files/<str:digest>", window_files.original, name="intake-file"),
    path("<str:number>/files/<str:digest>/preview", window_files.preview, name="intake-preview"),
]
