"""The words of inheritance and legacy: forms, inquiries, pledges and guides, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tongban.domain.catalogue import headings as h
from tongban.domain.catalogue.building_blocks import OLD_CERTIFICATE_VOID, guide, inquiry, pledge
from tongban.domain.catalogue.item import YES, Choice, Field, FieldKind, PartyRole, Question, When
from tongban.domain.catalogue.lying_on_it import ON_WHAT_PASSES_BY_LAW
from tongban.domain.catalogue.people import ANYBODY, PERSONS, Group, fields_of
from tongban.domain.catalogue.transferring import CERTIFICATE_FIELD
from tongban.domain.identity import PERSON_DOCUMENTS
from tongban.domain.terms import CoOwnership

DEED: Final = "deed"
COURT: Final = "court"
NEITHER: Final = "neither"
MOST_HEIRS: Final = 6

HEIRS: Final = Group("heir", PartyRole.HEIR, "继承人", most=MOST_HEIRS, kinds=PERSONS, takes=True)
LEGATEES: Final = Group("heir", PartyRole.HEIR, "受遗赠人", most=MOST_HEIRS, kinds=ANYBODY, takes=True)


def succession_fields(group: Group) -> tuple[Field, ...]:
    """What is asked about the deceased, who takes, and the paper it rests on."""
    has_paper = When("way", (DEED, COURT))
    return (
        Field("way", "有没有公证书或者法院文书", "在外地窗口办，要有公证书，或者法院已经生效的判决书、调解书。",
              FieldKind.CHOICE, heading_zh=h.MATTER, choices=(
                  Choice(DEED, f"有公证书，写明房子归哪位{group.who_zh}"),
                  Choice(COURT, "有法院的判决书、调解书"),
                  Choice(NEITHER, "都没有，只有死亡证明、亲属关系证明、遗嘱这些"),
              )),
        CERTIFICATE_FIELD,
        *h.under(
            h.DECEASED,
            Field("deceased_name", "去世的权利人姓名", "登记簿上的名字，照着证书抄。", FieldKind.NAME, is_personal=True),
            Field("deceased_id_kind", "去世的人证件种类", "一般选居民身份证。", FieldKind.CHOICE, can_wait=True,
                  choices=tuple(Choice(one.value, one.name_zh) for one in PERSON_DOCUMENTS)),
            Field("deceased_id_no", "去世的人证件号码", "照着证书、户口簿抄。", FieldKind.ID_NUMBER, is_personal=True,
                  id_kind_field="deceased_id_kind"),
            Field("died_on", "哪天去世的", "照着死亡证明、公证书填，例如 2026-03-08。", FieldKind.DAY, is_personal=True),
        ),
        *fields_of(group),
        *h.under(
            h.HELD_SO_FAR,
            Field("held", "登记簿上这处房产是怎样共有的", "窗口会自动填好。", FieldKind.CHOICE, can_wait=True,
                  choices=tuple(Choice(one.value, one.name_zh) for one in CoOwnership)),
            Field("parts", "去世的人和其他共有人各占多少",
                  "共同共有的先要分清各人多少，照着公证书、法院文书写：第一个写去世的人的，"
                  "后面按证书上的顺序写其他共有人的，例如 1/2、1/2。",
                  FieldKind.SHARES, when=When("held", (CoOwnership.JOINT.value,))),
        ),
        *h.under(
            h.PAPERS,
            Field("paper_no", "公证书编号或者案号", "照着公证书、判决书、调解书抄。", FieldKind.TEXT, when=has_paper, longest=60),
            Field("paper_issuer", "公证处或者法院", "例如 河南省滑县公证处。", FieldKind.TEXT, when=has_paper),
            Field("paper_date", "公证书日期或者文书生效日期", "例如 2026-11-20。", FieldKind.DAY, when=has_paper),
        ),
        *ON_WHAT_PASSES_BY_LAW.fields(),
    )  # fmt: skip


def notice_words(group: Group, what_zh: str, form: Mapping[str, str]) -> str:
    """What the public reads: who died, who takes, on what ground; names only, no numbers (个人信息保护法 6)."""
    takers = "、".join(one.identity.name for one in group.read(form))
    return (
        f"{takers}因{what_zh}，申请把登记在{form.get('deceased_name', '')}（已去世）名下的这处不动产登记到自己名下，"
        "没有提交公证书和法院文书。登记机构经审核，拟予登记，现予公告。"
    )


INHERITANCE_QUESTIONS: Final = inquiry(
    Question("all_heirs_known", "除了公证书、法院文书上写的，还有没有别的继承人、别的遗嘱？"),
    Question("nobody_left_out", "有没有没成年、没有劳动能力的继承人，或者还没出生的孩子，份额留了没有？没有这种情况的答“否”。"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
LEGACY_QUESTIONS: Final = inquiry(
    Question("accepted_in_time", "知道受遗赠以后，是不是60天以内就表示了接受？", must_be=YES,
             otherwise_zh="60天以内没有表示接受的，法律上算放弃（民法典第一千一百二十四条），不能办受遗赠。"),
    Question("has_duties", "遗嘱、遗赠扶养协议有没有附带条件（例如养老送终），做到了没有？没有条件的答“否”。"),
    OLD_CERTIFICATE_VOID,
)  # fmt: skip
INHERITANCE_PLEDGE_ZH: Final = pledge(
    "公证书、法院文书是真实的、有效的，以后没有撤销、没有改过",
    "没有隐瞒别的继承人、别的遗嘱",
    "房产上登记着的抵押、居住权、异议，我们都已经看过、知道",
)
LEGACY_PLEDGE_ZH: Final = pledge(
    "公证书、法院文书是真实的、有效的，遗嘱是最后一份，没有撤销、没有改过",
    "在法律规定的60天以内表示了接受遗赠",
    "房产上登记着的抵押、居住权、异议，我们都已经看过、知道",
)
_NOT_ELSEWHERE_ZH = "没有公证书、也没有法院文书的，要到房产所在地办；集体土地、只有土地没有房屋的，也要到房产所在地办。"
INHERITANCE_GUIDE_ZH: Final = guide(
    when_zh="登记簿上的权利人去世了，继承人要把房子登记到自己名下。",
    bring_zh=(
        "继承人带身份证和不动产权证书；有继承权公证书的，带公证书就行，不用再带死亡证明、亲属关系证明。"
        "法院判的、调解的，带判决书（加生效证明）或者调解书。替孩子办的，带能看出父母子女关系的户口簿。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，继承人交；法定继承人继承房产免征契税。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在。要卖的，登记到自己名下以后才能卖。",
    not_elsewhere_zh=_NOT_ELSEWHERE_ZH,
)
LEGACY_GUIDE_ZH: Final = guide(
    when_zh="去世的人立了遗嘱或者签了遗赠扶养协议，把房子留给继承人以外的人或者单位。",
    bring_zh=(
        "受遗赠人带身份证（单位带营业执照）和不动产权证书；有公证书的，带公证书就行，不用再带死亡证明和遗嘱。"
        "法院判的、调解的，带判决书（加生效证明）或者调解书。"
    ),
    days=3,
    cost_zh="住宅登记费80元、其他550元，受遗赠人交；契税由税务部门核定。",
    after_zh="旧证书同时作废。原来登记的抵押权、居住权还在。",
    not_elsewhere_zh=_NOT_ELSEWHERE_ZH,
)
