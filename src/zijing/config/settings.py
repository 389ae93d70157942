"""Django settings, all of them. What an operator may change is read from the environment in one place.

| variable              | meaning                                                        | default            |
|-----------------------|----------------------------------------------------------------|--------------------|
| ZIJING_DATA           | folder of database, files, key                                 | ./var              |
| ZIJING_DATABASE_URL   | postgres://user:password@host:port/name                        | SQLite in the data |
| ZIJING_PORT           | port of ``zijing serve``                                       | 8000               |
| ZIJING_HOSTS          | host names the server answers to, comma separated              | loopback only      |
| ZIJING_DEMO           | 1: the demo office, one-click sign-in, "advance" button        | 0                  |
| ZIJING_DEBUG          | 1: Django's debug pages                                        | 0                  |
| ZIJING_HTTPS          | 1: cookies for https only, HSTS                                | 0                  |
| ZIJING_PACKS          | folder of packs                                                | ./packs            |
| ZIJING_BACKUPS        | folder for a backup every day; none without it                 | none               |
| ZIJING_BACKUPS_KEPT   | how many of them are kept                                      | 14                 |
| ZIJING_WRITE_WAIT     | seconds a write waits for another one before it is refused     | 10                 |
| ZIJING_SECOND_FACTOR  | who must have one: administrators, or all                      | administrators     |
| ZIJING_IDLE_MINUTES   | a session ends when nothing was done for so long               | 480                |
| ZIJING_IDLE_MINUTES_ADMINISTRATORS | the same for administrators                       | 30                 |
| ZIJING_PASSWORD_LENGTH | fewest characters of a password, at least 8                   | 10                 |
| ZIJING_PASSWORD_MAX_DAYS | days until a password must be changed; 0: never             | 0                  |
| ZIJING_SITE_NAME      | what an authenticator app shows beside the code                | Zijing             |
| ZIJING_BEHIND_PROXY   | 1: addresses come from the proxy's X-Forwarded-For             | 0                  |
| ZIJING_OIDC_ISSUER    | address of an OpenID Connect provider to sign in by            | none: off          |
| ZIJING_OIDC_CLIENT_ID | this installation's name there                                 |                    |
| ZIJING_OIDC_CLIENT_SECRET | its secret there                                           |                    |
| ZIJING_OIDC_CLAIM     | the claim that is the user name here                           | preferred_username |
| ZIJING_OIDC_TITLE     | what the button says                                           | OIDC               |
| ZIJING_JOURNAL_DIGEST | sha256 or sm3                                                  | sha256             |
| ZIJING_CIPHER         | aes or sm4: what seals personal fields and uploads             | aes                |
| ZIJING_FIELD_KEY      | a passphrase instead of the key file in the data folder        | the file field-key |
| ZIJING_ADDRESS        | the address people open, for links in mails: https://…         | from the hosts     |
| ZIJING_MAIL_HOST      | SMTP server for mails to people                                | none: no mail      |
| ZIJING_MAIL_SECURITY  | starttls, tls or none                                          | starttls           |
| ZIJING_MAIL_PORT      | its port                                                       | 587, 465 or 25     |
| ZIJING_MAIL_USER, ZIJING_MAIL_PASSWORD | who signs in there                            | nobody             |
| ZIJING_MAIL_FROM      | the sender's address                                           | the user           |
| ZIJING_WEBHOOK_HOSTS  | hosts that group robots may be called at, comma separated      | none               |
| ZIJING_WEBHOOK_PRIVATE | 1: these hosts may have private addresses                     | 0                  |
| ZIJING_CHANNEL_CA     | file of further certificates to trust (mail, group robots)     | none               |
| ZIJING_CHANNEL_TIMEOUT | seconds to wait for a mail server or a robot                  | 20                 |
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "zijing"


def flag(name: str) -> bool:
    """A boolean setting; anything but 0/1 stops the start instead of being guessed at."""
    value = os.environ.get(name, "0")
    if value not in {"0", "1", ""}:
        raise SystemExit(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def whole(name: str, default: int, *, least: int = 0) -> int:
    """A whole number from the environment; anything else, or less than ``least``, stops the start."""
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or int(value) < least:
        raise SystemExit(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def one_of(name: str, *values: str) -> str:
    """One of these words from the environment, the first when none is given; another stops the start."""
    value = os.environ.get(name) or values[0]
    if value not in values:
        raise SystemExit(f"{name} must be one of {', '.join(values)}, not {value!r}")
    return value


DATA = Path(os.environ.get("ZIJING_DATA") or ROOT / "var").resolve()
DATA.mkdir(parents=True, exist_ok=True)
DEMO = flag("ZIJING_DEMO")
DEBUG = flag("ZIJING_DEBUG")
HTTPS = flag("ZIJING_HTTPS")
PORT = int(os.environ.get("ZIJING_PORT") or 8000)
PACKS = Path(os.environ.get("ZIJING_PACKS") or ROOT / "packs")
BACKUPS = Path(os.environ["ZIJING_BACKUPS"]).resolve() if os.environ.get("ZIJING_BACKUPS") else None
BACKUPS_KEPT = max(1, int(os.environ.get("ZIJING_BACKUPS_KEPT") or 14))
DEMO_FOLDER = ROOT / "demo"
WRITE_WAIT = float(os.environ.get("ZIJING_WRITE_WAIT") or 10)
JOURNAL_DIGEST = os.environ.get("ZIJING_JOURNAL_DIGEST") or "sha256"
CIPHER = os.environ.get("ZIJING_CIPHER") or "aes"
if CIPHER not in {"aes", "sm4"}:
    raise SystemExit(f"ZIJING_CIPHER must be aes or sm4, not {CIPHER!r}")
FIELD_KEY = os.environ.get("ZIJING_FIELD_KEY", "")


def secret_key() -> str:
    """The signing key, made at the first start and kept beside the data, readable by its owner only."""
    path = DATA / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def database(url: str) -> dict[str, object]:
    """Django's database settings for ``url``; an empty one means SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "zijing.core.sqlite",
            "NAME": DATA / "zijing.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": WRITE_WAIT,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;",
            },
            "CONN_MAX_AGE": 600,
            "TEST": {"NAME": ":memory:"},
        }
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("ZIJING_DATABASE_URL must begin with postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": "5", "prepare_threshold": 5}
        | {k: v[0] for k, v in parse_qs(parts.query).items()},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = os.environ.get("ZIJING_SECRET_KEY") or secret_key()
