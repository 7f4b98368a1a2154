"""The editors' side as a Django app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Library")

    def ready(self) -> None:
        """Connect the receivers: models are loaded only now."""
        from cms import checks, roles, signal_handlers, workflow  # noqa: F401

        # Wagtail's own app comes last among those whose permissions the roles hold.
        post_migrate.connect(roles.make, sender=apps.get_app_config("wagtailcore"), dispatch_uid="cms.roles")
        post_migrate.connect(roles.make_workflow, sender=apps.get_app_config("wagtailcore"), dispatch_uid="cms.workflow")
