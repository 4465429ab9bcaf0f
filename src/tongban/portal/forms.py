"""The forms of the public pages: what is typed or handed over, with errors in words people use."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tongban.certificates import qr_text
from tongban.domain.errors import InvalidInput
from tongban.domain.unit_code import parse_unit_code
from tongban.portal.places import City
from tongban.portal.uploads import FILE_BYTES_MAX
from tongban.portal.what_if import Page, PageKind

_LINE_BREAKS = str.maketrans("", "", "\r\n\t")
NUMBER_CHARACTERS_MAX = 100


class FileForm(forms.Form):
    """A certificate to be looked at."""

    file = forms.FileField(
        label="选择证照文件",
        help_text="从网上下载的原始 PDF 文件，不超过 20 MB。拍的照片、截的图、打印再扫描的都验不了。",
        error_messages={"empty": "这个文件是空的，请重新选择。"},
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES_MAX:
            raise forms.ValidationError("文件超过 20 MB，不是本系统签发的证照。")
        start = file.read(5)
        file.seek(0)
        if start != b"%PDF-":
            raise forms.ValidationError("这不是 PDF 文件。请选从网上下载的那一份；只有纸质证书的，请扫上面的二维码。")
        return file


class CodeForm(forms.Form):
    """The text of a scanned code; blanks inside and around it belong to it, line breaks do not."""

    code = forms.CharField(
        label="二维码里的文字",
        help_text="用手机扫证书上的二维码，会看到一长串以 TB1: 开头的文字，全部复制，粘贴到这里。",
        max_length=2 * qr_text.TEXT_CHARACTERS_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )

    def clean_code(self) -> str:
        text = str(self.cleaned_data["code"]).translate(_LINE_BREAKS)
        start = text.find(qr_text.PREFIX)
        if start < 0:
            raise forms.ValidationError("这不是证书上的二维码。证书的二维码扫出来以 TB1: 开头。")
        return _whole(text[start:])


class NumberForm(forms.Form):
    """A certificate number or a licence identifier."""

    number = forms.CharField(
        label="不动产权证号、登记证明号，或者证照标识",
        help_text="照着抄，例如 豫（2026）滑县不动产权第0001234号、豫（2026）滑县不动产证明第0001234号。括号用哪一种都行，空格不用管。",
        max_length=NUMBER_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UnitCodeForm(forms.Form):
    """A unit code; `parts` after validation."""

    unit_code = forms.CharField(
        max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
    )

    def __init__(self, page: Page, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["unit_code"].label = page.question_zh
        self.fields["unit_code"].help_text = page.help_zh

    def clean_unit_code(self) -> str:
        try:
            self.parts = parse_unit_code(self.cleaned_data["unit_code"])
        except InvalidInput as error:
            raise forms.ValidationError([f"{one.what_zh}。{one.cure_zh}。" for one in error.problems]) from None
        return str(self.parts.code)


class CountyForm(forms.Form):
    """Choose a county: a list by city, as every browser shows one."""

    division = forms.ChoiceField(label="选县（市、区）")

    def __init__(self, cities: tuple[City, ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = county_choices(cities)


def county_choices(cities: tuple[City, ...]) -> list[tuple[str, object]]:
    """The counties as groups of a select."""
    groups = [(city.name_zh, [(one.code, one.name_zh) for one in city.counties]) for city in cities]
    return [("", "请选择"), *groups]


def question_form(page: Page, cities: tuple[City, ...], data: dict[str, list[str]] | None) -> forms.Form:
    """The form of one what-if page, bound when it was sent."""
    return _QuestionForm(page, cities, data)


class _QuestionForm(forms.Form):
    def __init__(self, page: Page, cities: tuple[City, ...], data: dict[str, list[str]] | None) -> None:
        super().__init__(_flat(page, data) if data is not None else None)
        self.fields[page.key] = _field(page, cities)


def _flat(page: Page, data: dict[str, list[str]]) -> dict[str, object]:
    values = data.get(page.key, [])
    return {page.key: values if page.kind is PageKind.SOME else (values or [""])[0]}


def _field(page: Page, cities: tuple[City, ...]) -> forms.Field:
    options = [(option.value, option.label_zh) for option in page.options]
    field: forms.Field
    match page.kind:
        case PageKind.SOME:
            field = forms.MultipleChoiceField(choices=options, required=False, widget=forms.CheckboxSelectMultiple)
        case PageKind.DIVISION:
            field = forms.ChoiceField(choices=county_choices(cities))
        case _:
            field = forms.ChoiceField(choices=options, widget=forms.RadioSelect)
    field.label, field.help_text = page.question_zh, page.help_zh
    return field


def _whole(text: str) -> str:
    """The text without blanks that were pasted along, if it is only whole without them."""
    for candidate in (text, text.rstrip()):
        try:
            qr_text.unpack(candidate)
        except qr_text.UnreadableTextError:
            continue
        return candidate
    return text
