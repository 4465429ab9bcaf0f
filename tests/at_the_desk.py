"""A clerk and officers at the pages of their desks, in a real browser: what they fill in, press and read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Locator, Page, expect

from tongban.cli import play
from tongban.cli.play import Wish
from tongban.domain.catalogue import CATALOGUE
from tongban.intake.filling import CHECKED_RETURNED, COLLECTED

PEOPLE_MAX = 9
ASKED = ("unit_code", "certificate_no", "holder_name", "holder_id_no")


def opens(page: Page, wish: Wish) -> str:
    """The clerk asks the home registry with the paper in hand; the new application's number."""
    page.goto(f"/desk/intake/new?item={wish.item_number}")
    known = dict(zip(ASKED, (wish.unit_code, wish.certificate_no, wish.holder_name, wish.holder_id_no), strict=True))
    fills(page, {**known, **{key: wish.form.get(key, "") for key in CATALOGUE[wish.item_number].opening_fields}})
    goes_on(page, "向属地核验", "**/desk/intake/SJ**")
    return page.url.split("/desk/intake/")[1].split("/")[0]


def completes(page: Page, number: str, wish: Wish, folder: Path) -> None:
    """Form, people, papers, questions and signatures; then it is handed over, with a receipt."""
    base = f"/desk/intake/{number}"
    page.goto(f"{base}/form")
    fills(page, {field.key: wish.form.get(field.key, "") for field in CATALOGUE[wish.item_number].fields})
    goes_on(page, "保存，去下一步", "**/people")
    checks_people(page)
    brings_materials(page, number, wish, folder)
    page.goto(f"{base}/inquiry")
    fills(page, wish.answers)
    goes_on(page, "保存，请申请人签名", "**/sign")
    sign(page, folder)
    page.goto(f"{base}/hand-over")
    goes_on(page, "封存并移交属地", "**/receipt")
    expect(page.locator("main")).to_contain_text("收件凭证")


def goes_on(page: Page, press: str, url: str) -> None:
    """Press a button that leads to another page; fails with what the page says instead."""
    try:
        page.get_by_role("button", name=press).click()
        page.wait_for_url(url)
    except Error:
        raise AssertionError(page.locator("main").inner_text()[:1500]) from None


def fills(page: Page, wanted: Mapping[str, str]) -> None:
    """What can be seen is filled in or chosen, in the order of the page."""
    for name, value in wanted.items():
        field = page.locator(f":is([name={name}], [name=answer-{name}]):visible")
        if not value or field.count() == 0:
            continue
        kind = field.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            field.and_(page.locator(f"[value='{value}']")).check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.first.select_option(value)
        else:
            field.first.fill(value)


def checks_people(page: Page) -> None:
    """Everybody present holds an identity card to the reader, and the face fits."""
    press = page.get_by_role("button", name="记下核验结果")
    for left in range(press.count(), 0, -1):
        form = page.locator("form").filter(has=press).last
        form.locator("input[name$=method][value=reader_face]").check()
        form.locator("input[name$=result][value=passed]").check()
        form.get_by_role("button", name="记下核验结果").click()
        page.wait_for_load_state()
        page.goto(page.url.split("/people")[0].split("/materials")[0] + "/people") if left > 1 else None


def brings_materials(page: Page, number: str, wish: Wish, folder: Path) -> None:
    """A scan of every material; the registry keeps the originals that the item says, every other one goes back."""
    kept = {one.key for one in CATALOGUE[wish.item_number].materials if one.keeps_original}
    page.goto(f"/desk/intake/{number}/materials")
    links = [link.get_attribute("href") or "" for link in page.locator("nav[aria-label=材料] a").all()]
    scan = folder / "scan.png"
    scan.write_bytes(play.scan("材料").data)
    for url in links:
        page.goto(f"/desk/intake/{number}/materials{url}" if url.startswith("?") else url)
        page.locator("input[type=file][name$=scans]").set_input_files(scan)
        goes_on(page, "保存扫描件", "**done=scanned**")
        if page.get_by_role("button", name="记下原件去向").count():
            key = parse_qs(urlsplit(url).query)["m"][0]
            page.check(f"input[name$=kind][value={COLLECTED if key in kept else CHECKED_RETURNED}]")
            goes_on(page, "记下原件去向", "**done=paper**")


def sign(page: Page, folder: Path) -> None:
    """Everybody present signs what was read out."""
    picture = folder / "signature.png"
    picture.write_bytes(play.signature("签名").data)
    signs = page.get_by_role("button", name="我看过了，都是真的，签名")
    for _ in range(PEOPLE_MAX):
        if signs.count() == 0:
            break
        who = page.locator("h1").inner_text()
        page.locator("input[type=file][name$=signature]").set_input_files(picture)
        signs.click()
        expect(page.locator("h1")).not_to_have_text(who)
    expect(page.locator("h1")).to_have_text("都签好了")


def decides(page: Page, number: str, presses: list[str], confirmed: Collection[str] = ()) -> None:
    """An officer finds the case by its application number and presses through one decision."""
    finds(page, number)
    for words in presses:
        for box in page.locator("#decide input[name=evidence]").all():
            if (box.get_attribute("value") or "") in confirmed:
                box.check()
                page.fill("#decide [name=proof]", "2026年11月20日的原件")
        control = _one(page.locator("#decide"), words)
        assert control.count(), page.locator("main").inner_text()
        before = page.url
        control.click()
        page.wait_for_url(lambda url, before=before: url != before)


def _one(place: Locator, words: str) -> Locator:
    return place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words)).first


def finds(page: Page, number: str) -> None:
    """The search field takes an application number and leads to its case."""
    page.goto("/desk/cases/")
    page.locator("main form input[type=text], main form input[type=search]").first.fill(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/41*/**")


def settles_dues(page: Page) -> None:
    """The desk officer takes the cases that wait for taxes and fees, and writes down every receipt and answer."""
    page.goto("/desk/cases/?queue=dues")
    waiting = page.locator("main table a")
    if waiting.count() == 0:
        return
    waiting.first.click()
    page.get_by_role("link", name="登记税费和审核结果").click()
    page.wait_for_url("**/dues")
    while (answer := page.get_by_role("button", name="登记结果")).count():
        asked = page.locator("[name=position]").get_attribute("value") or ""
        page.check("input[name=outcome][value=settled]")
        amount = page.locator("[name=amount]")
        if amount.count() and not amount.input_value():
            amount.fill("0")
        page.fill("[name=voucher_no]", f"PZ2026{asked}")
        answer.click()
        page.wait_for_load_state()
        assert page.locator(f"[name=position][value='{asked}']").count() == 0, page.locator("main").inner_text()
