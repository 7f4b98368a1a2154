"""The editors' side as a Django app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    name = "cms"
    default = True
    verbose_name = _("Library")

    def ready(self) -> None:
        """Connect the receivers: models are loaded only now."""
        from cms import checks, roles, signal_handlers, workflow  # noqa: F401

        # This app comes after all those whose permissions the roles hold.
        last = apps.get_app_config("sessions")
        post_migrate.connect(roles.make, sender=last, dispatch_uid="cms.roles")
        post_migrate.connect(roles.make_workflow, sender=last, dispatch_uid="cms.workflow")


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's app of users, with our screens for them."""

    default = False
    user_viewset = "cms.views.users.PeopleViewSet"
