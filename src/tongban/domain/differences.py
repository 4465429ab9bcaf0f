"""What an application changes about a title, field by field, for the eyes of the two reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tongban.domain.titles import Holder, Title


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the comparison.  `holder_no` is 0 for lines about the title itself."""

    field: str
    name_zh: str
    before_zh: str
    after_zh: str
    holder_no: int = 0

    @property
    def is_changed(self) -> bool:
        return self.before_zh != self.after_zh


def title_comparison(before: Title | None, after: Title | None) -> tuple[Difference, ...]:
    """Every line of the two titles side by side, changed or not, in the order of the certificate."""
    return (*_title_lines(before, after), *_holder_lines(before, after))


def title_differences(before: Title | None, after: Title | None) -> tuple[Difference, ...]:
    """Only the lines that change; None stands for no title."""
    return tuple(line for line in title_comparison(before, after) if line.is_changed)


def _title_lines(before: Title | None, after: Title | None) -> Iterator[Difference]:
    left, right = _title_texts(before), _title_texts(after)
    for field, name_zh in _TITLE_FIELDS:
        yield Difference(field, name_zh, left.get(field, ""), right.get(field, ""))


def _holder_lines(before: Title | None, after: Title | None) -> Iterator[Difference]:
    left = {holder.holder_no: holder for holder in before.holders} if before else {}
    right = {holder.holder_no: holder for holder in after.holders} if after else {}
    for holder_no in sorted(left.keys() | right.keys()):
        old, new = _holder_texts(left.get(holder_no)), _holder_texts(right.get(holder_no))
        for field, name_zh in _HOLDER_FIELDS:
            yield Difference(field, name_zh, old.get(field, ""), new.get(field, ""), holder_no)


_TITLE_FIELDS = (
    ("certificate_no", "不动产权证号"),
    ("unit_code", "不动产单元号"),
    ("address_zh", "坐落"),
    ("right", "权利类型"),
    ("land_nature", "权利性质"),
    ("use_zh", "用途"),
    ("area_m2", "房屋建筑面积（平方米）"),
    ("land_area_m2", "土地面积（平方米）"),
    ("land_use_until", "土地使用期限至"),
    ("co_ownership", "共有情况"),
    ("note_zh", "附记"),
)
_HOLDER_FIELDS = (
    ("name", "权利人"),
    ("kind", "权利人类型"),
    ("id_kind", "证件种类"),
    ("id_no", "证件号码"),
    ("share", "份额"),
)


def _title_texts(title: Title | None) -> dict[str, str]:
    if title is None:
        return {}
    return {
        "certificate_no": title.certificate_no,
        "unit_code": title.unit.unit_code,
        "address_zh": title.unit.address_zh,
        "right": title.unit.right.name_zh,
        "land_nature": title.unit.land_nature.name_zh,
        "use_zh": title.unit.use_zh,
        "area_m2": title.unit.area_m2,
        "land_area_m2": title.unit.land_area_m2,
        "land_use_until": title.unit.land_use_until,
        "co_ownership": title.co_ownership.name_zh,
        "note_zh": title.note_zh,
    }


def _holder_texts(holder: Holder | None) -> dict[str, str]:
    if holder is None:
        return {}
    return {
        "name": holder.name,
        "kind": holder.kind.name_zh,
        "id_kind": holder.id_kind.name_zh,
        "id_no": holder.id_no,
        "share": holder.share_zh,
    }
