"""The big answer of a verification in words: genuine or not, counting or not, and what exactly is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.certificates import queries
from tongban.certificates.payload import number_name_zh
from tongban.certificates.public_view import PublicLicence, State, by_certificate_no, by_identifier
from tongban.certificates.queries import Currency
from tongban.certificates.verify import Check, Verification
from tongban.directory import lookup
from tongban.domain.decision import Fact
from tongban.domain.errors import InvalidInput, NotFound
from tongban.domain.identity import mask_name
from tongban.domain.numbering import (
    LICENCE_ROOT,
    is_query_paper_no,
    normal_certificate_no,
    parse_certificate_no,
    parse_licence_identifier,
)
from tongban.domain.terms import Document
from tongban.domain.unit_code import parse_unit_code
from tongban.enquiries import queries as enquiries
from tongban.register import reading
from tongban.web.formatting import moment_zh
from tongban.web.parts import Datum

DONE, WARN, REFUSE = "allow", "condition", "refuse"


@dataclass(frozen=True, slots=True)
class BigAnswer:
    """One of three tones, a title that can be read across a counter, and what to do now."""

    tone: str
    title_zh: str
    words_zh: str
    cure_zh: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified file or code as its page shows it."""

    answer: BigAnswer
    checks: tuple[Check, ...]
    facts: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What anybody may learn of a number; None of it is a proof that a paper bearing the number is genuine."""

    answer: BigAnswer
    facts: tuple[Datum, ...] = ()


_STANDING = {
    State.CURRENT: (DONE, "现在有效", "没有被替换，也没有被注销。", ""),
    State.REPLACED: (WARN, "但已被新证替换", "这个证号已经作废，以后只认新证。", "请权利人出示新的电子证照。"),
    State.REVOKED: (
        WARN,
        "但已经注销",
        "这项权利或者事项已经不在登记簿上了，这份证照不再有效。",
        "有疑问的，请问下面写的登记机构。",
    ),
    State.PENDING: (WARN, "但还在制证", "已经登簿，电子证照正在签发。", "请过几分钟再查一次。"),
}
_NOT_HERE_ZH = "本站没有签发过它，查不到它现在还有没有效。"


def verified(found: Verification) -> Verified:
    """The answer to a file or a code: what the signatures prove, and whether it still counts today (one query)."""
    currency = _currency(found) if found.ok and found.identifier else None
    return Verified(_big_answer(found, currency), found.checks, tuple(_datum(fact) for fact in found.facts))


def known(number: str) -> Known:
    """The answer to a licence identifier, a certificate or a proof number as people type it; at most four queries.

    The number of a paper about a query is answered too.  Raises InvalidInput when it is none of these.
    """
    text = number.strip()
    if text.startswith(LICENCE_ROOT):
        licence = by_identifier(parse_licence_identifier(text).text)
        return _known_licence(licence) if licence else _UNKNOWN
    written = normal_certificate_no(text)
    if is_query_paper_no(written):
        return _known_query(written)
    is_proof = parse_certificate_no(text).is_proof
    licence = by_certificate_no(written)
    if licence:
        return _known_licence(licence)
    return _known_paper_proof(written) if is_proof else _known_paper(written)


def _currency(found: Verification) -> Currency | None:
    try:
        return queries.currency(found.identifier)
    except NotFound:
        return None


def _big_answer(found: Verification, currency: Currency | None) -> BigAnswer:
    if not found.ok:
        broken = "、".join(check.name_zh for check in found.checks if not check.ok)
        words = f"没有通过的检查：{broken}。哪里不对，下面一条一条写着。"
        return BigAnswer(REFUSE, "不是真的，请不要认", words, _DOUBT_ZH)
    if not found.identifier:
        return BigAnswer(
            DONE, "真的，没有改动", "这是登记机构盖了电子签章的文书，不是不动产权证书，也不是不动产登记证明。"
        )
    if currency is None:
        return BigAnswer(
            WARN, "真的，但不知道现在还有没有效", _NOT_HERE_ZH, "请到签发它的登记机构的网站上再查一次，或者打电话问。"
        )
    tone, title, words, cure = _STANDING[State(currency.state)]
    since = f"从{moment_zh(currency.since)}起。" if not currency.is_current else ""
    kind = "".join(f"这是{fact.value_zh}。" for fact in found.facts if fact.name_zh == "证照种类")
    return BigAnswer(tone, f"真的，{title}", kind + words + since, cure)


_DOUBT_ZH = "请对方重新发一份原始的电子文件，或者请他打开电子证照当面扫码。还不放心的，打电话问登记机构。"
_UNKNOWN = Known(
    BigAnswer(
        REFUSE,
        "没有查到这个编号",
        "本站签发的电子证照和登记簿里都没有它。",
        "请照着证书再核对一遍，特别是年份、县名和七位数字。2016年以前的老房产证、土地证在这里查不到，请问房产所在地的登记机构。",
    )
)


def _known_licence(licence: PublicLicence) -> Known:
    tone, title, words, _ = _STANDING[licence.state]
    facts = (
        Datum("证照种类", licence.kind.name_zh),
        Datum(number_name_zh(licence.kind), licence.certificate_no),
        Datum("现在的状态", f"{licence.state_zh}（{moment_zh(licence.since)}起）"),
        Datum("权利人", licence.holder_zh, missing_zh="" if licence.holder_zh else "签发以后才显示"),
        Datum("不动产单元号", parse_unit_code(licence.unit_code).grouped, is_code=True),
        Datum("登记机构", _registry_zh(licence.registry)),
        Datum("证照标识", licence.identifier, is_code=True),
    )
    what_zh = "有这份证明" if licence.kind is Document.PROOF else "有这个证"
    return Known(BigAnswer(tone, f"{what_zh}，{title}", words, _COMPARE_ZH), facts)


_COMPARE_ZH = "编号谁都能抄。要知道您手上这一份是不是真的，请再扫上面的二维码，或者上传电子文件。"


def _known_query(number: str) -> Known:
    """A 查询结果证明 or a 不予查询告知书: that it was given, by whom and when; never what it says or about whom."""
    paper = enquiries.public_paper(number)
    if paper is None:
        return _UNKNOWN
    facts = (
        Datum("编号", paper.paper_no),
        Datum("是什么", paper.name_zh),
        Datum("出具机构", paper.registry_zh),
        Datum("出具时间", paper.issued_at),
    )
    words = "登记机构确实出具过这个编号的文书。它说的是出具那一刻登记簿上的情况，以后可能有变化。"
    return Known(BigAnswer(DONE, "有这份文书", words, _QUERY_COMPARE_ZH), facts)


_QUERY_COMPARE_ZH = "编号谁都能抄。要知道您手上这一份是不是真的，请上传电子文件核对签章。"


def _known_paper(number: str) -> Known:
    """A certificate of paper: it stands in the register, but no licence was ever signed for it."""
    place = reading.find(number)
    if place is None:
        return _UNKNOWN
    title = reading.title(place.unit_code) if place.is_current else None
    names = "、".join(mask_name(holder.name) for holder in title.holders) if title else ""
    facts = (
        Datum("不动产权证号", place.certificate_no),
        Datum("现在的状态", "有效" if place.is_current else "已被新证替换或者注销"),
        *((Datum("权利人", names),) if names else ()),
        Datum("不动产单元号", parse_unit_code(place.unit_code).grouped, is_code=True),
    )
    if place.is_current:
        words = "登记簿上有这个证号。它是纸质证书，还没有电子证照。"
        return Known(BigAnswer(DONE, "有这个证，现在有效", words, _PAPER_ZH), facts)
    return Known(BigAnswer(WARN, "有过这个证，但已经作废", "登记簿上已经换了新证，或者已经注销。", _PAPER_ZH), facts)


def _known_paper_proof(number: str) -> Known:
    """A proof of paper: the right stands in the register, but no licence was ever signed for it."""
    place = reading.find_proof(number)
    if place is None:
        return _UNKNOWN
    facts = (
        Datum("不动产登记证明号", number),
        Datum("现在的状态", "有效" if place.is_current else "已被新证替换或者注销"),
        Datum("不动产单元号", parse_unit_code(place.unit_code).grouped, is_code=True),
    )
    if place.is_current:
        words = "登记簿上有这个证明号。它是纸质证明，还没有电子证照。"
        return Known(BigAnswer(DONE, "有这份证明，现在有效", words, _PAPER_ZH), facts)
    words = "登记簿上已经换了新的证明，或者已经注销。"
    return Known(BigAnswer(WARN, "有过这份证明，但已经作废", words, _PAPER_ZH), facts)


_PAPER_ZH = "编号谁都能抄。要知道手上的纸质证书、证明是不是真的，请带着它到任何一个登记窗口看。"


def _registry_zh(code: str) -> str:
    try:
        return lookup.institution(code).name_zh
    except NotFound:
        return code


def _datum(fact: Fact) -> Datum:
    """A signed fact as people read it: times in Chinese, codes in groups."""
    match fact.name_zh:
        case "签发时间":
            return Datum(fact.name_zh, datetime.fromisoformat(fact.value_zh))
        case "不动产单元号":
            return Datum(fact.name_zh, _grouped(fact.value_zh), is_code=True)
        case "证照标识":
            return Datum(fact.name_zh, fact.value_zh, is_code=True)
        case _:
            return Datum(fact.name_zh, fact.value_zh)


def _grouped(code: str) -> str:
    try:
        return parse_unit_code(code).grouped
    except InvalidInput:
        return code
