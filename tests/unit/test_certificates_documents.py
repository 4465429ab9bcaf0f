"""Every document: it can be set, twice the same, in one page where it should, and leaves nothing to chance."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import PdfFileReader
from tests import certificate_samples as samples

from tongban.certificates import documents as d
from tongban.certificates.documents import DOCUMENTS, Document
from tongban.certificates.typeset.rendering import TEMPLATES, render
from tongban.domain.decision import Fact, Place, Reason
from tongban.domain.errors import InvalidInput

HEAD = d.Letterhead(samples.REGISTRY_ZH, "41052620261122000017", samples.DAY)
ITEM, ADDRESS, UNIT = (
    "权利人姓名变更登记",
    "滑县道口镇解放路中段东侧滨河花园3幢2单元502室",
    "410526 001002 GB00015 F00030027",
)
WHO, AGENT = ("王小丽",), "郑州市不动产登记中心"
RECEIPT_NO, CASE_NO = "SJ41010020261121000003", "41052620261122000017"
PLACE = Place("滑县不动产登记中心", "滑县文明路 100 号", "0372-8100000")
REASON = Reason(
    "N04c",
    "该不动产正被人民法院查封",
    "查封期间不得办理变更登记。",
    "《不动产登记暂行条例》第二十二条",
    "解除查封后再申请。",
)
MATERIALS = (d.MaterialLine("居民身份证", "原件核验", 1, 2, "当场退还"), d.MaterialLine("变更证明", "原件"))
REMEDY = "不服本决定的，可以自收到之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("L", (120, 40), 255).save(drawn, "PNG")
    return drawn.getvalue()


SIGNATURES = (
    d.SignatureLine("申请人", "王小丽", "2026年11月21日 10时12分", _picture()),
    d.SignatureLine("收件人", "李明", ""),
)
SAMPLES: tuple[Document, ...] = (
    d.TitleCertificate(
        "豫（2026）滑县不动产权第0001234号", samples.REGISTRY_ZH, samples.DAY, "王小丽", "单独所有", ADDRESS, UNIT,
        "国有建设用地使用权/房屋所有权", "出让/市场化商品房", "住宅", "房屋建筑面积 118.62 m²", "至2080年5月17日止",
        qr_svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
    ),
    d.RegistrationProof(
        "豫（2026）滑县不动产证明第0000321号", samples.REGISTRY_ZH, samples.DAY, "抵押权", "滑县道口农村商业银行", "王小丽",
        ADDRESS, UNIT, ("抵押方式：一般抵押", "被担保主债权数额：650,000.00元"), (f"业务号：{CASE_NO}",),
        qr_svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>',
    ),
    d.IntakeReceipt(
        HEAD, WHO, ITEM, ADDRESS, UNIT, RECEIPT_NO, AGENT, samples.REGISTRY_ZH, "2026年11月21日",
        "2026年11月23日前", MATERIALS, ("本凭证不是受理通知。",), SIGNATURES,
    ),
    d.AcceptanceNotice(
        HEAD, WHO, ITEM, ADDRESS, UNIT, RECEIPT_NO, CASE_NO, AGENT, "2026年11月22日",
        "1个工作日", "30个工作日", "不收费", ("审核后登簿。",),
    ),
    d.SupplementNotice(
        HEAD, WHO, ITEM, ADDRESS, UNIT, RECEIPT_NO, "10个工作日内",
        (d.SupplementLine("变更证明", "看不出曾用名", "提交有曾用名栏的户口簿"),), ("任一窗口",),
    ),
    d.NotAcceptedNotice(HEAD, WHO, ITEM, ADDRESS, RECEIPT_NO, "2026年11月21日", (REASON,), REMEDY, PLACE),
    d.RefusalDecision(
        HEAD, WHO, ITEM, ADDRESS, UNIT, CASE_NO, "2026年11月22日", (Fact("查封机关", "滑县人民法院"),), (REASON,),
        "材料退还申请人。", REMEDY,
    ),
    d.ObjectionAnswer(
        HEAD, "陶建民", "公〔2026〕41052620261123000011号《继承转移登记公告》", ADDRESS, "2026年11月23日", False,
        "我也是法定继承人。", "户口簿证明不是同一家人。", "细则第十七条", REMEDY,
    ),
    d.HomeReferralNotice(HEAD, WHO, ITEM, ADDRESS, AGENT, (REASON,), PLACE, "周一至周五", ("身份证",)),
    d.WithdrawalConfirmation(
        HEAD, WHO, ITEM, ADDRESS, UNIT, RECEIPT_NO, CASE_NO, "2026年11月21日", "2026年11月22日", "自愿", "未缴纳",
        MATERIALS, SIGNATURES[:1],
    ),
    d.InquiryRecord(
        HEAD, ITEM, ADDRESS, UNIT, RECEIPT_NO, "2026年11月21日", "3 号台", "李明", "王小丽",
        (d.InquiryLine("是否为真实意思表示？", "是。"),), "以上笔录我已阅读。", SIGNATURES,
    ),
    d.QueryResult(
        HEAD, "不动产登记资料查询结果证明", "王小丽（居民身份证 410526********1237）", "权利人", "", "核实登记情况",
        "不动产单元号 " + UNIT, "滑县不动产登记中心登记簿（滑县）", "2026年11月22日 10时12分", "CX41052620260000001",
        "经查询，查到1处不动产的登记信息。",
        (
            d.QueriedUnit(
                ADDRESS,
                (
                    d.QueryPart("权利人和权利", (Fact("权利人", "王小丽"), Fact("不动产权证号", "豫（2026）滑县"))),
                    d.QueryPart("查封和其他限制", (Fact("查封和其他限制", "没有"),)),
                ),
                ("有一项事务正在处理。",),
            ),
        ),
        ("只能用于写明的用途。",),
    ),
    d.QueryRefusal(
        HEAD, "王小丽", "准备买房的人", "买房前核实", ADDRESS, "2026年11月22日 10时12分", "CX41052620260000002",
        (Fact("缺少", "查询目的说明"),), (REASON,), REMEDY, PLACE,
    ),
)  # fmt: skip
EACH = pytest.mark.parametrize("document", SAMPLES, ids=lambda document: document.template)


def _pages(pdf: bytes) -> int:
    return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])


def _words(pdf: bytes) -> str:
    """The characters of a page, through the fonts' own tables; good enough to see what is printed."""
    reader = PdfFileReader(io.BytesIO(pdf))
    maps = b""
    for number in range(1, int(reader.trailer["/Size"])):
        found = reader.get_object(_reference(reader, number))
        if getattr(found, "data", None) and b"beginbfchar" in found.data:
            maps += found.data
    return bytes.fromhex(
        "".join(word.decode() for word in re.findall(rb"<[0-9a-fA-F]+> <([0-9a-fA-F]+)>", maps))
    ).decode("utf-16-be", "replace")


