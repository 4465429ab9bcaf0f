"""The tutorial tells what the program does: its walk is the program's, its seven files hold what it names."""

from __future__ import annotations

import re
from pathlib import Path

from tongban.cli.walking import Walk

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs/tutorials/follow-one-case.md").read_text("utf-8")
SECTION = re.compile(r"^## \d\. .*`(?P<path>src/[^`]+)`\n(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def test_the_walk_in_the_tutorial_is_the_walk_of_the_program(own_database: str) -> None:
    said: list[str] = []

    code = Walk(said.append).run("S13")

    told = re.search(r"```walk\n(.*?)```", TUTORIAL, re.DOTALL)
    assert code == 0
    assert told is not None
    walked = [re.sub(r"\.py:\d+$", ".py", line).split(":")[0].rstrip() for line in said[:-1]]
    assert walked == [line.rstrip() for line in told[1].splitlines()]


def test_at_most_seven_files_in_a_line_each_holding_what_the_tutorial_names() -> None:
    sections = list(SECTION.finditer(TUTORIAL))

    assert 0 < len(sections) <= 7
    for section in sections:
        code = (ROOT / section["path"]).read_text("utf-8")
        first = re.search(r"`(\w+)`", section["text"])
        assert first is not None
        assert re.search(rf"^(def {first[1]}\(|{first[1]}\b.*=)", code, re.MULTILINE), (section["path"], first[1])
