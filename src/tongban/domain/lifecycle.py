"""Every move an application and a case can make: from where, to where, by whom, and what it does to the clocks.

Nothing else decides about states.  An application (申请) lives at the receiving window; a case (业务) at the home
registry.  The application follows the case by status reports only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, TypeVar


@dataclass(frozen=True, slots=True)
class StateText:
    """What a person is told about a state: its name, who has to act now, and what comes next."""

    name_zh: str
    who_acts_zh: str
    next_zh: str
    is_final: bool = False


class CaseState(StrEnum):
    """Where a case stands at its home registry."""

    RECEIVED = "RECEIVED"
    PRE_REVIEW = "PRE_REVIEW"
    CORRECTION = "CORRECTION"
    ACCEPTED = "ACCEPTED"
    PUBLISHED = "PUBLISHED"
    REVIEWED = "REVIEWED"
    APPROVED = "APPROVED"
    DUES_SETTLED = "DUES_SETTLED"
    SUSPENDED = "SUSPENDED"
    RECORDED = "RECORDED"
    CERTIFIED = "CERTIFIED"
    ARCHIVED = "ARCHIVED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def text(self) -> StateText:
        return _CASE_TEXT[self]

    @property
    def name_zh(self) -> str:
        return self.text.name_zh

    @property
    def who_acts_zh(self) -> str:
        return self.text.who_acts_zh

    @property
    def next_zh(self) -> str:
        return self.text.next_zh

    @property
    def is_final(self) -> bool:
        return self.text.is_final


class ApplicationState(StrEnum):
    """Where an application stands, as its receiving window knows it."""

    DRAFT = "DRAFT"
    SEALED = "SEALED"
    HANDED_OVER = "HANDED_OVER"
    CORRECTION = "CORRECTION"
    ACCEPTED = "ACCEPTED"
    SUSPENDED = "SUSPENDED"
    RECORDED = "RECORDED"
    CERTIFIED = "CERTIFIED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    TOLD_HOME = "TOLD_HOME"
    EXPIRED = "EXPIRED"

    @property
    def text(self) -> StateText:
        return _APPLICATION_TEXT[self]

    @property
    def name_zh(self) -> str:
        return self.text.name_zh

    @property
    def who_acts_zh(self) -> str:
        return self.text.who_acts_zh

    @property
    def next_zh(self) -> str:
        return self.text.next_zh

    @property
    def is_final(self) -> bool:
        return self.text.is_final


_CASE_TEXT: Mapping[CaseState, StateText] = MappingProxyType(
    {
        CaseState.RECEIVED: StateText(
            "待受理", "属地登记机构受理人员", "属地在答复期限内受理、一次告知补正或者不予受理；到期没有答复，视为受理"
        ),
        CaseState.PRE_REVIEW: StateText("网上预审", "属地登记机构受理人员", "预审通过即受理；材料不全的，一次告知补正"),
        CaseState.CORRECTION: StateText("待补正", "申请人", "按一次告知的清单补齐材料，补齐后重新送属地"),
        CaseState.ACCEPTED: StateText("已受理，待初审", "属地登记机构初审人员", "初审通过后由另一人复审"),
        CaseState.PUBLISHED: StateText(
            "公告中",
            "任何人（有异议的，在公告期内提出）",
            "公告期满、没有未处理的异议，接着初审；公告时间不计入办理期限",
        ),
        CaseState.REVIEWED: StateText(
            "初审通过，待复审", "属地登记机构复审人员", "复审通过后结清税费；不收税费的直接等待登簿"
        ),
        CaseState.APPROVED: StateText("复审通过，待结清税费", "申请人（没有税费的由系统立即办结）", "税费结清后登簿"),
        CaseState.DUES_SETTLED: StateText(
            "税费已结清，待登簿", "属地登记机构登簿人员", "登簿；登簿的那一刻权利变更生效"
        ),
        CaseState.SUSPENDED: StateText("暂停办理", "属地登记机构", "暂停的原因消除后，继续办理或者不予登记"),
        CaseState.RECORDED: StateText("已登簿，证书制作中", "系统", "制作并签发电子证照"),
        CaseState.CERTIFIED: StateText("已发证", "属地登记机构归档人员", "下载电子证照，材料归档"),
        CaseState.ARCHIVED: StateText("已办结归档", "无", "全部办完，电子证照可随时下载和核验", is_final=True),
        CaseState.NOT_ACCEPTED: StateText(
            "不予受理", "无", "材料退还；按告知书写的办法补齐后可以重新申请", is_final=True
        ),
        CaseState.REFUSED: StateText(
            "不予登记", "无", "材料退还；可以按决定书写的办法补救、复议或者起诉", is_final=True
        ),
        CaseState.WITHDRAWN: StateText("已撤回", "无", "材料退还；需要时可以重新申请", is_final=True),
    }
)
_APPLICATION_TEXT: Mapping[ApplicationState, StateText] = MappingProxyType(
    {
        ApplicationState.DRAFT: StateText("填写中", "申请人和窗口人员", "填完、核验、签名后封存"),
        ApplicationState.SEALED: StateText("已封存，待移交", "窗口人员", "移交属地登记机构"),
        ApplicationState.HANDED_OVER: StateText(
            "已移交，待属地受理", "属地登记机构", "属地受理后短信告知；到期没有答复，视为受理"
        ),
        ApplicationState.CORRECTION: StateText("待补正", "申请人", "按一次告知的清单到任一窗口补齐材料"),
        ApplicationState.ACCEPTED: StateText("属地已受理，办理中", "属地登记机构", "审核、登簿、发证"),
        ApplicationState.SUSPENDED: StateText("暂停办理", "属地登记机构", "暂停的原因消除后继续办理，或者不予登记"),
        ApplicationState.RECORDED: StateText("已登簿，证书制作中", "系统", "电子证照做好后即可下载"),
        ApplicationState.CERTIFIED: StateText("已发证", "无", "下载电子证照，或者领取、邮寄纸质证书", is_final=True),
        ApplicationState.NOT_ACCEPTED: StateText(
            "不予受理", "无", "领回材料；按告知书补齐后可以重新申请", is_final=True
        ),
        ApplicationState.REFUSED: StateText(
            "不予登记", "无", "领回材料；可以按决定书补救、复议或者起诉", is_final=True
        ),
        ApplicationState.WITHDRAWN: StateText("已撤回", "无", "领回材料；需要时可以重新申请", is_final=True),
        ApplicationState.TOLD_HOME: StateText(
            "已告知到属地申请", "申请人", "带材料到告知书写明的属地登记机构申请", is_final=True
        ),
        ApplicationState.EXPIRED: StateText(
            "已过期", "无", "没有提交的填写内容已失效，需要时请重新申请", is_final=True
        ),
    }
)
_CASE_WITHOUT_PAPER: Mapping[CaseState, StateText] = MappingProxyType(
    {
        CaseState.RECORDED: StateText("已登簿，不发证照", "系统", "这项登记不发证照，马上转归档"),
        CaseState.CERTIFIED: StateText("已登簿，不发证照", "属地登记机构归档人员", "材料归档"),
        CaseState.ARCHIVED: StateText("已办结归档", "无", "全部办完；这项登记不发证照", is_final=True),
    }
)
_APPLICATION_WITHOUT_PAPER: Mapping[ApplicationState, StateText] = MappingProxyType(
    {
        ApplicationState.RECORDED: StateText("已登簿，不发证照", "系统", "这项登记不发证照，马上办结"),
        ApplicationState.CERTIFIED: StateText("已登簿，不发证照", "无", "全部办完，没有要领的证照", is_final=True),
    }
)


def case_text(state: CaseState, *, issues: bool) -> StateText:
    """The words of a state; a case that issues nothing (注销) is not told to wait for a certificate."""
    return state.text if issues else _CASE_WITHOUT_PAPER.get(state, state.text)


def application_text(state: ApplicationState, *, issues: bool) -> StateText:
    """The same at the receiving window."""
    return state.text if issues else _APPLICATION_WITHOUT_PAPER.get(state, state.text)


assert set(_CASE_TEXT) == set(CaseState) and set(_APPLICATION_TEXT) == set(ApplicationState), "a state has no words"


class LegalClock(StrEnum):
    """条例 20: thirty working days from acceptance.  Only a public notice stops it."""

    NONE = "none"
    STARTS = "starts"
    STARTS_AT_RECEIPT = "starts_at_receipt"  # 视为受理: counted from the window's receipt
    PAUSES = "pauses"  # for the days of the public notice, known in advance (细则 17)
    STOPS = "stops"


class ServiceClock(StrEnum):
    """The promised days; this one also rests while somebody else has to act."""

    NONE = "none"
    STARTS = "starts"
    PAUSES = "pauses"
    RESUMES = "resumes"
    STOPS = "stops"


@dataclass(frozen=True, slots=True)
class Clock:
    legal: LegalClock = LegalClock.NONE
    service: ServiceClock = ServiceClock.NONE


STILL: Final = Clock()
START: Final = Clock(LegalClock.STARTS, ServiceClock.STARTS)
START_AT_RECEIPT: Final = Clock(LegalClock.STARTS_AT_RECEIPT, ServiceClock.STARTS)
PAUSE: Final = Clock(service=ServiceClock.PAUSES)
PAUSE_FOR_NOTICE: Final = Clock(LegalClock.PAUSES, ServiceClock.PAUSES)
RESUME: Final = Clock(service=ServiceClock.RESUMES)
STOP: Final = Clock(LegalClock.STOPS, ServiceClock.STOPS)

S = TypeVar("S", CaseState, ApplicationState)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One move.

    `target` None means: back to the state remembered when the case was suspended (`remembers`).
    `permission` is the name of one permission of `tongban.access.permissions`.
    """

    action: str
    name_zh: str
    sources: frozenset[S]
    target: S | None
    permission: str
    clock: Clock = STILL
    remembers: bool = False

    def goes_to(self, remembered: S | None = None) -> S:
        """The state after this move; `remembered` is the state before the suspension."""
        target = self.target or remembered
        assert target is not None, f"{self.action} needs the state remembered at the suspension"
        return target

    def clock_into(self, target: S) -> Clock:
        """What the move does to the clocks on its way into `target`: resuming a wait does not start the clock again."""
        waits_again = self.clock.service is ServiceClock.RESUMES and target in (CaseState.APPROVED, CaseState.PUBLISHED)
        return Clock(self.clock.legal, ServiceClock.NONE) if waits_again else self.clock


