"""How things are numbered: pure formatters and parsers, one place per kind of number (facts 10 and 12.3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from tongban.domain.codes import ApplicationNo, CaseNo, CertificateNo
from tongban.domain.errors import InvalidInput, Problem

PROVINCE_SHORT_ZH: Final = "豫"
_HAN = r"\u3007\u4e00-\u9fff"

_CERTIFICATE = re.compile(rf"豫（(\d{{4}})）([{_HAN}]{{2,15}})不动产权第(\d{{7}})号", re.ASCII)
_PROOF = re.compile(rf"豫（(\d{{4}})）([{_HAN}]{{2,15}})不动产证明第(\d{{7}})号", re.ASCII)
_QUERY_RESULT = re.compile(rf"豫（(\d{{4}})）([{_HAN}]{{2,15}})不动产查询证明第(\d{{7}})号", re.ASCII)
_QUERY_REFUSAL = re.compile(rf"豫（(\d{{4}})）([{_HAN}]{{2,15}})不动产不予查询第(\d{{7}})号", re.ASCII)
_ENQUIRY_NO = re.compile(r"CX41\d{4}\d{4}\d{7}", re.ASCII)
_READ = re.compile(rf"([{_HAN}])（(\d{{4}})）([{_HAN}]{{2,15}})不动产(权|证明)第(\d{{5,10}})号", re.ASCII)
_PRINT = re.compile(r"D?41\d{9}", re.ASCII)
_CASE_NO = re.compile(r"41\d{4}\d{8}\d{6}", re.ASCII)
_APPLICATION_NO = re.compile(r"SJ41\d{4}\d{8}\d{6}", re.ASCII)
_UPLOAD_NO = re.compile(r"\d{18}", re.ASCII)
_COURT_CASE = re.compile(
    rf"[（(]\d{{4}}[）)]\s*[{_HAN}]{{1,3}}\d{{0,4}}[{_HAN}]{{1,4}}\d+号(之[一二三四五六七八九十]+)?", re.ASCII
)
_LICENCE = re.compile(
    r"1\.2\.156\.3005\.2\.(?P<type_code>[0-9A-Z]{21})\.(?P<organ>[0-9A-Z]{6,18})\.(?P<serial>[0-9A-Z]{1,32})"
    r"\.(?P<version>\d{3})\.(?P<check>[0-9A-Z])"
)
LICENCE_ROOT: Final = "1.2.156.3005.2"


@dataclass(frozen=True, slots=True)
class CertificateParts:
    """A certificate or proof number in its parts."""

    province: str
    year: int
    registry_zh: str
    serial: str
    is_proof: bool


def certificate_no(year: int, registry_name: str, seq: int) -> CertificateNo:
    """“豫（2026）滑县不动产权第0001234号”; `registry_name` is the place in the seal, `seq` the year's count."""
    return CertificateNo(_written(_CERTIFICATE, f"豫（{year:04d}）{registry_name}不动产权第{seq:07d}号"))


def proof_no(year: int, registry_name: str, seq: int) -> CertificateNo:
    """“豫（2026）滑县不动产证明第0001234号”, with a counter of its own."""
    return CertificateNo(_written(_PROOF, f"豫（{year:04d}）{registry_name}不动产证明第{seq:07d}号"))


def query_result_no(year: int, registry_name: str, seq: int) -> str:
    """“豫（2026）滑县不动产查询证明第0000123号”: of a 查询结果证明, with a counter of its own."""
    return _written(_QUERY_RESULT, f"豫（{year:04d}）{registry_name}不动产查询证明第{seq:07d}号")


def query_refusal_no(year: int, registry_name: str, seq: int) -> str:
    """“豫（2026）滑县不动产不予查询第0000123号”: of a 不予查询告知书, with a counter of its own."""
    return _written(_QUERY_REFUSAL, f"豫（{year:04d}）{registry_name}不动产不予查询第{seq:07d}号")


def is_query_paper_no(text: str) -> bool:
    """Whether the text, in normal form, is the number of a 查询结果证明 or a 不予查询告知书."""
    return any(pattern.fullmatch(text) is not None for pattern in (_QUERY_RESULT, _QUERY_REFUSAL))


def enquiry_no(division: str, year: int, seq: int) -> str:
    """查询编号 of an application to query: “CX”, six digits of division, four of the year, seven of its count."""
    return _written(_ENQUIRY_NO, f"CX{division}{year:04d}{seq:07d}")


def parse_certificate_no(text: str) -> CertificateParts:
    """The parts of a number as people type it, with half-width brackets or blanks; of any province, 5 to 10 digits."""
    match = _READ.fullmatch(normal_certificate_no(text))
    if match is None:
        raise InvalidInput(
            [
                Problem(
                    "certificate_no", "不动产权证号的写法不对", "请照着证书填，例如 豫（2026）滑县不动产权第0001234号"
                )
            ]
        )
    return CertificateParts(match[1], int(match[2]), match[3], match[5], match[4] == "证明")


