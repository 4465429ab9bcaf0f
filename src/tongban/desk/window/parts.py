"""What the window's pages show of an application, as parts of the design system: sections, facts, papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from tongban.domain.catalogue import form as item_forms
from tongban.domain.catalogue import headings
from tongban.domain.catalogue.item import NO, YES, Field, FieldKind, PartyRole, Requirement, ServiceItem
from tongban.domain.identity import IdDocument, mask_id, mask_phone
from tongban.domain.lifecycle import ApplicationState, application_text
from tongban.domain.unit_code import parse_unit_code
from tongban.intake import completeness
from tongban.intake.filling import METHODS_ZH
from tongban.intake.letters import CUSTODY_ZH
from tongban.intake.queries import ApplicationView
from tongban.web.formatting import moment_zh
from tongban.web.parts import Badge, Column, Datum, Paper, Row, Tab, Table, Tone

STATE_TONES: Final[Mapping[ApplicationState, Tone]] = {
    ApplicationState.DRAFT: Tone.QUIET,
    ApplicationState.SEALED: Tone.GOING,
    ApplicationState.HANDED_OVER: Tone.GOING,
    ApplicationState.CORRECTION: Tone.WAITING,
    ApplicationState.ACCEPTED: Tone.GOING,
    ApplicationState.SUSPENDED: Tone.STOPPED,
    ApplicationState.RECORDED: Tone.DONE,
    ApplicationState.CERTIFIED: Tone.DONE,
    ApplicationState.NOT_ACCEPTED: Tone.STOPPED,
    ApplicationState.REFUSED: Tone.STOPPED,
    ApplicationState.WITHDRAWN: Tone.QUIET,
    ApplicationState.TOLD_HOME: Tone.QUIET,
    ApplicationState.EXPIRED: Tone.QUIET,
}
assert set(STATE_TONES) == set(ApplicationState), "every state has its mark"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the work at the window, in the order in which it is done."""

    key: str
    label_zh: str
    page: str

    def url(self, number: str) -> str:
        return reverse(f"desk:{self.page}", args=[number])


SECTIONS: Final = (
    Section(completeness.FORM, "申请表", "intake-form"),
    Section(completeness.PEOPLE, "人证核验", "intake-people"),
    Section(completeness.MATERIALS, "材料", "intake-materials"),
    Section(completeness.INQUIRY, "询问", "intake-inquiry"),
    Section(completeness.SIGNATURES, "签名", "intake-sign"),
)
HAND_OVER: Final = Section("hand-over", "核对移交", "intake-hand-over")
CORRECTION: Final = Section("corrections", "补正送出", "intake-corrections")


def sections_of(view: ApplicationView) -> tuple[Section, ...]:
    """The sections of an application; what ends them depends on whether it goes out for the first time."""
    return (*SECTIONS, CORRECTION if view.state is ApplicationState.CORRECTION else HAND_OVER)


def state_badge(state: ApplicationState, *, issues: bool = True) -> Badge:
    """The state as a mark; `issues`: whether the case brings a certificate or proof."""
    return Badge(application_text(state, issues=issues).name_zh, STATE_TONES[state])


