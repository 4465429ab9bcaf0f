"""How a new site joins the province: it says who it hosts, where it is, and with which keys; the province takes it in.

The application travels by hand, and the two operators compare its fingerprint by voice before it is taken in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction

from tongban.directory import lookup
from tongban.directory.models import Institution, Site
from tongban.directory.recent import forget_kept
from tongban.domain.canonical import canonical_json
from tongban.domain.errors import InvalidInput, Problem
from tongban.domain.wires import as_list, as_mapping, as_text
from tongban.vault import keys
from tongban.vault.sm3 import sm3_hex

APPLICATION_BYTES_MAX = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Joining:
    """One site's application: its code, its address, the institutions it hosts and their public keys."""

    site_code: str
    base_url: str
    institutions: tuple[str, ...]
    keys: tuple[Mapping[str, str | None], ...]

    def to_bytes(self) -> bytes:
        rows = [dict(row) for row in self.keys]
        return canonical_json(
            {"site": self.site_code, "address": self.base_url, "hosts": list(self.institutions), "keys": rows}
        )

    @property
    def fingerprint(self) -> str:
        """What the operators compare: the SM3 digest in groups of four."""
        digest = sm3_hex(self.to_bytes())
        return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))

    @classmethod
    def read(cls, data: bytes) -> Joining:
        """An application as it was written; raises InvalidInput."""
        try:
            wire = as_mapping(json.loads(data[:APPLICATION_BYTES_MAX]))
            rows = tuple(
                {name: None if value is None else as_text(value) for name, value in as_mapping(row).items()}
                for row in as_list(wire["keys"])
            )
            hosts = tuple(as_text(code) for code in as_list(wire["hosts"]))
            return cls(as_text(wire["site"]), as_text(wire["address"]), hosts, rows)
        except (KeyError, TypeError, ValueError):
            raise _invalid("这不是站点接入申请文件", "请由申请接入的站点重新导出") from None


def apply_to_join(base_url: str) -> Joining:
    """This site's application; its own address is kept.  Raises InvalidInput for an address nobody could call."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
        raise _invalid("站点地址不对", "例如 https://bdc.example.gov.cn，后面不带路径")
    here = lookup.self_site()
    Site.objects.filter(pk=here.code).update(base_url=base_url.rstrip("/"))
    forget_kept()
    hosted = tuple(institution.code for institution in lookup.hosted())
    return Joining(here.code, base_url.rstrip("/"), hosted, tuple(keys.export_public(hosted)))


def enrol(joining: Joining) -> int:
    """Take a site in: its address, its institutions, their keys; how many institutions it hosts from now on.

    Raises InvalidInput when it claims an institution that this or a third site hosts, or one without a key.
    """
    here = lookup.self_site().code
    with transaction.atomic():
        forget_kept()
        rows = list(Institution.objects.select_for_update().filter(pk__in=joining.institutions).order_by("pk"))
        _check(joining, rows, here)
        Site.objects.update_or_create(code=joining.site_code, defaults={"base_url": joining.base_url, "is_self": False})
        keys.import_exported(joining.keys)
        Institution.objects.filter(pk__in=joining.institutions).update(site_code=joining.site_code)
    return len(rows)


def _check(joining: Joining, rows: list[Institution], here: str) -> None:
    if joining.site_code == here:
        raise _invalid("申请的站点代码就是本站点", "每个站点要有自己的代码")
    unknown = set(joining.institutions) - {row.code for row in rows}
    taken = [row.code for row in rows if row.site_code not in ("", joining.site_code)]
    keyless = set(joining.institutions) - {str(row["owner"]) for row in joining.keys}
    strangers = {str(row["owner"]) for row in joining.keys} - set(joining.institutions)
    for codes, what in (
        (unknown, "机构目录里没有这些机构"),
        (taken, "这些机构已由别的站点承载"),
        (keyless, "这些机构没有公钥"),
        (strangers, "公钥不属于申请的机构"),
    ):
        if codes:
            raise _invalid(f"{what}：{'、'.join(sorted(codes))[:200]}", "请核对后由申请站点重新导出")


def _invalid(what_zh: str, cure_zh: str) -> InvalidInput:
    return InvalidInput([Problem("joining", what_zh, cure_zh)])
