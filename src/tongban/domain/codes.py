"""The names of things: one NewType per kind of code, and the kinds of institution with the form of their codes."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NewType

from tongban.domain.errors import InvalidInput, Problem

UnitCode = NewType("UnitCode", str)  # 28 characters, GB/T 37346
InstitutionCode = NewType("InstitutionCode", str)  # "registry-410526"
CaseNo = NewType("CaseNo", str)  # 业务号, drawn by the home registry
ApplicationNo = NewType("ApplicationNo", str)  # 收件编号, drawn by the receiving institution
CertificateNo = NewType("CertificateNo", str)  # 豫（2026）滑县不动产权第0001234号
LedgerCode = NewType("LedgerCode", str)  # never changes, whatever happens to its district
StaffName = NewType("StaffName", str)


class InstitutionKind(StrEnum):
    """What an institution is; also the first word of its code."""

    PROVINCE = "province"
    REGISTRY = "registry"
    OUTLET = "outlet"
    HOUSING = "housing"
    TAX = "tax"
    FINANCE = "finance"
    DATA = "data"
    COURT = "court"
    UTILITY = "utility"
    POST = "post"

    @property
    def name_zh(self) -> str:
        return _KIND_ZH[self]


_KIND_ZH = {
    InstitutionKind.PROVINCE: "省级中心",
    InstitutionKind.REGISTRY: "不动产登记机构",
    InstitutionKind.OUTLET: "便民服务点",
    InstitutionKind.HOUSING: "住房和城乡建设部门",
    InstitutionKind.TAX: "税务机关",
    InstitutionKind.FINANCE: "财政部门",
    InstitutionKind.DATA: "数据管理部门",
    InstitutionKind.COURT: "人民法院",
    InstitutionKind.UTILITY: "水电气暖企业",
    InstitutionKind.POST: "邮政企业",
}
assert set(_KIND_ZH) == set(InstitutionKind), "every kind of institution has a Chinese name"

_INSTITUTION = re.compile(r"(?P<kind>[a-z]+)-(?P<division>\d{6})(-[0-9a-z]{2,12})?")


def institution_kind(code: str) -> InstitutionKind:
    """The kind an institution code states.  Refuses any text that is not an institution code."""
    match = _INSTITUTION.fullmatch(code)
    if match is None or match["kind"] not in set(InstitutionKind):
        raise InvalidInput(
            [Problem("institution", f"机构代码“{code[:40]}”不对", "应为“类别-六位区划代码”，例如 registry-410526")]
        )
    return InstitutionKind(match["kind"])


def institution_division(code: str) -> str:
    """The six-digit division inside an institution code."""
    institution_kind(code)
    return code.split("-")[1]


def institution_code(kind: InstitutionKind, division: str, suffix: str = "") -> InstitutionCode:
    """Put an institution code together and check it."""
    text = f"{kind.value}-{division}" + (f"-{suffix}" if suffix else "")
    institution_kind(text)
    return InstitutionCode(text)
