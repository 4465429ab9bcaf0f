"""The form of the estimate: what is transferred, by whom, for how much; nothing personal, nothing kept."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from django import forms

from tongban.domain.errors import InvalidInput
from tongban.domain.fees.terms import FeeUse, PayerKind
from tongban.domain.taxes import Deal, HomesOwned, Seat
from tongban.domain.taxes.holding import years_before
from tongban.domain.terms import Cause, HolderKind
from tongban.portal.costs import Plan
from tongban.portal.forms import county_choices
from tongban.portal.places import City

MORTGAGE: Final = "mortgage"
WITHOUT_PRICE: Final = frozenset({Cause.INHERITANCE.value, Cause.SPOUSES.value, Cause.DIVORCE.value, MORTGAGE})
BY_AREA: Final = frozenset({Cause.SALE, Cause.DEVELOPER_SALE})
MATTERS: Final = (
    (Cause.SALE.value, "买卖二手房"),
    (Cause.DEVELOPER_SALE.value, "从开发商买新房"),
    (Cause.KIN_GIFT.value, "送给近亲属（配偶、父母、子女、祖孙、兄弟姐妹）"),
    (Cause.GIFT.value, "送给别人"),
    (Cause.INHERITANCE.value, "继承"),
    (Cause.LEGACY.value, "受遗赠（遗嘱给了继承人以外的人）"),
    (Cause.SPOUSES.value, "夫妻之间加名字、换名字"),
    (Cause.DIVORCE.value, "离婚分房子"),
    (Cause.EXCHANGE.value, "两家换房"),
    (MORTGAGE, "只办抵押贷款"),
)
_THINGS: Final = (
    (FeeUse.RESIDENTIAL.value, "住房"),
    (FeeUse.GARAGE_OWN.value, "单独发证的车位、车库、储藏室"),
    (FeeUse.OTHER.value, "商铺、办公室、厂房等"),
)
_HELD: Final = (("0", "不满二年，或者说不清"), ("2", "满二年，不满五年"), ("5", "满五年"))
_GIVERS: Final = (("person", "个人"), ("enterprise", "公司等单位"))
_YUAN: Final = re.compile(r"(?P<number>\d{1,12}(\.\d{1,6})?)(?P<ten_thousands>万)?元?", re.ASCII)
_CERTIFICATES_MAX: Final = 20
_FIELD_OF: Final = {"price": "price", "cost": "cost", "returned": "returned", "area": "area_m2", "held_since": "held"}


class YuanField(forms.CharField):
    """An amount as people write it: 800000, 800,000, 80万, 80.5万元; the value is whole fen."""

    def __init__(self, **more: object) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **more)  # type: ignore[arg-type]

    def clean(self, value: str) -> int | None:
        """Fen, or None when nothing was written."""
        text = re.sub(r"[\s,，]", "", str(super().clean(value)))
        if not text:
            return None
        found = _YUAN.fullmatch(text)
        fen = Decimal(found["number"]) * (1_000_000 if found["ten_thousands"] else 100) if found else Decimal("0.5")
        if fen != int(fen):
            raise forms.ValidationError("看不懂这个钱数。请填多少元，例如 800000；也可以填 80万。")
        return int(fen)


class EstimateForm(forms.Form):
    """One transfer; what is not asked for by the matter may stay as it is."""

    matter = forms.ChoiceField(label="办什么", choices=MATTERS)
    thing = forms.ChoiceField(label="是什么房子", choices=_THINGS)
    area_m2 = forms.CharField(
        label="建筑面积（平方米）",
        help_text="照不动产权证填，例如 118.26。住房按面积分税率。",
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    price = YuanField(
        label="价钱（元）",
        help_text="合同上的价钱。买新房填发票上不含税的价钱；赠与、遗赠填房子大概值多少。继承、夫妻之间、离婚、只办抵押的不用填。",
        required=False,
    )
    division = forms.ChoiceField(label="房子在哪个县（市、区）", help_text="不选，就按全省的标准算。", required=False)
    seat = forms.ChoiceField(
        label="房子在哪里", choices=[(one.value, one.name_zh) for one in Seat], initial=Seat.TOWN.value
    )
    taker_homes = forms.ChoiceField(
        label="买下以后，这是家里第几套住房",
        help_text="家里是指夫妻和没成年的孩子，只数房子所在县（市、区）的住房。",
        choices=[(one.value, one.name_zh) for one in HomesOwned],
    )
    taker_kind = forms.ChoiceField(
        label="取得房子的是谁", choices=[(one.value, one.name_zh) for one in PayerKind], initial=PayerKind.PERSON.value
    )
    certificates = forms.IntegerField(
        label="要几本不动产权证书",
        help_text="第一本不收钱，几个人共有、想各拿一本的，多一本收一本的工本费。",
        min_value=1,
        max_value=_CERTIFICATES_MAX,
        initial=1,
    )
    with_loan = forms.BooleanField(label="买房的钱有一部分是银行贷款，同时办抵押", required=False)
    giver_kind = forms.ChoiceField(label="原来的主人是谁", choices=_GIVERS)
    held = forms.ChoiceField(
        label="原来的主人取得房子多久了",
        help_text="看不动产权证和契税完税证明，哪个日期早就从哪天算。继承、近亲属赠与来的，从上一个主人取得的那天算。",
        choices=_HELD,
    )
    is_only = forms.BooleanField(label="这是原来的主人家里唯一的住房", required=False)
    cost = YuanField(
        label="当初买来花了多少钱（元）",
        help_text="买价加税费，要有票据。没有票据的不填。",
        required=False,
    )
    returned = YuanField(label="换出去的房子值多少（元）", help_text="只有两家换房才填。", required=False)

    def __init__(self, cities: tuple[City, ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField), "declared above"
        field.choices = county_choices(cities)

    def clean(self) -> dict[str, object]:
        """A price where the matter has one, and the area of a home."""
        given: dict[str, object] = super().clean() or self.cleaned_data
        if given.get("matter") not in WITHOUT_PRICE and "price" in given and given["price"] is None:
            self.add_error("price", "请填价钱，税是按价钱算的。")
        if given.get("matter") == Cause.EXCHANGE.value and given.get("returned", 0) is None:
            self.add_error("returned", "请填换出去的房子值多少，契税按差价算。")
        return given

    def plan(self, day: date) -> Plan | None:
        """What is meant; None when the figures cannot be, and then the form says so at the fields."""
        given = self.cleaned_data
        try:
            deal = None if given["matter"] == MORTGAGE else self._deal(day)
        except InvalidInput as error:
            for problem in error.problems:
                self.add_error(_FIELD_OF.get(problem.field), f"{problem.what_zh}。{problem.cure_zh}。")
            return None
        return Plan(
            deal, FeeUse(given["thing"]), PayerKind(given["taker_kind"]), given["certificates"], given["with_loan"]
        )

    def _deal(self, day: date) -> Deal:
        given = self.cleaned_data
        cause = Cause(given["matter"])
        is_person = given["taker_kind"] in (PayerKind.PERSON.value, PayerKind.SOLE_TRADER.value)
        any_area = "" if cause in BY_AREA else "1"  # nothing depends on it there
        return Deal(
            cause=cause,
            price_fen=given["price"] or 0,
            day=day,
            is_home=given["thing"] == FeeUse.RESIDENTIAL.value,
            area_m2=given["area_m2"].strip() or any_area,
            giver=HolderKind.ENTERPRISE if cause is Cause.DEVELOPER_SALE else HolderKind(given["giver_kind"]),
            taker=HolderKind.PERSON if is_person else HolderKind.ENTERPRISE,
            held_since=years_before(day, int(given["held"])),
            is_givers_only_home=given["is_only"],
            taker_homes=HomesOwned(given["taker_homes"]),
            seat=Seat(given["seat"]),
            cost_fen=given["cost"],
            returned_fen=given["returned"] or 0,
        )
