"""Planned uses of houses (房屋用途 GHYT, table A17 of the register database standard)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

HOUSE_USES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "10": "住宅",
        "11": "成套住宅",
        "111": "别墅",
        "112": "高档公寓",
        "12": "非成套住宅",
        "13": "集体宿舍",
        "20": "工业、交通、仓储",
        "21": "工业",
        "22": "公共设施",
        "23": "铁路",
        "24": "民航",
        "25": "航运",
        "26": "公共运输",
        "27": "仓储",
        "30": "商业、金融、信息",
        "31": "商业服务",
        "32": "经营",
        "33": "旅游",
        "34": "金融保险",
        "35": "电讯信息",
        "40": "教育、医疗、卫生、科研",
        "41": "教育",
        "42": "医疗卫生",
        "43": "科研",
        "50": "文化、娱乐、体育",
        "51": "文化",
        "52": "新闻",
        "53": "娱乐",
        "54": "园林绿化",
        "55": "体育",
        "60": "办公",
        "70": "军事",
        "80": "其它",
        "81": "涉外",
        "82": "宗教",
        "83": "监狱",
        "84": "物管用房",
    }
)
