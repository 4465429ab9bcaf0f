"""证书验真: what the page says to a genuine file, an altered one, a replaced one, and to somebody who tries numbers."""

from __future__ import annotations

import logging
import tracemalloc
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.portal_builders import a_certificate, flipped, renamed_again
from tests.province import Province, flats
from tests.stories.conftest import story as story

from tongban.certificates.seals.pdf_check import ATTACHED_BYTES_MAX, attached_file
from tongban.certificates.trust import read_trust
from tongban.certificates.verify import DATA, FILE, Check, Verification
from tongban.cli import verify_certificate
from tongban.directory.recent import forget_kept
from tongban.portal import kept_trust, limits, verdicts
from tongban.portal.uploads import BODY_BYTES_MAX

GENUINE, REPLACED, FALSE = "真的，现在有效", "真的，但已被新证替换", "不是真的，请不要认"


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    limits.forget()
    kept_trust.forget()
    yield
    limits.forget()
    kept_trust.forget()


@pytest.fixture(autouse=True)
def clock_of_the_story(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "story" in request.fixturenames:
        province: Province = request.getfixturevalue("story")
        monkeypatch.setattr(timezone, "now", lambda: province.now)


def page_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return unescape(response.content.decode())


def upload(client: Client, data: bytes, name: str = "证书.pdf") -> str:
    return page_of(client.post("/verify/file", {"file": SimpleUploadedFile(name, data, "application/pdf")}))


def typed(client: Client, number: str) -> str:
    return page_of(client.post("/verify/number", {"number": number}))


def scanned(client: Client, code: str) -> str:
    return page_of(client.post("/verify/code", {"code": code}))


def test_a_certificate_of_today_is_genuine_and_counts(story: Province, client: Client) -> None:
    certificate = a_certificate(story)

    page = upload(client, certificate.pdf)

    assert GENUINE in page
    assert "韩雨桐" in page and certificate.certificate_no in page
    for name in ("文件完整", "电子签章", "证照数据", "证照数据签名", "登记簿签名", "登簿凭据", "打印内容", "版面"):
        assert f"<strong>{name}</strong>" in page
    assert "不对</span>" not in page


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_one_flipped_bit_anywhere_in_the_file_is_named(story: Province, client: Client, share: float) -> None:
    certificate = a_certificate(story)

    page = upload(client, flipped(certificate.pdf, int(len(certificate.pdf) * share)))

    assert FALSE in page and GENUINE not in page
    assert "没有通过的检查：文件完整" in page
    assert "文件内容在签章之后被改动" in page or "电子签章数据被改动" in page


def test_a_file_with_something_added_is_named(story: Province, client: Client) -> None:
    page = upload(client, a_certificate(story).pdf + b"\n%")

    assert FALSE in page
    assert "电子签章没有覆盖整个文件，文件被截短或者追加过内容" in page


def test_a_scanned_code_is_genuine_and_counts(story: Province, client: Client) -> None:
    certificate = a_certificate(story)

    page = scanned(client, certificate.code)

    assert GENUINE in page
    assert "韩**" in page and "韩雨桐" not in page


def test_a_code_may_be_pasted_with_line_breaks_and_words_around_it(story: Province, client: Client) -> None:
    code = a_certificate(story).code
    lines = "\r\n".join(code[at : at + 60] for at in range(0, len(code), 60))

    assert GENUINE in scanned(client, f"扫描结果：{lines}\r\n")
    assert GENUINE in scanned(client, code + "  ")


@pytest.mark.parametrize("place", [5, 200, 600, -1])
def test_one_changed_letter_of_the_code_is_named(story: Province, client: Client, place: int) -> None:
    code = a_certificate(story).code
    at = place % len(code)
    other = "0" if code[at] != "0" else "1"

    page = scanned(client, code[:at] + other + code[at + 1 :])

    assert FALSE in page
    assert "没有通过的检查：证照数据" in page
    assert "不是本系统的证照二维码，或者内容被改动" in page


def test_a_replaced_licence_is_genuine_but_no_longer_counts(story: Province, client: Client) -> None:
    old = a_certificate(story)
    new = renamed_again(story)

    assert REPLACED in upload(client, old.pdf)
    assert REPLACED in scanned(client, old.code)
    assert "有这个证，但已被新证替换" in typed(client, old.identifier)
    assert "有这个证，但已被新证替换" in typed(client, old.certificate_no)
    assert GENUINE in upload(client, new.pdf)
    assert "有这个证，现在有效" in typed(client, new.certificate_no)


@pytest.mark.django_db
def test_a_genuine_file_of_another_site_is_not_said_to_count() -> None:
    found = Verification((Check(DATA, ok=True, detail_zh="完整"),), identifier="1.2.156.3005.2.of-another-site")

    answer = verdicts.verified(found).answer

    assert answer.title_zh == "真的，但不知道现在还有没有效"
    assert answer.tone != verdicts.DONE


@pytest.mark.django_db
def test_a_sealed_notice_is_genuine_but_no_certificate() -> None:
    found = Verification((Check(FILE, ok=True, detail_zh="完整"),))

    assert "不是不动产权证书" in verdicts.verified(found).answer.words_zh


def test_a_number_tells_a_stranger_four_things_and_no_more(story: Province, client: Client) -> None:
    certificate = a_certificate(story)

    page = typed(client, certificate.certificate_no.replace("（", " (").replace("）", ") "))

    assert "有这个证，现在有效" in page
    assert "410526 001001 GB00001 F00010001" in page and "韩**" in page
    assert "韩雨桐" not in page and "锦绣花园" not in page and "41052619" not in page
    assert "编号谁都能抄" in page


def test_a_paper_certificate_is_found_in_the_register(story: Province, client: Client) -> None:
    flat = flats()[1]
    holder = flat.title.holders[0].name

    page = typed(client, flat.title.certificate_no)

    assert "有这个证，现在有效" in page and "还没有电子证照" in page
    assert holder not in page and f"{holder[0]}*" in page


def test_the_paper_certificate_of_a_renamed_flat_counts_no_more(story: Province, client: Client) -> None:
    a_certificate(story)

    page = typed(client, flats()[0].title.certificate_no)

    assert "有过这个证，但已经作废" in page
    assert "**" not in page


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("豫（2025）滑县不动产权第0009999号", "没有查到这个编号"),
        ("1.2.156.3005.2.11100000MB03271699022.410526.2026Z0000009.001.X", "电子证照标识不对"),
        ("韩雨桐", "不动产权证号的写法不对"),
        ("410526198001010018", "不动产权证号的写法不对"),
        ("", "请填写“不动产权证号、登记证明号，或者证照标识”"),
    ],
)
def test_a_number_that_leads_nowhere_says_what_to_do(story: Province, client: Client, number: str, words: str) -> None:
    assert words in typed(client, number)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"", "这个文件是空的"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"0" * 100, "这不是 PDF 文件"),
        ("a.pdf", b"%PDF-1.7\nnothing", "没有电子签章"),
    ],
)
def test_a_file_that_is_no_certificate_says_what_to_do(
    story: Province, client: Client, name: str, data: bytes, words: str
) -> None:
    assert words in upload(client, data, name)


