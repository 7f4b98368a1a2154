"""The API on its own: as on a public node that has documents and nothing of the editors' side.

The API's tests pass here, with Wagtail, cms and modeltranslation not installed as apps.
"""

import os
import tempfile

from cms.settings import *  # noqa: F403 - the service's one settings file, less what the API can do without
from cms.settings import BASE_DIR, DATABASES, TEMPLATES

INSTALLED_APPS = ["api", "corsheaders", "rest_framework", "drf_spectacular", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "api.straight.ShortWay",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "tests.urls_api_alone"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates"], "OPTIONS": {}}]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: two connections then lock each other as they do in service.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(tempfile.gettempdir(), f"mainstay-api-{os.getpid()}.sqlite3")}
