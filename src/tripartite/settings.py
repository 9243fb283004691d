"""Django's settings: one file, over the typed configuration of config.py."""

from datetime import timedelta

from csp.constants import NONE, SELF

from tripartite.config import ROOT, Mode, read_config
from tripartite.databases import database_settings

CONFIG = read_config()
LOCAL = CONFIG.mode is Mode.LOCAL

SECRET_KEY = CONFIG.secret_key
SECRET_KEY_FALLBACKS = list(CONFIG.former_keys)
DEBUG = False
ALLOWED_HOSTS = list(dict.fromkeys([*CONFIG.hosts, "127.0.0.1", "localhost", "[::1]"]))  # whoever watches from here

PRICING_STEPS = [
    "tripartite.documents",
    "tripartite.parties",
    "tripartite.accounts",
    "tripartite.tariffs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
"""The tables that a price is made from, and those that they refer to."""

STEPS = [
    "tripartite.journal",
    "tripartite.jobs",
    "tripartite.messages",
    *PRICING_STEPS,
    "tripartite.quotes",
    "tripartite.conventions",
    "tripartite.subscriptions",
    "tripartite.going_live",
    "tripartite.following",
    "tripartite.billing",
    "tripartite.upkeep",
]
"""All our tables: enough for a command that shows no screen and queues no work (cli/main.py)."""

INSTALLED_APPS = [
    *STEPS,
    "tripartite.web",
    "tripartite.api",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "tripartite.web.shell.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tripartite.web.shell.typography.FrenchTypography",
    "tripartite.web.shell.limits.LimitsMiddleware",  # before whatever reads a body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tripartite.web.shell.sessions.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "tripartite.web.shell.errors.BusyReaders",
    "tripartite.web.shell.errors.NotOpened",
    "tripartite.web.shell.recalling.Recalling",
]

ROOT_URLCONF = "tripartite.urls"
WSGI_APPLICATION = "tripartite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {
                "french": "tripartite.web.shell.tags.french",
                "shell": "tripartite.web.shell.tags.shell",
            },
        },
    },
]

DATABASES = {"default": database_settings(CONFIG.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "tripartite.accounts.passwords.GuessablePasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "request-list"
LOGOUT_REDIRECT_URL = "estimator"
PASSWORD_RESET_TIMEOUT = int(CONFIG.reset_life.total_seconds())
SESSION_COOKIE_AGE = int(CONFIG.session_life.total_seconds())
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tripartite.web.shell.errors.forged"

AXES_HANDLER = "tripartite.web.office.log_in_handler.LogInHandler"
AXES_LOCKOUT_CALLABLE = "tripartite.web.office.log_in_handler.locked_out"
AXES_COOLOFF_TIME = timedelta(minutes=15)  # asked for by axes's own checks: our handler says how long
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "tripartite.web.shell.client_address.client_address"
AXES_VERBOSE = False

FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700  # static files: served by ourselves
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG.form_bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # the longest form ticks a box for each of the bodies of a department
DATA_UPLOAD_MAX_NUMBER_FILES = 20

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

FORM_RENDERER = "tripartite.web.shell.rendering.Rendering"

STATIC_URL = "static/"
STATIC_ROOT = CONFIG.var / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tripartite.web.shell.bundles.BundledStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^sante/$", r"^metrics$"]  # asked from the machine itself, without TLS
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.proxies else None

GRIDS_FOLDER = ROOT / "grids"
DIRECTORY_FOLDER = ROOT / "directory"
MODELS_FOLDER = ROOT / "models"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOBS = {
    "daily": "tripartite.jobs.daily",
    "directory-reading": "tripartite.parties.services.preparing",
    "directory-update": "tripartite.parties.services.updating",
    "key-renewals": "tripartite.going_live.services.key_campaign",
    "billing-run": "tripartite.billing.services.run_units",
    "billing-reminders": "tripartite.billing.services.remind_units",
    "billing-statement": "tripartite.billing.services.statement_units",
}
"""The kinds of background work: for each, the module that lists its units and does one (jobs/kinds.py)."""
DAILY = {
    "names": "tripartite.parties.services.daily",
    "updates": "tripartite.parties.services.forgotten",
    "conventions": "tripartite.conventions.services.daily",
    "going-live": "tripartite.going_live.services.daily",
    "subscriptions": "tripartite.subscriptions.services.daily",
    "taking-over": "tripartite.going_live.services.taking_over",
    "announcements": "tripartite.subscriptions.services.announcing",
    "differences": "tripartite.subscriptions.services.announcing_differences",
    "prices": "tripartite.subscriptions.services.asking_prices",
    "keys": "tripartite.going_live.services.keys_daily",
    "live": "tripartite.going_live.services.live_daily",
    "digest": "tripartite.following.services.digest",
    "news": "tripartite.accounts.services.news",
    "uses": "tripartite.accounts.services.attempts",
    "accounts": "tripartite.accounts.services.unused",
}
"""What each step does every day, in this order: for each, its module (jobs/daily.py). What a convention ends is not
taken over; what is announced is the cost of what runs once all that is done."""

RECALLED_FOR = timedelta(minutes=1)
"""For how long a process recalls at most what it read of the whole base, unless an act is done (journal/recall.py)."""

QUOTE_CHECKS = ("tripartite.conventions.services.amending",)
"""What later steps verify before quotes are issued or accepted: `check_request` of each module."""

QUOTE_PARTIES = ("tripartite.conventions.queries.endings",)
"""What later steps say of who quotes no more under a convention that is amended: `issuers_left` of each module."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "tripartite.web.shell.log_lines.LogLine"}},
    "filters": {"one-line": {"()": "tripartite.web.shell.log_lines.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one-line"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django_tasks": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "tripartite": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "pyhanko": {"level": "CRITICAL", "propagate": False},  # our verdicts say it, in words
        "pyhanko_certvalidator": {"level": "CRITICAL", "propagate": False},
    },
}
