"""The words of a split or merger of units: its form, its inquiry, its pledge and its guide, as people read them."""

from __future__ import annotations

from typing import Final

from tongban.domain.catalogue import applying
from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.consents import Consent, consent_fields
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, When
from tongban.domain.catalogue.people import Group

OWNERS: Final = Group("owner", PartyRole.OWNER, "权利人", most=4)
SPLIT: Final = "unit_split"
MERGER: Final = "unit_merger"
NEW_UNITS_MAX: Final = 4
OTHER_UNITS_MAX: Final = 3
CONSENTS: Final = (Consent.MORTGAGEE, Consent.DWELLER, Consent.NOTICE_HOLDER)

_IN_MERGER: Final = When("cause", (MERGER,))


def _more(prefix: str, place: int, label_zh: str, above: When | None, heading_zh: str) -> tuple[Field, When]:
    """Whether there is one more, and what depends on it."""
    key = f"{prefix}{place}_also"
    field = Field(key, label_zh, "没有的选“否”。", FieldKind.YES_NO, when=above, can_wait=True, heading_zh=heading_zh)
    return field, When(key, (YES,))


def _new_units() -> tuple[Field, ...]:
    """The units there are afterwards: one after a merger, two or more after a split."""
    found: list[Field] = []
    there: When | None = None
    for place in range(1, NEW_UNITS_MAX + 1):
        if place == 2:
            there = When("cause", (SPLIT,))
        elif place > 2:
            more, there = _more("new", place, f"还有第{place}个新单元吗", there, f"第{place - 1}个新单元")
            found.append(more)
        found += h.under(
            f"第{place}个新单元",
            Field(f"new{place}_unit", f"第{place}个新单元的不动产单元号", "照着权籍调查成果抄，28位；旧的单元号不能再用。",
                  FieldKind.UNIT_CODE, when=there),
            Field(f"new{place}_address", f"第{place}个新单元的坐落", "照着权籍调查成果写。", FieldKind.TEXT, when=there),
            Field(f"new{place}_area", f"第{place}个新单元的建筑面积", "照着测绘成果写平方米，例如 59.13。", FieldKind.AREA,
                  when=there),
        )  # fmt: skip
    return tuple(found)


def _other_units() -> tuple[Field, ...]:
    """The further units that a merger takes together with the first."""
    found: list[Field] = []
    there: When | None = _IN_MERGER
    for place in range(1, OTHER_UNITS_MAX + 1):
        if place > 1:
            more, there = _more("other", place, f"还有第{place + 1}个要合并的单元吗", there, h.MERGED)
            found.append(more)
        found += h.under(
            h.MERGED,
            Field(f"other{place}_unit", f"另一个要合并的不动产单元号（第{place + 1}个）", "照着那一本证书抄，28位。",
                  FieldKind.UNIT_CODE, when=there),
            Field(f"other{place}_certificate", f"第{place + 1}个单元的不动产权证号", "照着那一本证书抄。",
                  FieldKind.CERTIFICATE_NO, when=there),
        )  # fmt: skip
    return tuple(found)


FIELDS: Final = (
    Field("cause", "是分割还是合并", "一处分成几处选分割；几处合成一处选合并。", FieldKind.CHOICE, heading_zh=h.MATTER, choices=(
        Choice(SPLIT, "一处分成几处"),
        Choice(MERGER, "几处合成一处"),
    )),
    Field("certificate_no", "现在的不动产权证号", "照着证书抄；合并的先填其中一本。", FieldKind.CERTIFICATE_NO, heading_zh=h.HELD),
    *OWNERS.fields(),
    *_other_units(),
    *_new_units(),
    *h.under(
        h.PAPERS,
        Field("survey_no", "权籍调查（测绘）成果编号", "照着成果报告抄。", FieldKind.TEXT, longest=60),
        Field("approval_no", "规划批准文件编号", "照着自然资源和规划部门的文件抄。", FieldKind.TEXT, longest=60),
    ),
    *consent_fields(*CONSENTS),
)  # fmt: skip

QUESTIONS: Final = b.inquiry(b.OLD_CERTIFICATE_VOID)
PLEDGE_ZH: Final = b.pledge("分割（合并）已经依法批准，新单元有独立使用的条件，权利人和各人的份额都没有变")
GUIDE_ZH: Final = b.guide(
    when_zh="一处房产分成几处、各发各的证，或者同样的人名下几处挨着的房产合成一处；规划部门批准了，测绘也做了。",
    bring_zh="权利人都来，带身份证（营业执照）、不动产权证书、规划批准文件和权籍调查（测绘）成果。"
    "房子上有抵押权、居住权的，带对方的同意书；正被查封、限制的，带作出机关准许的文书。",
    days=5,
    cost_zh=applying.FREE_ZH,
    steps_zh=applying.CERTIFICATE_STEPS_ZH,
    after_zh="旧证书作废，每个新单元发一本新证书。原来的抵押权、居住权、查封跟到每个新单元上，有登记证明的换发。",
)
