"""The service's settings with Wagtail's API v2 in place of ours: what is measured beside it."""

from cms.settings import *  # noqa: F403 - the service's one settings file
from cms.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v2"]
ROOT_URLCONF = "tests.bench.wagtail_urls"
