"""Words of the register as enums; other systems' numbers for them (DJLX, QLLX …) live in mapping tables only."""

from __future__ import annotations

from enum import Enum, StrEnum


class Term(StrEnum):
    """A stable value for machines with its Chinese name; members are written `NAME = "value", "中文"`."""

    name_zh: str

    def __new__(cls, value: str, name_zh: str = "") -> Term:
        assert name_zh, f"{value} needs its Chinese name"
        member = str.__new__(cls, value)
        member._value_ = value
        member.name_zh = name_zh
        return member


class Registration(Term):
    """登记类型."""

    FIRST = "first", "首次登记"
    TRANSFER = "transfer", "转移登记"
    ALTERATION = "alteration", "变更登记"
    CANCELLATION = "cancellation", "注销登记"
    CORRECTION = "correction", "更正登记"
    OBJECTION = "objection", "异议登记"
    PRIORITY_NOTICE = "priority_notice", "预告登记"
    SEIZURE = "seizure", "查封登记"
    OTHER = "other", "其他登记"


class RightKind(Term):
    """权利类型 of the unit's title, and what a service item may be about."""

    COLLECTIVE_LAND_OWNERSHIP = "collective_land_ownership", "集体土地所有权"
    STATE_LAND_USE = "state_land_use", "国有建设用地使用权"
    STATE_LAND_HOUSE = "state_land_house", "国有建设用地使用权/房屋所有权"
    HOMESTEAD = "homestead", "宅基地使用权"
    HOMESTEAD_HOUSE = "homestead_house", "宅基地使用权/房屋所有权"
    COLLECTIVE_LAND_USE = "collective_land_use", "集体建设用地使用权"
    COLLECTIVE_LAND_HOUSE = "collective_land_house", "集体建设用地使用权/房屋所有权"
    LAND_CONTRACT = "land_contract", "土地承包经营权"
    FOREST = "forest", "林地使用权/森林、林木所有权"
    FARMLAND_USE = "farmland_use", "国有农用地使用权"
    OTHER = "other", "其他权利"


class Subject(Term):
    """What right a registration is about."""

    TITLE = "title", "所有权、使用权"
    MORTGAGE = "mortgage", "抵押权"
    PRIORITY_NOTICE = "priority_notice", "预告登记"
    HABITATION = "habitation", "居住权"
    OBJECTION = "objection", "异议"
    EASEMENT = "easement", "地役权"
    NONE = "none", "不涉及权利变动"


class LandNature(Term):
    """权利性质: how the land was obtained."""

    GRANTED = "granted", "出让"
    ALLOCATED = "allocated", "划拨"
    CONTRIBUTED = "contributed", "作价出资（入股）"
    LEASED = "leased", "国有土地租赁"
    AUTHORISED = "authorised", "授权经营"
    COLLECTIVE = "collective", "集体土地"
    UNKNOWN = "unknown", "未记载"


class HouseNature(Term):
    """房屋性质."""

    MARKET = "market", "市场化商品房"
    RESETTLEMENT = "resettlement", "动迁房"
    AFFORDABLE = "affordable", "经济适用住房"
    FUNDED = "funded", "集资建房"
    WELFARE = "welfare", "福利房（已购公有住房）"
    PUBLIC_RENTAL = "public_rental", "公共租赁住房"
    LIMITED_PRICE = "limited_price", "限价普通商品住房"
    OTHER = "other", "其他"


class HolderKind(Term):
    """权利人类型."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "企业"
    PUBLIC_INSTITUTION = "public_institution", "事业单位"
    STATE_ORGAN = "state_organ", "国家机关"
    OTHER = "other", "其他组织"


class CoOwnership(Term):
    """共有方式."""

    SOLE = "sole", "单独所有"
    JOINT = "joint", "共同共有"
    BY_SHARES = "by_shares", "按份共有"


class Channel(Term):
    """How an application comes in."""

    WINDOW = "window", "任一窗口办理"
    PRECHECKED = "prechecked", "网上预审、窗口核验"
    ONLINE = "online", "全程网办"
    JUDICIAL = "judicial", "司法网络查控"


class Document(Term):
    """What the holder gets in the end."""

    CERTIFICATE = "certificate", "不动产权证书"
    PROOF = "proof", "不动产登记证明"
    QUERY_RESULT = "query_result", "查询结果证明"
    NONE = "none", "不发证"


class Cause(Term):
    """登记原因: why the register shall change."""

    NAME_CHANGE = "name_change", "姓名或者名称改变"
    RESTRUCTURING = "restructuring", "企业改制"
    MERGER = "merger", "合并"
    DIVISION = "division", "分立"
    SALE = "sale", "买卖"
    DEVELOPER_SALE = "developer_sale", "新建商品房买卖"
    RESETTLEMENT = "resettlement", "安置"
    EXCHANGE = "exchange", "互换"
    CONTRIBUTION = "contribution", "作价出资"
    DEBT_SETTLEMENT = "debt_settlement", "以房抵债"
    GIFT = "gift", "赠与"
    KIN_GIFT = "kin_gift", "近亲属之间赠与"
    SPOUSES = "spouses", "夫妻间变更"
    DIVORCE = "divorce", "离婚析产"
    INHERITANCE = "inheritance", "继承"
    LEGACY = "legacy", "受遗赠"
    COURT_RULING = "court_ruling", "生效法律文书"
    MORTGAGE_CONTRACT = "mortgage_contract", "抵押合同"
    ID_CHANGE = "id_change", "身份证件种类或者号码改变"
    ADDRESS_CHANGE = "address_change", "街道、门牌改名改号"
    USE_CHANGE = "use_change", "房屋用途改变"
    UNIT_SPLIT = "unit_split", "房屋分割"
    UNIT_MERGER = "unit_merger", "房屋合并"
    CERTIFICATE_LOST = "certificate_lost", "证书遗失补发"
    CERTIFICATE_DAMAGED = "certificate_damaged", "证书破损换发"
    HABITATION_CONTRACT = "habitation_contract", "居住权合同"
    HABITATION_WILL = "habitation_will", "遗嘱设立居住权"
    RIGHT_EXPIRED = "right_expired", "期限届满"
    RIGHT_HOLDER_DEAD = "right_holder_dead", "居住权人死亡"
    RIGHT_WAIVED = "right_waived", "权利人放弃"
    RIGHT_ENDED_BY_CONTRACT = "right_ended_by_contract", "合同解除"
    OBJECTION = "objection", "认为登记簿有错"
    SUIT_FILED = "suit_filed", "已经起诉或者申请仲裁"
    CORRECTION = "correction", "登记簿记载有错"
    EASEMENT_CONTRACT = "easement_contract", "地役权合同"
    BENEFITED_LAND_TRANSFER = "benefited_land_transfer", "需役地转让"
    OTHER = "other", "其他"


class Initiator(Enum):
    """Who sets the registration going."""

    APPLICANT = "applicant"
    REGISTRY = "registry"
    STATE_ORGAN = "state_organ"


DISPOSALS_ON_THE_MARKET = frozenset({Cause.SALE, Cause.EXCHANGE, Cause.CONTRIBUTION, Cause.DEBT_SETTLEMENT})
TRANSFERS_WITH_LAND_VAT = DISPOSALS_ON_THE_MARKET | {Cause.GIFT}
