"""What applications that move nothing have in common: their papers, their steps, and how their form is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tongban.domain.catalogue import building_blocks as b
from tongban.domain.catalogue import materials as m
from tongban.domain.catalogue.item import PartyRole, Requirement, Shown
from tongban.domain.catalogue.people import Comes, Group, kinds_of, someone_comes_as
from tongban.domain.facts import ApplicationFacts
from tongban.domain.terms import Cause, Channel
from tongban.domain.unit_page import UnitPage

AT_THE_COUNTER: Final = frozenset({Channel.WINDOW})
FREE_ZH: Final = "不要钱。"
_STEPS_ZH: Final = (
    "第一步，窗口核对身份和材料，问几句话，各位签名；第二步，材料马上送到房产所在地；"
    "第三步，那里受理、审核、登簿，每一步都发短信告诉您；第四步，"
)
CERTIFICATE_STEPS_ZH: Final = _STEPS_ZH + "下载电子证照，也可以领取或者邮寄纸质证书。"
PROOF_STEPS_ZH: Final = _STEPS_ZH + "下载电子登记证明，也可以领取或者邮寄纸质证明。"
ENDING_STEPS_ZH: Final = _STEPS_ZH + "收到短信就办好了，这一项不发新证。"


def people_and_papers(*groups: Group) -> tuple[Requirement, ...]:
    """The application, who everybody is, and a plain power of attorney."""
    return (b.APPLICATION_ROW, *b.people_rows(*groups), b.attorney_row(*groups))


def shown_certificate(needed: b.Needed = b.always) -> Requirement:
    """The certificate that goes on: its paper is only looked at."""
    how_zh = "有电子证照的不用带；只有纸质证书的，带原件来看一下，看完还给您。"
    return Requirement("certificate", m.TITLE_CERTIFICATE, needed, how_zh=how_zh)


def old_proof(whose: PartyRole, needed: b.Needed = b.always) -> Requirement:
    """The proof that becomes void: its paper is taken in."""
    how_zh = "有电子证照的不用带；只有纸质登记证明的，带原件来，窗口收走。"
    return Requirement("proof", m.PROOF, needed, keeps_original=True, whose=whose, how_zh=how_zh)


def facts_from(
    *groups: Group, cause: Cause, asked: str = "", giving: Group | None = None
) -> Callable[[Mapping[str, str], frozenset[str]], ApplicationFacts]:
    """Reads a form for the law: the cause out of the field `asked` if it names one, and who comes for somebody."""
    stood_in = someone_comes_as(Comes.AGENT, *groups), someone_comes_as(Comes.GUARDIAN, *groups)

    def read(form: Mapping[str, str], evidence: frozenset[str]) -> ApplicationFacts:
        said = form.get(asked, "")
        return ApplicationFacts(
            cause=Cause(said) if said in set(Cause) else cause,
            giving=kinds_of(giving, form) if giving else (),
            has_agent=any(found(form) for found in stood_in),
            form=form,
            evidence=evidence,
        )

    return read


def prefill_of(group: Group) -> Callable[[UnitPage, Shown], Mapping[str, str]]:
    """Fills in whoever shows the paper as the first of the group; nothing about anybody else (民法典 219)."""

    def prefill(page: UnitPage, shown: Shown) -> Mapping[str, str]:
        return {} if shown.holder is None else group.prefill(shown.holder)

    return prefill
