"""Rules that hold for every template and style sheet of the product, checked in the sources."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "tongban"
STYLES = SOURCE / "web" / "static" / "web"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
TEXT_ON = {
    "paper": ("ink", "ink-soft", "ink-quiet", "link", "teal", "seal"),
    "surface": ("ink", "ink-soft", "ink-quiet", "link", "teal", "seal", "amber", "moss"),
    "sunken": ("ink", "ink-soft", "ink-quiet"),
    "teal-wash": ("ink", "ink-soft", "teal", "teal-deep", "link"),
    "amber-wash": ("ink", "amber"),
    "moss-wash": ("ink", "moss"),
    "seal-wash": ("ink", "seal"),
    "teal": ("on-teal",),
    "seal": ("on-seal",),
    "bar": ("on-bar", "on-bar-soft"),
    "bar-deep": ("on-bar",),
}
SHAPES_ON = {"surface": ("line-strong", "focus", "teal"), "paper": ("line-strong", "focus")}


def palettes() -> dict[str, dict[str, str]]:
    css = (STYLES / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{,]*) \{\s*color-scheme: (light|dark);(.*?)\}", css, re.DOTALL)
    return {
        f"{scheme} {where}": dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)) for where, scheme, body in blocks
    }


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", palettes())
def test_text_can_be_read_on_every_ground_it_stands_on(scheme: str) -> None:
    colours = palettes()[scheme]

    weak = [f"{t} on {g}" for g, ts in TEXT_ON.items() for t in ts if contrast(colours[t], colours[g]) < 4.5]
    faint = [f"{t} on {g}" for g, ts in SHAPES_ON.items() for t in ts if contrast(colours[t], colours[g]) < 3]

    assert (weak, faint) == ([], [])


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    light, by_system, by_choice = palettes().values()

    assert by_system == by_choice
    assert by_system.keys() <= light.keys()


def test_every_token_used_is_defined() -> None:
    sheets = {sheet.name: sheet.read_text(encoding="utf-8") for sheet in STYLES.glob("*.css")}
    defined = set(re.findall(r"--([\w-]+):", sheets["tokens.css"]))

    used = {token for text in sheets.values() for token in re.findall(r"var\(--([\w-]+)", text)}

    assert used - defined == set()


def test_colours_are_named_once_and_nowhere_else() -> None:
    paper_white = {
        "#fff",
        "#ffc266",
        "#8b9b9d",
        "#5c6b6e",
        "#0b1517",
    }  # canvas and video keep their colours in the dark

    for sheet in ("layout.css", "components.css"):
        found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", (STYLES / sheet).read_text(encoding="utf-8")))
        assert found - paper_white == set(), sheet


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_breaks_the_content_security_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not re.search(r"<[^>]*\sstyle\s*=", text), "inline style"
    assert not re.search(r"<style\b", text), "inline style sheet"
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text), "inline script"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "inline handler"
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "something from another host"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_class_in_a_template_exists(template: Path) -> None:
    known = set()
    for sheet in STYLES.glob("*.css"):
        known |= set(re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text(encoding="utf-8")))
    text = re.sub(r"\{\{.*?\}\}", "…", re.sub(r"\{%.*?%\}", " ", template.read_text(encoding="utf-8")))

    used = {name for value in re.findall(r'\bclass="([^"]*)"', text) for name in value.split() if "…" not in name}

    assert {name for name in used if not name.endswith("--")} - known == set()