@dataclass(frozen=True, slots=True)
class SectionFrame:
    """What every section page shows around its own content."""

    view: ApplicationView
    state: Badge
    tabs: Sequence[Tab]
    home_url: str
    previous_url: str
    next_url: str
    section: Section

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing in this section."""
        return not self.view.gaps_of(self.section.key)


def frame(view: ApplicationView, section: Section) -> SectionFrame:
    """The frame of one section: all sections with what is missing, the ones before and behind."""
    sections = sections_of(view)
    at = sections.index(section)
    before = sections[at - 1] if at else None
    behind = sections[at + 1] if at + 1 < len(sections) else None
    return SectionFrame(
        view=view,
        state=state_badge(view.state),
        tabs=[_tab(view, one, digit, is_current=one is section) for digit, one in enumerate(sections, 1)],
        home_url=overview_url(view.number),
        previous_url=before.url(view.number) if before else overview_url(view.number),
        next_url=behind.url(view.number) if behind else "",
        section=section,
    )


def overview_url(number: str) -> str:
    """The page of one application."""
    return reverse("desk:intake-one", args=[number])


def _tab(view: ApplicationView, section: Section, digit: int, *, is_current: bool) -> Tab:
    if section not in SECTIONS:
        return Tab(section.label_zh, section.url(view.number), is_current, len(view.gaps) or None, key=str(digit))
    missing = len(view.gaps_of(section.key))
    label = section.label_zh if missing else f"✓ {section.label_zh}"
    return Tab(label, section.url(view.number), is_current, missing or None, key=str(digit))


def section_table(view: ApplicationView) -> Table:
    """The sections as a queue: Enter opens one, the state says what is missing."""
    rows = [Row(_section_cells(view, section), section.url(view.number)) for section in SECTIONS]
    last, left = sections_of(view)[-1], len(view.gaps)
    ready = "改好以后，写明怎么补的，一次送出" if last is CORRECTION else "都齐了，可以移交"
    mark = Badge("还不能", Tone.QUIET) if left else Badge("可以送出", Tone.GOING)
    rows.append(Row((last.label_zh, mark, f"还缺 {left} 项" if left else ready), last.url(view.number)))
    return Table("办理环节", (Column("环节"), Column("状态"), Column("还缺什么")), rows, is_queue=True)


def _section_cells(view: ApplicationView, section: Section) -> tuple[object, ...]:
    if problems := view.gaps_of(section.key):
        more = f"，等 {len(problems)} 项" if len(problems) > 1 else ""
        return section.label_zh, Badge(f"缺 {len(problems)} 项", Tone.WAITING), f"{problems[0].what_zh}{more}"
    mends = [material_zh(view.item, key) for key in unmended(view) if section_of(view, key) is section]
    if mends:
        return section.label_zh, Badge("要补正", Tone.WAITING), "、".join(mends)
    return section.label_zh, Badge("完成", Tone.DONE), ""


def unmended(view: ApplicationView) -> list[str]:
    """What the correction list speaks of and nobody has touched since, as far as scans tell."""
    keys = (
        dict.fromkeys(line.material for line in view.corrections) if view.state is ApplicationState.CORRECTION else ()
    )
    return [key for key in keys if not any(scan.added_at >= view.state_since for scan in view.scans_of(key))]


def first_open(view: ApplicationView) -> Section:
    """Where the work goes on: the first section with something missing, else what sends it."""
    return next((section for section in SECTIONS if view.gaps_of(section.key)), sections_of(view)[-1])


def home_facts(view: ApplicationView) -> list[Datum]:
    """The home registry's minimal answer: what was fetched, from where and when."""
    unit, answer = view.answer.unit, view.answer
    holders = "、".join(f"{one.name}{f'（{one.share_zh}）' if one.share_zh else ''}" for one in answer.holders)
    return [
        Datum("属地", view.home.name_zh),
        Datum("坐落", unit.address if unit else ""),
        Datum("单元号", parse_unit_code(view.unit_code).grouped, is_code=True),
        Datum("证号", answer.certificate_no or view.title.get("certificate_no", "")),
        Datum("权利人", holders),
        Datum("共有", answer.co_ownership_zh),
        Datum(
            "用途、面积",
            "，".join(filter(None, (unit.use, f"{unit.area} 平方米" if unit.area else ""))) if unit else "",
        ),
    ]


def fixed_facts(view: ApplicationView) -> list[Datum]:
    """The answers of the form that the home registry gave; nobody types them again."""
    fixed = view.item.fixed(view.answer.prefill)
    fields = item_forms.visible_fields(view.item, view.form)
    return [Datum(field.label_zh, answer_zh(field, view.form)) for field in fields if field.key in fixed]


def source_zh(view: ApplicationView) -> str:
    """Where fetched answers come from, and since when."""
    return f"来源：{view.home.name_zh}，{moment_zh(view.checked_at, 'short')} 取得"