def _case(action: str, name_zh: str, sources: str, target: CaseState | None, permission: str) -> Move[CaseState]:
    return Move(
        action,
        name_zh,
        frozenset(CaseState(word) for word in sources.split()),
        target,
        permission,
        _CASE_CLOCKS.get(action, STILL),
        remembers=action == "suspend",
    )


_CASE_CLOCKS: Mapping[str, Clock] = {
    "accept": START,
    "deem_accepted": START_AT_RECEIPT,
    "publish": PAUSE_FOR_NOTICE,
    "end_notice": RESUME,
    "approve_second": PAUSE,  # the applicant's dues come now; a case without dues is settled in the same moment
    "settle": RESUME,
    "suspend": PAUSE,
    "resume": RESUME,
    "record": STOP,
    "refuse": STOP,
    "not_accept": STOP,
    "lapse": STOP,
    "withdraw": STOP,
}
_RUNNING = "ACCEPTED PUBLISHED REVIEWED APPROVED DUES_SETTLED"

_CASE_MOVES = (
    _case("accept", "受理", "RECEIVED PRE_REVIEW", CaseState.ACCEPTED, "case.accept"),
    _case("deem_accepted", "视为受理", "RECEIVED", CaseState.ACCEPTED, "case.deem_accepted"),
    _case("ask_correction", "一次告知补正", "RECEIVED PRE_REVIEW", CaseState.CORRECTION, "case.ask_correction"),
    _case("supplement", "收到补正材料", "CORRECTION", CaseState.RECEIVED, "case.supplement"),
    _case("lapse", "逾期未补正", "CORRECTION", CaseState.NOT_ACCEPTED, "case.lapse"),
    _case("not_accept", "不予受理", "RECEIVED PRE_REVIEW", CaseState.NOT_ACCEPTED, "case.not_accept"),
    _case("publish", "发布公告", "ACCEPTED", CaseState.PUBLISHED, "case.publish"),
    _case("end_notice", "公告期满", "PUBLISHED", CaseState.ACCEPTED, "case.end_notice"),
    _case("approve_first", "初审通过", "ACCEPTED", CaseState.REVIEWED, "case.approve_first"),
    _case("approve_second", "复审通过", "REVIEWED", CaseState.APPROVED, "case.approve_second"),
    _case("return_to_first", "退回初审", "REVIEWED", CaseState.ACCEPTED, "case.return_to_first"),
    _case("settle", "税费结清", "APPROVED", CaseState.DUES_SETTLED, "case.settle"),
    _case("record", "登簿", "DUES_SETTLED", CaseState.RECORDED, "case.record"),
    _case("certify", "发证", "RECORDED", CaseState.CERTIFIED, "case.certify"),
    _case("archive", "归档", "CERTIFIED", CaseState.ARCHIVED, "case.archive"),
    _case("refuse", "不予登记", f"{_RUNNING} SUSPENDED", CaseState.REFUSED, "case.refuse"),
    _case("suspend", "暂停办理", _RUNNING, CaseState.SUSPENDED, "case.suspend"),
    _case("resume", "继续办理", "SUSPENDED", None, "case.resume"),
    _case(
        "withdraw",
        "撤回申请",
        f"RECEIVED PRE_REVIEW CORRECTION {_RUNNING} SUSPENDED",
        CaseState.WITHDRAWN,
        "case.withdraw",
    ),
)


