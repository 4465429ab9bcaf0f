"""滑县 with keys and a flat whose holder changes name, for the tests of licences against the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tests import register_builders as a
from tongban.certificates import issue
from tongban.directory.models import Institution, Site
from tongban.directory.recent import forget_kept
from tongban.domain.codes import InstitutionKind
from tongban.register import book, reading, sealing
from tongban.vault import keys

NOW, REGISTRY, PROVINCE = a.NOW, a.REGISTRY, "province-410000"
CASE = "41052620261122000001"
_PLACES = (
    (PROVINCE, InstitutionKind.PROVINCE, "河南省不动产登记中心", "河南", "410000"),
    (REGISTRY, InstitutionKind.REGISTRY, "滑县不动产登记中心", "滑县", "410526"),
    ("registry-410100", InstitutionKind.REGISTRY, "郑州市不动产登记中心", "郑州市", "410100"),
)


def found_registry() -> None:
    """Institutions and keys; 郑州 is hosted by another site."""
    Site.objects.create(code="site-test", is_self=True)
    for code, kind, name_zh, short_zh, division in _PLACES:
        site = "elsewhere" if division == "410100" else "site-test"
        Institution.objects.create(
            code=code, kind=kind.value, name_zh=name_zh, short_zh=short_zh, division_code=division, site_code=site
        )
    forget_kept()
    for owner in (PROVINCE, REGISTRY):
        keys.create_key(owner, NOW - timedelta(days=30))


def open_flat(number: int) -> None:
    """Flat `number` gets its first title, with certificate number `number`."""
    assert isinstance(book.record(a.request(a.opened(number), key=f"open-{number}")), book.Recording)


def rename(number: int, serial: int, *, now: datetime = NOW, name: str = "张小丽") -> str:
    """The holder of flat `number` changes name: record, and decide on the licence with number `serial`."""
    title = reading.title(a.unit(number))
    assert title is not None
    old = title.certificate_no
    entries = [a.renamed(number, title.holders[0].identity, name), a.replaced(number, old, a.certificate(serial))]
    with transaction.atomic():
        done = book.record(a.request(*entries, key=f"rename-{serial}", now=now))
        assert isinstance(done, book.Recording)
        written = zip(entries, done.entries, strict=True)
        (identifier,) = issue.prepare(case_no=CASE, registry=REGISTRY, written=written, now=now)
        return identifier


def issued(number: int, serial: int) -> str:
    """A licence recorded, covered by a signed head, and signed."""
    identifier = rename(number, serial)
    sealing.seal(NOW)
    assert issue.issue_due(NOW) == 1
    return identifier
