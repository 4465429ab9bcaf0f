"""The scenes of the demonstration: who works where, what is registered, and a case in every state."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone
from django.utils.timezone import localdate

from tongban.access import directory_changes, staff
from tongban.access.permissions import Role
from tongban.cases import flow, public_notices
from tongban.cases import queries as cases
from tongban.cases.moves import CorrectionLine, StepData
from tongban.cases.public_notices import Objection
from tongban.cli import courts, examples, people, play, stage
from tongban.cli.people import Flat
from tongban.cli.play import Wish
from tongban.cli.stage import ANYANG, CLERK, HUAXIAN, OFFICER, REGISTRAR, REVIEWER, SECOND, ZHENGZHOU, Account
from tongban.directory.figures import Figure
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.catalogue.example_units import EXAMPLE_UNITS
from tongban.domain.decision import Fact, Refusal
from tongban.domain.facts import LEGACY_ISSUE
from tongban.domain.lifecycle import CaseState
from tongban.domain.reasons import Reasons
from tongban.intake import handover, queries
from tongban.judicial import queries as judicial
from tongban.register import book, reading
from tongban.runtime import duties

PASSWORD = "Tongban-2026"  # noqa: S105 - of invented people, shown on the sign-in page
WAIT_LIMIT_S = 60.0
STOCK = (
    (HUAXIAN, "410526", "滑县", "滑县", 2000),
    (ZHENGZHOU, "410102", "郑州市中原区", "郑州市", 500),
    (ANYANG, "410502", "安阳市文峰区", "安阳市", 500),
)

AY_CLERK = Account("ay.clerk", "谢红霞", ANYANG, (Role.WINDOW_CLERK,), "在安阳窗口替滑县收件")
AY_OFFICER = Account(
    "ay.officer", "许思源", ANYANG, (Role.DESK_OFFICER, Role.REVIEWER), "安阳专岗兼初审：只看得到安阳的案件"
)
HX_CLERK = Account("hx.clerk", "鲍晓月", HUAXIAN, (Role.WINDOW_CLERK,), "在滑县窗口替郑州收件")
HX_ADMIN = Account("hx.admin", "喻明", HUAXIAN, (Role.REGISTRY_ADMIN,), "滑县系统管理员：授权、协议、开通事项、报文")
NO_PAPER = Account("zz.newcomer", "孔嘉禾", ZHENGZHOU, (Role.WINDOW_CLERK,), "没有签保密协议的新人：办不了通办业务")
ZZ_SUPERVISOR = Account(
    "zz.supervisor", "尤国强", ZHENGZHOU, (Role.WINDOW_SUPERVISOR,), "郑州窗口负责人：人工核对身份时第二人确认"
)
EVERYBODY = (
    CLERK,
    ZZ_SUPERVISOR,
    OFFICER,
    REVIEWER,
    SECOND,
    REGISTRAR,
    HX_CLERK,
    courts.FIRST_OFFICER,
    courts.SECOND_OFFICER,
    HX_ADMIN,
    AY_CLERK,
    AY_OFFICER,
    NO_PAPER,
)
NEW_NAMES = ("韩雨桐", "沈浩然", "蒋文静", "何思雨", "吕建华", "张子轩", "曹远志", "严欣怡", "魏桂兰", "陶明杰")


@dataclass(frozen=True, slots=True)
class Ready:
    """An account somebody can sign in with."""

    account: Account
    password: str
    totp_secret: str


class Demonstration:
    """Makes everything, telling what it does; `publish` gets the accounts as soon as they can be used."""

    def __init__(self, say: Callable[[str], None], publish: Callable[[list[Ready]], None]) -> None:
        self._say = say
        self._publish = publish
        self._flats: dict[str, tuple[Flat, ...]] = {}
        self._next = 0

    def make(self, now: datetime) -> None:
        """The whole demonstration; the site's own workers may run beside it."""
        self._people(now - timedelta(days=20))
        self._property(now - timedelta(days=20))
        for number, scene in enumerate(SCENES, 1):
            self._say(f"案件 {number}/{len(SCENES)}：{scene.title_zh}")
            scene.play(self)

    def _people(self, now: datetime) -> None:
        self._say("机构、密钥和日历")
        made = list(zip(stage.FOUNDERS, stage.found(now), strict=True))
        self._say("人员、角色、保密协议和相互授权")
        for account in EVERYBODY:
            made.append((account, stage.hire(account, now, with_agreement=account is not NO_PAPER)))
        for home, receiving in ((HUAXIAN, ZHENGZHOU), (HUAXIAN, ANYANG), (ZHENGZHOU, HUAXIAN), (ANYANG, ZHENGZHOU)):
            stage.befriend(home, receiving, now)
        for account, credentials in made:
            staff.choose_password(account.username, credentials.password, PASSWORD, now)
        self._publish([Ready(account, PASSWORD, credentials.totp_secret) for account, credentials in made])

    def _property(self, now: datetime) -> None:
        for registry, division, place_zh, short_zh, count in STOCK:
            self._say(f"{short_zh}：{count} 套房屋的存量登记")
            self._flats[registry] = people.flats(division, place_zh, short_zh, count)
            stage.take_stock(self._flats[registry], registry, now)
        examples.take_units(HUAXIAN, now)
        book.flag_unit(self.flat(1999).unit_code, frozenset({LEGACY_ISSUE}))

    def flat(self, number: int, registry: str = HUAXIAN) -> Flat:
        return self._flats[registry][number]

    def fresh_flat(self) -> Flat:
        """A flat of 滑县 no scene has used; every seventh, so that they lie in different houses."""
        self._next += 1
        return self.flat(self._next * 7)

    def draft(
        self, clerk: Account = CLERK, flat: Flat | None = None, *, at: datetime | None = None
    ) -> tuple[str, Wish]:
        now = at or timezone.now()
        chosen = flat or self.fresh_flat()
        wish = people.name_change(chosen, NEW_NAMES[self._next % len(NEW_NAMES)], day=localdate(now))
        window = stage.window_of(clerk.institution)
        begun = play.begin(wish, stage.actor(clerk), window_code=window, now=now, key=uuid4().hex)
        assert isinstance(begun, str), begun
        return begun, wish

    def filled(self, clerk: Account = CLERK, flat: Flat | None = None, *, at: datetime | None = None) -> str:
        number, wish = self.draft(clerk, flat, at=at)
        play.fill(number, wish, stage.actor(clerk), now=at or timezone.now())
        return number

    def handed_over(self, clerk: Account = CLERK, flat: Flat | None = None, *, at: datetime | None = None) -> str:
        """A case that has arrived; its case number."""
        number = self.filled(clerk, flat, at=at)
        play.hand_over(number, stage.actor(clerk), now=at or timezone.now())
        self.until(lambda: bool(cases.case_no_of(number)))
        return play.case_of(number)

    def moved(self, *actions: tuple[str, Account], clerk: Account = CLERK, flat: Flat | None = None) -> str:
        case_no = self.handed_over(clerk, flat)
        for action, account in actions:
            self.act(case_no, action, account)
        return case_no

    def act(self, case_no: str, action: str, account: Account, **data: object) -> None:
        now = timezone.now()
        step = StepData(key=uuid4().hex, now=now, **data)  # type: ignore[arg-type]
        outcome = flow.advance(case_no, action, stage.actor(account), step)
        assert not isinstance(outcome, Refusal), outcome

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for the site's duties, helping with them."""
        end = time.monotonic() + WAIT_LIMIT_S
        while not is_so():
            assert time.monotonic() < end, "the site's duties do not get on; is a worker running?"
            for duty in duties.load():
                now = timezone.now()
                peers = duty.per_peer(now) if duty.per_peer else ()
                _ = [duty.run(peer, now) for peer in peers] if duty.per_peer else duty.run(now)
            time.sleep(0.02)

    def in_state(self, case_no: str, state: CaseState) -> None:
        self.until(lambda: cases.state_of(case_no) is state)

    def example(self, number: str, *moves: tuple[str, Account], form: Mapping[str, str] | None = None) -> str:
        """The example of an item from the window on, moved as far as these moves bring it; its case number."""
        item, now = CATALOGUE[number], timezone.now()
        page = reading.page(EXAMPLE_UNITS[item.example.unit].unit.unit_code)
        wish = examples.wish_of(item, page, localdate(now).isoformat())
        wish = replace(wish, form={**wish.form, **(form or {})})
        clerk = stage.actor(CLERK)
        begun = play.begin(wish, clerk, window_code=stage.window_of(ZHENGZHOU), now=now, key=uuid4().hex)
        assert isinstance(begun, str), begun
        stage.presign(item, {**queries.application(begun, clerk, now).form, **wish.form}, now)
        play.fill(begun, wish, clerk, now=now)
        play.hand_over(begun, clerk, now=timezone.now())
        self.until(lambda: bool(cases.case_no_of(begun)))
        case_no = play.case_of(begun)
        for action, account in moves:
            self.act(case_no, action, account, evidence=frozenset(map(str, item.example.confirmed)))
        return case_no

    def example_certified(self, number: str) -> str:
        """The whole life of an item's example, its taxes and fees paid."""
        case_no = self.example(number, *APPROVALS)
        at = examples.Stage(timezone.now, lambda: None, stage.actor(CLERK), lambda action, actor, of: None)
        examples.settle_dues(case_no, at)
        self.in_state(case_no, CaseState.DUES_SETTLED)
        self.act(case_no, "record", REGISTRAR, evidence=frozenset(map(str, CATALOGUE[number].example.confirmed)))
        self.in_state(case_no, CaseState.CERTIFIED)
        return case_no

    def certified(self, clerk: Account = CLERK, flat: Flat | None = None) -> str:
        case_no = self.moved(*APPROVALS, clerk=clerk, flat=flat)
        self.in_state(case_no, CaseState.DUES_SETTLED)
        self.act(case_no, "record", REGISTRAR)
        self.in_state(case_no, CaseState.CERTIFIED)
        return case_no


