"""Taking the sealed certificate of a case; who took it is audited."""

from __future__ import annotations

from datetime import datetime

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.cases import queries
from tongban.certificates import issue
from tongban.domain.errors import WrongState


def pdf(case_no: str, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The certificate's file and its name.  Raises NotFound, NotPermitted, WrongState while there is none."""
    row = queries.permitted(case_no, actor)
    require(actor, "certificate.download", Scope(frozenset({row.home_registry}), case_no))
    if not row.licence_id:
        raise WrongState("licence_not_ready", "这个案件还没有登簿，没有证照。")
    data = issue.pdf(row.licence_id, now)
    audit(actor, "certificate.download", row.licence_id, purpose="下载电子证照", case_no=case_no, now=now)
    return data, f"{row.certificate_no}.pdf"
