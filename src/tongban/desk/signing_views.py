"""Signing in and out, and changing one's own password."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.access import passwords, sign_in
from tongban.access.actors import ActorKind, actor_of
from tongban.access.sign_in import Failure, Rejection, Welcome
from tongban.desk import demo_accounts
from tongban.domain.errors import InvalidInput

AFTER_SIGN_IN = "/desk/"


class SignInForm(forms.Form):
    """Both factors on one page."""

    use_required_attribute = False
    username = forms.CharField(
        label="用户名", max_length=40, widget=forms.TextInput({"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="口令", max_length=passwords.LENGTH_MAX,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip
    code = forms.CharField(
        label="动态码", max_length=12, help_text="手机验证器上现在显示的6位数字。",
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip


class PasswordForm(forms.Form):
    """The old password and twice the new one."""

    use_required_attribute = False
    old = forms.CharField(label="现在的口令", widget=forms.PasswordInput({"autocomplete": "current-password"}))
    password = forms.CharField(
        label="新口令", widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=f"至少{passwords.LENGTH_MIN}个字符；大写字母、小写字母、数字、符号里至少有"
        f"{passwords.CLASSES_MIN}种；不能包含用户名。",
    )  # fmt: skip
    again = forms.CharField(label="再输一遍新口令", widget=forms.PasswordInput({"autocomplete": "new-password"}))

    def clean(self) -> None:
        given = self.cleaned_data
        if {"password", "again"} <= given.keys() and given["password"] != given["again"]:
            self.add_error("again", "两次输入的新口令不一样，请重新输入。")


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in; a demonstration lists its accounts and signs in with one press."""
    form = SignInForm(request.POST if request.method == "POST" and "demo" not in request.POST else None)
    rejection: Rejection | None = None
    if request.method == "POST":
        outcome = _try(request, form)
        if isinstance(outcome, Welcome):
            return redirect("password" if outcome.must_change_password else _next(request))
        rejection = outcome
        if rejection is not None and form.is_bound:
            form.add_error(None, rejection.message_zh)
    return render(
        request, "desk/sign_in.html", _page(request, form, rejection), status=422 if rejection or form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out; only a POST does."""
    if request.method == "POST":
        sign_in.sign_out(request, now=timezone.now())
        return redirect(f"{settings.LOGIN_URL}?out=1")
    return redirect(AFTER_SIGN_IN)


@never_cache
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set one's own password; every other session of the account ends."""
    if actor_of(request).kind is not ActorKind.STAFF:
        return redirect(settings.LOGIN_URL)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            sign_in.change_password(request, given["old"], given["password"], now=timezone.now())
        except InvalidInput as error:
            for problem in error.problems:
                form.add_error(problem.field, f"{problem.what_zh}。{problem.cure_zh}。")
        else:
            return redirect(f"{AFTER_SIGN_IN}?done=password")
    is_due = bool(request.session.get(sign_in.MUST_CHANGE))
    return render(request, "desk/password.html", {"form": form, "is_due": is_due}, status=422 if form.errors else 200)


def _try(request: HttpRequest, form: SignInForm) -> Welcome | Rejection | None:
    if chosen := demo_accounts.account(request.POST.get("demo", "")):
        return _try_demo(request, chosen)
    if not form.is_valid():
        return None
    given = form.cleaned_data
    return sign_in.sign_in(request, given["username"], given["password"], given["code"], now=timezone.now())


def _try_demo(request: HttpRequest, chosen: demo_accounts.DemoAccount) -> Welcome | Rejection:
    """With the code of now or, when somebody used that one a moment ago, with the next."""
    now = timezone.now()
    this, following = chosen.codes(now)
    outcome = sign_in.sign_in(request, chosen.username, chosen.password, this, now=now)
    if isinstance(outcome, Rejection) and outcome.failure is Failure.CODE_REPLAYED:
        outcome = sign_in.sign_in(request, chosen.username, chosen.password, following, now=now)
    return outcome


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else AFTER_SIGN_IN


def _page(request: HttpRequest, form: SignInForm, rejection: Rejection | None) -> dict[str, object]:
    now, ready = timezone.now(), demo_accounts.accounts()
    return {
        "form": form,
        "rejection": rejection,
        "next": _next(request),
        "is_idle": "idle" in request.GET,
        "is_out": "out" in request.GET,
        "accounts": [(one, one.codes(now)[0]) for one in ready],
        "one_password": ready[0].password if len({one.password for one in ready}) == 1 else "",
        "progress_zh": demo_accounts.progress_zh(),
        "is_demo": settings.TONGBAN_DEMO,
        "person": actor_of(request) if actor_of(request).kind is ActorKind.STAFF else None,
    }
