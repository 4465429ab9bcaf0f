"""Django's side of `bench_bulk`: a bank's sheet of ended mortgages, begun row by row, made ready and signed together."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone
from django.utils.timezone import localdate

import province  # sets Django up
from tongban.access.actors import Actor, ActorKind
from tongban.cli import examples, play, stage
from tongban.cli.people import Flat
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden, BurdenFact
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.decision import Refusal
from tongban.domain.identity import IdDocument
from tongban.domain.restrictions import Act
from tongban.domain.terms import HolderKind
from tongban.domain.titles import Holder, HolderIdentity
from tongban.intake import filling
from tongban.intake.batches import columns, ready, taking, together, workbooks, working
from tongban.intake.batches.together import Asked, Paper, Who
from tongban.intake.models import BatchAct, BatchRow
from tongban.register import book
from tongban.register.requests import RecordRequest

ITEM = CATALOGUE["S24"]
LOAN = CATALOGUE["S19"].example.answers
BANK = Holder(
    1, HolderKind.ENTERPRISE, HolderIdentity(LOAN["mortgagee1_name"], IdDocument.USCC, LOAN["mortgagee1_id_no"])
)  # fmt: skip
AGENT = Who(ITEM.example.answers["mortgagee1_acting_name"], ITEM.example.answers["mortgagee1_acting_id_no"])
OWN_PAPER = "proof"  # every mortgage has its own


def lend(flats: tuple[Flat, ...]) -> list[dict[str, str]]:
    """The bank's mortgage on every flat; the rows of the sheet that ends them."""
    recorder = Actor(ActorKind.SYSTEM, "system:stock", "存量数据整理", stage.HUAXIAN, frozenset(), "worker")
    form = {key: text.replace("{today}", "2026-11-20") for key, text in ITEM.example.answers.items()}
    rows = []
    for number, flat in enumerate(flats, 1):
        proof = f"豫（2026）滑县不动产证明第{number:07d}号"
        fact = BurdenFact(Burden.MORTGAGE, proof, date(2026, 11, 20), rank=1, proof_no=proof)
        outcome = book.record(
            RecordRequest(
                unit_codes=(flat.unit_code,), entries=(OpenBurden(flat.unit_code, fact, {}, (BANK,)),),
                acts=(Act.MORTGAGE,), evidence=frozenset(), recorder=recorder, case_no="", key=proof,
                now=timezone.now(), registry=stage.HUAXIAN,
            )
        )  # fmt: skip
        assert not isinstance(outcome, Refusal), outcome
        paper = {"_certificate_no": proof, "_holder_name": BANK.name, "_holder_id_no": BANK.id_no}
        rows.append({"_unit_code": flat.unit_code, **paper, **form})
    return rows


def sheet(rows: list[dict[str, str]]) -> bytes:
    """The workbook as a bank would fill it in."""
    wanted = columns.columns_of(ITEM)
    words = {
        (field.key, choice.value): choice.label_zh for field in ITEM.fields for choice in field.choices
    }  # a choice is typed in its words
    lines = [
        [
            words.get((one.key, text := row.get(one.key, "")), {"yes": "是", "no": "否"}.get(text, text))
            for one in wanted
        ]
        for row in rows
    ]
    return workbooks.workbook([("申请", [[one.label_zh for one in wanted], *lines])])


def begin(count: int, flats: int) -> dict[str, object]:
    """Rows taken in and begun, a second; the batch."""
    rows = lend(province.flats(stage.HUAXIAN, flats)[:count])
    data, window = sheet(rows), stage.window_of(stage.ZHENGZHOU)
    began = time.perf_counter()
    number = taking.take(ITEM.number, window, data, "银行.xlsx", province.clerk(), now=timezone.now())
    taken_s = time.perf_counter() - began
    began = time.perf_counter()
    work(working.begin_due)
    begun_s = time.perf_counter() - began
    left = BatchRow.objects.exclude(state=BatchRow.BEGUN)
    assert not left.exists(), list(left.values_list("findings", "waits_zh")[:1])
    return {"batch": number, "taken_per_s": count / taken_s, "begun_per_s": count / begun_s}


def prepare(batch: str) -> dict[str, object]:
    """Everything but the signature, for every row."""
    clerk, scan = province.clerk(), play.scan("登记证明")
    for application in BatchRow.objects.filter(batch=batch).values_list("application_id", flat=True):
        filling.add_scan(str(application), OWN_PAPER, scan, clerk, now=timezone.now())
        filling.record_paper(str(application), OWN_PAPER, filling.COLLECTED, clerk, pages=1, now=timezone.now())
    view = together.sample(batch, clerk, timezone.now())
    assert view is not None, "the batch has drafts"
    together.check_identity(asked(batch, "identity"), AGENT, filling.READER_FACE)
    for one in view.requirements:
        if one.key != OWN_PAPER:
            paper = Paper(one.key, one.material.name_zh, filling.CHECKED_RETURNED, 1)
            together.bring_paper(asked(batch, one.key), paper, [play.scan(one.key)])
    together.answer_inquiry(asked(batch, "inquiry"), examples.answers_of(ITEM))
    steps = BatchAct.objects.filter(finished_at=None).count()
    return {"steps": steps, "per_s": carried_out(batch, steps)}


def sign(batch: str) -> dict[str, object]:
    """Rows signed a second, and the same for the hand-over."""
    shown = ready.stamp(ready.listed(batch, localdate(timezone.now())))
    together.sign(asked(batch, "sign"), AGENT, play.signature(AGENT.name), shown)
    signed_per_s = carried_out(batch, 1)
    together.hand_over(asked(batch, "hand_over"))
    return {"signed_per_s": signed_per_s, "handed_over_per_s": carried_out(batch, 1)}


def forget(batch: str) -> dict[str, object]:
    """As on the morning of another day: every row has to be checked again."""
    return {"rows": BatchRow.objects.filter(batch=batch).update(checked_on=None)}


def asked(batch: str, key: str) -> Asked:
    return Asked(batch, province.clerk(), key, timezone.now())


def carried_out(batch: str, steps: int) -> float:
    """Every step for every row; rows a second and step."""
    rows = BatchRow.objects.filter(batch=batch).count()
    began = time.perf_counter()
    work(together.act_due)
    took = time.perf_counter() - began
    failed = [one.failures[0] for one in together.acts_of(batch) if one.failures]
    assert not failed, failed
    return steps * rows / took


def work(duty: Callable[[datetime], int]) -> None:
    """One worker until nothing is due."""
    while duty(timezone.now()):
        pass


if __name__ == "__main__":
    command, words = sys.argv[1], sys.argv[2:]
    if command == "begin":
        print(json.dumps(begin(int(words[0]), int(words[1]))))
    else:
        print(json.dumps({"prepare": prepare, "forget": forget, "sign": sign}[command](words[0])))