def _reference(reader: PdfFileReader, number: int) -> object:
    return Reference(number, 0, reader)


def test_there_is_a_sample_of_every_document() -> None:
    assert {type(sample) for sample in SAMPLES} == set(DOCUMENTS)


def test_every_document_has_its_template_and_every_template_its_document() -> None:
    parts = {"letter", "licence", "official", "ornament"}

    assert {path.stem for path in TEMPLATES.glob("*.typ")} - parts == {kind.template for kind in DOCUMENTS}


@EACH
def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    assert render(document) == render(document)


@EACH
def test_other_words_give_other_bytes(document: Document) -> None:
    assert render(document) != render(replace(document, address_zh="滑县别处"))  # type: ignore[type-var]


@EACH
def test_a_usual_document_is_one_page_of_archival_pdf(document: Document) -> None:
    pdf = render(document)

    assert _pages(pdf) == 1
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf or b'pdfaid:part="2"' in pdf


@EACH
def test_the_date_of_the_file_is_the_day_of_issue_and_not_the_clock(document: Document) -> None:
    pdf = render(document)

    assert document.day == date(2026, 11, 22)
    assert set(re.findall(rb"D:(\d{8})", pdf)) == {b"20261122"}


@EACH
def test_every_font_travels_inside_the_file(document: Document) -> None:
    pdf = render(document)

    names = set(re.findall(rb"/FontName/([A-Za-z+-]+)", pdf))
    assert {name.split(b"+")[1] for name in names} <= {b"NotoSerifSC-Regular", b"NotoSansSC-Regular"}
    assert names
    assert pdf.count(b"/FontFile") == len(names)


def test_a_rare_character_of_a_name_is_in_the_font() -> None:
    document = replace(SAMPLES[0], holders_zh="䶮喆堃㛃")  # type: ignore[type-var]

    assert set("䶮喆堃㛃") <= set(_words(render(document)))


def test_remedy_text_is_printed_as_given() -> None:
    document = next(sample for sample in SAMPLES if isinstance(sample, d.RefusalDecision))
    words = replace(document, remedy_zh="甲乙丙丁戊己庚辛壬癸")

    assert set("甲乙丙丁戊己庚辛壬癸") <= set(_words(render(words)))


def test_what_does_not_fit_its_cell_stands_whole_on_a_further_page() -> None:
    many = "、".join(f"张{chr(0x4E00 + number)}" for number in range(200))

    pdf = render(replace(SAMPLES[0], holders_zh=many))  # type: ignore[type-var]

    assert _pages(pdf) == 2
    assert set(many) <= set(_words(pdf))


def test_a_specimen_says_so_across_the_page() -> None:
    head = replace(HEAD, specimen_zh="演示样本")
    notice = next(sample for sample in SAMPLES if isinstance(sample, d.AcceptanceNotice))

    assert set("演示样本") <= set(_words(render(replace(notice, head=head))))
    assert not set("演样") <= set(_words(render(notice)))


def test_a_document_without_a_seal_has_none_drawn() -> None:
    notice = next(sample for sample in SAMPLES if isinstance(sample, d.SupplementNotice))

    assert "专" in _words(render(notice))
    assert "专" not in _words(render(replace(notice, head=replace(HEAD, seal_zh=""))))


def test_a_licence_with_its_data_attached_is_pdf_a_3() -> None:
    pdf = samples.World().page()

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf or b'pdfaid:part="3"' in pdf


def test_a_character_no_font_has_is_refused_and_never_printed_as_a_box() -> None:
    document = replace(SAMPLES[0], holders_zh="王\U000323af")  # type: ignore[type-var]

    with pytest.raises(InvalidInput) as refused:
        render(document)

    assert refused.value.code == "not_typeset"
    assert "\U000323af" in refused.value.message_zh
