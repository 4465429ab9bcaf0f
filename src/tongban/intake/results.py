"""Handing over what the home registry made: the e-certificate, taken at the window that received the application."""

from __future__ import annotations

from datetime import datetime

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.certificates import issue
from tongban.directory import lookup
from tongban.domain.errors import WrongState
from tongban.intake.queries import ApplicationView


def may_take(view: ApplicationView) -> bool:
    """Whether the certificate's file can be taken here: it was issued, and by an institution of this site."""
    is_issued = view.report is not None and view.report.certificate is not None and view.state.is_final
    return is_issued and lookup.hosted_here(view.home_registry)


def certificate(view: ApplicationView, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The sealed certificate and its name, for the applicant at this window; who took it is audited."""
    require(actor, "certificate.download", Scope(frozenset({view.receiving_registry}), view.number))
    if view.report is None or view.report.certificate is None or not may_take(view):
        raise WrongState("certificate_not_here", "电子证照还没有做好，或者要到属地的网站下载。")
    issued = view.report.certificate
    data = issue.pdf(issued.licence_id, now)
    audit(actor, "certificate.download", issued.licence_id, purpose="申请人领取电子证照", case_no=view.case_no, now=now)
    return data, f"{issued.certificate_no}.pdf"