def _application(
    action: str, name_zh: str, sources: str, target: ApplicationState, permission: str = "application.report"
) -> Move[ApplicationState]:
    return Move(action, name_zh, frozenset(ApplicationState(word) for word in sources.split()), target, permission)


_A = ApplicationState
_OPEN = "HANDED_OVER CORRECTION ACCEPTED SUSPENDED"

_APPLICATION_MOVES = (
    _application("seal", "封存", "DRAFT", _A.SEALED, "application.seal"),
    _application("reopen", "退回修改", "SEALED", _A.DRAFT, "application.seal"),
    _application("hand_over", "移交属地", "SEALED", _A.HANDED_OVER, "application.hand_over"),
    _application("tell_home", "告知到属地申请", "DRAFT SEALED", _A.TOLD_HOME, "application.tell_home"),
    _application("discard", "移交前撤回", "DRAFT SEALED", _A.WITHDRAWN, "application.withdraw"),
    _application("expire", "过期", "DRAFT SEALED", _A.EXPIRED, "application.expire"),
    _application("supplement", "送出补正材料", "CORRECTION", _A.HANDED_OVER, "application.supplement"),
    # what the home registry reports; the window only follows
    _application("report_accepted", "属地已受理", "HANDED_OVER SUSPENDED", _A.ACCEPTED),
    _application("report_correction", "属地要求补正", "HANDED_OVER", _A.CORRECTION),
    _application("report_not_accepted", "属地不予受理", "HANDED_OVER CORRECTION", _A.NOT_ACCEPTED),
    _application("report_suspended", "属地暂停办理", "ACCEPTED", _A.SUSPENDED),
    _application("report_refused", "属地不予登记", "ACCEPTED SUSPENDED", _A.REFUSED),
    _application("report_recorded", "属地已登簿", "ACCEPTED", _A.RECORDED),
    _application("report_certified", "属地已发证", "RECORDED", _A.CERTIFIED),
    _application("report_withdrawn", "属地已准撤回", _OPEN, _A.WITHDRAWN),
)


