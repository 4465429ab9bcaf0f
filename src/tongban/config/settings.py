"""Django settings of a site: environment and site file in, no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from tongban.config.env import Env
from tongban.runtime import site_file

env = Env()
PACKAGE = Path(__file__).resolve().parent.parent
TONGBAN_HOME = Path(env.text("TONGBAN_HOME")).resolve()
_site = site_file.load(TONGBAN_HOME)
if _site is None:
    raise ImproperlyConfigured(f"{TONGBAN_HOME} is not a site yet: run `tongban setup`")

TONGBAN_SITE_CODE = _site.site_code
TONGBAN_KEYS_DIR = TONGBAN_HOME / "keys"
TONGBAN_KEY_PROVIDER = "tongban.vault.keys.FileKeyProvider"
TONGBAN_MASTER_KEYS = _site.master_keys
TONGBAN_MASTER_KEY_CURRENT = _site.master_key_current
TONGBAN_INDEX_KEY = _site.index_key
TONGBAN_WIRING = "tongban.config.wiring"
TONGBAN_DEMO = env.flag("TONGBAN_DEMO")
TONGBAN_SHELL = "tongban.config.shell.shell"
TONGBAN_ON_DENIAL = "tongban.config.shell.on_denial"
CSRF_FAILURE_VIEW = "tongban.web.render.csrf_failure"

# Outside bodies: an address that is empty is not connected yet, “none” says that there is none.
DEPARTMENTS = {
    "platform": {
        "BACKEND": "tongban.departments.platform.http.HttpNationalPlatform",
        "URL": env.text("TONGBAN_PLATFORM_URL"),
    },
    "library-county": {
        "BACKEND": "tongban.departments.licence_library.http.HttpLicenceLibrary",
        "URL": env.text("TONGBAN_COUNTY_LIBRARY_URL"),
    },
    "library-province": {
        "BACKEND": "tongban.departments.licence_library.http.HttpLicenceLibrary",
        "URL": env.text("TONGBAN_PROVINCE_LIBRARY_URL"),
    },
}
DEPARTMENTS_TIMEOUT_S = env.number("TONGBAN_PLATFORM_TIMEOUT_S")
PLATFORM_DIALECT = {
    "habitation_row": env.text("TONGBAN_PLATFORM_HABITATION_ROW"),
    "easement_row": env.text("TONGBAN_PLATFORM_EASEMENT_ROW"),
    "mark": env.text("TONGBAN_PLATFORM_MARK"),
    "amounts_in_wan": env.text("TONGBAN_PLATFORM_AMOUNTS") != "yuan",
}

SECRET_KEY = _site.django_secret
DEBUG = env.flag("TONGBAN_DEBUG")
ALLOWED_HOSTS = env.names("TONGBAN_HOSTS")
ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "tongban.vault",
    "tongban.directory",
    "tongban.access",
    "tongban.exchange",
    "tongban.register",
    "tongban.certificates",
    "tongban.reporting",
    "tongban.intake",
    "tongban.cases",
    "tongban.enquiries",
    "tongban.judicial",
    "tongban.web",
    "tongban.portal",
    "tongban.desk",
    "tongban.monitor",
]
MIDDLEWARE = [
    "tongban.web.middleware.ReferenceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "tongban.access.middleware.IdleSignOutMiddleware",
    "tongban.access.middleware.PasswordDueMiddleware",
    "tongban.web.middleware.ProblemMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", "tongban.web.context.frame"]},
    }
]


def _database(role: str) -> dict[str, Any]:
    outside = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "reader": "DATABASE_READER_URL"}
    assert _site is not None
    url = env.text(outside[role]) or _site.database_url(role, TONGBAN_HOME, env.text("TONGBAN_DATABASE_NAME"))
    parts = conninfo_to_dict(url)
    pool = env.number("TONGBAN_DATABASE_POOL")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a pooled connection that a database restart broke is replaced, not handed out
        "OPTIONS": parts | ({"pool": {"min_size": 1, "max_size": pool, "timeout": 10}} if pool else {}),
    }


DATABASES = {"default": _database(env.text("TONGBAN_DATABASE_ROLE"))}

AUTH_USER_MODEL = "access.Staff"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "/sign-in"
PASSWORD_URL = "/password"  # noqa: S105 - an address
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("TONGBAN_HTTPS")
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 24 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = TONGBAN_HOME / "static"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
