"""Registration proofs: what each kind of right prints, and that a proof verifies, and breaks, like a certificate."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from tests import certificate_samples as samples
from tests import proof_builders as p
from tests.certificate_samples import World
from tests.unit.test_certificates_documents import _pages, _words

from tongban.certificates import qr_text
from tongban.certificates.payload import Payload, UnreadablePayloadError
from tongban.certificates.seals.pdf_seal import seal_pdf
from tongban.certificates.typeset.contents import Issuing, document_of
from tongban.certificates.typeset.proof_contents import NOT_AGREED_ZH, PROVED_BURDENS, proof_words
from tongban.certificates.typeset.rendering import render
from tongban.certificates.verify import verify_payload, verify_pdf
from tongban.domain.burden_entries import OpenBurden
from tongban.domain.burdens import Burden
from tongban.domain.entries import Entry
from tongban.domain.facts import UnitState
from tongban.domain.terms import HolderKind, RightKind
from tongban.domain.titles import Holder, HolderIdentity
from tongban.domain.unit_page import UnitPage

ISSUING = Issuing(samples.REGISTRY_ZH, samples.DAY, "41052620261122000018")
CASE_LINE = "业务号：41052620261122000018"
TITLE_LINE = f"不动产权证书号：{p.TITLE.certificate_no}"
BANK_LINE = "抵押权人证件：滑县道口农村商业银行股份有限公司，统一社会信用代码 914105********0010"
MORTGAGE_LINES = [
    TITLE_LINE,
    "抵押方式：一般抵押",
    "抵押不动产类型：土地和房屋",
    "债务人：张小花",
    "被担保主债权数额：650,000.00元",
    "债务履行期限：2026年11月20日起2046年11月19日止",
    "担保范围：主债权及其利息、违约金、损害赔偿金和实现抵押权的费用",
    "是否存在禁止或者限制转让抵押不动产的约定：否",
    "抵押合同编号：滑农商抵字2026第0321号",
    "抵押顺位：第1顺位",
]
# Of each kind: matter, holder, obligor, 其他, 附记.
GOLDEN: Mapping[Burden, tuple[str, str, str, list[str], list[str]]] = {
    Burden.MORTGAGE: ("抵押权", "滑县道口农村商业银行股份有限公司", "张小花", MORTGAGE_LINES, [BANK_LINE, CASE_LINE]),
    Burden.MORTGAGE_NO_TRANSFER: (
        "抵押权",
        "滑县道口农村商业银行股份有限公司",
        "张小花",
        [line.replace("的约定：否", "的约定：是") for line in MORTGAGE_LINES],
        [BANK_LINE, CASE_LINE],
    ),
    Burden.MORTGAGE_MAXIMUM: (
        "最高额抵押权",
        "滑县道口农村商业银行股份有限公司",
        "张小花",
        [
            TITLE_LINE,
            "抵押方式：最高额抵押",
            "抵押不动产类型：土地和房屋",
            "债务人：滑县小花食品有限公司",
            "最高债权额：1,200,000.00元",
            "债权确定期间：2026年11月20日起2029年11月19日止",
            "担保范围：/",
            "是否存在禁止或者限制转让抵押不动产的约定：否",
            "抵押合同编号：滑农商最高抵字2026第0045号",
            "抵押顺位：第1顺位",
        ],
        [BANK_LINE, "最高债权额内的借款可以循环使用。", CASE_LINE],
    ),
    Burden.PRIORITY_NOTICE: (
        "预告登记",
        "李建国",
        "滑县滨河置业有限公司",
        [
            TITLE_LINE,
            "预告登记种类：预售商品房买卖预告登记",
            "取得价格或者被担保主债权数额：586,000.00元",
            "合同编号：滑预售2026第00871号",
            "共有情况：单独所有",
        ],
        ["预告登记权利人证件：李建国，居民身份证 410526********0009", CASE_LINE],
    ),
    Burden.MORTGAGE_NOTICE: (
        "抵押权预告登记",
        "滑县道口农村商业银行股份有限公司",
        "李建国",
        [
            TITLE_LINE,
            "预告登记种类：预售商品房抵押权预告登记",
            "取得价格或者被担保主债权数额：400,000.00元",
            "合同编号：滑农商预抵字2026第0102号",
            "债务履行期限：2026年11月20日起2046年11月19日止",
            "担保范围：/",
            "是否存在禁止或者限制转让抵押不动产的约定：/",
        ],
        [BANK_LINE.replace("抵押权人", "预告登记权利人"), CASE_LINE],
    ),
    Burden.HABITATION: (
        "居住权",
        "李建国",
        "张小花",
        [
            TITLE_LINE,
            "设立方式：合同",
            "居住的范围：整套住房",
            "居住权期限：到居住权人去世时止",
            "居住的条件和要求：不得转借他人居住；水电费由居住权人负担",
            "是否约定可以出租：否",
            "合同或者文书编号：居住权合同（2026年11月18日）",
        ],
        ["居住权人证件：李建国，居民身份证 410526********0009", CASE_LINE],
    ),
    Burden.EASEMENT: (
        "地役权",
        "李建国",
        "张小花",
        [
            TITLE_LINE,
            "需役地不动产单元号：410526001002GB00002F00010001",
            "利用目的和方法：通行",
            "地役权内容：从东侧院门通行到人民路，宽度3米",
            "地役权期限：2026年11月22日起至2046年11月21日止",
            "地役权合同编号：地役权合同（2026年11月15日）",
        ],
        ["地役权人证件：李建国，居民身份证 410526********0009", CASE_LINE],
    ),
    Burden.OBJECTION: (
        "异议登记",
        "李建国",
        "张小花",
        [TITLE_LINE, "异议事项：登记簿记载的权利人与实际出资人不一致", "理由和证据：出资协议、转账凭证"],
        [
            "申请人到2026年12月7日（含当日）没有提起诉讼的，异议登记失效（民法典第二百二十条）",
            "申请人证件：李建国，居民身份证 410526********0009",
            CASE_LINE,
        ],
    ),
}
EACH = pytest.mark.parametrize("kind", p.MATTERS, ids=lambda kind: kind.value)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def _said(opened: OpenBurden, *entries: Entry) -> Mapping[str, object]:
    return proof_words(UnitPage(p.FLAT, p.TITLE, (opened,)), opened, entries or (opened,), ISSUING)


def _pdf(world: World, words: Mapping[str, object]) -> bytes:
    opening = world.proof_opening(**words)
    attachment = world.attachment(world.packed(world.payload(opening)), opening)
    return render(document_of(attachment, world.payload(opening)))


# ---- the words ----


def test_every_right_that_gets_a_proof_has_its_golden_words() -> None:
    of_old_or_frozen = {Burden.MORTGAGE_OLD, Burden.MORTGAGE_FROZEN}

    assert set(GOLDEN) == set(p.MATTERS) == PROVED_BURDENS - of_old_or_frozen


@EACH
def test_a_proof_says_what_the_register_says_of_the_right(kind: Burden) -> None:
    said = _said(p.right(p.FLAT, kind))

    matter, holder, obligor, other, notes = GOLDEN[kind]
    assert said == {
        "certificate_no": p.proof(1),
        "registry_zh": samples.REGISTRY_ZH,
        "issued_on": "2026-11-22",
        "matter_zh": matter,
        "holders_zh": holder,
        "obligors_zh": obligor,
        "address_zh": p.TITLE.unit.address_zh,
        "unit_code_zh": "410526 001002 GB00015 F00030027",
        "other_zh": other,
        "notes_zh": notes,
        "seal_zh": "不动产登记专用章",
        "specimen_zh": "",
    }


@EACH
def test_a_proof_of_every_kind_is_one_page_with_all_its_words(world: World, kind: Burden) -> None:
    said = _said(p.right(p.FLAT, kind))

    pdf = _pdf(world, said)

    assert _pages(pdf) == 1
    matter, holder, obligor, other, notes = GOLDEN[kind]
    assert set("".join((matter, holder, obligor, *other, *notes))) - {" "} <= set(_words(pdf))


def test_a_mortgage_of_before_2021_says_nothing_of_columns_it_was_registered_without() -> None:
    old = p.right(p.FLAT, Burden.MORTGAGE)
    old = replace(old, burden=replace(old.burden, burden=Burden.MORTGAGE_OLD), private={"debt_yuan": "80000.00"})

    assert _said(old)["other_zh"] == [TITLE_LINE, "被担保主债权数额：80,000.00元", "抵押顺位：第1顺位"]


def test_a_scope_and_a_transfer_agreement_nobody_registered_are_struck_out() -> None:
    bare = replace(p.right(p.FLAT), private={"debt_yuan": "约捌万元", "debt_until": "2030-01-31"})

    assert _said(bare)["other_zh"] == [
        TITLE_LINE,
        "被担保主债权数额：约捌万元",
        "债务履行期限止：2030年1月31日",
        f"担保范围：{NOT_AGREED_ZH}",
        f"是否存在禁止或者限制转让抵押不动产的约定：{NOT_AGREED_ZH}",
        "抵押顺位：第1顺位",
    ]


def test_a_changed_mortgage_names_the_proof_it_replaces() -> None:
    changed = p.changed(p.right(p.FLAT), 2, debt_yuan="500000.00")

    said = _said(changed.opened, changed)

    assert said["certificate_no"] == p.proof(2)
    assert said["notes_zh"] == [f"原不动产登记证明号：{p.proof(1)}，自登簿时起作废", BANK_LINE, CASE_LINE]


def test_a_maximum_mortgage_whose_claim_is_determined_says_so() -> None:
    maximum = p.right(p.FLAT, Burden.MORTGAGE_MAXIMUM)
    changed = p.changed(maximum, 2, Burden.MORTGAGE, determined_yuan="980000.00", determined_fact="债权确定期间届满")

    said = _said(changed.opened, changed)

    assert said["matter_zh"] == "抵押权"
    assert "确定的债权数额：980,000.00元" in said["other_zh"]  # type: ignore[operator]
    assert "最高额抵押权担保的债权已经确定（民法典第四百二十三条）" in said["notes_zh"]  # type: ignore[operator]


def test_a_proof_speaks_of_its_own_right_and_not_of_another_changed_with_it() -> None:
    mine, other = p.right(p.FLAT), p.changed(p.right(p.FLAT, serial=5), 6)

    assert _said(mine, mine, other)["notes_zh"] == [BANK_LINE, CASE_LINE]


def test_holders_by_shares_are_named_with_their_shares() -> None:
    half = replace(p.PERSON, share=p.HALF)
    second = Holder(2, HolderKind.PERSON, HolderIdentity("王秀兰", p.PERSON.id_kind, "410526196602020000"), half.share)
    both = replace(p.right(p.FLAT, Burden.PRIORITY_NOTICE), holders=(half, second))

    assert _said(both)["holders_zh"] == "李建国（1/2）、王秀兰（1/2）"


def test_a_flat_without_a_title_takes_its_address_from_its_description() -> None:
    sold = p.right(p.FLAT, Burden.PRIORITY_NOTICE)
    described = UnitState(p.FLAT, "滑县新区滨河花园8幢1单元301室（在建）", RightKind.STATE_LAND_HOUSE)

    said = proof_words(UnitPage(p.FLAT, None, (sold,), described), sold, (sold,), ISSUING)

    assert said["address_zh"] == "滑县新区滨河花园8幢1单元301室（在建）"
    assert not any("不动产权证书号" in line for line in said["other_zh"])  # type: ignore[attr-defined]


def test_a_right_with_a_last_day_and_no_words_for_its_term_tells_the_day() -> None:
    until = p.right(p.FLAT, Burden.PRIORITY_NOTICE, until=date(2027, 2, 20))

    assert _said(until)["other_zh"][-1] == "期限至：2027年2月20日"  # type: ignore[index]


def test_a_very_long_scope_stands_whole_on_a_further_page(world: World) -> None:
    said = dict(_said(p.right(p.FLAT)))
    long = "".join(chr(0x4E00 + number) for number in range(1200))

    pdf = _pdf(world, said | {"other_zh": [long]})

    assert _pages(pdf) == 2
    assert set(long) <= set(_words(pdf))


# ---- verified ----


def test_a_genuine_proof_passes_every_check_and_says_what_it_proves(world: World) -> None:
    found = verify_pdf(world.proof(), world.trust())

    assert found.ok, found.checks
    assert not any(check.skipped for check in found.checks)
    assert {fact.name_zh: fact.value_zh for fact in found.facts} == {
        "证照种类": "不动产登记证明",
        "不动产登记证明号": "豫（2026）滑县不动产证明第0000321号",
        "不动产单元号": "410526001002GB00015F00030027",
        "登记机构": "滑县不动产登记中心",
        "签发时间": "2026-11-22T09:03:11+00:00",
        "证照标识": world.payload(world.proof_opening()).identifier,
        "证明权利或者事项": "抵押权",
        "权利人": "滑县道口农村商业银行股份有限公司",
        "义务人": "王小丽",
        "坐落": "滑县道口镇解放路中段东侧滨河花园3幢2单元502室",
        "抵押方式": "一般抵押",
        "被担保主债权数额": "650,000.00元",
        "担保范围": "/",
    }


def test_the_code_of_a_proof_names_its_kind_and_no_amount(world: World) -> None:
    code = qr_text.pack(world.packed(world.payload(world.proof_opening())))

    found = verify_payload(code, world.trust())

    assert found.ok
    facts = {fact.name_zh: fact.value_zh for fact in found.facts}
    assert (facts["证照种类"], facts["权利人"]) == ("不动产登记证明", "滑县************公司")
    assert "650" not in "".join(facts.values())


def test_one_flipped_byte_of_a_proof_is_named(world: World) -> None:
    pdf, trust, chance = world.proof(), world.trust(), random.Random(20)
    for _ in range(12):
        changed = bytearray(pdf)
        changed[chance.randrange(len(pdf))] ^= 1 << chance.randrange(8)

        assert {"file", "seal"} <= set(verify_pdf(bytes(changed), trust).broken)


def test_a_proof_that_shows_another_amount_is_named_even_with_a_good_seal(world: World) -> None:
    forged = world.proof(other_zh=("被担保主债权数额：50,000.00元",))

    assert verify_pdf(forged, world.trust()).broken == ("page",)


def test_the_words_of_a_certificate_under_a_proof_are_named(world: World) -> None:
    """Signed as a proof, but what is attached is a certificate: no page can show it."""
    opening = world.opening(certificate_no=samples.PROOF_CONTENT["certificate_no"])
    payload = replace(world.payload(opening), kind="proof", certificate_no=str(opening.content["certificate_no"]))
    attachment = world.attachment(world.packed(payload), opening)

    with pytest.raises(ValueError, match="proof"):
        document_of(attachment, payload)


@pytest.mark.parametrize("other", [5, [1, {}], "x", None])
def test_attached_words_of_any_shape_are_named_and_never_an_error(world: World, other: object) -> None:
    genuine = world.proof_opening()
    packed = world.packed(world.payload(genuine))
    forged = world.attachment(packed, replace(genuine, content={**genuine.content, "other_zh": other}))
    page = replace(document_of(world.attachment(packed, genuine), world.payload(genuine)), attachment=forged.to_text())

    found = verify_pdf(seal_pdf(render(page), world.seal(), now=samples.NOW), world.trust())

    assert found.broken == ("content", "page")
    assert found.facts == ()


def test_a_payload_of_no_known_kind_is_refused(world: World) -> None:
    strange = replace(world.payload(), kind="query_result").to_bytes()

    with pytest.raises(UnreadablePayloadError):
        Payload.parse(strange)
