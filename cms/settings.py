"""Every setting, from the environment; defaults are those of a developer's machine.

`DEBUG` is on only when asked for. With it off the service refuses to start without `SECRET_KEY` and `ALLOWED_HOSTS`.
"""

import os
import tempfile
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from api import languages

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
#: Where `make run` listens.
HOST, PORT = env.str("HOST", default="") or "127.0.0.1", env.str("PORT", default="") or "8000"
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret" if DEBUG else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", HOST] if DEBUG else [])
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random string (or DEBUG=1 on your own machine).")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names served, comma-separated (or DEBUG=1 on your own machine).")
BASE_URL = env.str("BASE_URL", default=f"http://[{HOST}]:{PORT}" if ":" in HOST else f"http://{HOST}:{PORT}").rstrip("/")

INSTALLED_APPS = [
    "modeltranslation",
    "cms",
    "api",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
    "cms.apps.PeopleConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "api.straight.ShortWay",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "cms.sessions.AdminSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.transactions.WritesInTransaction",
]
ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

(BASE_DIR / "var").mkdir(exist_ok=True)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'mainstay.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,
    }
    # Tests run on a file too, not in memory: two connections then lock each other as they do in service.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"mainstay-test-{os.getpid()}.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

LANGUAGE_CODE = languages.SOURCE
LANGUAGES = [(language.tag.lower(), language.english_name) for language in languages.ALL]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
MODELTRANSLATION_DEFAULT_LANGUAGE = languages.SOURCE
MODELTRANSLATION_ENABLE_FALLBACKS = False
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField", "RichTextField")
MODELTRANSLATION_TRANSLATION_FILES = ("cms.translation",)

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
MEDIA_URL = "/media/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))

WAGTAIL_SITE_NAME = "Mainstay"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks wagtail.org from the browser
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no request to another host
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "cms.draftail.Draftail"}}
WAGTAILADMIN_PERMITTED_LANGUAGES = [(language.tag.lower(), language.own_name) for language in languages.ALL]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.finishing.release_signed_off"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "wagtailadmin_login"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"

# Mail leaves after the commit; EMAIL_URL says by which way (smtp+tls://user:password@host:587).
_delivery = env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25")
EMAIL_BACKEND, EMAIL_DELIVERY_BACKEND = "cms.mail.AfterCommit", _delivery["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _delivery["EMAIL_HOST"], _delivery["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _delivery["EMAIL_HOST_USER"], _delivery["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _delivery.get("EMAIL_USE_TLS", False), _delivery.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="mainstay@localhost")

CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "accept-language", "authorization", "content-type", "if-modified-since", "if-none-match")
CORS_EXPOSE_HEADERS = ("ETag", "Last-Modified", "Content-Language", "Link", "RateLimit", "RateLimit-Policy", "Retry-After")

# What readers get.
CLINICAL_SIGN_OFF = env.str("CLINICAL_SIGN_OFF", default="recorded" if DEBUG else "required")
if CLINICAL_SIGN_OFF not in ("required", "recorded"):
    raise ImproperlyConfigured("CLINICAL_SIGN_OFF is `required` or `recorded`.")
LIBRARY_NAME = env.str("LIBRARY_NAME", default="Mainstay sample library")
LIBRARY_URL = env.str("LIBRARY_URL", default=BASE_URL + "/")
LIBRARY_CONTACT = env.str("LIBRARY_CONTACT", default="corrections@mainstay.invalid")
SHOW_SAMPLES = env.bool("SHOW_SAMPLES", default=DEBUG)

# Who may read, and how often. Behind proxies that add to X-Forwarded-For, say how many there are.
ANONYMOUS_READING = env.bool("ANONYMOUS_READING", default=True)
ANONYMOUS_PER_MINUTE = env.int("ANONYMOUS_PER_MINUTE", default=600 if DEBUG else 60)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# A cache in front that purges by Surrogate-Key: it is told of each change after the commit.
PURGE_URL = env.str("PURGE_URL", default="")
PURGE_METHOD = env.str("PURGE_METHOD", default="PURGE")
PURGE_AUTHORIZATION = env.str("PURGE_AUTHORIZATION", default="")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mainstay partner API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
}
SILENCED_SYSTEM_CHECKS: list[str] = []
