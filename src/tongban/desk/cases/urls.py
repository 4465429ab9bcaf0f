"""Addresses of the review desk."""

from __future__ import annotations

from django.urls import path

from tongban.desk.cases import papers, queue, review
from tongban.desk.moves import acts, dues, public_notice

urlpatterns = [
    path("", queue.queue, name="cases"),
    path("next", queue.following, name="case_next"),
    path("<str:case_no>/", review.review, name="case"),
    path("<str:case_no>/full", review.reveal, name="case_full"),
    path("<str:case_no>/move/<str:action>", acts.act, name="case_move"),
    path("<str:case_no>/files/<str:digest>", papers.file, name="case_file"),
    path("<str:case_no>/application", papers.application, name="case_application"),
    path("<str:case_no>/inquiry", papers.inquiry, name="case_inquiry"),
    path("<str:case_no>/evidence", papers.evidence, name="case_evidence"),
    path("<str:case_no>/dues", dues.case_dues, name="case_dues"),
    path("<str:case_no>/dues/recover", dues.recover, name="case_recover"),
    path("<str:case_no>/public-notice", public_notice.notice, name="case_public_notice"),
    path("<str:case_no>/public-notice/<str:part>", public_notice.notice_act, name="case_public_notice_act"),
    path("<str:case_no>/certificate", papers.certificate, name="case_certificate"),
    path("<str:case_no>/certificate/<str:identifier>", papers.certificate, name="case_licence"),
    path("<str:case_no>/notices/<str:kind>/<int:position>", papers.notice, name="case_notice"),
]
