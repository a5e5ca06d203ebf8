"""The portal's settings, to be read from top to bottom. What changes from place to place comes from the environment (env.py)."""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from rifess import env, logs, time_zone_data
from rifess.country_names import BETTER_NAMES

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

# Who we are
DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret_key("SECRET_KEY", "insecure, for development only" if DEBUG else None)
SECRET_KEY_FALLBACKS = env.former_secret_keys(
    "SECRET_KEY_FALLBACKS", may_be_guessed=DEBUG
)  # former keys: what they signed stays valid
CERTIFICATE_KEY = env.private_key("CERTIFICATE_KEY")  # signs certificates; without it a key is made in DATA_DIR/keys
SECOND_FACTOR_KEYS = env.private_keys("SECOND_FACTOR_KEYS")  # encrypt secrets; without them one is made there too
SITE_URL = env.site_url("SITE_URL", "http://localhost:8000")
SITE_NAME = "RIFESS"
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", SITE_URL)  # others than SITE_URL's only lead there: rifess.middleware.own_address
SECRETARIAT_EMAIL = env.address("SECRETARIAT_EMAIL", "secretaria@localhost")
SECURITY_CONTACT = env.contact("SECURITY_CONTACT", f"mailto:{SECRETARIAT_EMAIL}")  # in /.well-known/security.txt
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("DEFAULT_FROM_EMAIL", SECRETARIAT_EMAIL)

# What it is made of
INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose classes it extends
    "rifess.apps.SecretariatAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.humanize",  # for the list of one's sessions
    "django.forms",  # so that forms find our templates first
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "django_countries",
    "django_filters",
    "rifess.base",
    "rifess.search",
    "rifess.links",
    "members",
    "events",
    "recordings",
    "rifess.apps.Project",
    "rifess.portal.apps.Portal",
    "django_tasks_db",  # after the roof, whose db_worker takes the place of its own
]
MIDDLEWARE = [
    "rifess.middleware.request_ids",
    "rifess.middleware.refusals_have_a_page",
    "rifess.middleware.UnavailableIsSaid",
    "rifess.middleware.RefusedActsAreSaid",
    "rifess.middleware.own_address",
    "rifess.middleware.what_pages_may_use",
    "rifess.private_pages.private_pages_are_kept_nowhere",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "rifess.request_limits.BoundedBodies",  # before whatever reads what was sent
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rifess.middleware.rights_of_this_session",
    "rifess.middleware.pages_of_a_session_are_kept_nowhere",
    "rifess.middleware.actor_of_changes",
    "rifess.middleware.addresses_in_other_languages",
    "rifess.middleware.typed_text_survives_signing_in",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rifess.middleware.only_characters_that_texts_have",
]
ROOT_URLCONF = "rifess.urls"
WSGI_APPLICATION = "rifess.wsgi.application"
FORM_RENDERER = "rifess.forms_renderer.PortalFormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rifess.context.portal",
            ],
            "libraries": {"portal": "rifess.templatetags.portal", "texts": "rifess.templatetags.texts"},
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "rifess.templatetags.portal",
                "rifess.templatetags.texts",
            ],
        },
    }
]

# Where things are kept
ANSWERS_REQUESTS = env.flag("ANSWERS_REQUESTS")  # rifess/wsgi.py says so; commands have more patience with the database
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "rifess.sqlite3", patient=not ANSWERS_REQUESTS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": env.cache("CACHE_URL", DATA_DIR / "cache", purpose="limits", counts=True),  # allauth's limits are there too
    "pages": env.cache("CACHE_URL", DATA_DIR / "cache", purpose="pages"),
}
MEDIA_ROOT = env.folder("MEDIA_ROOT", DATA_DIR / "media")  # never served by address: recordings.views asks first
FILES_THROUGH = env.place_within("FILES_THROUGH")  # where nginx has MEDIA_ROOT as an internal location (docs/adr/0017)
DOCUMENT_MEGABYTES = env.count("DOCUMENT_MEGABYTES", 50, least=1, most=10_000)  # the largest file of a document
# Files are private: the web server that sends them for us (FILES_THROUGH) reads them as a member of their group.
FILE_UPLOAD_PERMISSIONS = 0o640 if FILES_THROUGH else 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750 if FILES_THROUGH else 0o700
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
env.require_private(STATIC_ROOT, DATA_DIR=DATA_DIR, MEDIA_ROOT=MEDIA_ROOT)
STATICFILES_DIRS = [BASE_DIR / "rifess" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "rifess.static_storage.PortalStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},  # public, as any web server reads them
    },
}
MAILERS = {"default": env.mailer("EMAIL_URL")}
BULK_PER_MINUTE = env.pace("BULK_PER_MINUTE", 60)  # how many of the messages that go to many (docs/adr/0021)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # done by `manage.py db_worker`
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    20_000  # a programme of 60 panels in three languages is one form; rifess.request_limits bounds the others
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024**2  # without files: a list at the desk travels in its page (docs/adr/0024)

