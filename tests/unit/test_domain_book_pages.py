"""The pages of the register made from entries: every version, what ended it, and what a reader may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.register_builders import (
    LEDGER,
    certificate,
    identity,
    opened,
    released,
    renamed,
    replaced,
    seized,
    title,
    unit,
)

from tongban.domain.acts import Act
from tongban.domain.book_pages.plain_words import MEANINGS, plain_words
from tongban.domain.book_pages.statutory import HIDDEN_ZH, Block, Sheet, holder_text, page_key, page_name_zh, sheets_of
from tongban.domain.book_pages.versions import OLD_STOCK_ZH, Recorded, Standing, UnitBook, book_of
from tongban.domain.burden_entries import AlterBurden, CloseBurden, OpenBurden
from tongban.domain.burdens import RECORDED_BURDENS, Burden, BurdenFact
from tongban.domain.entries import CloseTitle, DescribeUnit, Entry, ReplaceTitle
from tongban.domain.errors import EvidenceBroken
from tongban.domain.identity import IdDocument
from tongban.domain.terms import Cause, HolderKind
from tongban.domain.titles import Holder, HolderIdentity

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
BANK = Holder(1, HolderKind.ENTERPRISE, HolderIdentity("滑县农村商业银行", IdDocument.USCC, "91410526HX"))
PROOF = "豫（2026）滑县不动产证明第0000001号"
NEW_PROOF = "豫（2026）滑县不动产证明第0000002号"
TODAY = date(2026, 11, 22)


def written(*recordings: Entry | tuple[Entry, ...], act: str = "") -> list[Recorded]:
    """Recordings one day apart, each of one entry or of several; the first is old stock, the others have cases."""
    found: list[Recorded] = []
    for number, recording in enumerate(recordings):
        for entry in recording if isinstance(recording, tuple) else (recording,):
            case_no = f"4105262026010{number}000001" if number else ""
            at, seq = START + timedelta(days=number), len(found) + 1
            found.append(Recorded(entry, at, "魏建国", case_no, f"{LEDGER}/{seq}", act))
    return found


def book(*recordings: Entry | tuple[Entry, ...], on: date = TODAY, act: str = "") -> UnitBook:
    return book_of(unit(1), written(*recordings, act=act), on)


def mortgage(burden_no: str = PROOF, rank: int = 1, **private: str) -> OpenBurden:
    fact = BurdenFact(Burden.MORTGAGE, burden_no, date(2026, 1, 6), None, rank=rank, proof_no=burden_no)
    return OpenBurden(unit(1), fact, private or {"debt_yuan": "800000.00", "scope": "主债权和利息"}, (BANK,))


def sheet(found: UnitBook, key: str) -> Sheet:
    return next(one for one in sheets_of(found) if one.key == key)


def columns(block: Block, *, is_full: bool = True) -> dict[str, object]:
    return {cell.label_zh: cell.shown(is_full=is_full) for cell in (*block.cells, *block.end)}


def test_a_title_in_force_stands_on_the_page_of_its_right_with_the_columns_of_the_form() -> None:
    page = sheet(book(opened(1, note_zh="房改房")), "title")

    assert (page.title_zh, page.current, page.past) == ("房地产权登记信息", 1, 0)
    assert page.blocks[0].standing is Standing.CURRENT
    assert columns(page.blocks[0]) == {
        "不动产权证书号": certificate(1),
        "共有情况": "单独所有",
        "权利类型": "国有建设用地使用权/房屋所有权",
        "权利性质": "未记载",
        "坐落": "人民路1号",
        "规划用途": "",
        "建筑面积": "118.26 平方米",
        "土地面积": "",
        "土地使用期限至": "",
        "登记类型": OLD_STOCK_ZH,
        "登记原因": "未另行记载",
        "登记时间": START,
        "登簿人": "魏建国",
        "记载编号": "410526/1",
        "附记": "房改房",
    }


def test_a_transfer_leaves_the_title_before_as_history_with_the_entry_that_ended_it() -> None:
    sold = ReplaceTitle(certificate(1), replace(title(2, "王大明"), unit=title(1).unit), Cause.SALE)

    new, old = sheet(book(opened(1), sold, act=Act.TRANSFER.value), "title").blocks

    assert (new.standing, old.standing) == (Standing.CURRENT, Standing.HISTORIC)
    assert [holder.name for holder in new.holders] == ["王大明"] and [one.name for one in old.holders] == ["张小花"]
    assert columns(new)["登记类型"] == "转移登记" and columns(new)["登记原因"] == "买卖"
    assert [(cell.label_zh, cell.value) for cell in old.end] == [
        ("变更时间", START + timedelta(days=1)),
        ("变更原因", "买卖"),
        ("变更业务号", "41052620260101000001"),
        ("变更登簿人", "魏建国"),
        ("变更记载编号", "410526/2"),
    ]


def test_a_name_change_and_its_new_certificate_are_one_version_when_recorded_together() -> None:
    person = identity(id_no="410526199001010001")
    pages = book(opened(1), (renamed(1, person, "张晓花"), replaced(1, certificate(1), certificate(9))))

    new, old = sheet(pages, "title").blocks

    assert ([one.name for one in new.holders], new.name_zh) == (["张晓花"], certificate(9))
    assert columns(new)["登记原因"] == f"姓名或者名称改变；换发证书，{certificate(1)}作废"
    assert [one.name for one in old.holders] == ["张小花"]
    assert len(pages.states) == 1, "the natural state did not change"


def test_a_closed_title_is_terminated_and_the_unit_has_no_current_title() -> None:
    pages = book(opened(1), CloseTitle(unit(1), certificate(1), Cause.DIVISION))

    (block,) = sheet(pages, "title").blocks

    assert (pages.title, block.standing) == (None, Standing.TERMINATED)
    assert [(cell.label_zh, cell.value) for cell in block.end][:2] == [
        ("终止时间", START + timedelta(days=1)),
        ("终止原因", "分立"),
    ]
    assert [one.standing for one in pages.states] == [Standing.TERMINATED]


def test_a_described_unit_shows_its_natural_state_and_an_empty_title_page() -> None:
    pages = book(DescribeUnit(title(1).unit))

    assert [one.standing for one in pages.states] == [Standing.CURRENT]
    assert sheet(pages, "title").blocks == () and sheet(pages, "title").title_zh == "房地产权登记信息"
    assert columns(sheet(pages, "unit").blocks[0])["建筑面积"] == "118.26 平方米"


def test_a_change_of_the_natural_state_with_the_title_is_a_version_of_the_unit_too() -> None:
    larger = replace(title(2), unit=replace(title(1).unit, area_m2="120.00"))

    new, old = sheet(book(opened(1), ReplaceTitle(certificate(1), larger, Cause.OTHER)), "unit").blocks

    assert (columns(new)["建筑面积"], columns(old)["建筑面积"]) == ("120.00 平方米", "118.26 平方米")
    assert (new.standing, old.standing) == (Standing.CURRENT, Standing.HISTORIC)


def test_mortgages_stand_by_rank_and_a_changed_one_keeps_its_old_version_as_history() -> None:
    first, second = mortgage(), mortgage("豫（2026）滑县不动产证明第0000005号", rank=2)
    changed = replace(first.burden, proof_no=NEW_PROOF)
    altered = AlterBurden(unit(1), first.burden, changed, {"debt_yuan": "900000.00"}, (BANK,))

    page = sheet(book(opened(1), first, second, altered), "mortgage")

    assert [
        (block.standing, columns(block)["顺位"], columns(block)["被担保主债权数额（元）"]) for block in page.blocks
    ] == [
        (Standing.CURRENT, "第1顺位", "900000.00"),
        (Standing.CURRENT, "第2顺位", "800000.00"),
        (Standing.HISTORIC, "第1顺位", "800000.00"),
    ]
    assert columns(page.blocks[0])["登记类型"] == "变更登记" and columns(page.blocks[2])["登记类型"] == "首次登记"
    assert (page.current, page.past) == (2, 1)


def test_a_cancelled_burden_says_when_and_why_it_was_cancelled() -> None:
    page = sheet(book(opened(1), mortgage(), CloseBurden(unit(1), PROOF, "主债权消灭")), "mortgage")

    (block,) = page.blocks
    assert block.standing is Standing.CANCELLED
    assert [(cell.label_zh, cell.value) for cell in block.end][:2] == [
        ("注销时间", START + timedelta(days=2)),
        ("注销原因", "主债权消灭"),
    ]


def test_a_mortgage_goes_on_through_a_transfer_of_the_title() -> None:
    sold = ReplaceTitle(certificate(1), replace(title(2, "王大明"), unit=title(1).unit), Cause.SALE)

    pages = book(opened(1), mortgage(), sold)

    assert [one.standing for one in pages.burdens] == [Standing.CURRENT]


@pytest.mark.parametrize(
    ("burden", "until", "on", "standing"),
    [
        (Burden.PRIORITY_NOTICE, date(2026, 4, 5), date(2026, 4, 5), Standing.CURRENT),
        (Burden.PRIORITY_NOTICE, date(2026, 4, 5), date(2026, 4, 6), Standing.LAPSED),
        (Burden.OBJECTION, date(2026, 1, 21), date(2026, 1, 22), Standing.LAPSED),
        (Burden.SEIZURE, date(2029, 1, 5), date(2029, 1, 6), Standing.LAPSED),
        (Burden.SEIZURE, date(2029, 1, 5), date(2026, 1, 5), Standing.NOT_YET),
        (Burden.MORTGAGE, date(2026, 4, 5), date(2030, 1, 1), Standing.CURRENT),
    ],
)
def test_a_date_alone_lapses_notices_objections_and_seizures_but_never_a_mortgage(
    burden: Burden, until: date, on: date, standing: Standing
) -> None:
    fact = BurdenFact(burden, "1", date(2026, 1, 6), until)

    assert [one.standing for one in book(opened(1), OpenBurden(unit(1), fact), on=on).burdens] == [standing]


def test_what_names_people_or_money_is_hidden_from_a_reader_without_a_reason() -> None:
    (block,) = sheet(book(opened(1), mortgage()), "mortgage").blocks

    masked, full = columns(block, is_full=False), columns(block)

    assert (masked["被担保主债权数额（元）"], full["被担保主债权数额（元）"]) == (HIDDEN_ZH, "800000.00")
    assert masked["担保范围"] == full["担保范围"] == "主债权和利息"
    assert masked["债务人"] == "", "an empty column is not called hidden"
    assert holder_text(BANK, is_full=True) == "滑县农村商业银行，企业，统一社会信用代码 91410526HX"
    assert "农村商业" not in holder_text(BANK, is_full=False) and "91410526HX" not in holder_text(BANK, is_full=False)


def test_the_remarks_of_a_title_may_name_people_and_are_hidden_too() -> None:
    (block,) = sheet(book(opened(1, note_zh="与张大花离婚析产")), "title").blocks

    assert columns(block, is_full=False)["附记"] == HIDDEN_ZH


def test_every_burden_the_register_can_hold_has_a_page_a_name_and_a_meaning_with_its_law() -> None:
    for burden in RECORDED_BURDENS:
        pages = book(opened(1), OpenBurden(unit(1), BurdenFact(burden, "1", date(2026, 1, 6))))
        page = sheet(pages, page_key(burden))
        assert [block.name_zh for block in page.blocks] == [burden.name_zh]
        assert page_name_zh(page.key) and MEANINGS[burden].means_zh and MEANINGS[burden].law_zh


def test_a_page_where_nothing_was_recorded_is_there_and_empty() -> None:
    found = sheets_of(book(opened(1)))

    assert [(one.key, len(one.blocks)) for one in found] == [
        ("unit", 1),
        ("title", 1),
        ("easement", 0),
        ("habitation", 0),
        ("mortgage", 0),
        ("notice", 0),
        ("objection", 0),
        ("seizure", 0),
        ("restriction", 0),
    ]


def test_the_summary_groups_burdens_by_kind_and_puts_what_stops_everything_first() -> None:
    notice = OpenBurden(unit(1), BurdenFact(Burden.PRIORITY_NOTICE, "y", date(2026, 1, 6), date(2026, 4, 5)))
    pages = book(opened(1), notice, mortgage(), mortgage(NEW_PROOF, 2), seized(1))

    assert [line.what_zh for line in plain_words(pages, TODAY)] == [
        "查封 1 项",
        "抵押权 2 项",
        "预告登记 1 项（期限已过，还没有注销）",
    ]


def test_a_mortgage_of_the_old_law_is_summed_up_as_one() -> None:
    old = OpenBurden(unit(1), BurdenFact(Burden.MORTGAGE, PROOF, date(2019, 3, 1), rank=1))

    assert [line.what_zh for line in plain_words(book(opened(1), old), TODAY)] == ["2021年以前设立的抵押权 1 项"]


def test_a_released_seizure_is_gone_from_the_summary() -> None:
    assert plain_words(book(opened(1), seized(1), released(1)), TODAY) == ()


def test_entries_that_contradict_each_other_make_no_pages() -> None:
    with pytest.raises(EvidenceBroken):
        book(opened(1), released(1))


def test_a_notice_tells_its_last_day_and_that_it_may_have_lapsed_once_that_is_over() -> None:
    notice = OpenBurden(
        unit(1), BurdenFact(Burden.PRIORITY_NOTICE, PROOF, date(2026, 1, 6), proof_no=PROOF), {}, (BANK,)
    )
    last = {PROOF: date(2026, 4, 7)}

    running = book_of(unit(1), written(notice), date(2026, 4, 7), last)
    over = book_of(unit(1), written(notice), date(2026, 4, 8), last)
    unknown = book_of(unit(1), written(notice), date(2036, 4, 8))

    assert [one.standing for found in (running, over, unknown) for one in found.burdens] == [
        Standing.CURRENT,
        Standing.OVERDUE,
        Standing.CURRENT,
    ]
    says = plain_words(running, date(2026, 4, 1))[0]
    assert "最后一天是2026-04-07，还剩6天" in says.meaning.means_zh
    says = plain_words(over, date(2026, 4, 8))[0]
    assert says.what_zh == "预告登记 1 项（可能已失效，待核实）"
    assert "核实以前，它照样管用：有人已经先占了位" in says.meaning.means_zh
    assert "最后一天" not in plain_words(unknown, date(2036, 4, 8))[0].meaning.means_zh


def test_what_follows_from_other_entries_is_never_written() -> None:
    fact = BurdenFact(Burden.PRIORITY_NOTICE, PROOF, date(2026, 1, 6), final_by=date(2026, 4, 7))

    assert BurdenFact.from_wire(fact.to_wire()) == fact
    with pytest.raises(AssertionError):
        OpenBurden(unit(1), fact).to_public()
