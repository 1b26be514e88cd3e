"""Settings of the whole product, read from the environment.

Three ways to run, one file:

- embedded (no DATABASE_URL): SQLite, a broker in folders, everything in data/; this is what `make run` starts;
- production (BLENDEDU_ENV=production): PostgreSQL, Redis, secrets, and a refusal to start without one of them;
- test (BLENDEDU_ENV=test, see tests/settings.py): SQLite, or whatever DATABASE_URL and REDIS_URL name.
"""

import os
import secrets
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from blendedu.site.logs import logging_config

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.str("BLENDEDU_ENV", default="local")
if ENVIRONMENT not in {"local", "test", "production"}:
    raise ImproperlyConfigured(f"BLENDEDU_ENV must be local, test or production, not {ENVIRONMENT!r}.")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"

DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED = not DATABASE_URL

# Accounts with a known password are a convenience of the local machine. They cannot exist in production.
BLENDEDU_DEMO = env.bool("BLENDEDU_DEMO", default=not PRODUCTION)

if PRODUCTION:
    needed = {
        "SECRET_KEY": "a long random text, kept secret",
        "DATABASE_URL": "the address of PostgreSQL",
        "REDIS_URL": "the address of Redis, which carries jobs and the cache",
        "ALLOWED_HOSTS": "the host names of this site, separated by commas",
        "EMAIL_URL": "the mail server that notices are sent through",
        "DEFAULT_FROM_EMAIL": "the sender of notices",
    }
    missing = [f"{name} ({meaning})" for name, meaning in needed.items() if not env.str(name, default="").strip()]
    if missing:
        raise ImproperlyConfigured("BlendEdu does not start in production without " + "; ".join(missing) + ".")
    if not DATABASE_URL.startswith(("postgres://", "postgresql://", "psql://")):
        raise ImproperlyConfigured("BlendEdu runs on PostgreSQL in production: DATABASE_URL names something else.")
    if len(env.str("SECRET_KEY")) < 40:
        raise ImproperlyConfigured("SECRET_KEY is too short: production needs at least 40 random characters.")
    if BLENDEDU_DEMO:
        raise ImproperlyConfigured("BLENDEDU_DEMO cannot be switched on in production: demo accounts are public.")

# --- Files -------------------------------------------------------------------------------------------------------

