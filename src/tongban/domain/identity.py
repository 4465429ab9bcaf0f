"""Who somebody is: documents of identity, the checks their numbers must pass, and how they are masked on a screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from tongban.domain.errors import Problem
from tongban.domain.terms import Term


class IdDocument(Term):
    """证件种类 (A30, and the real ones it does not list)."""

    ID_CARD = "id_card", "居民身份证"
    HOUSEHOLD_REGISTER = "household_register", "户口簿"
    RESIDENCE_PERMIT = "residence_permit", "港澳台居民居住证"
    HKMO_PASS = "hkmo_pass", "港澳居民来往内地通行证"
    TAIWAN_PASS = "taiwan_pass", "台湾居民来往大陆通行证"
    PASSPORT = "passport", "护照"
    FOREIGNER_CARD = "foreigner_card", "外国人永久居留身份证"
    OFFICER_CARD = "officer_card", "军官证（士兵证）"
    USCC = "uscc", "统一社会信用代码"
    ORGANISATION_CODE = "organisation_code", "组织机构代码"
    OTHER = "other", "其他证件"


PERSON_DOCUMENTS: Final = (
    IdDocument.ID_CARD,
    IdDocument.RESIDENCE_PERMIT,
    IdDocument.HKMO_PASS,
    IdDocument.TAIWAN_PASS,
    IdDocument.PASSPORT,
    IdDocument.FOREIGNER_CARD,
    IdDocument.HOUSEHOLD_REGISTER,
    IdDocument.OFFICER_CARD,
    IdDocument.OTHER,
)
ENTERPRISE_DOCUMENTS: Final = (IdDocument.USCC, IdDocument.ORGANISATION_CODE, IdDocument.OTHER)

LONGEST_NUMBER: Final = 40
LONGEST_NAME: Final = 120

_ID18 = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_FOREIGNER18 = re.compile(r"9\d{16}[\dX]", re.ASCII)
_FOREIGNER15 = re.compile(r"[A-Z]{3}\d{12}", re.ASCII)
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
_PASSPORT_CN = re.compile(r"[EGDSP]\d{8}|E[A-HJ-NP-Z]\d{7}", re.ASCII)
_HKMO = re.compile(r"[HM]\d{8}(\d{2})?", re.ASCII)
_TAIWAN = re.compile(r"\d{8}", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CARD = re.compile(r"\d{16,19}", re.ASCII)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)

_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff\u3400-\u4dbf]) (?=[\u4e00-\u9fff\u3400-\u4dbf])")
_DOTS = dict.fromkeys(map(ord, "•‧・･．"), "·")

_ID18_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RESIDENCE_AREAS = ("810000", "820000", "830000")


def normal_number(text: str) -> str:
    """A document number as it is stored: half-width, upper case, no blanks.  It is compared in this form only."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def normal_name(text: str) -> str:
    """A name as it is stored: NFC, outer blanks gone, inner runs of blanks made one, full-width middle dot kept."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain_name(text: str) -> str:
    """A name as two writings of it are compared: no blanks between Han letters (“王 明” on a card), one middle dot."""
    return _HAN_GAP.sub("", normal_name(text)).translate(_DOTS)


def id18_check_character(first17: str) -> str:
    """The last character of an 18-character ID number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID18_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def uscc_check_character(first17: str) -> str:
    """The last character of a unified social credit code (GB 32100)."""
    total = sum(_USCC_LETTERS.index(letter) * weight for letter, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_LETTERS[(31 - total % 31) % 31]


def check_id18(number: str) -> Problem | None:
    """GB 11643: form, a real day of birth, check character.  The area is not looked up: area codes die."""
    if len(number) != 18:
        return Problem("id_no", f"身份证号应为18位，现在是{len(number)}位", "请对照身份证重新填写")
    if _ID18.fullmatch(number) is None:
        return Problem("id_no", "身份证号前17位是数字，最后一位是数字或字母X", "请对照身份证重新填写")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born = None
    if born is None or not 1900 <= born.year < 2100:
        return Problem("id_no", "身份证号第7至14位不是真实的出生日期", "请对照身份证重新填写出生年月日那一段")
    if id18_check_character(number[:17]) != number[17]:
        return Problem("id_no", "身份证号有一位填错了（校验位不符）", "请对照身份证逐位核对")
    return None


def check_uscc(number: str) -> Problem | None:
    """GB 32100: form and check character.  The inner organisation code is not checked: some real ones fail it."""
    if _USCC.fullmatch(number) is None:
        return Problem("id_no", "统一社会信用代码应为18位数字和大写字母，不含I、O、S、V、Z", "请对照营业执照重新填写")
    if uscc_check_character(number[:17]) != number[17]:
        return Problem("id_no", "统一社会信用代码有一位填错了（校验位不符）", "请对照营业执照逐位核对")
    return None


def _check_residence(number: str) -> Problem | None:
    if not number.startswith(_RESIDENCE_AREAS):
        return Problem("id_no", "港澳台居民居住证号应以810000、820000或830000开头", "请对照证件重新填写")
    return check_id18(number)


def _check_foreigner(number: str) -> Problem | None:
    if _FOREIGNER18.fullmatch(number) is None:
        old_card = _FOREIGNER15.fullmatch(number)  # three letters of the country and twelve digits
        what_zh = "外国人永久居留身份证号应为9开头的18位，旧证是3个字母加12位数字"
        return None if old_card else Problem("id_no", what_zh, "请对照证件重新填写")
    if id18_check_character(number[:17]) != number[17]:
        return Problem("id_no", "外国人永久居留身份证号有一位填错了（校验位不符）", "请对照证件逐位核对")
    return None


def _form(pattern: re.Pattern[str], what_zh: str) -> Callable[[str], Problem | None]:
    def check(number: str) -> Problem | None:
        return None if pattern.fullmatch(number) else Problem("id_no", what_zh, "请对照证件重新填写")

    return check


_CHECKS: Mapping[IdDocument, Callable[[str], Problem | None]] = MappingProxyType(
    {
        IdDocument.ID_CARD: check_id18,
        IdDocument.HOUSEHOLD_REGISTER: check_id18,
        IdDocument.RESIDENCE_PERMIT: _check_residence,
        IdDocument.HKMO_PASS: _form(_HKMO, "港澳居民来往内地通行证号应为H或M加8位或10位数字"),
        IdDocument.TAIWAN_PASS: _form(_TAIWAN, "台湾居民来往大陆通行证号应为8位数字"),
        IdDocument.PASSPORT: _form(_PASSPORT, "护照号应为5至15位字母和数字"),
        IdDocument.FOREIGNER_CARD: _check_foreigner,
        IdDocument.USCC: check_uscc,
        IdDocument.ORGANISATION_CODE: _form(re.compile(r"[0-9A-Z]{8}-?[0-9X]"), "组织机构代码应为9位"),
        IdDocument.OFFICER_CARD: _form(re.compile(r".{4,40}"), "证件号至少4个字"),
        IdDocument.OTHER: _form(re.compile(r".{2,40}"), "证件号至少2个字"),
    }
)
assert set(_CHECKS) == set(IdDocument), "every kind of document has a check"


def check_document(kind: IdDocument, number: str) -> Problem | None:
    """The first thing wrong with a document number in its normal form, or None."""
    if not number:
        return Problem("id_no", f"没有填{kind.name_zh}号码", "请对照证件填写号码")
    if len(number) > LONGEST_NUMBER:
        return Problem("id_no", f"证件号不能超过{LONGEST_NUMBER}个字", "请对照证件重新填写")
    return _CHECKS[kind](number)


def is_chinese_passport(number: str) -> bool:
    """Whether the number has the form of a passport of China; other countries' numbers are free."""
    return _PASSPORT_CN.fullmatch(number) is not None


def check_name(name: str) -> Problem | None:
    """A name a person or body can bear: not empty, not too long, no control or private characters."""
    if not normal_name(name):
        return Problem("name", "没有填姓名或者名称", "请对照证件填写")
    if len(name) > LONGEST_NAME:
        return Problem("name", f"姓名或者名称不能超过{LONGEST_NAME}个字", "请对照证件重新填写")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") for letter in name):
        return Problem("name", "姓名或者名称里有看不见的符号", "请删掉后重新填写")
    if not any(unicodedata.category(letter).startswith("L") for letter in name):
        return Problem("name", f"“{name}”里没有文字，不是姓名或者名称", "请对照证件重新填写")
    return None


def check_phone(number: str) -> Problem | None:
    """A mobile number, or a fixed line with its area code."""
    if _PHONE.fullmatch(number) is None:
        cure_zh = "请只填一个号码：11位手机号，或者带区号的座机号"
        return Problem("phone", f"电话号码不对，现在是{len(number)}位", cure_zh)
    return None


def is_mobile(number: str) -> bool:
    """Whether short messages can reach the number."""
    return _MOBILE.fullmatch(number) is not None


def check_bank_card(number: str) -> Problem | None:
    """16 to 19 digits that pass Luhn's check."""
    if _CARD.fullmatch(number) is None or _luhn(number) % 10:
        return Problem("bank_card", "银行卡号不对", "请对照银行卡逐位核对")
    return None


def _luhn(number: str) -> int:
    total = 0
    for place, letter in enumerate(reversed(number)):
        digit = int(letter) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total


def birth_day(kind: IdDocument, number: str) -> date | None:
    """The day of birth inside a checked 18-character number; None when the document does not carry one."""
    if kind not in (IdDocument.ID_CARD, IdDocument.HOUSEHOLD_REGISTER, IdDocument.RESIDENCE_PERMIT):
        return None
    if check_id18(number) is not None:
        return None
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def mask_id(number: str) -> str:
    """First 6 and last 4 of a long number, first 1 and last 1 of a short one, stars between."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    if len(number) > 2:
        return number[0] + "*" * (len(number) - 2) + number[-1]
    return "*" * len(number)


def mask_name(name: str) -> str:
    """The family name of a person stays.  Names of more than 4 characters (bodies, long names) keep both ends."""
    if len(name) > 4:
        return name[:2] + "*" * (len(name) - 4) + name[-2:]
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(number: str) -> str:
    """First 3 and last 4 digits stay of a long number, the last 2 of a short one."""
    if len(number) >= 10:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    return "*" * max(len(number) - 2, 0) + number[-2:]


def modern_number(text: str) -> str:
    """The number in its normal form, with an old 15-digit ID number written as its 18-character successor."""
    number = normal_number(text)
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return number
    first17 = f"{number[:6]}19{number[6:]}"
    return first17 + id18_check_character(first17)