def _table(moves: Sequence[Move[S]]) -> Mapping[str, Move[S]]:
    table = {move.action: move for move in moves}
    assert len(table) == len(moves), "an action is listed twice"
    return MappingProxyType(table)


CASE_MOVES: Final = _table(_CASE_MOVES)
APPLICATION_MOVES: Final = _table(_APPLICATION_MOVES)
CASE_STARTS: Final = (CaseState.RECEIVED, CaseState.PRE_REVIEW)
APPLICATION_START: Final = ApplicationState.DRAFT
CASE_PERMISSIONS: Final = frozenset(move.permission for move in _CASE_MOVES)
APPLICATION_PERMISSIONS: Final = frozenset(move.permission for move in _APPLICATION_MOVES)

_SEEN_FROM_OUTSIDE: Final[Mapping[CaseState, ApplicationState]] = MappingProxyType(
    {
        CaseState.RECEIVED: _A.HANDED_OVER,
        CaseState.PRE_REVIEW: _A.HANDED_OVER,
        CaseState.CORRECTION: _A.CORRECTION,
        CaseState.ACCEPTED: _A.ACCEPTED,
        CaseState.PUBLISHED: _A.ACCEPTED,
        CaseState.REVIEWED: _A.ACCEPTED,
        CaseState.APPROVED: _A.ACCEPTED,
        CaseState.DUES_SETTLED: _A.ACCEPTED,
        CaseState.SUSPENDED: _A.SUSPENDED,
        CaseState.RECORDED: _A.RECORDED,
        CaseState.CERTIFIED: _A.CERTIFIED,
        CaseState.ARCHIVED: _A.CERTIFIED,
        CaseState.NOT_ACCEPTED: _A.NOT_ACCEPTED,
        CaseState.REFUSED: _A.REFUSED,
        CaseState.WITHDRAWN: _A.WITHDRAWN,
    }
)
assert set(_SEEN_FROM_OUTSIDE) == set(CaseState), "the window must understand every state of a case"
_REPORTS: Final = {move.target: move.action for move in _APPLICATION_MOVES if move.action.startswith("report_")}


def report_action(case_state: CaseState) -> str | None:
    """The application's move when the home registry reports a case state; None when there is none to make.

    Several states of a case look alike from outside: whoever follows makes the move only when the application is not in
    its target already.  The move's `sources` still decide whether it may be made now.
    """
    return _REPORTS.get(_SEEN_FROM_OUTSIDE[case_state])


def case_moves_from(state: CaseState) -> tuple[Move[CaseState], ...]:
    """The moves that start here, in the order of the table."""
    return tuple(move for move in _CASE_MOVES if state in move.sources)


def application_moves_from(state: ApplicationState) -> tuple[Move[ApplicationState], ...]:
    """The moves that start here, in the order of the table."""
    return tuple(move for move in _APPLICATION_MOVES if state in move.sources)