# Everything that the product writes on this machine. In production a volume; the database is elsewhere then.
DATA = Path(env.str("BLENDEDU_DATA", default="") or BASE_DIR / "data").resolve()
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "media/"  # Files are served by views that check the right; nothing is mounted here.
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("BLENDEDU_STATIC", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
QUEUE = DATA / "queue"
if not PRODUCTION:
    for folder in (MEDIA_ROOT, QUEUE / "messages", QUEUE / "control", DATA / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)

# --- Secrets and hosts -------------------------------------------------------------------------------------------


def _own_secret(path: Path) -> str:
    """The embedded site's own secret, made once and readable only by its owner."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


if TESTING:
    SECRET_KEY = "for tests only, nothing is signed with this outside of them"  # noqa: S105 -- not a secret
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret(DATA / "secret.key")

DEBUG = not PRODUCTION and env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
INTERNAL_IPS = ["127.0.0.1"]

# --- The institution ---------------------------------------------------------------------------------------------

BLENDEDU_INSTITUTION = env.str("BLENDEDU_INSTITUTION", default="Meridian University of Applied Sciences")
# The address that mails point to.
BLENDEDU_ADDRESS = env.str("BLENDEDU_ADDRESS", default=f"http://localhost:{env.str('PORT', default='8000')}")
# Hosts whose clips may be embedded. A clip of another host is loaded only after the student's own click.
BLENDEDU_CLIP_HOSTS = env.list("BLENDEDU_CLIP_HOSTS", default=["www.youtube-nocookie.com", "player.vimeo.com"])
BLENDEDU_UPLOAD_MAX_BYTES = env.int("BLENDEDU_UPLOAD_MAX_BYTES", default=50 * 1024 * 1024)

# --- Apps and the way of a request -------------------------------------------------------------------------------

# From the top of the stack down: a higher app may replace a template of a lower one, never the reverse.
INSTALLED_APPS = [
    "blendedu.demo",
    "blendedu.site",
    "institution",
    "programmes",
    "courses",
    "activities",
    "blendedu.journal",
    "blendedu.people",
    "blendedu.kit",
    "template_partials",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.humanize",
    "django.forms",
]
if PRODUCTION:
    INSTALLED_APPS.remove("blendedu.demo")

# COST: every request walks this list; an answer is saved in about 3 ms of CPU. Add nothing that a view could do.
MIDDLEWARE = [
    "blendedu.site.middleware.RequestId",
    "blendedu.site.middleware.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "blendedu.site.middleware.Authentication",
    "blendedu.site.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "blendedu.urls"
WSGI_APPLICATION = "blendedu.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        # template_partials wraps these two with its own loader and the cached one, in development too.
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blendedu.site.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- Database ----------------------------------------------------------------------------------------------------

if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "blendedu.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Web and worker write at the same time: with these three no "database is locked" was ever seen.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
            },
        }
    }
else:
    _database = env.db("DATABASE_URL")
    if _database["ENGINE"] == "django.db.backends.postgresql":
        _database["ENGINE"] = "blendedu.kit.postgres"
        # The server keeps the plans of blendedu.kit.prepared, from the second time on. A pooler between the two that
        # cannot do that is told so: DATABASE_URL=...?prepare_threshold=100000000
        _database["OPTIONS"] = {"prepare_threshold": 1, **_database.get("OPTIONS", {})}
    # No pool: in prefork workers it opened one connection per task. Connections = processes x threads.
    DATABASES = {"default": {**_database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache and sessions ------------------------------------------------------------------------------------------


def _next_database(url: str) -> str:
    """The neighbour of a Redis database, so that emptying the cache never empties the queue."""
    parts = urlsplit(url)
    number = parts.path.strip("/") or "0"
    if not number.isdigit():
        raise ImproperlyConfigured("REDIS_URL ends in the number of a database, as in redis://redis:6379/0.")
    return urlunsplit(parts._replace(path=f"/{int(number) + 1}"))


if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "blendedu.kit.cache.ForgivingRedisCache",
            "LOCATION": env.str("CACHE_URL", default="") or _next_database(REDIS_URL),
            "KEY_PREFIX": "blendedu",
            "OPTIONS": {
                "serializer": "blendedu.kit.cache.Json",
                "socket_connect_timeout": 0.5,
                "socket_timeout": 0.5,
            },
        }
    }
else:
    # One web process, so its own memory is the whole site's memory.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "blendedu",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600  # Longer than the longest examination.
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- People and sign-in ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
# An e-mail address is unique whatever its case: a constraint on its lower case, which this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
# Pages may frame each other (a clip, a print view), and whether this host is on the browsers' list is not ours to say.
SILENCED_SYSTEM_CHECKS += ["security.W019", "security.W021"]
# Its ModelBackend parent also answers has_perm, so the plain one is not needed beside it.
AUTHENTICATION_BACKENDS = ["blendedu.site.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

ACCOUNT_ADAPTER = "blendedu.site.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "blendedu.site.forms.SignInForm",
    "add_email": "blendedu.site.forms.AddAddressForm",
    "reset_password": "blendedu.site.forms.ForgottenPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional" if PRODUCTION else "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# A lecture hall signs in from behind one address within a minute, and some of it mistypes. Wrong passwords count per
# account and address (blendedu/site/adapter.py), so that nobody locks anybody else out.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,10/300s/key",
    "login_failed_device": "10/300s/key",
    "reset_password": "100/m/ip,5/m/key",
    "reset_password_from_key": "200/m/ip",
}
BLENDEDU_DEVICE_COOKIE = "__Host-device" if PRODUCTION else "device"
# Rate limits of sign-in count per client. Behind proxies, only the address that the nearest ones add is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("BLENDEDU_PROXIES", default=1 if PRODUCTION else 0)

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "BlendEdu"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# Single sign-on: set the three OIDC_ variables, and the institution's own sign-in appears beside the password.
SOCIALACCOUNT_ADAPTER = "blendedu.site.adapter.SocialAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {}
if env.str("OIDC_SERVER_URL", default=""):
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    # One identity provider, the institution's own: what it says about an e-mail address is believed.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "institution",
                "name": env.str("OIDC_NAME", default=BLENDEDU_INSTITUTION),
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": env.str("OIDC_SERVER_URL")},
            }
        ],
    }

# --- Safety of pages ---------------------------------------------------------------------------------------------

_clip_origins = [f"https://{host}" for host in BLENDEDU_CLIP_HOSTS]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", *_clip_origins],
        "frame-src": ["'self'", *_clip_origins],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
if PRODUCTION:
    # `__Host-` ties a cookie to this host and to https; no other site of the institution can set it.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("BLENDEDU_HTTPS_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("BLENDEDU_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("BLENDEDU_HSTS_SUBDOMAINS", default=True)

# SECURITY: a body is measured before it is read (middleware.BodyLimit); these bound what is then held in memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
if not PRODUCTION:
    FILE_UPLOAD_TEMP_DIR = str(DATA / "tmp")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Mail --------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="BlendEdu <blendedu@localhost>")
SERVER_EMAIL = env.str("SERVER_EMAIL", default=DEFAULT_FROM_EMAIL)
EMAIL_TIMEOUT = 10
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))

# --- Words and clocks --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("BLENDEDU_TIME_ZONE", default="Europe/Brussels")
FIRST_DAY_OF_WEEK = 1

# --- Work for later ----------------------------------------------------------------------------------------------

# The database is the truth, the broker only wakes workers up: see docs/decisions/0003-supervised-processes.md.
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False  # A page never waits for a broker that is away; the sweeper publishes again.
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_DB_REUSE_MAX = 500  # Without it every task opens a connection; blendedu/celery.py drops the dead ones.
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep-jobs": {"task": "journal.sweep", "schedule": 15.0},
    "send-digests": {"task": "journal.send_digests", "schedule": 900.0},
    # Files of uploads that were cut off, and of removed materials, that no row names.
    "sweep-leftovers": {"task": "activities.sweep_leftovers", "schedule": 24 * 3600.0},
    # Lecturers hear some days before that something they planned would open and is not built.
    "warn-of-unbuilt": {"task": "courses.warn_of_unbuilt", "schedule": 3600.0},
    # Who was at a design and whose card it was, once nobody has been there for a day.
    "sweep-presence": {"task": "courses.sweep_presence", "schedule": 6 * 3600.0},
    "tidy-jobs": {"task": "journal.tidy", "schedule": 24 * 3600.0},
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 1,
        # A Redis that is frozen takes connections and never answers; without this, whoever submits waits with it.
        "socket_timeout": 1,
        # A page that wakes a worker asks once. Without this Celery tries for six seconds to reach a Redis that is away.
        "max_retries": 0,
    }
elif TESTING:
    CELERY_BROKER_URL = "memory://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
else:
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE / "messages"),
        "data_folder_out": str(QUEUE / "messages"),
        "control_folder": str(QUEUE / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }

# --- Telling what happened ---------------------------------------------------------------------------------------

LOGGING_CONFIG = None
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING" if TESTING else "INFO")
logging_config(json=PRODUCTION, level=LOG_LEVEL)

if PRODUCTION and env.str("SENTRY_DSN", default=""):
    # An optional extra (requirements/prod.txt), read only where it is configured.
    import_module("sentry_sdk").init(dsn=env.str("SENTRY_DSN"), send_default_pii=False)
