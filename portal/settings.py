"""All settings, in one file. What differs between machines comes from the environment, read by `portal.environment`."""

from pathlib import Path

from celery.schedules import schedule
from csp.constants import NONE, SELF

from portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.read(base_dir=BASE_DIR)

# --- The site -------------------------------------------------------------------------------------------------------
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
SECRET_KEY = ENVIRONMENT.secret_key
BASE_URL = ENVIRONMENT.base_url
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DATA_DIR = ENVIRONMENT.data_dir
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "portal.forms.PortalRenderer"

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "members.apps.MembersConfig",
    "events.apps.EventsConfig",
    "reporters.apps.ReportersConfig",
    "stories.apps.StoriesConfig",
    "portal.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "taggit",
    "simple_history",
    "django_prose_editor",
    "anymail",
    "csp",
]

MIDDLEWARE = [
    "portal.health.middleware.RequestLogMiddleware",
    "portal.health.middleware.TrustedProxyMiddleware",
    "portal.shared.middleware.SharedPageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.health.middleware.SoundRequestMiddleware",
    "portal.health.middleware.BodyLimitMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.users.middleware.LoginRequiredMiddleware",
    "portal.users.middleware.DeskLanguageMiddleware",
    "portal.users.middleware.SecondFactorMiddleware",
    "portal.shared.middleware.PrivatePageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

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
                "portal.group.context.group",
            ],
        },
    },
]

# --- Database, cache, jobs ------------------------------------------------------------------------------------------
DATABASES = {"default": ENVIRONMENT.database}
CACHES = {
    "default": {
        "BACKEND": "portal.shared.cache.ForgivingRedisCache",
        "LOCATION": ENVIRONMENT.cache_url,
        "KEY_PREFIX": "portal",
        "TIMEOUT": 600,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = ENVIRONMENT.broker_url
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
    "max_retries": 0,  # whoever saved a form does not wait for a broker that is away: the sweep finds what it missed
    **ENVIRONMENT.broker_options,
}
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: what is due stands in rows, and no file can be damaged
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {
        "task": "portal.outbox.tasks.sweep",
        "schedule": schedule(run_every=5),
        "options": {"expires": 5},
    },
    "sweep-lists-of-members": {
        "task": "members.intake.tasks.sweep",
        "schedule": schedule(run_every=60),
        "options": {"expires": 60},
    },
    "sweep-memberships": {
        "task": "members.membership.tasks.sweep",
        "schedule": schedule(run_every=600),
        "options": {"expires": 600},
    },
    "look-at-links": {
        "task": "members.links.tasks.look",
        "schedule": schedule(run_every=60),
        "options": {"expires": 60},
    },
    "sweep-drives": {
        "task": "members.recruitment.tasks.sweep",
        "schedule": schedule(run_every=15),
        "options": {"expires": 15},
    },
    "sweep-lists-of-prospects": {
        "task": "members.prospects.tasks.sweep",
        "schedule": schedule(run_every=60),
        "options": {"expires": 60},
    },
    "sweep-letters": {
        "task": "members.letters.tasks.sweep",
        "schedule": schedule(run_every=600),
        "options": {"expires": 600},
    },
    "remind-of-profiles": {
        "task": "members.intake.tasks.remind",
        "schedule": schedule(run_every=600),
        "options": {"expires": 600},
    },
    "sweep-copies-of-data": {
        "task": "portal.personal.tasks.sweep",
        "schedule": schedule(run_every=60),
        "options": {"expires": 60},
    },
    "forget-what-is-over": {
        "task": "portal.retention.tasks.run",
        "schedule": schedule(run_every=1800),
        "options": {"expires": 1800},
    },
    "read-bounces": {
        "task": "portal.outbox.tasks.read_bounces",
        "schedule": schedule(run_every=300),
        "options": {"expires": 300},
    },
    "worker-heartbeat": {
        "task": "portal.health.tasks.beat",
        "schedule": schedule(run_every=20),
        "options": {"expires": 20},
    },
}

# --- Mail -----------------------------------------------------------------------------------------------------------
MAIL_PROVIDER = ENVIRONMENT.mail_provider
if MAIL_PROVIDER:
    EMAIL_BACKEND = MAIL_PROVIDER["backend"]
    ANYMAIL = MAIL_PROVIDER["settings"]
elif ENVIRONMENT.email:
    EMAIL_BACKEND = "portal.outbox.smtp.EmailBackend"
    EMAIL_HOST = ENVIRONMENT.email["EMAIL_HOST"]
    EMAIL_PORT = ENVIRONMENT.email["EMAIL_PORT"]
    EMAIL_HOST_USER = ENVIRONMENT.email["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = ENVIRONMENT.email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = ENVIRONMENT.email["EMAIL_USE_TLS"]
    EMAIL_USE_SSL = ENVIRONMENT.email["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "portal.outbox.mailbox.FileMailbox"
EMAIL_TIMEOUT = 20
BOUNCE_MAILBOX = ENVIRONMENT.bounce_mailbox
BOUNCE_ADDRESS = ENVIRONMENT.bounce_address
MAIL_RATE = ENVIRONMENT.mail_rate
MAIL_DOMAIN_RATE = ENVIRONMENT.mail_domain_rate
MAILBOX_DIR = DATA_DIR / "mailbox"
HAS_MAILBOX = ENVIRONMENT.email is None

# --- Other sites, asked by portal.fetch -----------------------------------------------------------------------------
# Addresses with a port that are not on the public internet and may be asked all the same.
FETCH_ALLOWED = {(host, ENVIRONMENT.fetch_port) for host in ("127.0.0.1", "::1") if ENVIRONMENT.fetch_port}

# --- Accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "me"
ACCOUNT_ADAPTER = "portal.users.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.users.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "portal.users.adapters.display"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SIGNUP_REDIRECT_URL = "join"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key", "letter": "10/h/ip"}
MFA_ADAPTER = "portal.users.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "portal.users.passkeys.AddPasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
SOCIALACCOUNT_ADAPTER = "portal.users.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_FORMS = {"disconnect": "portal.users.openid_connect.forms.DisconnectForm"}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "portal.users.openid_connect.provider.Provider",
        "APPS": ENVIRONMENT.openid_connect,
    }
}

# --- Languages, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "UTC"

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if ENVIRONMENT.s3:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": ENVIRONMENT.s3 | {"location": "public", "querystring_auth": False},
    }
    STORAGES["private"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": ENVIRONMENT.s3 | {"location": "private", "default_acl": "private"},
    }
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 20
PHOTO_MAX_BYTES = 25 * 2**20
BODY_MAX_BYTES = 11 * PHOTO_MAX_BYTES  # ten pictures and their words
PHOTO_MAX_PIXELS = 120_000_000
PHOTO_MAX_PIXELS_WHOLE = 50_000_000

# --- Headers --------------------------------------------------------------------------------------------------------
# form-action names the origins of OpenID Connect providers, because browsers apply it to redirects too.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *(origin for app in ENVIRONMENT.openid_connect for origin in app["settings"]["origins"])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in [
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "midi",
        "payment",
        "usb",
        "browsing-topics",
    ]
}
SESSION_COOKIE_NAME = "portal_session"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.home.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if ENVIRONMENT.is_secure:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

# --- Tags, history --------------------------------------------------------------------------------------------------
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# --- Logs: one JSON object a line, without personal data or tokens ----------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.health.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
if ENVIRONMENT.sentry_dsn:
    import sentry_sdk  # only where errors are reported to a Sentry

    sentry_sdk.init(
        dsn=ENVIRONMENT.sentry_dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
    )
