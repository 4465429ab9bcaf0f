"""Taking a sealed certificate or proof of a case; who took it is audited."""

from __future__ import annotations

from datetime import datetime

from tongban.access.actors import Actor
from tongban.access.audit import audit
from tongban.access.require import Scope, require
from tongban.cases import queries
from tongban.certificates import issue
from tongban.certificates import queries as licences
from tongban.domain.errors import NotFound, WrongState


def pdf(case_no: str, identifier: str, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The file of one licence of a case and its name; without an identifier, of its first.

    Raises NotFound, NotPermitted, WrongState while there is none.
    """
    row = queries.permitted(case_no, actor)
    require(actor, "certificate.download", Scope(frozenset({row.home_registry}), case_no))
    if not row.licence_id:
        raise WrongState("licence_not_ready", "这个案件没有证照：还没有登簿，或者这项登记不发证照。")
    wanted = identifier or row.licence_id
    licence = next((one for one in licences.licences_of_case(case_no) if one.identifier == wanted), None)
    if licence is None:
        raise NotFound("licence_unknown", "这个案件没有这份电子证照。")
    data = issue.pdf(wanted, now)
    audit(actor, "certificate.download", wanted, purpose="下载电子证照", case_no=case_no, now=now)
    return data, f"{licence.certificate_no}.pdf"