@dataclass(frozen=True, slots=True)
class Scene:
    """One case: what it shows, and how it comes about."""

    title_zh: str
    play: Callable[[Demonstration], object]


APPROVALS = (("accept", OFFICER), ("approve_first", REVIEWER), ("approve_second", SECOND))
NOT_CLEAR = CorrectionLine(
    "change_evidence", "户口簿曾用名页看不清", "请重新拍摄或者扫描户口簿曾用名页，要看得清每个字"
)


def told_home(demo: Demonstration) -> None:
    number, _ = demo.draft()
    actor = stage.actor(CLERK)
    handover.tell_home(number, "户口簿与证书上的出生日期不一致，窗口拿不准", actor, key="tell", now=timezone.now())


def discarded(demo: Demonstration) -> None:
    request = handover.WithdrawalRequest("想好了再来办", {})
    handover.withdraw(demo.filled(), request, stage.actor(CLERK), key="discard", now=timezone.now())


def deemed(demo: Demonstration) -> None:
    """Handed over four days ago and never answered: accepted by law."""
    case_no = demo.handed_over(at=timezone.now() - timedelta(days=6))
    demo.in_state(case_no, CaseState.ACCEPTED)


def correction(demo: Demonstration) -> str:
    case_no = demo.handed_over()
    demo.act(case_no, "ask_correction", OFFICER, corrections=(NOT_CLEAR,))
    return case_no


