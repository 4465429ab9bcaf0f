"""What sales with a loan ask beyond a sale: the buyer's bank and its terms, and how an old mortgage is dealt with."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue import mortgage_form as f
from tongban.domain.catalogue.item import Choice, Field, FieldKind, PartyRole
from tongban.domain.catalogue.people import Group

OLD_BANK: Final = Group("old", PartyRole.OLD_MORTGAGEE, "原抵押权人（卖方的银行）", most=2, may_presign=True)

COMBINED: Final = "combined"
SEGMENTS: Final = "segments"
CHANGE: Final = "change"

MORTGAGE_FIELDS: Final = (
    *f.MORTGAGEE.fields(),
    replace(f.CONTRACT_FIELD, key="mortgage_contract_no"),
    *(
        replace(field, choices=(Choice(f.MORTGAGORS, "就是买方"), Choice(f.ANOTHER, "另外的人")))
        if field.key == "debtor_is"
        else field
        for field in f.DEBTOR_FIELDS
    ),
    *f.DEBT_FIELDS,
    *f.TERMS_FIELDS,
    f.NOTE_FIELD,
)
OLD_FIELDS: Final = (
    *h.under(
        h.OLD_MORTGAGE,
        Field(
            "mode",
            "带押过户怎么办",
            "三种办法见自然资发〔2023〕29号：买卖双方和银行商量好用哪一种。",
            FieldKind.CHOICE,
            choices=(
                Choice(COMBINED, "抵押权组合：过户、新抵押登记、旧抵押注销一次办完"),
                Choice(SEGMENTS, "新旧抵押权分段：过户、新抵押先登记，旧抵押等卖方的贷款还清再注销"),
                Choice(CHANGE, "抵押权变更：旧抵押不注销，改成买方的借款"),
            ),
        ),
        Field(
            "old_proof_no",
            "旧抵押权的不动产登记证明号",
            "登记簿上只有一项抵押的，窗口会自动填好。",
            FieldKind.PROOF_NO,
        ),
    ),
    *OLD_BANK.fields(),
)
