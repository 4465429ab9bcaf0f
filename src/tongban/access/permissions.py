"""Who may do what where: one table, role × permission → reach.  What is not listed is denied."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tongban.domain.terms import Term


class Role(Term):
    """What a person was made responsible for at one institution; SYSTEM is nobody's role but the product's own."""

    WINDOW_CLERK = "window_clerk", "窗口收件人员"
    WINDOW_SUPERVISOR = "window_supervisor", "窗口负责人"
    DESK_OFFICER = "desk_officer", "通办专岗"
    REVIEWER = "reviewer", "初审人员"
    SECOND_REVIEWER = "second_reviewer", "复审人员"
    REGISTRAR = "registrar", "登簿人员"
    JUDICIAL_OFFICER = "judicial_officer", "协助执行人员"
    REGISTRY_ADMIN = "registry_admin", "登记机构系统管理员"
    PROVINCE_ADMIN = "province_admin", "省级系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"
    SYSTEM = "system", "系统自动办理"


class Permission(Term):
    """Everything that can be permitted; those of business moves are named by `domain.lifecycle`."""

    CASE_ACCEPT = "case.accept", "受理"
    CASE_ASK_CORRECTION = "case.ask_correction", "一次告知补正"
    CASE_NOT_ACCEPT = "case.not_accept", "不予受理"
    CASE_APPROVE_FIRST = "case.approve_first", "初审"
    CASE_PUBLISH = "case.publish", "发布公告"
    CASE_POST_NOTICE = "case.post_notice", "存公告张贴照片"
    CASE_END_NOTICE = "case.end_notice", "公告期满"
    CASE_TAKE_OBJECTION = "case.take_objection", "登记对公告的异议"
    CASE_DECIDE_OBJECTION = "case.decide_objection", "处理对公告的异议"
    CASE_APPROVE_SECOND = "case.approve_second", "复审"
    CASE_RETURN_TO_FIRST = "case.return_to_first", "退回初审"
    CASE_REFUSE = "case.refuse", "不予登记"
    CASE_SUSPEND = "case.suspend", "暂停办理"
    CASE_RESUME = "case.resume", "继续办理"
    CASE_RECORD = "case.record", "登簿"
    CASE_WITHDRAW = "case.withdraw", "撤回申请"
    CASE_ARCHIVE = "case.archive", "归档"
    CASE_READ = "case.read", "查看案件"
    CASE_CONSULT = "case.consult", "业务协商"
    CASE_DEEM_ACCEPTED = "case.deem_accepted", "视为受理"
    CASE_SUPPLEMENT = "case.supplement", "收到补正材料"
    CASE_LAPSE = "case.lapse", "逾期未补正"
    CASE_SETTLE = "case.settle", "税费结清"
    CASE_ANSWER_DUE = "case.answer_due", "登记税费和部门审核的结果"
    CASE_CERTIFY = "case.certify", "制发电子证照"
    INTAKE_OPEN = "intake.open", "开始收件"
    INTAKE_EDIT = "intake.edit", "录入收件"
    INTAKE_READ = "intake.read", "查看收件"
    INTAKE_CUSTODY = "intake.custody", "保管纸质材料"
    APPLICATION_SEAL = "application.seal", "封存申请"
    APPLICATION_HAND_OVER = "application.hand_over", "移交属地"
    APPLICATION_TELL_HOME = "application.tell_home", "告知到属地申请"
    APPLICATION_WITHDRAW = "application.withdraw", "移交前撤回"
    APPLICATION_SUPPLEMENT = "application.supplement", "送出补正材料"
    APPLICATION_EXPIRE = "application.expire", "过期处理"
    APPLICATION_REPORT = "application.report", "记录属地进度"
    PRESIGNATURE_READ = "presignature.read", "查看预签备案"
    PRESIGNATURE_MANAGE = "presignature.manage", "预签备案和撤销"
    ENQUIRY_TAKE = "enquiry.take", "受理查询申请"
    ENQUIRY_READ = "enquiry.read", "查看查询申请"
    ENQUIRY_LOG = "enquiry.log", "查看查询记录簿"
    ENQUIRY_COPY = "enquiry.copy", "登记资料复制"
    JUDICIAL_READ = "judicial.read", "查看协助执行通知"
    JUDICIAL_DECIDE = "judicial.decide", "办理协助执行通知"
    REGISTER_READ = "register.read", "查看登记簿"
    REGISTER_VERIFY = "register.verify", "核验登记簿"
    CERTIFICATE_READ = "certificate.read", "查看电子证照"
    CERTIFICATE_DOWNLOAD = "certificate.download", "下载电子证照"
    STAFF_MANAGE = "staff.manage", "管理人员账号"
    ROLES_GRANT = "roles.grant", "授予和收回角色"
    AUTHORIZATION_MANAGE = "authorization.manage", "管理收件授权"
    AGREEMENT_MANAGE = "agreement.manage", "管理保密协议"
    OPENING_MANAGE = "opening.manage", "开通和关闭服务"
    LOCAL_MANAGE = "local.manage", "维护本地公告、说明和窗口"
    PARAMETER_MANAGE = "parameter.manage", "设定参数"
    CALENDAR_IMPORT = "calendar.import", "导入放假通知"
    MESSAGES_READ = "messages.read", "查看机构间消息"
    MESSAGES_RETRY = "messages.retry", "重发搁置消息"
    AUDIT_READ = "audit.read", "查看审计记录"
    SYSTEM_READ = "system.read", "查看系统状态"
    REPORTING_READ = "reporting.read", "查看上报与对账"
    REPORTING_RESEND = "reporting.resend", "重新上报"
    KEYS_ROTATE = "keys.rotate", "更换密钥"

    @classmethod
    def _missing_(cls, value: object) -> Permission | None:
        return cls(_SAME_AS[value]) if isinstance(value, str) and value in _SAME_AS else None


# Pages speak of the work, moves of the step: one permission, two names.
_SAME_AS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "case.correct": "case.ask_correction",
        "case.review": "case.approve_first",
        "case.second_review": "case.approve_second",
        "intake.hand_over": "application.hand_over",
        "intake.tell_home": "application.tell_home",
    }
)


class Reach(StrEnum):
    """OWN: the institution the role is held at.  PROVINCE: every institution."""

    OWN = "own"
    PROVINCE = "province"


P = Permission
_APPLICATION = (P.APPLICATION_SEAL, P.APPLICATION_HAND_OVER, P.APPLICATION_TELL_HOME, P.APPLICATION_WITHDRAW)
_INTAKE = (P.INTAKE_OPEN, P.INTAKE_EDIT, P.INTAKE_READ, P.INTAKE_CUSTODY, *_APPLICATION, P.APPLICATION_SUPPLEMENT)
_ENQUIRY = (P.ENQUIRY_TAKE, P.ENQUIRY_READ)
_WINDOW = (*_INTAKE, *_ENQUIRY, P.CASE_WITHDRAW, P.CASE_CONSULT, P.CERTIFICATE_READ, P.CERTIFICATE_DOWNLOAD)
_DESK = (
    P.CASE_ACCEPT,
    P.CASE_ASK_CORRECTION,
    P.CASE_NOT_ACCEPT,
    P.CASE_WITHDRAW,
    P.CASE_ARCHIVE,
    P.CASE_ANSWER_DUE,
    P.CASE_TAKE_OBJECTION,
    P.CASE_POST_NOTICE,
    P.PRESIGNATURE_MANAGE,
)
_FILE = (P.CASE_READ, P.CASE_CONSULT, P.REGISTER_READ, P.CERTIFICATE_READ, P.PRESIGNATURE_READ)
_ARCHIVE = (P.ENQUIRY_LOG, P.ENQUIRY_COPY)
_PAUSE = (P.CASE_REFUSE, P.CASE_SUSPEND, P.CASE_RESUME)
_NOTICE = (P.CASE_PUBLISH, P.CASE_POST_NOTICE, P.CASE_DECIDE_OBJECTION)
_MOVED_BY_MESSAGE = (P.CASE_SUPPLEMENT, P.CASE_WITHDRAW, P.CASE_SUSPEND, P.APPLICATION_REPORT)
_MOVED_BY_TIME = (P.CASE_END_NOTICE, P.CASE_DEEM_ACCEPTED, P.CASE_LAPSE, P.APPLICATION_EXPIRE)
_MOVED_BY_OUTCOME = (P.CASE_SETTLE, P.CASE_CERTIFY)
_OFFICE = (
    P.AUTHORIZATION_MANAGE,
    P.AGREEMENT_MANAGE,
    P.OPENING_MANAGE,
    P.LOCAL_MANAGE,
    P.PARAMETER_MANAGE,
    P.MESSAGES_READ,
)
_REPORTING = (P.REPORTING_READ, P.REPORTING_RESEND)
_ADMIN = (*_OFFICE, *_REPORTING, P.STAFF_MANAGE, P.MESSAGES_RETRY, P.SYSTEM_READ)

_OWN: Mapping[Role, tuple[Permission, ...]] = {
    Role.WINDOW_CLERK: _WINDOW,
    Role.WINDOW_SUPERVISOR: _WINDOW,
    Role.DESK_OFFICER: (*_FILE, *_DESK, *_ARCHIVE, P.INTAKE_CUSTODY, P.MESSAGES_READ),
    Role.REVIEWER: (*_FILE, *_PAUSE, *_NOTICE, P.CASE_APPROVE_FIRST, P.CASE_ASK_CORRECTION),
    Role.SECOND_REVIEWER: (*_FILE, *_PAUSE, P.CASE_APPROVE_SECOND, P.CASE_RETURN_TO_FIRST),
    Role.REGISTRAR: (
        *_FILE,
        *_ARCHIVE,
        P.CASE_RECORD,
        P.CASE_ARCHIVE,
        P.REGISTER_VERIFY,
        P.CERTIFICATE_DOWNLOAD,
        *_REPORTING,
    ),
    Role.JUDICIAL_OFFICER: (*_FILE, P.CASE_SUSPEND, P.CASE_RESUME, P.JUDICIAL_READ, P.JUDICIAL_DECIDE),
    Role.REGISTRY_ADMIN: _ADMIN,
    Role.SECURITY_ADMIN: (P.ROLES_GRANT, P.KEYS_ROTATE, P.SYSTEM_READ),
    Role.AUDITOR: (P.AUDIT_READ, P.REGISTER_VERIFY, P.SYSTEM_READ),
    Role.SYSTEM: (*_MOVED_BY_MESSAGE, *_MOVED_BY_TIME, *_MOVED_BY_OUTCOME),
}
_PROVINCE: Mapping[Role, tuple[Permission, ...]] = {Role.PROVINCE_ADMIN: (*_ADMIN, P.CALENDAR_IMPORT)}

TABLE: Final[Mapping[Role, Mapping[Permission, Reach]]] = MappingProxyType(
    {
        role: MappingProxyType(
            dict.fromkeys(_OWN.get(role, ()), Reach.OWN) | dict.fromkeys(_PROVINCE.get(role, ()), Reach.PROVINCE)
        )
        for role in Role
    }
)

# Held at the province's centre, these roles look after every institution below it.
OVERSIGHT_ROLES: Final = frozenset({Role.SECURITY_ADMIN, Role.AUDITOR})

# What people at a window do with the affairs of another registry: only with a confidentiality agreement in force (D4).
NEEDS_AGREEMENT: Final = frozenset(_WINDOW)
WINDOW_ROLES: Final = frozenset({Role.WINDOW_CLERK, Role.WINDOW_SUPERVISOR})


class Estate(StrEnum):
    """三员分立: system, security and audit administration are never in one hand; business roles belong to none."""

    NONE = ""
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


ESTATES: Final[Mapping[Role, Estate]] = MappingProxyType(
    {
        Role.REGISTRY_ADMIN: Estate.SYSTEM,
        Role.PROVINCE_ADMIN: Estate.SYSTEM,
        Role.SECURITY_ADMIN: Estate.SECURITY,
        Role.AUDITOR: Estate.AUDIT,
    }
)

GRANTABLE: Final = tuple(role for role in Role if role is not Role.SYSTEM)
PROVINCE_ONLY: Final = frozenset({Role.PROVINCE_ADMIN})


def estate_of(role: Role) -> Estate:
    """Which of the three administrations a role belongs to."""
    return ESTATES.get(role, Estate.NONE)