@pytest.mark.parametrize("code", ["", "https://example.com/1", "TB1:", "TB1:" + "A" * 6000])
def test_a_code_that_is_none_is_not_genuine(story: Province, client: Client, code: str) -> None:
    page = scanned(client, code)

    assert GENUINE not in page
    assert "不是证书上的二维码" in page or "请填写" in page or FALSE in page


def test_an_uploaded_file_never_leaves_memory(story: Province, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def to_the_disk(*words: object, **more: object) -> None:
        raise AssertionError("an upload went to the disk")

    monkeypatch.setattr(uploadedfile.TemporaryUploadedFile, "__init__", to_the_disk)
    rows = "SELECT count(*) FROM vault_blob"
    a_certificate(story)
    with connection.cursor() as cursor:
        cursor.execute(rows)
        before = cursor.fetchone()
        page = upload(client, b"%PDF-1.7\n" + b"0" * (6 * 1024 * 1024))
        cursor.execute(rows)
        assert cursor.fetchone() == before

    assert "没有电子签章" in page


def test_a_body_above_the_limit_is_refused_before_it_is_read(story: Province, client: Client) -> None:
    answer = client.generic("POST", "/verify/file", b"", CONTENT_LENGTH=str(BODY_BYTES_MAX + 1))

    assert "文件太大" in page_of(answer, 413)


def test_attached_data_is_unpacked_up_to_a_limit_only() -> None:
    packed = zlib.compress(bytes(64 * 1024 * 1024), 9)
    start = f"%PDF-1.7\n/Names[(a.json)1 0 R]\n<</Length {len(packed)}/Type/EmbeddedFile/Filter/FlateDecode>>\nstream\n"
    bomb = start.encode() + packed

    tracemalloc.start()
    found = attached_file(bomb, "a.json")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found is None
    assert most < 4 * ATTACHED_BYTES_MAX


def test_who_tries_numbers_out_has_to_wait(story: Province, client: Client) -> None:
    answers = [client.post("/verify/number", {"number": "x"}) for _ in range(limits.NUMBERS.most + 1)]

    assert [answer.status_code for answer in answers] == [200] * limits.NUMBERS.most + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= limits.NUMBERS.period_s
    assert "操作太频繁" in page_of(answers[-1], 429)
    assert client.get("/verify/number").status_code == 200
    assert client.post("/verify/number", {"number": "x"}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_limit_lets_go_when_its_period_is_over() -> None:
    limit = limits.Limit("test", most=2, period_s=10)

    waits = [limits.wait_s(limit, "192.0.2.1", now) for now in (0.0, 4.0, 5.0, 9.9, 10.0, 10.1, 14.0)]

    assert waits == [0, 0, 5, 1, 0, 4, 0]


def test_a_household_is_one_address() -> None:
    limit = limits.Limit("test", most=1, period_s=10)

    waits = [limits.wait_s(limit, text, 0.0) for text in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "?", "?")]

    assert waits == [0, 10, 0, 0, 10]


def test_addresses_that_came_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESSES_MAX", 2)
    limit = limits.Limit("test", most=1, period_s=10)

    waits = [limits.wait_s(limit, f"192.0.2.{n}", 0.0) for n in (1, 2, 3, 3, 1)]

    assert waits == [0, 0, 0, 10, 0]


def test_nothing_personal_reaches_an_address_or_a_log(
    story: Province, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = a_certificate(story)
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        for _ in range(limits.NUMBERS.most + 1):
            answer = client.post("/verify/number", {"number": certificate.certificate_no})
        upload(client, flipped(certificate.pdf, 5000))
        scanned(client, certificate.code[:-1])

    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert answer.status_code == 429
    assert certificate.certificate_no not in logged and certificate.code[:40] not in logged
    assert "韩" not in logged
    assert "no-store" in client.post("/verify/code", {"code": certificate.code})["Cache-Control"]


def test_numbers_in_an_address_are_not_looked_up(story: Province, client: Client) -> None:
    certificate = a_certificate(story)

    page = page_of(client.get("/verify/number", {"number": certificate.certificate_no}))

    assert "有这个证" not in page


def test_the_trust_file_verifies_the_same_certificate_without_us(
    story: Province, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = a_certificate(story)
    answer = client.get("/trust.json")
    trust_path, pdf_path = tmp_path / "trust.json", tmp_path / "证书.pdf"
    trust_path.write_bytes(answer.content)
    pdf_path.write_bytes(certificate.pdf)
    fingerprint = read_trust(answer.content).fingerprint

    words = [str(pdf_path), "--trust", str(trust_path), "--fingerprint", fingerprint]
    assert verify_certificate.run(words) == verify_certificate.GENUINE
    pdf_path.write_bytes(flipped(certificate.pdf, 5000))
    assert verify_certificate.run(words) == verify_certificate.BROKEN

    assert answer["Content-Disposition"] == 'attachment; filename="trust.json"'
    assert fingerprint in page_of(client.get("/verify/offline"))
    assert "✗ 文件完整" in capsys.readouterr().out


def test_the_trust_file_is_made_anew_after_a_few_seconds(story: Province, client: Client) -> None:
    first = client.get("/trust.json").content
    story.tick(seconds=kept_trust.KEPT.total_seconds() - 1)
    again = client.get("/trust.json").content
    story.tick(seconds=2)
    later = client.get("/trust.json").content

    assert first == again
    assert read_trust(later).issued_at > read_trust(first).issued_at


@pytest.mark.parametrize(("way", "most"), [("file", 2), ("code", 2), ("number", 4), ("paper", 5)])
def test_a_verification_costs_few_queries(story: Province, client: Client, way: str, most: int) -> None:
    certificate = a_certificate(story)
    scanned(client, certificate.code)
    forget_kept()

    with CaptureQueriesContext(connection) as queries:
        if way == "file":
            upload(client, certificate.pdf)
        elif way == "code":
            scanned(client, certificate.code)
        else:
            typed(client, certificate.certificate_no if way == "number" else flats()[1].title.certificate_no)

    assert len(queries) <= most, [one["sql"] for one in queries]
