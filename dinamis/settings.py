"""All that differs from one installation to the next, read from the environment alone."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from dinamis import signin
from dinamis.logs import without_tokens

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name: str, reason: str) -> str:
    """Return the variable, or fail naming it and saying what it is for."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"The environment variable {name} is missing: {reason} "
            "`./run up` and `./run manage` set it by themselves; docs/operations.md lists them all."
        )
    return value


# ── What this installation is ───────────────────────────────────────────────────────────────────
DEBUG = False  # never on: the demonstration is a real installation with demonstration data
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("TESTING", default=False)
SECRET_KEY = required("SECRET_KEY", "it signs sessions and links.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="DINAMIS")
_site = urlsplit(SITE_URL)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
LOOPBACK = {"127.0.0.1", "localhost", "::1", "testserver"}
if DEMO and _site.hostname not in LOOPBACK and not env.bool("DEMO_INSIST", default=False):
    raise ImproperlyConfigured(
        f"DEMO shows log-ins and mail to anybody, and SITE_URL names {_site.hostname}. "
        "Turn DEMO off, or set DEMO_INSIST=1 if that is really wanted."
    )

# ── What it is made of ──────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "orders",
    "catalogue",
    "accounts",
    "dinamis",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.forms",  # its templates, for TemplatesSetting
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.idp.oidc",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "leaflet",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "pgtrigger",
    "csp",
    "django_structlog",
    "django_prometheus",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dinamis.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dinamis.middleware.LogMiddleware",
    "dinamis.middleware.RefusalMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "dinamis.urls"
WSGI_APPLICATION = "dinamis.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "dinamis.context.shell",
            ],
            "builtins": ["dinamis.templatetags.dinamis"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ── Real servers ────────────────────────────────────────────────────────────────────────────────
required("DATABASE_URL", "PostgreSQL with PostGIS, such as postgis://user@host/dinamis.")
DATABASES = {"default": env.db("DATABASE_URL", engine="dinamis.database")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "options": "-c lock_timeout=10s -c timezone=UTC",
        "connect_timeout": 5,
        # What `dinamis.compiled` asks is planned once a connection. Not behind a pooler of transactions.
        "prepare_threshold": 2 if env.bool("DATABASE_PREPARES", default=True) else None,
    },
}
# Debian's GDAL cannot block files and network by itself: text from people never builds a
# SpatialReference here, and their files are opened in a child (docs/adr/0008).
SILENCED_SYSTEM_CHECKS = ["gis.W001"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "Celery's broker and the cache, such as redis://host:6379/0.")
CACHES = {
    "default": {
        "BACKEND": "dinamis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "dinamis",
        "TIMEOUT": 300,  # every key expires: volatile-lru may evict it, and never a broker key
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}


def broker_url(url: str) -> str:
    """Return Celery's name for a Redis address; only sockets are called otherwise there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parts.query.removeprefix("db=") or "0"
    return f"redis+socket://{parts.path}?virtual_host={number}"


CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_RESULT_BACKEND = None  # states live in our tables
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # above the hard time limit: no running task is handed out twice
    "socket_timeout": 1.0,
    "socket_connect_timeout": 1.0,
}
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    "outbox-sweep": {"task": "dinamis.tasks.sweep", "schedule": 20.0},
    "worker-heartbeat": {"task": "dinamis.tasks.heartbeat", "schedule": 30.0},
    "check-rights": {"task": "accounts.tasks.check_rights", "schedule": crontab(hour=3, minute=10)},
    "belonging-clock": {"task": "accounts.tasks.belonging_clock", "schedule": 3600.0},
    "accounts-clock": {"task": "accounts.tasks.clock", "schedule": 3600.0},
    # Written once a day; asked hourly, so that a night without workers is made up for.
    "accounts-note-head": {"task": "accounts.tasks.note_head", "schedule": 3600.0},
    "catalogue-fixity": {"task": "catalogue.tasks.check_files", "schedule": 3600.0},
    "catalogue-searches": {"task": "catalogue.tasks.match_searches", "schedule": 3600.0},
    "catalogue-clock": {"task": "catalogue.tasks.clock", "schedule": 3600.0},
    "retention": {"task": "dinamis.tasks.forget", "schedule": crontab(hour=3, minute=20)},
    # Sent once a working day; asked hourly from half past seven on, so that a stop is made up for.
    "orders-late": {
        "task": "orders.tasks.promise_late_mail",
        "schedule": crontab(hour="7-18", minute=30),
    },
    # Once a morning, Paris time; asked hourly, so that a night without workers is made up for.
    "digests": {
        "task": "accounts.tasks.promise_digests",
        "schedule": crontab(hour="7-12", minute=5),
    },
    "quota-night": {"task": "orders.tasks.quota_night", "schedule": crontab(hour=2, minute=40)},
    "reconcile-ledger": {
        "task": "orders.tasks.reconcile_ledger",
        "schedule": crontab(hour=3, minute=10),
    },
    "orders-clock": {"task": "orders.tasks.clock", "schedule": 60.0},
    "orders-inbox": {"task": "orders.tasks.look_at_inbox", "schedule": 60.0},
    "reconcile-suppliers": {
        "task": "orders.tasks.reconcile_suppliers",
        "schedule": crontab(hour=4, minute=10),
    },
    "suppliers": {"task": "orders.tasks.sweep_suppliers", "schedule": 20.0},
}

# Secrets of suppliers, by the name that their row gives: {"name": {"headers": {…}, "webhook": ["whsec_…"]}}.
SUPPLIER_CREDENTIALS = env.json("SUPPLIER_CREDENTIALS", default={})
# How long a worker's word is awaited before its call is another's: above the slowest call (35 s).
SUPPLIER_LEASE_SECONDS = env.int("SUPPLIER_LEASE_SECONDS", default=90)

STORAGE_URL = env.str("STORAGE_URL", default=f"file://{BASE_DIR}/var/storage")
STORAGES = {
    "default": {"BACKEND": "dinamis.storage.Objects"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "dinamis.statics.Statics"
    },
}
WHITENOISE_AUTOREFRESH = TESTING  # the tests collect nothing
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "ts", "woff", "woff2", "png", "webp", "jpg", "gz"]
MEDIA_ROOT = BASE_DIR / "var" / "media"  # unused: every file goes through STORAGE_URL
# Where the head of the chain of signatures is noted every day: outside the database, best on
# another machine or in a bucket whose objects are locked.
HEADS_URL = env.str("HEADS_URL", default=f"file://{BASE_DIR}/var/heads")
# Where deliveries lie between their arrival and the store; removed once they are settled.
STAGING_DIR = Path(env.str("STAGING_DIR", default=str(BASE_DIR / "var" / "staging")))
# Where the index of the world's places lies, made from their package when it is not there.
PLACES_DIR = Path(env.str("PLACES_DIR", default=str(BASE_DIR / "var")))
# Every stored file is read again within so many days, in hourly batches of so many bytes at most.
FIXITY_DAYS = env.int("FIXITY_DAYS", default=30)
FIXITY_BATCH_BYTES = env.int("FIXITY_BATCH_BYTES", default=50 * 1024**3)
# How many of the newest scenes that match are put in order by use, cloud, coverage or angle.
SEARCH_RANKED = env.int("SEARCH_RANKED", default=2000)
# The search of Airbus's OneAtlas, for the desk; off without a key (docs/suppliers.md).
ONEATLAS_SEARCH_KEY = env("ONEATLAS_SEARCH_KEY", default="")
ONEATLAS_SEARCH_URL = env(
    "ONEATLAS_SEARCH_URL",
    default="https://search.foundation.api.oneatlas.airbus.com/api/v2/opensearch",
)
ONEATLAS_AUTH_URL = env(
    "ONEATLAS_AUTH_URL",
    default="https://authenticate.foundation.api.oneatlas.airbus.com"
    "/auth/realms/IDP/protocol/openid-connect/token",
)
# Where suppliers drop deliveries: file:///folder or s3://bucket/prefix?endpoint=…; "" watches nothing.
INBOX_URL = env.str("INBOX_URL", default="")
# The largest file that a signed PUT may write into an inbox that is a folder, in bytes.
INBOX_PUT_BYTES = env.int("INBOX_PUT_BYTES", default=20 * 1024**3)
# How long a thing without a marker must stay unchanged before it is taken.
INBOX_QUIET_SECONDS = env.int("INBOX_QUIET_SECONDS", default=120)
# Behind nginx the big files are its work: the address of its `internal` location.
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", default="")

vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25"))
if DEMO and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "dinamis.mailbox.Backend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <noreply@{_site.hostname}>"
)
# How long a membership lasts before it is renewed, in years; 0: without an end. A contractor's ends with
# the public order, whatever this says.
MEMBERSHIP_YEARS = env.int("MEMBERSHIP_YEARS", default=0)
DESK_EMAIL = env.str("DESK_EMAIL", default=f"desk@{_site.hostname}")
PRIVACY_EMAIL = env.str("PRIVACY_EMAIL", default=DESK_EMAIL)  # the data-protection officer

# ── People ──────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.people.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail scanners open links
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or factor is told by mail
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = False if TESTING else {}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.adapter_mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme == "http"
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.AuthenticateForm",
    "reauthenticate": "accounts.forms.second_factor.ReauthenticateForm",
    "add_webauthn": "accounts.forms.second_factor.AddWebAuthnForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
# Whom else people may sign in through (docs/operations.md, "Signing in from elsewhere").
_signin = signin.read(env.str("SIGNIN_PROVIDERS", default=""))
SOCIALACCOUNT_PROVIDERS = _signin.providers
SIGNIN_FAULTS = _signin.faults  # told by accounts/checks.py
SOCIALACCOUNT_ADAPTER = "accounts.adapter_outside.OutsideAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# DINAMIS as an OpenID Connect provider (docs/operations.md, "Programs and partners").
IDP_OIDC_ADAPTER = "accounts.oidc.ProviderAdapter"
OIDC_KEYS_DIR = Path(env.str("OIDC_KEYS_DIR", default=str(BASE_DIR / "var" / "oidc_keys")))
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 86400  # a tool that is used once a month stays signed in
IDP_OIDC_DEVICE_CODE_EXPIRES_IN = 600
IDP_OIDC_DEVICE_CODE_INTERVAL = 5
# Partners that get our people's accounts by SCIM: {"code": "token"}; the rest is rows of /admin/.
PARTNER_TOKENS = env.json("PARTNER_TOKENS", default={})
PARTNER_CONNECTOR = "accounts.partners.scim.ScimPartner"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# ── What the browser may do ─────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")  # "" keeps every request on our own origin
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="")
if MAP_TILES_URL:
    _tiles = urlsplit(MAP_TILES_URL.replace("{s}", "*"))
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"{_tiles.scheme}://{_tiles.netloc}")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
_https = _site.scheme == "https"
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS = 12 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=30) * 60  # of people with a duty
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_AREA_UPLOAD = 5 * 1024 * 1024  # bytes
MAX_DELIVERY_UPLOAD = env.int("MAX_DELIVERY_UPLOAD", default=20 * 1024**3)  # bytes

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
_npm = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("npm/bootstrap", _npm / "bootstrap" / "dist"),
    ("npm/geoman", _npm / "@geoman-io" / "leaflet-geoman-free" / "dist"),
    ("npm/geist", _npm / "@fontsource-variable" / "geist"),
    ("npm/world-atlas", _npm / "world-atlas"),
    ("npm/topojson", _npm / "topojson-client" / "dist"),
]
LEAFLET_CONFIG = {
    "TILES": [],
    "RESET_VIEW": False,
    "ATTRIBUTION_PREFIX": "",
    "SCALE": "metric",
}

# ── Words and time ──────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Paris"

# ── Programs ────────────────────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.WithinScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["dinamis.parsers.JSONBody"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "dinamis.rates.AnonRate",
        "dinamis.rates.UserRate",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="120/min"),
        # A map of footprints asks by the dozen; each answer is bounded in time.
        "stac": env.str("API_RATE_STAC", default="1200/min"),
        "user": env.str("API_RATE_USER", default="600/min"),
    },
    "EXCEPTION_HANDLER": "dinamis.api.problem",
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "DINAMIS",
    "DESCRIPTION": "Very-high-resolution images: found, ordered, accounted for, shared.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {"KindEnum": "orders.pricing.words.Kind.choices"},
}
# Seconds in which the desk may undo what it decided; nothing happens before. 0: at once.
DESK_UNDO_SECONDS = env.int("DESK_UNDO_SECONDS", default=30)
# Days: accounts nobody uses, requests nobody answers, changes nobody decides, the review of an organisation's people.
INACTIVE_CLOSE_DAYS = env.int("INACTIVE_CLOSE_DAYS", default=730)
INACTIVE_WARN_DAYS = env.int("INACTIVE_WARN_DAYS", default=30)
REQUEST_REMIND_DAYS = env.int("REQUEST_REMIND_DAYS", default=7)
REQUEST_ESCALATE_DAYS = env.int("REQUEST_ESCALATE_DAYS", default=14)
CHANGE_REMIND_DAYS = env.int("CHANGE_REMIND_DAYS", default=7)
CHANGE_ESCALATE_DAYS = env.int("CHANGE_ESCALATE_DAYS", default=14)
REVIEW_EVERY_DAYS = env.int("REVIEW_EVERY_DAYS", default=365)
REVIEW_REMIND_DAYS = env.int("REVIEW_REMIND_DAYS", default=14)
REVIEW_ESCALATE_DAYS = env.int("REVIEW_ESCALATE_DAYS", default=30)
USE_LASTS_DAYS = env.int("USE_LASTS_DAYS", default=365)
API_KEY_MAX_DAYS = env.int("API_KEY_MAX_DAYS", default=365)
# How long what tells of people is kept: docs/personal-data.md. In days in the environment.
RETENTION = {
    name: timedelta(days=env.int(f"RETENTION_{name.upper()}", default=days))
    for name, days in {
        "trail": 365,  # refusals and sign-ins; not shorter than the database's own guard
        "promises": 30,  # mails that were sent, with their addresses
        "answers": 2,  # what a program was answered, for its retries
        "links": 90,  # after a link's end: its token's digest, and its addressee if nobody used it
        "dossiers": 365,  # after a membership's or a request's end: the people it names
        "notices": 365,  # what a person was told, and the mails that gathered it
        "accounts": 1461,  # a closed account, from its last use
        "evidence": 3653,  # the facts behind a signature
        "webhooks": 90,  # the log of an organisation's webhooks
        "exports": 7,  # a person's copy of the data
    }.items()
}
# Tests and the demonstration receive their own webhooks on this machine; nobody else may.
WEBHOOK_ALLOW_LOOPBACK = env.bool("WEBHOOK_ALLOW_LOOPBACK", default=DEMO)
if WEBHOOK_ALLOW_LOOPBACK and not (DEMO or TESTING):
    raise ImproperlyConfigured(
        "WEBHOOK_ALLOW_LOOPBACK lets webhooks call services of this machine: only with DEMO."
    )
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
DOWNLOAD_LINK_SECONDS = env.int("DOWNLOAD_LINK_SECONDS", default=7200)
# Written by the two catchers; named here because the ground imports no app.
REFUSAL_RECORDER = "accounts.services.trust.trail.record_refusal"

# One line of JSON for each event, with the request's id; tracebacks as text, never with the
# values of local variables, which may be secrets.
_facts = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_facts,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "facts": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _facts,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_tokens,
                structlog.processors.JSONRenderer(default=str),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "facts"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