def not_accepted(demo: Demonstration) -> None:
    refusal = Refusal(Reasons.PAPERS_INCOMPLETE, (Fact("缺少", "证明改名的材料不是公安机关出具的"),))
    demo.act(demo.handed_over(), "not_accept", OFFICER, refusal=refusal, note_zh="材料不符")


def refused(demo: Demonstration) -> None:
    refusal = Refusal(Reasons.CONFLICTS_WITH_REGISTER, (Fact("不一致", "证件号码与登记簿记载的不是同一个人"),))
    demo.act(demo.moved(("accept", OFFICER)), "refuse", REVIEWER, refusal=refusal, note_zh="不是同一人")


def withdrawn(demo: Demonstration) -> None:
    number = demo.filled()
    play.hand_over(number, stage.actor(CLERK), now=timezone.now())
    demo.until(lambda: bool(cases.case_no_of(number)))
    request = handover.WithdrawalRequest("名字暂时不改了", {0: play.signature("本人")})
    handover.withdraw(number, request, stage.actor(CLERK), key="withdraw", now=timezone.now())
    demo.in_state(play.case_of(number), CaseState.WITHDRAWN)


def suspended(demo: Demonstration) -> None:
    """A court's order arrives while the case is under review."""
    flat = demo.fresh_flat()
    case_no = demo.moved(*APPROVALS, flat=flat)
    courts.send_seizure(flat, "（2026）豫0526执1234号", order_no="CX-1234", now=timezone.now())
    demo.in_state(case_no, CaseState.SUSPENDED)


def seized_before(demo: Demonstration) -> None:
    """A seized flat whose owner changes the name: allowed, but the court must be told."""
    flat = demo.flat(13)
    courts.send_seizure(flat, "（2026）豫0526财保88号", order_no="CX-88", now=timezone.now())
    demo.until(lambda: any(fact.burden.name == "SEIZURE" for fact in reading.burdens(flat.unit_code)))
    demo.moved(("accept", OFFICER), flat=flat)