def form_facts(view: ApplicationView, *, masked: bool) -> list[tuple[str, list[Datum]]]:
    """The whole application form as it stands, under its headings."""
    answered = [field for field in item_forms.visible_fields(view.item, view.form) if view.form.get(field.key)]
    return [
        (heading_zh, [Datum(field.label_zh, _shown(field, view.form, masked=masked)) for field in fields])
        for heading_zh, fields in headings.sections(answered)
    ]


def inquiry_facts(view: ApplicationView) -> list[Datum]:
    """Questions and answers of the inquiry."""
    words = {YES: "是", NO: "否"}
    questions = item_forms.visible_questions(view.item, view.inquiry)
    return [
        Datum(question.text_zh, words.get(answer, answer), missing_zh="" if answer else "没有回答")
        for question in questions
        for answer in (view.inquiry.get(question.key, ""),)
    ]


def inquiry_table(view: ApplicationView) -> Table:
    """The inquiry record, a line per question."""
    rows = [Row((datum.name_zh, datum.value or Badge("没有回答", Tone.WAITING))) for datum in inquiry_facts(view)]
    return Table("询问笔录", (Column("问"), Column("答")), rows)


def answer_zh(field: Field, form: Mapping[str, str]) -> str:
    """An answer in the words of its choice."""
    value = form.get(field.key, "")
    if field.kind is FieldKind.YES_NO:
        return {YES: "是", NO: "否"}.get(value, value)
    choices = {choice.value: choice.label_zh for choice in field.offered(form)}
    return choices.get(value, value)


def _shown(field: Field, form: Mapping[str, str], *, masked: bool) -> str:
    text = answer_zh(field, form)
    if masked and field.kind is FieldKind.ID_NUMBER:
        return mask_id(text)
    return mask_phone(text) if masked and field.kind is FieldKind.PHONE else text


def whose_zh(view: ApplicationView, position: int) -> str:
    """As what somebody takes part, in the words of the item, and for whom: “卖方 赵子桂”, “代理人 王五（替卖方 赵子桂）”."""
    named = view.item.parties(view.form)
    party = next(one for one in view.parties if one.position == position)
    who_zh = named[position].who_zh if position < len(named) else ""
    said_zh = f"{who_zh or PartyRole(party.role).name_zh} {party.name}"
    return said_zh if party.stands_for is None else f"{said_zh}（替{whose_zh(view, party.stands_for)}）"


def party_facts(view: ApplicationView, who: Mapping[str, str]) -> list[tuple[str, list[Datum]]]:
    """Everybody of the application: who, and how the window knew."""
    return [(whose_zh(view, party.position), _party(view, party.position, who)) for party in view.parties]


def _party(view: ApplicationView, position: int, who: Mapping[str, str]) -> list[Datum]:
    party = next(one for one in view.parties if one.position == position)
    facts = [Datum(IdDocument(party.id_kind).name_zh if party.id_kind else "证件", mask_id(party.id_no), is_code=True)]
    if party.phone:
        facts.append(Datum("电话", mask_phone(party.phone)))
    if position not in view.present:
        facts.append(Datum("核验", "不用到场，由办事的人核验、签名"))
    elif party.identity_at is None:
        facts.append(Datum("核验", missing_zh="还没有核验"))
    else:
        facts += identity_facts(view, position, who)
    return facts


def identity_facts(view: ApplicationView, position: int, who: Mapping[str, str]) -> list[Datum]:
    """How one person was identified, by whom, when."""
    party = next(one for one in view.parties if one.position == position)
    passed = party.identity_result == "passed"
    names = "、".join(who.get(name, name) for name in (party.identity_by, party.identity_second) if name)
    facts = [
        Datum("结果", Badge("一致", Tone.DONE) if passed else Badge("没有通过", Tone.STOPPED)),
        Datum("方式", METHODS_ZH.get(party.identity_method, party.identity_method)),
        Datum("核验人", names),
        Datum("时间", party.identity_at),
    ]
    if party.identity_reason:
        facts.append(Datum("原因", party.identity_reason))
    return facts


