"""The editors' side as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Library")

    def ready(self) -> None:
        from cms import signal_handlers  # noqa: F401, PLC0415 - connects the receivers, and models are loaded only now
