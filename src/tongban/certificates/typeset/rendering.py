"""Typesetting: a document in, a PDF/A file out; the same document gives the same bytes on every machine.

Needs no Django and no database, so that whoever verifies a certificate can typeset it again.
"""

from __future__ import annotations

import json
import threading
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

import pylopdf_fonts_zh_cn
import typst

from tongban.certificates.documents import Document, to_wire
from tongban.certificates.typeset.ornament import background_svg
from tongban.domain.errors import InvalidInput, Problem
from tongban.vault.sm3 import sm3_hex

TEMPLATES = Path(str(resources.files("tongban.certificates"))) / "templates"
# PDF/A-2 allows no attached file but another PDF/A; the licence payload travels as JSON, which takes PDF/A-3.
STANDARD: Final = "a-2b"
STANDARD_WITH_ATTACHMENT: Final = "a-3b"
_DIGEST_CHARACTERS = 16


def render(document: Document) -> bytes:
    """The document as PDF, unsealed.  Fonts come from the package alone, the file's date from the document.

    Raises `InvalidInput` for a character the fonts lack: a name is printed right or not at all.
    """
    wire = to_wire(document)
    standard: Literal["a-2b", "a-3b"] = STANDARD_WITH_ATTACHMENT if wire.get("attachment") else STANDARD
    inputs = {"data": json.dumps(wire, ensure_ascii=False, sort_keys=True), "background": background_svg()}
    typesetter = _typesetter(document.template)
    try:
        with typesetter.lock:
            made = typesetter.compiler.compile(format="pdf", pdf_standards=[standard], sys_inputs=inputs)
    except typst.TypstError as error:
        what_zh = f"文书“{document.template}”无法排版：{error.message}"
        raise InvalidInput([Problem("document", what_zh, "请核对文书中的生僻字")], code="not_typeset") from error
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def renderer_name() -> str:
    """What a file was typeset with: only the same typesetter, templates and fonts give the same bytes again."""
    parts = [version("typst"), version("pylopdf-fonts-zh-cn"), version("pyhanko"), background_svg()]
    parts += [sm3_hex(path.read_bytes()) for path in sorted(TEMPLATES.glob("*.typ"))]
    return f"typst-{version('typst')}/{sm3_hex(' '.join(parts).encode())[:_DIGEST_CHARACTERS]}"


class _Typesetter:
    """One template, read once; its compiler works for one thread at a time."""

    def __init__(self, template: str) -> None:
        self.lock = threading.Lock()
        self.compiler = typst.Compiler(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=[str(Path(pylopdf_fonts_zh_cn.serif_path()).parent)],
            ignore_system_fonts=True,
        )


@cache
def _typesetter(template: str) -> _Typesetter:
    return _Typesetter(template)
