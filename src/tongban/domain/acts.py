"""Acts: what somebody wants to do to a unit, as far as the law of restrictions tells them apart."""

from __future__ import annotations

from tongban.domain.terms import Term


class Act(Term):
    """One kind of registration, or reading.  Every service item and every order names the one it is, or several."""

    TRANSFER = "transfer", "转移登记"
    MORTGAGE = "mortgage", "抵押权首次登记"
    ALTER_NAME = "alter_name", "权利人姓名、名称、证件、坐落变更登记"
    ALTER_SHARES = "alter_shares", "共有性质变更登记"
    ALTER_UNIT = "alter_unit", "房屋用途变更、分割、合并登记"
    CORRECT = "correct", "更正登记"
    REISSUE = "reissue", "补发、换发证书"
    PRIORITY_NOTICE = "priority_notice", "预告登记"
    ALTER_NOTICE = "alter_notice", "预告登记的转移、变更"
    CANCEL_NOTICE = "cancel_notice", "注销预告登记"
    HABITATION = "habitation", "居住权登记"
    EASEMENT = "easement", "地役权登记"
    ALTER_MORTGAGE = "alter_mortgage", "抵押权变更、最高额抵押权确定登记"
    TRANSFER_MORTGAGE = "transfer_mortgage", "抵押权转移登记"
    CANCEL_MORTGAGE = "cancel_mortgage", "注销抵押登记"
    RELEASE = "release", "解除查封，注销居住权、地役权、异议登记"
    OBJECT = "object", "异议登记"
    LOOK_UP = "look_up", "查询登记资料"
    SEIZE = "seize", "查封和其他有权机关的限制"
    COMPELLED_TRANSFER = "compelled_transfer", "法院过户嘱托"