def is_certificate_no(text: str) -> bool:
    """Whether the text can be a certificate number: the present form, or an old house or land certificate's own words.

    Old certificates stay valid (条例 33) and have no common form; they name themselves a certificate and a number.
    """
    text = normal_certificate_no(text)
    return _READ.fullmatch(text) is not None or (5 <= len(text) <= 60 and "第" in text and text.endswith("号"))


def is_proof_no(text: str) -> bool:
    """Whether the text can be the number of a proof (不动产登记证明, or an old 他项权证)."""
    text = normal_certificate_no(text)
    found = _READ.fullmatch(text)
    return found[4] == "证明" if found else (5 <= len(text) <= 60 and "第" in text and text.endswith("号"))


def normal_certificate_no(text: str) -> str:
    """The number as it is stored: no blanks, full-width round brackets, half-width digits."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.replace("(", "（").replace(")", "）")


def is_print_no(text: str) -> bool:
    """Whether the text can be the serial printed on a paper form (印刷序列号)."""
    return _PRINT.fullmatch(text) is not None


def batch_no(drawn: ApplicationNo) -> str:
    """批量编号 of many applications handed in at once: “PL” before the digits of a number drawn as for one application."""
    return f"PL{drawn.removeprefix('SJ')}"


def case_no(division: str, day: date, seq: int) -> CaseNo:
    """业务号: six digits of the registry's division, eight of the day, six of the day's count."""
    return CaseNo(_written(_CASE_NO, f"{division}{day:%Y%m%d}{seq:06d}"))


def application_no(division: str, day: date, seq: int) -> ApplicationNo:
    """收件编号 at the receiving institution: “SJ” and a number built like a 业务号."""
    return ApplicationNo(_written(_APPLICATION_NO, f"SJ{division}{day:%Y%m%d}{seq:06d}"))


def is_case_no(text: str) -> bool:
    return _CASE_NO.fullmatch(text) is not None and _has_day(text[6:14])


def is_application_no(text: str) -> bool:
    return _APPLICATION_NO.fullmatch(text) is not None and _has_day(text[8:16])


def names_a_matter(text: str) -> bool:
    """Whether a text names a matter at hand: the number of a case, of an application, or of one to query."""
    tokens = re.findall(r"[A-Z0-9]{16,}", text, re.ASCII)
    return any(is_case_no(one) or is_application_no(one) or _ENQUIRY_NO.fullmatch(one) for one in tokens)


def upload_no(division: str, day: date, seq: int) -> str:
    """BizMsgID of the national upload: six digits of division, six of the day, six of count."""
    return _written(_UPLOAD_NO, f"{division}{day:%y%m%d}{seq:06d}")


def flow_no(case: CaseNo, unit_index: int, unit_count: int) -> str:
    """RecFlowID of the national upload: the case number, with “-1”, “-2” … when the case has several units."""
    assert 1 <= unit_index <= unit_count, "units of a case are counted from 1"
    return str(case) if unit_count == 1 else f"{case}-{unit_index}"


def looks_like_court_case(text: str) -> bool:
    """A hint only: a court case number of the usual form.  Others are real too; a mismatch warns, it never refuses."""
    return _COURT_CASE.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class LicenceIdentifier:
    """电子证照标识 (GB/T 36904) in its parts; `version` counts from 1."""

    type_code: str
    organ: str
    serial: str
    version: int

    @property
    def text(self) -> str:
        """The written identifier with its check character."""
        body = f"{self.type_code}.{self.organ}.{self.serial}.{self.version:03d}"
        return f"{LICENCE_ROOT}.{body}.{licence_check_character(body.replace('.', ''))}"


def licence_identifier(type_code: str, organ: str, serial: str, version: int) -> LicenceIdentifier:
    """An identifier of checked parts: type 21 characters, organ 6 to 18, serial up to 32, version 1 to 999."""
    identifier = LicenceIdentifier(type_code, organ, serial, version)
    if not 1 <= version <= 999 or _LICENCE.fullmatch(identifier.text) is None:
        raise _bad_licence()
    return identifier


def parse_licence_identifier(text: str) -> LicenceIdentifier:
    """The parts of a written identifier; refuses a wrong form or check character."""
    match = _LICENCE.fullmatch(text.strip())
    if match is None or match["version"] == "000":
        raise _bad_licence()
    found = LicenceIdentifier(match["type_code"], match["organ"], match["serial"], int(match["version"]))
    if found.text != match[0]:
        raise _bad_licence()
    return found


def licence_check_character(body: str) -> str:
    """ISO 7064 MOD 37,36 over type, organ, serial and version without dots."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    product = 36
    for letter in body:
        if letter not in letters:
            raise _bad_licence()
        total = (product + letters.index(letter)) % 36 or 36
        product = total * 2 % 37
    return letters[(1 - product) % 36]


def _bad_licence() -> InvalidInput:
    return InvalidInput([Problem("licence", "电子证照标识不对", "请重新下载电子证照，或者扫证照上的二维码")])


def _written(pattern: re.Pattern[str], text: str) -> str:
    """The text, once it fits its pattern: what we write must always read."""
    if pattern.fullmatch(text) is None:
        raise InvalidInput([Problem("number", f"编号“{text}”不合规则", "请检查区划代码、名称和顺序号")])
    return text


def _has_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) is not None
    except ValueError:
        return False
