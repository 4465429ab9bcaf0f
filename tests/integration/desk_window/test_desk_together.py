"""The page on which a batch is done together: each step asked once, wrong forms told, progress shown, strangers denied."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.desk_window.test_desk_batches import LIST
from tests.integration.test_intake_batch_items import example_row
from tests.integration.test_intake_batches import sheet, takes, titled_flats, works
from tests.integration.test_intake_together import AGENT, answers, own_papers, row, row_of
from tests.province import CLERK, flats
from tests.public_notice import photo
from tests.window_site import NEIGHBOUR, WINDOW, WRITES, Desk, Person

from tongban.cli import stage
from tongban.directory.recent import forget_kept
from tongban.domain.catalogue import CATALOGUE
from tongban.domain.lifecycle import ApplicationState
from tongban.intake import trying
from tongban.intake.batches import together, working
from tongban.intake.models import Application, BatchAct, BatchRow


def hands_in(desk: Desk, *numbers: int) -> str:
    return begins(desk, [row(desk.story, number) for number in numbers])


def begins(desk: Desk, rows: list[dict[str, str]]) -> str:
    """The page of a batch of these rows, all begun."""
    file = SimpleUploadedFile("银行.xlsx", sheet("S24", rows))
    fields = {"item_number": "S24", "window_code": stage.window_of(WINDOW), "sheet": file}
    answer = desk.person().sends(LIST, **fields)
    while working.begin_due(desk.story.tick(seconds=1)):
        pass
    assert not BatchRow.objects.exclude(state="begun").exists(), list(BatchRow.objects.values("findings"))
    return f"{answer.to}together"


def carries_out(desk: Desk) -> None:
    while together.act_due(desk.story.tick(seconds=1)):
        pass


def picture(name: str = "x.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(), "image/png")


def test_the_agent_of_a_bank_is_served_once_for_all_rows(desk: Desk) -> None:
    url = hands_in(desk, 9, 10)
    clerk = desk.person()
    view = together.sample(BatchRow.objects.all()[0].batch_id, desk.story.actor(CLERK), desk.story.now)
    assert view is not None
    position = str(view.present_parties[0].position)
    for application in Application.objects.filter(item_number="S24"):
        own_papers(desk.story, application.number)
    page = clerk.opens(url)
    assert AGENT.name in page.words and AGENT.id_no not in page.text, "numbers are masked"

    assert clerk.sends(url, step="identity", key="k1", position=position, id_no=AGENT.id_no, is_same="on").status == 302
    for requirement in view.requirements:
        if requirement.key != "proof":
            sent = {"material": requirement.key, "scans": picture(), "kind": "checked_returned", "pages": "1"}
            answer = clerk.sends(url, step="paper", key=f"p-{requirement.key}", **sent)
            assert answer.status == 302, answer.words[:1500]
    assert clerk.sends(url, step="inquiry", key="k3", **answers()).status == 302
    early = clerk.sends(
        url, step="sign", key="k4", position=position, signature=picture(), seen=clerk.opens(url).value("seen")
    )
    assert early.status == 422 and "没有补齐了" in early.words
    carries_out(desk)
    ready = clerk.opens(url)
    assert "等着签名的 2 件" in ready.words
    signed = {"position": position, "signature": picture(), "seen": ready.value("seen")}
    assert clerk.sends(url, step="sign", key="k4", **signed).status == 302
    assert clerk.sends(url, step="hand_over", key="k5").status == 302
    assert "正在逐件办" in clerk.opens(url).words
    carries_out(desk)

    states = set(Application.objects.filter(item_number="S24").values_list("state", flat=True))
    assert states == {ApplicationState.HANDED_OVER}
    after = clerk.opens(url).words
    assert "没有要一起办的" in after and "正在逐件办" not in after


def test_a_wrong_form_is_told_and_asks_for_nothing(desk: Desk) -> None:
    url = hands_in(desk, 9)
    clerk = desk.person()
    view = together.sample(BatchRow.objects.all()[0].batch_id, desk.story.actor(CLERK), desk.story.now)
    assert view is not None
    position = str(view.present_parties[0].position)
    wrong = (
        ({"step": "identity", "position": position, "id_no": flats()[3].holder.id_no, "is_same": "on"}, "不一样"),
        ({"step": "identity", "position": position, "id_no": AGENT.id_no}, "是本人"),
        ({"step": "paper", "material": "attorney", "kind": "collected", "pages": "1", "scans": picture()}, "原件"),
        ({"step": "paper", "material": "attorney", "kind": "copied", "pages": "0", "scans": picture()}, "页数"),
        ({"step": "sign", "position": position}, "签名"),
        ({"step": "sign", "position": position, "signature": SimpleUploadedFile("a.png", b"MZ")}, "文件"),
    )
    for fields, word in wrong:
        page = clerk.sends(url, key="k", **fields)
        assert page.status == 422 and word in page.words, (fields, page.words[:600])
    assert clerk.sends(url, key="k").status == clerk.sends(url, key="k", step="burn").status == 404
    assert not BatchAct.objects.exists()


def first_look(clerk: Person, url: str) -> int:
    """How many statements the page takes on another day."""
    BatchRow.objects.filter(batch=url.split("/")[-2]).update(checked_on=None)
    forget_kept()
    with CaptureQueriesContext(connection) as captured:
        assert clerk.opens(url).status == 200
    assert not BatchRow.objects.filter(checked_on=None).exists()
    return sum(not one["sql"].startswith(WRITES) for one in captured)


def test_the_page_takes_the_same_statements_for_five_rows_and_for_twenty_five(desk: Desk) -> None:
    codes = [flat.unit_code for flat in titled_flats(30)]
    few = begins(desk, [row_of(desk.story, code, n) for n, code in enumerate(codes[:5])])
    many = begins(desk, [row_of(desk.story, code, n) for n, code in enumerate(codes[5:], 5)])
    clerk = desk.person()
    clerk.opens(LIST)

    again = clerk.queries_of(many)
    assert clerk.queries_of(few) == again, "no row is checked"
    assert first_look(clerk, few) == first_look(clerk, many) > again, "every row is"
    BatchRow.objects.filter(batch=many.split("/")[-2]).update(ready_digest="5" * 64)
    page = clerk.opens(many)
    assert "等着签名的 25 件" in page.words and clerk.queries_of(many) == again


def test_another_window_sees_nothing_of_it(desk: Desk) -> None:
    url = hands_in(desk, 9)
    neighbour = desk.person(NEIGHBOUR)

    assert neighbour.opens(url).status == 403
    assert neighbour.sends(url, step="hand_over", key="k").status == 403
    assert not BatchAct.objects.exists()


def test_what_the_home_registry_would_not_record_is_told_before_the_hand_over(desk: Desk) -> None:
    item = CATALOGUE["S31"]
    number = takes(desk.story, item.number, [example_row(desk.story, item)])
    works(desk.story)
    clerk = desk.person()

    page = clerk.opens(f"/desk/batches/{number}/together")

    (made,) = Application.objects.filter(batch_row__batch=number)
    assert "属地试办通不过的" in page.words and "备案" in page.words and "改好" in page.words
    assert f"/desk/intake/{made.number}/form" in page.text
    assert "等着签名的 0 件" in page.words
    stage.presign(item, made.form, desk.story.tick())
    trying.try_form(made.number, desk.story.actor(CLERK), now=desk.story.tick())
    assert "属地试办通不过的" not in clerk.opens(f"/desk/batches/{number}/together").words
