"""Two factors, lock-out, one use per code, sign-out when nobody is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tongban.access import passwords, sign_in
from tongban.access.actors import ActorKind, actor_of
from tongban.access.models import AuditRow, ConfidentialityAgreement, Staff, StaffRole
from tongban.access.permissions import Role
from tongban.access.sign_in import Failure, Rejection, Welcome
from tongban.directory.models import ParameterValue
from tongban.domain.errors import InvalidInput

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HERE = "registry-410526"
PASSWORD = "Correct-Horse-9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongban.access.middleware.IdleSignOutMiddleware",
    "tongban.access.middleware.PasswordDueMiddleware",
]


def enter(request: HttpRequest) -> HttpResponse:
    """The page under test: signs in at the moment the form says."""
    now = datetime.fromisoformat(request.POST["now"])
    done = sign_in.sign_in(request, request.POST["username"], request.POST["password"], request.POST["code"], now=now)
    return HttpResponse("in" if isinstance(done, Welcome) else done.failure.value)


def who(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return HttpResponse(f"{actor.kind.value} {actor.id} {sorted(held.role.value for held in actor.roles)}")


urlpatterns = [path("sign-in", enter), path("who", who), path("password", who)]


@pytest.fixture(autouse=True)
def pages(db, monkeypatch):
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, ALLOWED_HOSTS=["*"]):
        clock(monkeypatch, NOW)
        yield


@pytest.fixture
def person() -> Staff:
    staff = Staff(username="li.ming", name_zh="李明", institution_code=HERE, totp_secret=SECRET)
    staff.set_password(PASSWORD)
    staff.must_change_password, staff.password_changed_at = False, NOW - timedelta(days=1)
    staff.save()
    return staff


def clock(monkeypatch, now: datetime) -> None:
    """The clock of the web edge."""
    monkeypatch.setattr("tongban.access.middleware.timezone.now", lambda: now)


def enters(client: Client, *, now: datetime = NOW, password: str = PASSWORD, code: str = "", username: str = "li.ming"):
    form = {"username": username, "password": password, "code": code or passwords.code_at(SECRET, now), "now": now}
    return client.post("/sign-in", {**form, "now": now.isoformat()}).content.decode()


def after(**step: float) -> datetime:
    return NOW + timedelta(**step)


def test_the_right_password_and_code_begin_a_session(client, person):
    StaffRole.objects.create(
        staff=person, role="reviewer", institution_code=HERE, valid_from=date(2026, 1, 1), granted_by="x"
    )

    assert enters(client) == "in"

    assert client.get("/who").content.decode() == "staff li.ming ['reviewer']"
    row = AuditRow.objects.get(action="sign_in")
    assert (row.outcome, row.actor_id, row.institution_code, row.origin) == ("ok", "li.ming", HERE, "127.0.0.1")


def test_without_signing_in_everybody_is_the_public(client):
    assert client.get("/who").content.decode() == "public public []"


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"password": "wrong"}, Failure.PASSWORD),
        ({"code": "000000"}, Failure.CODE),
        ({"code": "一二三四五六"}, Failure.CODE),
        ({"username": "nobody"}, Failure.UNKNOWN),
    ],
)
def test_either_factor_wrong_begins_nothing_and_is_audited(client, person, changes, failure):
    assert enters(client, **changes) == failure.value

    assert client.get("/who").content.decode().startswith("public")
    row = AuditRow.objects.get(action="sign_in")
    assert (row.outcome, row.detail) == ("denied", {"why": failure.value})


def test_what_was_typed_as_a_name_is_not_kept_in_clear(client):
    enters(client, username="my-secret-password")

    assert "secret" not in AuditRow.objects.get(action="sign_in").object_id


def test_the_answer_does_not_tell_an_unknown_account_from_a_wrong_password(client, person):
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "10.0.0.1"

    answers = {
        sign_in.sign_in(request, name, "wrong", "000000", now=NOW).message_zh
        for name in ("li.ming", "nobody")  # type: ignore[union-attr]
    }

    assert len(answers) == 1


def test_a_code_works_once_even_within_its_half_minute(client, person):
    code = passwords.code_at(SECRET, NOW)
    assert enters(client, code=code) == "in"

    assert enters(Client(), code=code, now=after(seconds=5)) == Failure.CODE_REPLAYED.value
    assert enters(Client(), now=after(seconds=30)) == "in"


def test_a_code_from_before_the_last_one_used_is_refused(client, person):
    earlier = passwords.code_at(SECRET, NOW)
    assert enters(client, now=after(seconds=30)) == "in"

    assert enters(Client(), code=earlier, now=after(seconds=31)) == Failure.CODE_REPLAYED.value


@pytest.mark.parametrize(("off_s", "outcome"), [(-30, "in"), (30, "in"), (-90, "code"), (90, "code")])
def test_a_clock_may_be_half_a_minute_off_and_no_more(client, person, off_s, outcome):
    assert enters(client, code=passwords.code_at(SECRET, after(seconds=off_s))) == outcome


def test_five_failures_lock_the_account_and_the_right_password_does_not_help(client, person):
    for _ in range(5):
        assert enters(client, password="wrong") == Failure.PASSWORD.value

    assert enters(client, now=after(minutes=1)) == Failure.LOCKED.value
    assert enters(client, now=after(minutes=1), password="wrong") == Failure.PASSWORD.value
    person.refresh_from_db()
    assert person.locked_until is not None
    assert enters(client, now=person.locked_until - timedelta(seconds=1)) == Failure.LOCKED.value
    assert enters(client, now=person.locked_until) == "in"


def test_how_long_a_lock_holds_is_a_figure_of_the_place(client, person):
    ParameterValue.objects.create(
        name="lock_minutes", division_code="410526", value="15", valid_from=date(2026, 1, 1), source_zh="x", set_by="x",
        set_at=NOW,
    )  # fmt: skip
    for _ in range(5):
        enters(client, password="wrong")

    person.refresh_from_db()

    assert person.locked_until == after(minutes=15)


def test_failures_are_counted_in_a_row_only(client, person):
    for _ in range(4):
        enters(client, password="wrong")
    assert enters(client) == "in"
    for _ in range(4):
        enters(Client(), password="wrong", now=after(minutes=1))

    assert enters(Client(), now=after(minutes=2)) == "in"


def test_a_wrong_code_counts_towards_the_lock(client, person):
    for _ in range(5):
        enters(client, code="000000")

    assert enters(client, now=after(minutes=1)) == Failure.LOCKED.value


def test_a_closed_account_and_one_without_a_code_begin_nothing(client, person):
    Staff.objects.filter(pk=person.pk).update(is_active=False)
    assert enters(client) == Failure.CLOSED.value

    Staff.objects.filter(pk=person.pk).update(is_active=True)
    person.refresh_from_db()
    person.totp_secret = None
    person.save()
    assert enters(client, now=after(minutes=1)) == Failure.NO_CODE_ENROLLED.value


def test_the_session_key_changes_at_sign_in(client, person):
    client.session.save()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key

    enters(client)

    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_nobody_there_for_fifteen_minutes_is_signed_out(client, person, monkeypatch):
    enters(client)
    clock(monkeypatch, after(minutes=15))
    assert client.get("/who").content.decode().startswith("staff")

    clock(monkeypatch, after(minutes=31))
    answer = client.get("/who?page=2")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?idle=1&next=%2Fwho%3Fpage%3D2"
    assert client.get("/who").content.decode().startswith("public")
    assert AuditRow.objects.get(action="sign_out").detail == {"why": "idle"}


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(client, person, monkeypatch):
    enters(client)
    for minute in (5, 10, 15):
        clock(monkeypatch, after(minutes=minute))
        assert client.get("/who", headers={"X-Background": "1"}).status_code == 200

    clock(monkeypatch, after(minutes=16))

    assert client.get("/who", headers={"X-Background": "1"}).status_code == 302


def test_somebody_at_work_stays_signed_in(client, person, monkeypatch):
    enters(client)
    for minute in range(10, 70, 10):
        clock(monkeypatch, after(minutes=minute))
        assert client.get("/who").status_code == 200
    person.refresh_from_db()
    assert person.last_seen_at == after(minutes=60)


def test_a_session_of_an_account_closed_meanwhile_ends_with_its_next_request(client, person):
    enters(client)
    Staff.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get("/who").content.decode().startswith("public")


def test_a_role_granted_meanwhile_holds_with_the_next_request(client, person):
    enters(client)
    StaffRole.objects.create(
        staff=person, role="registrar", institution_code=HERE, valid_from=date(2026, 1, 1), granted_by="x"
    )

    assert "registrar" in client.get("/who").content.decode()


def test_a_password_somebody_else_set_must_be_changed_first(client, person):
    Staff.objects.filter(pk=person.pk).update(must_change_password=True)
    enters(client)

    assert client.get("/who")["Location"] == "/password"
    assert client.get("/password").status_code == 200


def test_a_password_older_than_ninety_days_must_be_changed(person):
    assert not sign_in.must_change(person, NOW + timedelta(days=88))
    assert sign_in.must_change(person, NOW + timedelta(days=90))


def test_changing_the_password_ends_every_other_session(client, person, rf):
    enters(client)
    other = Client()
    enters(other, now=after(minutes=1))
    request = rf.get("/")
    request.session, request.user = client.session, person

    sign_in.change_password(request, PASSWORD, "Another-Horse-10", now=after(minutes=2))
    request.session.save()

    person.refresh_from_db()
    assert person.check_password("Another-Horse-10")
    assert other.get("/who").content.decode().startswith("public")
    assert AuditRow.objects.filter(action="password.change").count() == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wrong", "Another-Horse-10"),
        (PASSWORD, PASSWORD),
        (PASSWORD, "Short-1"),
        (PASSWORD, "onlysmallletters"),
        (PASSWORD, "Li.Ming-password-1"),
        (PASSWORD, "A-1" + "a" * 200),
    ],
    ids=["old one wrong", "the same", "short", "one class", "with the user name", "too long"],
)
def test_a_new_password_that_breaks_the_rules_changes_nothing(client, person, rf, old, new):
    enters(client)
    request = rf.get("/")
    request.session, request.user = client.session, person

    with pytest.raises(InvalidInput):
        sign_in.change_password(request, old, new, now=NOW)

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_actor_of_a_request_knows_roles_and_agreement_of_today(client, person, rf):
    StaffRole.objects.create(
        staff=person, role="window_clerk", institution_code=HERE, valid_from=date(2026, 1, 1), granted_by="x"
    )
    ConfidentialityAgreement.objects.create(
        kind="staff", first=HERE, second="li.ming", document_no="保密1", signed_on=date(2026, 1, 1),
        valid_from=date(2026, 1, 1), valid_until=date(2999, 1, 1),
    )  # fmt: skip
    request = rf.get("/")
    request.user = person

    actor = actor_of(request)

    assert (actor.kind, actor.id, actor.institution) == (ActorKind.STAFF, "li.ming", HERE)
    assert actor.holds(Role.WINDOW_CLERK)
    assert actor.has_agreement
    assert actor_of(request) is actor


def test_a_rejection_says_what_to_do():
    for failure in Failure:
        staff = Staff(locked_until=NOW)
        rejection = sign_in._rejection(failure, staff)
        assert isinstance(rejection, Rejection)
        assert rejection.message_zh.endswith("。")


def test_a_colleague_confirms_beside_without_a_session_of_his_own(client, person, rf):
    request = rf.get("/")
    request.session = client.session

    actor = sign_in.confirm(request, "li.ming", PASSWORD, passwords.code_at(SECRET, NOW), now=NOW)

    assert not isinstance(actor, Rejection)
    assert actor.id == "li.ming"
    assert "_auth_user_id" not in request.session
    row = AuditRow.objects.get(action="sign_in.confirm")
    assert (row.actor_id, row.outcome, row.detail) == ("li.ming", "ok", {"beside": "public"})


@pytest.mark.parametrize(("password", "code"), [("wrong", ""), (PASSWORD, "000000")])
def test_a_colleague_with_a_wrong_factor_confirms_nothing_and_it_is_audited(client, person, rf, password, code):
    request = rf.get("/")
    request.session = client.session

    outcome = sign_in.confirm(request, "li.ming", password, code or passwords.code_at(SECRET, NOW), now=NOW)

    assert isinstance(outcome, Rejection)
    assert AuditRow.objects.get(action="sign_in.confirm").outcome == "denied"


def test_a_colleague_whose_password_is_due_confirms_nothing_and_it_is_audited(client, person, rf):
    Staff.objects.filter(pk=person.pk).update(must_change_password=True)
    request = rf.get("/")
    request.session = client.session

    outcome = sign_in.confirm(request, "li.ming", PASSWORD, passwords.code_at(SECRET, NOW), now=NOW)

    assert isinstance(outcome, Rejection)
    assert AuditRow.objects.get(action="sign_in.confirm").detail == {"why": "password_due"}
