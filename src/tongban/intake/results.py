"""Handing over what the home registry made: the e-certificates and proofs, taken at the window that received the application."""

from __future__ import annotations

from datetime import datetime

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.certificates import issue
from tongban.directory import lookup
from tongban.domain.errors import NotFound, WrongState
from tongban.exchange.contract.status import CertificateBody
from tongban.intake.queries import ApplicationView


def issued(view: ApplicationView) -> tuple[CertificateBody, ...]:
    """The certificates and proofs the case brought, as the home registry reported them; none after a cancellation."""
    report = view.report
    if report is None or report.certificate is None:
        return ()
    return (report.certificate, *report.more_certificates)


def may_take(view: ApplicationView) -> bool:
    """Whether the files can be taken here: they were issued, and by an institution of this site."""
    return bool(issued(view)) and view.state.is_final and lookup.hosted_here(view.home_registry)


def certificate(view: ApplicationView, licence_id: str, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """A sealed certificate or proof and its name, for the applicant at this window; who took it is audited.

    Without an identifier it is the first.  Raises NotFound for a licence of another case, WrongState while it cannot
    be taken here.
    """
    require(actor, "certificate.download", Scope(frozenset({view.receiving_registry}), view.number))
    if not may_take(view):
        raise WrongState("certificate_not_here", "电子证照还没有做好，或者要到属地的网站下载，或者这项登记不发证照。")
    found = next((one for one in issued(view) if licence_id in ("", one.licence_id)), None)
    if found is None:
        raise NotFound("licence_unknown", "这件申请没有这份电子证照。")
    data = issue.pdf(found.licence_id, now)
    audit(actor, "certificate.download", found.licence_id, purpose="申请人领取电子证照", case_no=view.case_no, now=now)
    return data, f"{found.certificate_no}.pdf"
