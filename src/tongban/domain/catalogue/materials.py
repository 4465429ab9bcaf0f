"""The 26 materials of the plan: their names, the papers that count, and where they can be fetched instead of asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One paper that counts as a material."""

    key: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Material:
    """One material.  `shared_from` names who can give it; what sharing gives must not be asked (条例 24)."""

    number: int
    name_zh: str
    shared_from: tuple[str, ...] = ()
    kinds: tuple[DocumentKind, ...] = ()


HOUSEHOLD_FORMER_NAME: Final = DocumentKind("household_former_name", "户口簿（有曾用名的那一页）")
POLICE_CHANGE: Final = DocumentKind("police_change", "公安机关出具的姓名变更证明")
MARKET_CHANGE: Final = DocumentKind("market_change", "市场监督管理部门的变更登记通知书")
AUTHORITY_CHANGE: Final = DocumentKind("authority_change", "主管机关批准更名的文件")
POLICE_NUMBER: Final = DocumentKind("police_number", "公安机关出具的公民身份号码变更、更正证明")
SAME_PERSON: Final = DocumentKind("same_person", "能看出是同一个人的证明（出入境、使领馆、公证机构出具）")
DOOR_PLATE: Final = DocumentKind("door_plate", "公安机关出具的门牌号证明")
PLACE_NAME: Final = DocumentKind("place_name", "民政部门出具的地名证明或者政府改名文件")
PLANNING_APPROVAL: Final = DocumentKind("planning_approval", "自然资源和规划部门的批准文件")
LOSS_STATEMENT: Final = DocumentKind("loss_statement", "遗失（灭失）声明和刊登的版面、网页")
ERROR_PROOF: Final = DocumentKind("error_proof", "证明登记簿记错了的材料")
OWNER_CONSENT: Final = DocumentKind("owner_consent", "登记簿权利人书面同意更正的材料")
EASEMENT_PAPERS: Final = DocumentKind("easement_papers", "地役权合同或者变更、转移、解除的材料")
END_OF_RIGHT_PAPER: Final = DocumentKind("end_of_right", "权利人放弃的声明，或者解除协议")
OTHER_CONSENT: Final = DocumentKind("other_consent", "居住权人、预告登记权利人等的书面同意书")
SUIT_ACCEPTED: Final = DocumentKind("suit_accepted", "受理案件通知书或者仲裁受理通知书")
KINSHIP_REGISTER: Final = DocumentKind("kinship_register", "户口簿（能看出亲属关系）")
BIRTH_CERTIFICATE: Final = DocumentKind("birth_certificate", "出生医学证明")
GUARDIAN_APPOINTED: Final = DocumentKind("guardian_appointed", "指定监护人的文件")
GUARDIAN_PROMISE: Final = DocumentKind("guardian_promise", "监护人关于为被监护人利益处分的书面保证")
NEW_HOME_CONTRACT_FILED: Final = DocumentKind("new_home_contract", "网签备案的商品房买卖合同")
RESETTLEMENT_AGREEMENT: Final = DocumentKind("resettlement_agreement", "房屋征收补偿安置协议")
RESALE_CONTRACT_FILED: Final = DocumentKind("resale_contract", "网签的存量房买卖合同")
MARRIAGE_CERTIFICATE: Final = DocumentKind("marriage_certificate", "结婚证")
COUPLES_AGREEMENT: Final = DocumentKind("couples_agreement", "夫妻财产约定")
DIVORCE_PAPERS: Final = DocumentKind("divorce_papers", "离婚证和离婚协议")
CO_OWNERS_AGREEMENT: Final = DocumentKind("co_owners_agreement", "全体共有人的协议")
JUDGMENT: Final = DocumentKind("judgment", "判决书")
MEDIATION: Final = DocumentKind("mediation", "调解书")
AWARD: Final = DocumentKind("award", "仲裁裁决书")
SALE_RULING: Final = DocumentKind("sale_ruling", "拍卖、变卖成交裁定书")
SETTLEMENT_RULING: Final = DocumentKind("settlement_ruling", "以物抵债裁定书")
GIFT_CONTRACT: Final = DocumentKind("gift_contract", "赠与合同")
NOTARIAL_DEED: Final = DocumentKind("notarial_deed", "公证书")
FIRST_REFUSAL: Final = DocumentKind("first_refusal", "其他共有人放弃优先购买的声明或者通知凭证")
NOTICE_CONSENT: Final = DocumentKind("notice_consent", "预告登记权利人同意的书面材料")
PAPER_CERTIFICATE: Final = DocumentKind("paper_certificate", "纸质不动产权证书原件")
E_CERTIFICATE: Final = DocumentKind("e_certificate", "不动产权电子证照")

