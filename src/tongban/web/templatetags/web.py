"""`{% load web %}`: the filters and components that every page is built from (docs/reference/design-system.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tongban.domain import identity
from tongban.domain.decision import Decision, Place, Refusal, by_reason
from tongban.domain.errors import Problem
from tongban.web import formatting
from tongban.web.charts import NARROW, WIDE, draw
from tongban.web.parts import (
    Badge,
    BandChart,
    Change,
    Clock,
    Column,
    Datum,
    KeyPage,
    Link,
    Paper,
    Progress,
    Tab,
    Table,
    Timeline,
    Tone,
)
from tongban.web.wording import plain_errors

register = template.Library()
_MASKS = {"id": identity.mask_id, "name": identity.mask_name, "phone": identity.mask_phone}
MOST_PAPERS = 12  # components.css has one rule for each
_NUMERIC = ("number", "money")


# --- words -----------------------------------------------------------------------------------------------------------

register.filter("when", formatting.moment_zh)
register.filter("cents", formatting.fen_zh)
register.filter("area", formatting.area_zh)
register.filter("share", formatting.share_zh)
register.filter("filesize", formatting.bytes_zh)
register.filter("by_reason", by_reason)


@register.filter
def mask(value: str, kind: str = "id") -> str:
    """Hide the middle of a personal value: `{{ number|mask:"id" }}`, "name", "phone"."""
    return _MASKS[kind](value)


@register.filter
def groups(code: str) -> str:
    """A long code in groups that can be read aloud: a unit code as 6 6 7 9, others by fours."""
    sizes: tuple[int, ...] = (6, 6, 7, 9) if len(code) == 28 else (4,) * (len(code) // 4 + 1)
    parts, at = [], 0
    for size in sizes:
        parts.append(code[at : at + size])
        at += size
    return " ".join(part for part in parts if part)


@register.simple_tag
def moment(value: date | datetime | None, form: str = "") -> SafeString:
    """A `<time>` element; forms as in `when`."""
    if value is None:
        return mark_safe("—")
    return format_html(
        '<time datetime="{}">{}</time>', formatting.machine_time(value), formatting.moment_zh(value, form)
    )


@register.simple_tag
def shown(value: object, kind: str = "text") -> SafeString:
    """Any value as a page shows it: Badge, Link, instant, day, fen with kind "money", text; nothing is a dash."""
    match value:
        case None | "":
            return mark_safe('<span class="nothing">—</span>')
        case Badge():
            return status(value)
        case Link():
            return format_html('<a href="{}">{}</a>', value.url, value.text_zh)
        case datetime() | date():
            return moment(value, "day" if kind == "day" else "short" if kind == "time" else "")
        case int() if kind == "money":
            return format_html("{}", formatting.fen_zh(value))
        case Decimal() if kind == "area":
            return format_html("{}", formatting.area_zh(value))
        case Fraction():
            return format_html("{}", formatting.share_zh(value))
        case _:
            return format_html('<span class="code">{}</span>', value) if kind == "code" else format_html("{}", value)


@register.simple_tag
def status(badge: Badge | str, tone: str = Tone.QUIET) -> SafeString:
    """A state in a word or two: `{% status badge %}` or `{% status "已受理" "going" %}`."""
    shown_badge = badge if isinstance(badge, Badge) else Badge(badge, Tone(tone))
    return format_html('<span class="status status--{}">{}</span>', shown_badge.tone, shown_badge.text_zh)


# --- forms -----------------------------------------------------------------------------------------------------------


def _field_context(bound: BoundField, options: Mapping[str, object]) -> dict[str, object]:
    widget = bound.field.widget
    is_group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    described = [f"{bound.auto_id}-help"] if bound.help_text else []
    errors = plain_errors(bound)
    described += [f"{bound.auto_id}-error"] if errors else []
    attrs: dict[str, str | bool] = {"class": f"control control--{options.get('width', 'full')}"}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "errors": errors,
        "id": bound.auto_id,
        "is_group": is_group,
        "is_single_box": isinstance(widget, CheckboxInput) and not is_group,
        "is_required": bound.field.required,
        "control": "" if is_group else bound.as_widget(attrs=attrs),
        "attrs": attrs,
        "described": " ".join(described),
        **options,
    }


def _piece(name: str, context: Mapping[str, object]) -> SafeString:
    return render_to_string(f"web/components/{name}.html", dict(context))


@register.simple_tag
def field(bound: BoundField, width: str = "full", large: bool = False) -> SafeString:
    """A form field with label, help and error tied to it.  `width`: short, medium, full.  `large`: label as title."""
    return _piece("field", _field_context(bound, {"width": width, "large": large}))


@register.simple_tag
def upload(bound: BoundField) -> SafeString:
    """A file field that also takes a dropped file and says what was chosen."""
    return _piece("upload", _field_context(bound, {}))


@register.simple_tag
def camera(bound: BoundField, facing: str = "environment") -> SafeString:
    """A file field filled by the device camera (`facing`: environment or user), or by an ordinary upload."""
    return _piece("camera", _field_context(bound, {"facing": facing}))


@register.simple_tag
def signature(bound: BoundField, who: str = "") -> SafeString:
    """A file field filled by writing on the screen, or by uploading a photo of a signature."""
    return _piece("signature", _field_context(bound, {"who": who}))


@register.simple_tag
def error_summary(source: BaseForm | Iterable[Problem] | None) -> SafeString:
    """What is wrong, first on the page, each line leading to its field; nothing when all is well."""
    if source is None:
        return mark_safe("")
    lines = _form_lines(source) if isinstance(source, BaseForm) else _problem_lines(source)
    return _piece("error_summary", {"lines": lines}) if lines else mark_safe("")


def _form_lines(form: BaseForm) -> list[tuple[str, str, str]]:
    own = [("", str(error), "") for error in form.non_field_errors()]
    found = ((bound, error) for bound in form for error in plain_errors(bound))
    return own + [(f"#{_first_control(b)}", error, "" if str(b.label) in error else str(b.label)) for b, error in found]


def _first_control(bound: BoundField) -> str:
    """What takes the caret: of a group its first choice, since the group itself cannot."""
    is_group = isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple)
    first = next(iter(bound.subwidgets), None) if is_group else None
    return str(first.id_for_label) if first else str(bound.auto_id)


def _problem_lines(problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
    return [(f"#id_{p.field}" if p.field else "", f"{p.what_zh} {p.cure_zh}".strip(), "") for p in problems]


# --- actions ---------------------------------------------------------------------------------------------------------


def _key_hint(key: str) -> tuple[SafeString, SafeString]:
    if not key:
        return mark_safe(""), mark_safe("")
    return format_html(' data-key="{}"', key), format_html('<kbd class="key" aria-hidden="true">{}</kbd>', key.upper())


@register.simple_tag
def button(text: str, kind: str = "primary", *, name: str = "", value: str = "", key: str = "") -> SafeString:
    """A submit button.  `kind`: primary, quiet, refuse.  `key`: its single-letter shortcut."""
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    attribute, hint = _key_hint(key)
    return format_html(
        '<button type="submit" class="button button--{}"{}{}>{}{}</button>', kind, named, attribute, text, hint
    )


@register.simple_tag
def button_link(text: str, url: str, kind: str = "quiet", key: str = "") -> SafeString:
    """A link that looks like a button, for going somewhere without changing anything."""
    attribute, hint = _key_hint(key)
    return format_html('<a class="button button--{}" href="{}"{}>{}{}</a>', kind, url, attribute, text, hint)


@register.simple_block_tag
def actions(content: SafeString) -> SafeString:
    """`{% actions %}buttons{% endactions %}`: the row of buttons at the end of a form or panel."""
    return format_html('<div class="actions">{}</div>', content)


# --- surfaces --------------------------------------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: str = "") -> SafeString:
    """`{% notice tone="warn" title="…" %}…{% endnotice %}`.  `tone`: info, done, warn, refuse."""
    return _piece("notice", {"content": content, "tone": tone, "title": title})


@register.simple_block_tag
def panel(content: SafeString, title: str = "", note: str = "", id: str = "") -> SafeString:  # noqa: A002
    """`{% panel title="…" %}…{% endpanel %}`: a titled part of a page."""
    return _piece("panel", {"content": content, "title": title, "note": note, "id": id})


@register.simple_block_tag
def disclosure(content: SafeString, title: str) -> SafeString:
    """`{% disclosure "法律依据" %}…{% enddisclosure %}`: shown on demand, without JavaScript."""
    return format_html(
        '<details class="disclosure"><summary>{}</summary><div class="disclosure__body">{}</div></details>',
        title,
        content,
    )


@register.simple_block_tag(takes_context=True)
def sheet(context: Context, content: SafeString, title: str, **options: object) -> SafeString:
    """`{% sheet title="收件凭证" number="…" issuer="…" on=date %}…{% endsheet %}`: a document that prints on A4."""
    known = {name: options.get(name, "") for name in ("number", "issuer", "on", "seal")}
    return _piece("sheet", {"content": content, "title": title, **known})


# --- data ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def facts(rows: Sequence[Datum], columns: int = 1) -> SafeString:
    """Names and values with where they came from; `columns` 1 or 2."""
    return _piece("facts", {"rows": rows, "columns": columns})


@register.simple_tag
def differences(changes: Sequence[Change]) -> SafeString:
    """Before and after, changed values marked; unchanged ones stay visible but quiet."""
    return _piece("differences", {"changes": changes})


@register.simple_tag
def data_table(table: Table) -> SafeString:
    """A dense desk table; a queue moves by j, k and Enter."""
    rows = [(row, list(zip(table.columns, row.cells, strict=True))) for row in table.rows]
    return _piece("table", {"table": table, "rows": rows})


@register.filter
def is_numeric(column: Column) -> bool:
    """Whether a column is set to the right."""
    return column.kind in _NUMERIC


@register.simple_tag
def pager(page: KeyPage) -> SafeString:
    """Newer and older, by key."""
    return _piece("pager", {"page": page})


@register.simple_tag
def tabs(items: Sequence[Tab], label: str = "分类") -> SafeString:
    """Tabs that are links."""
    return _piece("tabs", {"items": items, "label": label})


@register.simple_tag
def empty(title: str, text: str = "", action: str = "", url: str = "") -> SafeString:
    """What to say when there is nothing to show, and where to go from here."""
    return _piece("empty", {"title": title, "text": text, "action": action, "url": url})


@register.simple_tag
def timeline(journey: Timeline) -> SafeString:
    """Where it is now, who acts until when, what comes next; then the steps."""
    return _piece("timeline", {"journey": journey})


@register.simple_tag
def clocks(*limits: Clock) -> SafeString:
    """The legal clock and the service clock, side by side."""
    return _piece("clocks", {"limits": limits})


@register.simple_tag
def progress(step: Progress) -> SafeString:
    """Which page of how many."""
    return _piece("progress", {"step": step})


@register.simple_tag
def decision(answer: Decision, where: Place | None = None, title: str = "") -> SafeString:
    """What the law says: verdict, then for each finding what, why, law, facts used, cure; and where to go."""
    return _piece("decision", {"answer": answer, "where": where, "title": title})


@register.simple_tag
def refusal(answer: Refusal) -> SafeString:
    """A refusal with its four things: what, why, cure, where."""
    return _piece("refusal", {"answer": answer})


@register.simple_tag
def place(where: Place) -> SafeString:
    """Name, address and a phone number that can be tapped."""
    return _piece("place", {"where": where})


@register.simple_tag
def viewer(papers: Sequence[Paper], name: str = "papers") -> SafeString:
    """Scans and PDFs with a list to choose from and zoom; `name` tells two viewers on one page apart.

    The first `MOST_PAPERS` are shown in place, the rest as links.
    """
    return _piece("viewer", {"papers": papers[:MOST_PAPERS], "rest": papers[MOST_PAPERS:], "name": name})


@register.simple_tag
def band_chart(chart: BandChart) -> SafeString:
    """Bands over time, with the same data as a table behind it."""
    return _piece("band_chart", {"chart": chart, "wide": draw(chart, WIDE), "narrow": draw(chart, NARROW)})


@register.simple_tag
def seal(text: str) -> SafeString:
    """A small square mark in seal red, for "签章有效" and the like; two or four characters."""
    halves = (text[: len(text) // 2], text[len(text) // 2 :])
    lines = format_html_join("", "<span>{}</span>", ((half,) for half in halves))
    return format_html('<span class="seal" role="img" aria-label="{}">{}</span>', text, lines)


# --- assets ----------------------------------------------------------------------------------------------------------


@cache
def _is_collected(name: str) -> bool:
    return finders.find(f"vendor/{name}") is not None


@register.simple_tag
def vendor_script(name: str) -> SafeString:
    """A third-party script when it was collected (`python -m tongban.web.assets`); nothing otherwise."""
    if not _is_collected(name):
        return mark_safe("")
    return format_html('<script src="{}" defer></script>', static(f"vendor/{name}"))
