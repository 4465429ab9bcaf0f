"""Addresses of the review desk."""

from __future__ import annotations

from django.urls import path

from tongban.desk import cases_acts, cases_dues, cases_papers, cases_public_notice, cases_queue, cases_review

urlpatterns = [
    path("", cases_queue.queue, name="cases"),
    path("next", cases_queue.following, name="case_next"),
    path("<str:case_no>/", cases_review.review, name="case"),
    path("<str:case_no>/full", cases_review.reveal, name="case_full"),
    path("<str:case_no>/move/<str:action>", cases_acts.act, name="case_move"),
    path("<str:case_no>/files/<str:digest>", cases_papers.file, name="case_file"),
    path("<str:case_no>/application", cases_papers.application, name="case_application"),
    path("<str:case_no>/inquiry", cases_papers.inquiry, name="case_inquiry"),
    path("<str:case_no>/evidence", cases_papers.evidence, name="case_evidence"),
    path("<str:case_no>/dues", cases_dues.case_dues, name="case_dues"),
    path("<str:case_no>/dues/recover", cases_dues.recover, name="case_recover"),
    path("<str:case_no>/public-notice", cases_public_notice.notice, name="case_public_notice"),
    path("<str:case_no>/public-notice/<str:part>", cases_public_notice.notice_act, name="case_public_notice_act"),
    path("<str:case_no>/certificate", cases_papers.certificate, name="case_certificate"),
    path("<str:case_no>/certificate/<str:identifier>", cases_papers.certificate, name="case_licence"),
    path("<str:case_no>/notices/<str:kind>/<int:position>", cases_papers.notice, name="case_notice"),
]