_MATERIALS = (
    Material(1, "不动产登记申请书"),
    Material(2, "身份证明", ("公安机关",), (DocumentKind("identity", "身份证件原件"),)),
    Material(
        3,
        "营业执照或者法人证书",
        ("市场监督管理部门", "机构编制部门", "民政部门"),
        (DocumentKind("licence", "营业执照或者法人证书"),),
    ),
    Material(4, "授权委托书", ("司法行政部门（公证）",), (DocumentKind("attorney", "授权委托书"),)),
    Material(5, "不动产权证书", ("本系统电子证照",), (E_CERTIFICATE, PAPER_CERTIFICATE)),
    Material(6, "不动产登记证明", ("本系统电子证照",)),
    Material(
        7,
        "商品房买卖合同（网签备案）",
        ("住房和城乡建设部门",),
        (NEW_HOME_CONTRACT_FILED, RESETTLEMENT_AGREEMENT),
    ),
    Material(8, "存量房买卖合同（网签）", ("住房和城乡建设部门",), (RESALE_CONTRACT_FILED,)),
    Material(9, "契税完税或者减免税凭证", ("税务机关",)),
    Material(10, "婚姻关系证明、离婚协议", ("民政部门",), (MARRIAGE_CERTIFICATE, COUPLES_AGREEMENT, DIVORCE_PAPERS)),
    Material(11, "土地出让价款缴款凭证", ("财政部门", "自然资源部门")),
    Material(
        12,
        "变更证明",
        ("公安机关", "市场监督管理部门", "民政部门"),
        (
            HOUSEHOLD_FORMER_NAME,
            POLICE_CHANGE,
            MARKET_CHANGE,
            AUTHORITY_CHANGE,
            POLICE_NUMBER,
            SAME_PERSON,
            DOOR_PLATE,
            PLACE_NAME,
            CO_OWNERS_AGREEMENT,
        ),
    ),
    Material(13, "测绘和权籍调查成果", ("本登记机构",)),
    Material(14, "借款（主债权）合同", ("银行",)),
    Material(15, "抵押合同", ("银行",)),
    Material(16, "债权消灭或者同意注销的材料", ("银行",)),
    Material(17, "预告登记约定"),
    Material(18, "生效法律文书和生效证明", ("人民法院",), (JUDGMENT, MEDIATION, AWARD, SALE_RULING, SETTLEMENT_RULING)),
    Material(19, "协助执行通知书", ("人民法院",)),
    Material(20, "死亡证明", ("公安机关", "卫生健康部门", "民政部门")),
    Material(
        21,
        "亲属关系（监护关系）证明",
        ("公安机关", "民政部门"),
        (KINSHIP_REGISTER, BIRTH_CERTIFICATE, GUARDIAN_APPOINTED, GUARDIAN_PROMISE),
    ),
    Material(22, "公证书", ("司法行政部门（公证）",), (NOTARIAL_DEED, GIFT_CONTRACT)),
    Material(23, "遗嘱或者遗赠文书"),
    Material(24, "居住权合同"),
    Material(25, "异议和利害关系材料", (), (NOTICE_CONSENT, FIRST_REFUSAL)),
    Material(26, "抵押权人同意书", ("银行",)),
)

# What facts of single items call for and the plan's list does not number.
_FURTHER = (
    Material(27, "遗失声明", kinds=(LOSS_STATEMENT,)),
    Material(28, "规划批准文件", ("自然资源部门",), (PLANNING_APPROVAL,)),
    Material(29, "更正登记材料", ("本登记机构",), (ERROR_PROOF, OWNER_CONSENT)),
    Material(30, "地役权合同", kinds=(EASEMENT_PAPERS,)),
    Material(31, "权利消灭的材料（放弃声明、解除协议等）", kinds=(END_OF_RIGHT_PAPER,)),
    Material(32, "其他权利人书面同意书", kinds=(OTHER_CONSENT,)),
    Material(33, "起诉、申请仲裁的受理材料", ("人民法院",), (SUIT_ACCEPTED,)),
)

MATERIALS: Final[Mapping[int, Material]] = MappingProxyType({material.number: material for material in _MATERIALS})
assert list(MATERIALS) == list(range(1, 27)), "materials are numbered 1 to 26"

APPLICATION: Final = MATERIALS[1]
IDENTITY: Final = MATERIALS[2]
LICENCE: Final = MATERIALS[3]
POWER_OF_ATTORNEY: Final = MATERIALS[4]
TITLE_CERTIFICATE: Final = MATERIALS[5]
NEW_HOME_CONTRACT: Final = MATERIALS[7]
RESALE_CONTRACT: Final = MATERIALS[8]
TAX_PROOF: Final = MATERIALS[9]
CHANGE_EVIDENCE: Final = MATERIALS[12]
SURVEY: Final = MATERIALS[13]
KINSHIP: Final = MATERIALS[21]
MARRIAGE: Final = MATERIALS[10]
COURT_PAPER: Final = MATERIALS[18]
COURT_NOTICE: Final = MATERIALS[19]
DEATH: Final = MATERIALS[20]
NOTARIAL: Final = MATERIALS[22]
WILL: Final = MATERIALS[23]
INTERESTED: Final = MATERIALS[25]
PROOF: Final = MATERIALS[6]
LAND_PRICE: Final = MATERIALS[11]
HABITATION_CONTRACT: Final = MATERIALS[24]
OBJECTION_PAPERS: Final = MATERIALS[25]
MORTGAGEE_CONSENT: Final = MATERIALS[26]
LOSS, PLANNING, CORRECTION_PAPERS, EASEMENT, END_OF_RIGHT, RIGHT_HOLDER_CONSENT, SUIT = _FURTHER

DOCUMENT_KINDS: Final[Mapping[str, DocumentKind]] = MappingProxyType(
    {kind.key: kind for material in (*_MATERIALS, *_FURTHER) for kind in material.kinds}
)