ALLOWED_HOSTS = [h for h in (os.environ.get("ZIJING_HOSTS") or "127.0.0.1,localhost,[::1]").split(",") if h]
DATABASES = {"default": database(os.environ.get("ZIJING_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "zijing.core",
    "zijing.journal",
    "zijing.places",
    "zijing.people",
    "zijing.outbox",
    "zijing.records",
    "zijing.figures",
    "zijing.search",
    "zijing.documents",
    "zijing.registers",
    "zijing.activities",
    "zijing.commitments",
    "zijing.cases",
    "zijing.projects",
    "zijing.assessment",
    "zijing.packs",
    "zijing.demo",
    "zijing.web",
    "zijing.api",
    "zijing.cli",
]
MIDDLEWARE = [
    "zijing.api.door.Door",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "zijing.web.middleware.WholeForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zijing.web.middleware.ContentSecurityPolicy",
    "zijing.web.middleware.ActingPost",
    "zijing.web.middleware.DomainErrors",
]
# Of these, what a call of the API with a key passes.
API_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zijing.web.middleware.ContentSecurityPolicy",
]
ROOT_URLCONF = "zijing.config.urls"
WSGI_APPLICATION = "zijing.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "zijing.web.shell.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.Account"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": whole("ZIJING_PASSWORD_LENGTH", 10, least=8)},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "label")},
    },
    {"NAME": "zijing.people.passwords.NotOneOfTheLast"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
PASSWORD_MAX_DAYS = whole("ZIJING_PASSWORD_MAX_DAYS", 0)
# OpenID Connect sign-in, off without an issuer; the secret stays in the environment.
OIDC = {
    "issuer": (os.environ.get("ZIJING_OIDC_ISSUER") or "").rstrip("/"),
    "client_id": os.environ.get("ZIJING_OIDC_CLIENT_ID", ""),
    "client_secret": os.environ.get("ZIJING_OIDC_CLIENT_SECRET", ""),
    "claim": os.environ.get("ZIJING_OIDC_CLAIM") or "preferred_username",
    "title": os.environ.get("ZIJING_OIDC_TITLE") or "OIDC",
}
SECOND_FACTOR = one_of("ZIJING_SECOND_FACTOR", "administrators", "all")
SITE_NAME = os.environ.get("ZIJING_SITE_NAME") or "Zijing"
here = f"https://{ALLOWED_HOSTS[0]}" if HTTPS else f"http://{ALLOWED_HOSTS[0]}:{PORT}"
ADDRESS = (os.environ.get("ZIJING_ADDRESS") or here).rstrip("/")
MAIL_SECURITY = one_of("ZIJING_MAIL_SECURITY", "starttls", "tls", "none")
# The way to people's mail, none without a host; the password stays in the environment.
MAIL = {
    "host": os.environ.get("ZIJING_MAIL_HOST", ""),
    "port": whole("ZIJING_MAIL_PORT", {"starttls": 587, "tls": 465, "none": 25}[MAIL_SECURITY], least=1),
    "security": MAIL_SECURITY,
    "user": os.environ.get("ZIJING_MAIL_USER", ""),
    "password": os.environ.get("ZIJING_MAIL_PASSWORD", ""),
    "from": os.environ.get("ZIJING_MAIL_FROM") or os.environ.get("ZIJING_MAIL_USER", ""),
}
# Where group robots may be called at all: an address that a person types must not reach what only the server reaches.
WEBHOOK_HOSTS = frozenset(h for h in os.environ.get("ZIJING_WEBHOOK_HOSTS", "").split(",") if h)
WEBHOOK_PRIVATE = flag("ZIJING_WEBHOOK_PRIVATE")
CHANNEL_CA = os.environ.get("ZIJING_CHANNEL_CA") or None
CHANNEL_TIMEOUT = whole("ZIJING_CHANNEL_TIMEOUT", 20, least=1)
BEHIND_PROXY = flag("ZIJING_BEHIND_PROXY")
SESSION_ENGINE = "zijing.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_MINUTES = whole("ZIJING_IDLE_MINUTES", 8 * 60, least=1)
SESSION_IDLE_MINUTES_ADMINISTRATORS = whole("ZIJING_IDLE_MINUTES_ADMINISTRATORS", 30, least=1)
SESSIONS_AT_ONCE = 3
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [("vendor", ROOT / "assets" / "vendor")] if (ROOT / "assets" / "vendor").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {
        "BACKEND": "zijing.core.statics.HashedFiles"
        if (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_LIMIT = 30 * 2**20
# A second reader of plans behind an OpenAI-compatible address, off unless one is named.
READER_MODEL = (
    {
        "url": os.environ["ZIJING_READER_URL"],
        "name": os.environ.get("ZIJING_READER_MODEL") or "default",
        "key": os.environ.get("ZIJING_READER_KEY", ""),
    }
    if os.environ.get("ZIJING_READER_URL")
    else None
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
