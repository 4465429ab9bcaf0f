"""What verification says: which check failed on which row, never just that something is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from tongban.domain.wires import Wire

BREAKS_MAX = 200  # named in one report; a ledger with more is lost anyway


class Check(Enum):
    """One thing that must hold, with its Chinese name."""

    ENTRY_SEQUENCE = ("entry_sequence", "记载顺序号连续")
    ENTRY_PAYLOAD = ("entry_payload", "记载内容与其摘要一致")
    ENTRY_HASH = ("entry_hash", "记载摘要未被改动")
    ENTRY_CHAIN = ("entry_chain", "记载与前一条相连")
    ENTRY_COLUMNS = ("entry_columns", "记载的查询列与内容一致")
    ENTRY_SECRET = ("entry_secret", "保密部分与公开承诺一致")
    ENTRY_REPLAY = ("entry_replay", "各条记载前后不矛盾")
    LEDGER_HEAD = ("ledger_head", "登记簿末端与最后一条记载一致")
    PROJECTION = ("projection", "现势与历史权利由记载得出")
    UNIT_EVENT = ("unit_event", "单元事件连续且未被改动")
    ORDER_NOTE = ("order_note", "协助执行通知与单元事件一致")
    MERKLE_NODE = ("merkle_node", "登簿树节点与记载一致")
    HEAD_ROOT = ("head_root", "已签名的树根与登簿树一致")
    HEAD_SIGNATURE = ("head_signature", "树根签名有效")

    def __init__(self, code: str, name_zh: str) -> None:
        self.code = code
        self.name_zh = name_zh


@dataclass(frozen=True, slots=True)
class Break:
    """One failed check.  `row` is table and key: `register_entry 410526/12`."""

    check: Check
    row: str
    what_zh: str

    def to_wire(self) -> Wire:
        return {"check": self.check.code, "check_zh": self.check.name_zh, "row": self.row, "what_zh": self.what_zh}


@dataclass(slots=True)
class Findings:
    """The breaks found so far, each row and check once, and no more than `BREAKS_MAX`."""

    breaks: dict[tuple[Check, str], Break] = field(default_factory=dict)

    def add(self, check: Check, row: str, what_zh: str) -> None:
        if len(self.breaks) < BREAKS_MAX:
            self.breaks.setdefault((check, row), Break(check, row, what_zh))

    def all(self) -> tuple[Break, ...]:
        """In the order they were found."""
        return tuple(self.breaks.values())


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict over one ledger, with how much was looked at.  `ledger` is empty for units that are in none."""

    ledger: str
    entries: int
    units: int
    heads: int
    breaks: tuple[Break, ...]

    @property
    def is_sound(self) -> bool:
        """Nothing is broken."""
        return not self.breaks

    def to_wire(self) -> Wire:
        return {
            "ledger": self.ledger,
            "entries": self.entries,
            "units": self.units,
            "heads": self.heads,
            "breaks": [one.to_wire() for one in self.breaks],
        }
