"""Words of a query of the register: who asks, through whom, by what, with which papers, and what may be shown."""

from __future__ import annotations

from typing import Final

from tongban.domain.terms import Term

QUERY_SERVICE: Final = "S40"  # 不动产登记资料查询: the number a registry authorises windows for


class AskerGroup(Term):
    """The chapters of 《不动产登记资料查询暂行办法》, as a clerk asks for them at the counter."""

    HOLDER = "holder", "权利人本人"
    SUCCESSOR = "successor", "继承人、受遗赠人"
    MANAGER = "manager", "依法管理别人房产的人"
    CONTRACT = "contract", "已经签了合同的人"
    DISPUTE = "dispute", "已经起诉或者申请仲裁的人"
    INTENT = "intent", "准备买、租、接受抵押或者起诉的人"
    COURT_ORDER = "court_order", "持法院调查令的律师"
    ORGAN = "organ", "国家机关"
    SHARING = "sharing", "数据共享单位"


class Asker(Term):
    """As what somebody asks."""

    HOLDER = "holder", "权利人"
    HEIR = "heir", "继承人"
    LEGATEE = "legatee", "受遗赠人"
    LIQUIDATOR = "liquidator", "清算组"
    BANKRUPTCY_ADMINISTRATOR = "bankruptcy_administrator", "破产管理人"
    PROPERTY_CUSTODIAN = "property_custodian", "失踪人的财产代管人"
    GUARDIAN = "guardian", "监护人"
    SALE_PARTY = "sale_party", "买卖合同当事人"
    EXCHANGE_PARTY = "exchange_party", "互换合同当事人"
    GIFT_PARTY = "gift_party", "赠与合同当事人"
    LEASE_PARTY = "lease_party", "租赁合同当事人"
    MORTGAGE_PARTY = "mortgage_party", "抵押合同当事人"
    SUIT_PARTY = "suit_party", "已经起诉的当事人"
    ARBITRATION_PARTY = "arbitration_party", "已经申请仲裁的当事人"
    BUYING = "buying", "准备买房的人"
    RENTING = "renting", "准备租房的人"
    LENDING = "lending", "准备接受抵押的人"
    SUING = "suing", "准备起诉或者申请仲裁的人"
    ORDER_LAWYER = "order_lawyer", "持人民法院调查令的律师"
    COURT = "court", "人民法院"
    PROCURATORATE = "procuratorate", "人民检察院"
    POLICE = "police", "公安机关"
    STATE_SECURITY = "state_security", "国家安全机关"
    SUPERVISION = "supervision", "监察机关"
    TAX_OFFICE = "tax_office", "税务机关"
    OTHER_ORGAN = "other_organ", "其他国家机关"
    BANK_SHARING = "bank_sharing", "银行（系统共享）"
    HOUSING_SHARING = "housing_sharing", "住房城乡建设部门（系统共享）"
    TAX_SHARING = "tax_sharing", "税务部门（系统共享）"
    SOCIAL_SHARING = "social_sharing", "人力资源社会保障部门（系统共享）"


class Acting(Term):
    """Who stands at the counter for the asker."""

    IN_PERSON = "in_person", "本人（本单位）来"
    AGENT = "agent", "委托别人来"
    LAWYER = "lawyer", "委托律师来"


class Index(Term):
    """What the register is searched by (索引信息: 查询办法 15, 24)."""

    IDENTITY = "identity", "姓名（名称）和证件号码"
    ADDRESS = "address", "坐落"
    CERTIFICATE_NO = "certificate_no", "不动产权证号"
    UNIT_CODE = "unit_code", "不动产单元号"


class Wanted(Term):
    """What is asked for."""

    RESULT = "result", "登记结果"
    ORIGINALS = "originals", "登记结果和原始资料"
    HOLDINGS = "holdings", "名下有没有房（无房、有房证明）"


class Part(Term):
    """One thing a query may show.  The yes-or-no parts tell that something is there, never whose or which."""

    NATURAL_STATE = "natural_state", "自然状况"
    HOLDER = "holder", "权利人和权利"
    NAME_MATCH = "name_match", "所报的权利人与登记簿是否一致"
    CO_OWNED = "co_owned", "是否共有"
    CO_OWNERSHIP_FORM = "co_ownership_form", "共有方式"
    CO_OWNERSHIP = "co_ownership", "共有情况"
    CHARGES_EXIST = "charges_exist", "是否有抵押、预告、异议登记"
    CHARGES = "charges", "抵押、预告、异议等登记"
    RESTRICTIONS_EXIST = "restrictions_exist", "是否有查封或者其他限制"
    RESTRICTING_ORGAN = "restricting_organ", "作出查封、限制的机关"
    RESTRICTIONS = "restrictions", "查封和其他限制"
    ORIGINALS = "originals", "登记原始资料"


class Mask(Term):
    """What is starred out of the parts that are shown."""

    ID_NUMBERS = "id_numbers", "所有人的证件号码"
    OTHERS_ID_NUMBERS = "others_id_numbers", "其他人的证件号码"


class Paper(Term):
    """What the asker brings."""

    APPLICATION = "application", "查询申请书"
    IDENTITY = "identity", "本人（本单位）的身份证明"
    POWER_OF_ATTORNEY = "power_of_attorney", "授权委托书"
    AGENT_IDENTITY = "agent_identity", "代理人的身份证明"
    LAWYER_LICENCE = "lawyer_licence", "律师执业证"
    LAW_FIRM_LETTER = "law_firm_letter", "律师事务所证明"
    DEATH_PROOF = "death_proof", "被继承人（遗赠人）的死亡证明"
    SUCCESSION_PROOF = "succession_proof", "遗嘱、亲属关系证明等能证明继承的材料"
    LEGACY_PROOF = "legacy_proof", "遗嘱或者遗赠扶养协议"
    LIQUIDATION_PROOF = "liquidation_proof", "清算组成立的文件"
    BANKRUPTCY_ORDER = "bankruptcy_order", "法院指定破产管理人的决定书"
    CUSTODY_RULING = "custody_ruling", "法院宣告失踪、指定财产代管人的判决书"
    GUARDIANSHIP_PROOF = "guardianship_proof", "证明监护关系的材料"
    SALE_CONTRACT = "sale_contract", "买卖合同"
    EXCHANGE_CONTRACT = "exchange_contract", "互换合同"
    GIFT_CONTRACT = "gift_contract", "赠与合同"
    LEASE_CONTRACT = "lease_contract", "租赁合同"
    MORTGAGE_CONTRACT = "mortgage_contract", "抵押合同"
    SUIT_ACCEPTED = "suit_accepted", "受理案件通知书"
    ARBITRATION_ACCEPTED = "arbitration_accepted", "仲裁受理通知书"
    PURPOSE_STATEMENT = "purpose_statement", "查询目的说明"
    SECRECY_PROMISE = "secrecy_promise", "保密承诺书"
    INVESTIGATION_ORDER = "investigation_order", "人民法院调查令"
    OFFICIAL_LETTER = "official_letter", "协助查询通知书或者公函"
    OFFICERS_CARDS = "officers_cards", "两名工作人员的工作证"
    LEGAL_BASIS = "legal_basis", "公函写明的法律、行政法规依据"
    SHARING_AGREEMENT = "sharing_agreement", "数据共享协议（列明项目）"
    SUBJECT_CONSENT = "subject_consent", "被查询人的授权书或者法律依据"