def judged(demo: Demonstration) -> None:
    """What waits for the registry's assistants: a release to be checked by two, and a debtor who is not the holder."""
    held, other = demo.flat(14), demo.flat(15)
    courts.send_seizure(held, "（2026）豫0526执606号", order_no="CX-606", now=timezone.now())
    demo.until(lambda: any(fact.burden.name == "SEIZURE" for fact in reading.burdens(held.unit_code)))
    waits = courts.order("CX-607", "（2026）豫0526执607号", (held.unit_code,), timezone.now(), period_months=36)
    frees = courts.order(
        "CX-608", "（2026）豫0526执606号", (held.unit_code,), timezone.now(), kind="release", refers_to="CX-606"
    )
    strange = courts.order(
        "CX-609", "（2026）豫0526执609号", (other.unit_code,), timezone.now(), period_months=36, persons=("龚建设",)
    )
    for body in (waits, frees, strange):
        courts.send(body, timezone.now())
    demo.until(lambda: judicial.waiting(HUAXIAN) == 2)


def returned(demo: Demonstration) -> None:
    case_no = demo.moved(("accept", OFFICER), ("approve_first", REVIEWER))
    demo.act(case_no, "return_to_first", SECOND, note_zh="请核对证明出具日期")


def archived(demo: Demonstration) -> None:
    demo.act(demo.certified(), "archive", REGISTRAR)


def from_huaxian_to_zhengzhou(demo: Demonstration) -> None:
    demo.handed_over(clerk=HX_CLERK, flat=demo.flat(5, ZHENGZHOU))


def published(demo: Demonstration) -> None:
    """An inheritance without deed hangs out; somebody has objected."""
    now, home = timezone.now(), stage.actor(HX_ADMIN)
    lifted = Figure("exclusion.X15", "410526", "off", localdate(now), "滑自然资〔2026〕11号（示例）")
    directory_changes.set_parameter(home, lifted, now)
    case_no = demo.example("S06", ("accept", OFFICER), ("publish", REVIEWER), form={"way": "neither"})
    photo = play.scan("公告张贴照片")
    public_notices.keep_posting(case_no, localdate(now), photo, stage.actor(OFFICER), now=timezone.now())
    said = Objection("陶建民", "13800138777", "我也是法定继承人，没有人问过我。", "户口簿复印件一份", localdate(now))
    public_notices.take_objection(case_no, said, stage.actor(OFFICER), key="objection", now=timezone.now())


SCENES = (
    Scene("刚开始填写", lambda demo: demo.draft()),
    Scene("填完未移交", lambda demo: demo.filled()),
    Scene("安阳窗口填写中", lambda demo: demo.draft(clerk=AY_CLERK)),
    Scene("已告知到属地申请", told_home),
    Scene("移交前撤回", discarded),
    Scene("待受理（郑州收件）", lambda demo: demo.handed_over()),
    Scene("待受理（安阳收件）", lambda demo: demo.handed_over(clerk=AY_CLERK)),
    Scene("到期视为受理", deemed),
    Scene("待补正", correction),
    Scene("不予受理", not_accepted),
    Scene("已受理待初审", lambda demo: demo.moved(("accept", OFFICER))),
    Scene("退回初审", returned),
    Scene("初审通过待复审", lambda demo: demo.moved(*APPROVALS[:2])),
    Scene("待登簿", lambda demo: demo.moved(*APPROVALS)),
    Scene("不予登记", refused),
    Scene("撤回", withdrawn),
    Scene("收到法院查封，暂停", suspended),
    Scene("已查封房屋改名，须告知法院", seized_before),
    Scene("法院通知等人办：解封要两个人核对，被执行人不是权利人", judged),
    Scene("已发证", lambda demo: demo.certified()),
    Scene("已发证（安阳收件）", lambda demo: demo.certified(clerk=AY_CLERK)),
    Scene("已归档", archived),
    Scene("新房转移，等缴税缴费", lambda demo: demo.example("S01", *APPROVALS)),
    Scene("夫妻共有改成按份共有，已发证", lambda demo: demo.example_certified("S12")),
    Scene("预售房：买卖预告、抵押预告，已发证", lambda demo: [demo.example_certified(one) for one in ("S25", "S26")]),
    Scene("没有公证书的继承，公告中，有人异议", published),
    Scene("滑县窗口替郑州收件", from_huaxian_to_zhengzhou),
)