# Languages and time
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("pt-br", _("Portuguese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "rifess" / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "es"
MODELTRANSLATION_LANGUAGES = ("es", "pt-br", "en")
MODELTRANSLATION_FALLBACK_LANGUAGES = ("es", "pt-br", "en")
FORMAT_MODULE_PATH = ["rifess.formats"]
COUNTRIES_OVERRIDE = BETTER_NAMES
USE_TZ = True
TIME_ZONE = "UTC"
time_zone_data.use_newest()
NETWORK_TIME_ZONE = env.zone("NETWORK_TIME_ZONE", "America/Mexico_City")  # the day on which rights begin and end

# Who may come in
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}PasswordHasher"
    for name in ("Argon2", "PBKDF2")  # the first writes, both are read
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "delegation:desk"  # which leads the secretariat on to its own
ACCOUNT_ADAPTER = "members.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address each: a new one takes its place once its code is typed, and the old one is told
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # members.accounts.mail takes as long over it, and sends nothing
ACCOUNT_EMAIL_SUBJECT_PREFIX = "RIFESS: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # then who acts at the desk confirms again: rifess.base.admin.reauthentication
ACCOUNT_RATE_LIMITS = {  # by network; what is done to one account is limited in members.accounts.limits (docs/adr/0032)
    "login_failed": "10/m/ip,60/h/ip,5/5m/key,30/h/key",
    "request_login_code": "20/m/ip,60/h/ip",
    "reset_password": "20/m/ip,60/h/ip",
}
ACCOUNT_FORMS = {
    "login": "members.accounts.forms.LoginForm",
    "request_login_code": "members.accounts.forms.RequestCodeForm",
    "reset_password": "members.accounts.forms.ResetPasswordForm",
}
MFA_ADAPTER = "members.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "members.accounts.app_codes.SignInCodeForm",
    "reauthenticate": "members.accounts.app_codes.ConfirmingCodeForm",
    "activate_totp": "members.accounts.app_codes.FirstCodeForm",
    "add_webauthn": "members.accounts.passkeys.AddPasskeyForm",
    "login_webauthn": "members.accounts.passkeys.LoginPasskeyForm",
    "reauthenticate_webauthn": "members.accounts.passkeys.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # steps of 30 s each way: telephones' clocks differ (RFC 6238 §5.2); each code opens once
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https:")  # http://localhost, where browsers allow passkeys
TRUSTED_PROXIES = env.count("TRUSTED_PROXIES", most=9)  # rifess.base.limits.client_address
SESSION_COOKIE_HTTPONLY, SESSION_COOKIE_SAMESITE = True, "Lax"
STAFF_SESSION = timedelta(hours=12)  # the secretariat signs in once a day, whatever “remember me” says
IDLE_WARN_AFTER = env.days("IDLE_WARN_AFTER", 300)  # without signing in; members.accounts.dormant
IDLE_LOCK_AFTER = IDLE_WARN_AFTER + env.days("IDLE_NOTICE", 65)  # whoever is told has so long to sign in

# How long personal data are kept
RETENTION = {  # how long personal data are kept after they did their work; rifess.portal.personal_data.retention
    "messages": env.days("RETENTION_MESSAGES", 365),
    "enquiries": env.days("RETENTION_ENQUIRIES", 730),
    "invitations": env.days("RETENTION_INVITATIONS", 365),
    "unconfirmed_applications": env.days("RETENTION_UNCONFIRMED_APPLICATIONS", 7),
    "decided_applications": env.days("RETENTION_DECIDED_APPLICATIONS", 730),
    "registrations": env.days("RETENTION_REGISTRATIONS", 730),  # after the seminar
    "unconfirmed_registrations": env.days("RETENTION_UNCONFIRMED_REGISTRATIONS", 7),
    "platform_lists": env.days("RETENTION_PLATFORM_LISTS", 60),
    "unconfirmed_alerts": env.days("RETENTION_UNCONFIRMED_ALERTS", 7),
    "openings": env.days("RETENTION_OPENINGS", 730),
    "survey_words": env.days("RETENTION_SURVEY_WORDS", 730),  # after the seminar
    "unconfirmed_data_requests": env.days("RETENTION_UNCONFIRMED_DATA_REQUESTS", 7),
    "data_requests": env.days("RETENTION_DATA_REQUESTS", 365),  # after they were answered
    "last_messages": env.days("RETENTION_LAST_MESSAGES", 1),
    "history": env.days("RETENTION_HISTORY", 365),  # of people's rows that were deleted
}

# What a browser may load: our own files and nothing inline. A nonce is made only where a template (the admin's) asks for one.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
PERMISSIONS_POLICY = {  # what a page may use of the machine it is shown on: `camera` reads codes at check-in
    **dict.fromkeys(["accelerometer", "browsing-topics", "display-capture", "geolocation", "gyroscope", "hid"], ()),
    **dict.fromkeys(["magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"], ()),
    **dict.fromkeys(["camera", "publickey-credentials-create", "publickey-credentials-get"], ("self",)),
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SITE_URL.startswith("https:")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SITE_URL.startswith("https:") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS")  # binds other sites of the domain: only on purpose
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD")  # not undone for months
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "rifess.portal.views.errors.csrf_failure"

# What goes wrong: on standard error, one event a line, without personal data (docs/adr/0035)
EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ADMINS = env.addresses("ADMINS")  # told of errors by e-mail; none by default
LOGGING = logs.configuration(env.one_of("LOG_FORMAT", ["text", "json"]), ADMINS)

# What is remembered of each change (django-auditlog); the tables themselves are named by each room's apps.py
AUDITLOG_DISABLE_REMOTE_ADDR = True
