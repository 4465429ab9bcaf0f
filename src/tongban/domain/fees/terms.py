"""The words of the registration fee: classes of registration, uses, payers, rates, grounds of exemption."""

from __future__ import annotations

from enum import StrEnum

from tongban.domain.terms import Term


class FeeRate(StrEnum):
    """How much of the fee is taken."""

    FULL = "full"
    HALF = "half"
    FREE = "free"
    CERTIFICATE_ONLY = "certificate_only"
    FLAT = "flat"  # the place's own figure whatever the use: habitation right


class FeeClass(Term):
    """Under which rule of the fee a registration falls; the catalogue names one for each service item."""

    STANDARD = "standard", "按件收费的登记"
    HABITATION = "habitation", "居住权登记"
    OBJECTION = "objection", "异议登记"
    ALTERATION = "alteration", "变更登记"
    CORRECTION = "correction", "申请人申请的更正登记"
    REGISTRY_ERROR = "registry_error", "登记机构自己错了的更正登记"
    STATE_RENAMING = "state_renaming", "区划、街道、门牌改名的变更登记"
    CANCELLATION = "cancellation", "注销登记"
    PRIORITY_NOTICE = "priority_notice", "预告登记"
    SEIZURE = "seizure", "查封登记"
    SPOUSES = "spouses", "夫妻间变更权利人"
    DIVORCE = "divorce", "离婚析产"
    REISSUE = "reissue", "补发、换发证书"
    OLD_STYLE = "old_style", "自愿拿旧证换新证"
    QUERY = "query", "查询登记资料"


class FeeUse(Term):
    """What the fee distinguishes by the planned use of the thing."""

    RESIDENTIAL = "residential", "住宅类"
    OTHER = "other", "非住宅类"
    GARAGE_OWN = "garage_own", "单独发证的车库、车位、储藏室"
    GARAGE_WITH_HOUSE = "garage_with_house", "随房屋登记、不单独发证的车库、车位、储藏室"
    HOMESTEAD = "homestead", "宅基地和上面的房屋"
    FARMLAND = "farmland", "林地林木、承包地、国有农用地"


class PayerKind(Term):
    """What the fee distinguishes by the person who pays."""

    PERSON = "person", "个人"
    SMALL_ENTERPRISE = "small_enterprise", "小微企业"
    SOLE_TRADER = "sole_trader", "个体工商户"
    OTHER = "other", "其他单位"


class PaidBy(Term):
    """Who has to pay by law: the party entered as right holder, never the other side (2559号)."""

    RIGHT_HOLDER = "right_holder", "登记为权利人的一方"
    MORTGAGEE = "mortgagee", "抵押权人"
    APPLICANT = "applicant", "申请人"


class Ground(Term):
    """Why less is taken than the fee of the registration; each rests on a fact that may prove false later."""

    SMALL_ENTERPRISE = "small_enterprise", "小微企业免收"
    SOLE_TRADER = "sole_trader", "个体工商户免收"
    SOCIAL_HOUSING = "social_housing", "保障性住房免收"
    BETWEEN_SPOUSES = "between_spouses", "夫妻间变更只收工本费"


class FeeEvidence(Term):
    """What is kept in the case for an exemption."""

    SMALL_ENTERPRISE_RECORD = "small_enterprise_record", "小微企业名录查询结果或者小微企业声明"
    TRADER_LICENCE = "trader_licence", "个体工商户营业执照"
    HOUSING_RECORD = "housing_record", "登记簿记载的房屋性质或者住房保障部门的证明"
    MARRIAGE_PROOF = "marriage_proof", "结婚证、离婚证或者民政部门核实的婚姻记录"
