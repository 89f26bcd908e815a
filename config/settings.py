"""Settings of the portal; every variable is described in .env.example."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from config.audit import TRACKED
from config.database import keep_open
from config.environment import Environment, is_loopback, refuse
from config.headers import CONTENT_DIRECTIVES
from config.logs import build_logging
from config.schedule import BEAT_SCHEDULE, BROKER_PATIENCE
from config.unfold import UNFOLD as UNFOLD
from config.valkey import find_socket

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment(BASE_DIR / os.environ.get("ENV_FILE", ".env"))

# Where the portal lives
PORT = env.number("PORT", default=8000, lowest=1, highest=65535)
BIND = env.text("BIND", "127.0.0.1")
PUBLIC_URL = env.origin("PUBLIC_URL", default=f"http://localhost:{PORT}")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or ""
IS_HTTPS = PUBLIC_URL.startswith("https://")
# Without it /metrics and /readyz answer on this machine only.
METRICS_TOKEN = env.text("METRICS_TOKEN")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0, lowest=0, highest=9)
DATA_DIR = env.directory("DATA_DIR", default=BASE_DIR / "var")

# The sandbox: a Zoho and a PBX to try the portal without either
SANDBOX = env.switch("SANDBOX", default=is_loopback(PUBLIC_HOST))
if SANDBOX and not is_loopback(PUBLIC_HOST):
    refuse("SANDBOX", "is on, but PUBLIC_URL is not on this machine", example="0")
SANDBOX_ADDRESS_FILE = DATA_DIR / "sandbox" / "zoho-address"
SANDBOX_ZOHO_URL = (
    SANDBOX_ADDRESS_FILE.read_text().strip() if SANDBOX and SANDBOX_ADDRESS_FILE.exists() else ""
)

# Zoho and the way there
ZOHO_TRUSTED_URLS = env.urls("ZOHO_TRUSTED_URLS", example="https://crm.example")
if SANDBOX_ZOHO_URL and SANDBOX_ZOHO_URL not in ZOHO_TRUSTED_URLS:
    ZOHO_TRUSTED_URLS.append(SANDBOX_ZOHO_URL)
HTTPS_PROXY = env.proxy("HTTPS_PROXY")
# Hosts inside the own network that the portal may send alarms to.
ALLOWED_PRIVATE_HOSTS = env.hosts("ALLOWED_PRIVATE_HOSTS")
# How long a lookup may ask Zoho for a number that the mirror cannot know yet; 0 = never.
LOOKUP_LIVE_SECONDS = env.seconds("LOOKUP_LIVE_SECONDS", default=1.5, highest=5)

# How much is too much at the PBX's doors, in each web process; 0 = no limit. Reports have none.
FAILED_KEYS_PER_MINUTE = env.number("FAILED_KEYS_PER_MINUTE", default=60, lowest=0, highest=10**6)
LOOKUPS_PER_SECOND = env.number("LOOKUPS_PER_SECOND", default=200, lowest=0, highest=10**6)

# Secrets
# The embedded database brings its secrets along. Whoever names a database of their own names the
# secrets too: they belong beside neither that database nor its backups.
DATABASE_IS_EMBEDDED = not env.text("DATABASE_URL")
SECRETS_DIR = DATA_DIR / "secrets" if DATABASE_IS_EMBEDDED else None
SECRET_KEY = env.secret_key("SECRET_KEY", made_in=SECRETS_DIR)
SECRET_KEY_FALLBACKS = env.former_keys("SECRET_KEY_FALLBACKS")
FIELD_ENCRYPTION_KEYS = env.fernet_keys("FIELD_ENCRYPTION_KEYS", made_in=SECRETS_DIR)

# Django: hosts and safety
DEBUG = False
EXTRA_HOSTS = env.hosts("ALLOWED_HOSTS")
ALLOWED_HOSTS = [f"[{PUBLIC_HOST}]" if ":" in PUBLIC_HOST else PUBLIC_HOST, *EXTRA_HOSTS]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
if IS_HTTPS:
    CSRF_TRUSTED_ORIGINS += [
        f"https://*{host}" if host.startswith(".") else f"https://{host}" for host in EXTRA_HOSTS
    ]
# Machines do not follow redirects and may know the portal by another name (see config.hosts).
MACHINE_PATHS = ("/pbx/", "/healthz", "/readyz", "/metrics")

SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc
SECURE_REDIRECT_EXEMPT = [f"^{path.removeprefix('/')}" for path in MACHINE_PATHS]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The portal speaks for its own name only, not for names below it (W005) or browsers' lists (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
DATABASE_SECONDS = 1.0  # a PBX waits no longer for the database; then reports go to the spool
KNOCKS_WRITTEN_AFTER = 3.0  # seconds in which refused requests are counted in memory
CONTENT_SECURITY_POLICY = {"DIRECTIVES": CONTENT_DIRECTIVES}

# Django: applications
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "auditlog",
    "axes",
    "connector",
    "journaling",
]
MIDDLEWARE = [
    "connector.counting.requests.CountPbxRequests",
    "django.middleware.security.SecurityMiddleware",
    "config.headers.ContentPolicyMiddleware",
    "config.headers.PermissionsPolicyMiddleware",
    "config.hosts.HostNameMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.people_only.PeoplesSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.people_only.PeoplesLogInMiddleware",
    "connector.access.half_way.SecondStepMiddleware",
    "config.people_only.PeoplesMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.nul.RefuseNulMiddleware",
    "connector.auditing.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# Database
DATABASES = {
    "default": keep_open(
        env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/patchbay.sqlite3")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "connector.access.backend.RoleBackend",
]
# Ten wrong passwords from one address, or for one user from one address, close the log-in for it.
AXES_FAILURE_LIMIT = 10
AXES_LOCKOUT_PARAMETERS = ["ip_address", ["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "connector.callers.find_valid_address"
AXES_LOCKOUT_CALLABLE = "connector.access.lockout.answer_locked"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
PASSWORD_RESET_TIMEOUT = 3 * 86_400  # seconds that a link to set a password lives
# Administrators without a log-in code are led to the page that sets it up.
DEMAND_LOGIN_CODE = env.switch("DEMAND_LOGIN_CODE", default=False)
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# The history: changes as values, without whatever correlation a stranger's request names.
AUDITLOG_INCLUDE_TRACKING_MODELS = TRACKED
AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_CID_HEADER = None

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"

# Files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.CollectedFilesStorage"},
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
# What a PBX posts is stored up to 10 MiB; a connection's page holds several hundred agents.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_HANDLERS = ["config.uploads.RefusedUploads"]

# Mail
EMAIL_IS_SET_UP = bool(env.text("EMAIL_URL"))
vars().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("EMAIL_URL", host=PUBLIC_HOST)

# Celery
# The database holds the work, Celery only wakes workers up: a lost task costs two seconds.
BROKER_IS_EMBEDDED = not env.text("CELERY_BROKER_URL")
CELERY_BROKER_URL = env.broker(
    "CELERY_BROKER_URL", default=f"redis+socket://{find_socket(DATA_DIR)}"
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_PATIENCE
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 8
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# Logs
LOGGING = build_logging(as_json=env.switch("LOG_JSON", default=not is_loopback(PUBLIC_HOST)))