def scans(view: ApplicationView, requirement: Requirement) -> list[Paper]:
    """The pages of one material; pictures as re-encoded previews."""
    found = []
    for scan in view.scans_of(requirement.key):
        is_image = scan.media_type.startswith("image/")
        page = "intake-preview" if is_image else "intake-file"
        url = reverse(f"desk:{page}", args=[view.number, scan.digest])
        found.append(Paper(f"{requirement_zh(requirement)} {scan.page_no}", url, scan.media_type))
    return found


def requirement_zh(requirement: Requirement) -> str:
    """The name of a material, with whose it is when it is not the owner's."""
    whose = "" if requirement.whose is PartyRole.OWNER else f"（{requirement.whose.name_zh}）"
    return f"{requirement.material.name_zh}{whose}"


def all_scans(view: ApplicationView) -> list[Paper]:
    """Every page of every material in the order of the checklist, then the signatures."""
    found = [paper for requirement in view.item.materials for paper in scans(view, requirement)]
    names = {party.position: party.name for party in view.parties}
    for signed in view.signatures:
        title = f"{names.get(signed.party_position, '')}签名{'（撤回）' if signed.purpose == 'withdrawal' else ''}"
        url = reverse("desk:intake-preview", args=[view.number, signed.digest])
        found.append(Paper(title, url, "image/png", note_zh=moment_zh(signed.signed_at)))
    return found


def paper_table(view: ApplicationView, key: str, who: Mapping[str, str]) -> Table:
    """What happened to one paper original."""
    rows = [
        Row(
            (CUSTODY_ZH[event.kind], event.pages, event.holder_zh, who.get(event.by, event.by), event.at, event.note_zh)
        )
        for event in view.papers_of(key)
    ]
    columns = (
        Column("原件"),
        Column("页数", "number"),
        Column("在谁手里"),
        Column("经手"),
        Column("时间", "time"),
        Column("备注"),
    )
    return Table("原件去向", columns, rows)


def material_state(view: ApplicationView, requirement: Requirement) -> list[str]:
    """What is still missing for one material."""
    return [problem.what_zh for problem in view.gaps_of(completeness.MATERIALS) if problem.field == requirement.key]


def shared_zh(view: ApplicationView) -> list[str]:
    """The materials nobody has to bring because the home registry has them (I4)."""
    return [requirement_zh(one) for one in view.item.materials if one.key in view.answer.dropped_materials]


def material_zh(item: ServiceItem, key: str) -> str:
    """The name of a material, or of another part a correction list speaks of."""
    named = {one.key: requirement_zh(one) for one in item.materials} | {one.key: one.label_zh for one in item.fields}
    named |= {section.key: section.label_zh for section in SECTIONS}
    return named.get(key, key)


def section_of(view: ApplicationView, key: str) -> Section:
    """The section in which something a correction list speaks of is put right: a material, a section, or a field."""
    if any(one.key == key for one in view.item.materials):
        return SECTIONS[2]
    return next((one for one in SECTIONS if one.key == key), SECTIONS[0])


def mending_url(view: ApplicationView, key: str) -> str:
    """Where something a correction list speaks of is put right."""
    section = section_of(view, key)
    is_material = any(one.key == key for one in view.item.materials)
    return f"{section.url(view.number)}?m={key}" if is_material else section.url(view.number)


def custody_table(view: ApplicationView) -> Table:
    """Every material handed in: how many pages were scanned, and where the original is."""
    rows = []
    for one in view.item.materials:
        pages, papers = len(view.scans_of(one.key)), view.papers_of(one.key)
        if pages or papers:
            last = papers[-1] if papers else None
            where = CUSTODY_ZH[last.kind] if last else "没有登记"
            rows.append(
                Row((requirement_zh(one), pages, where, last.pages if last else None, last.at if last else None))
            )
    columns = (
        Column("材料"),
        Column("扫描页数", "number"),
        Column("原件"),
        Column("原件页数", "number"),
        Column("时间", "time"),
    )
    return Table("材料和原件", columns, rows, empty_zh="还没有收材料")
