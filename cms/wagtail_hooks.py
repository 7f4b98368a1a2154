"""What the admin gets from us: snippets, screens, buttons, and what is switched off because it would break a promise."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms import audit, evidence, reference
from cms.models import Article, TranslatedModel
from cms.snippets import LibrarySnippets, readers_url
from cms.views import home
from cms.views.account import MailSettingsPanel
from cms.views.assigning import AssignBulkAction
from cms.views.explorer import ArticleViewSet
from cms.views.partners import PartnerViewSet
from cms.views.reports import ReportViewSet
from cms.workflow import SignOffTask

register_snippet(LibrarySnippets)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    audit.register(actions)


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    return [path("mainstay/", include("cms.views.urls"))]


@hooks.register("register_admin_viewset")
def register_partners() -> PartnerViewSet:
    return PartnerViewSet()


@hooks.register("register_admin_viewset")
def register_reports() -> ReportViewSet:
    return ReportViewSet()


@hooks.register("register_admin_viewset")
def register_articles() -> ArticleViewSet:
    return ArticleViewSet()


hooks.register("register_bulk_action", AssignBulkAction)


@hooks.register("register_account_settings_panel")
def register_mail_settings(request: HttpRequest, user: Any, profile: Any) -> MailSettingsPanel:
    return MailSettingsPanel(request, user, profile)


@hooks.register("insert_global_admin_css")
def link_our_stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("insert_editor_js")
def save_with_care() -> str:
    return format_html_join("", '<script src="{}"></script>', ((static(f"cms/{name}.js"),) for name in ("comments", "saving")))


@hooks.register("register_page_header_buttons")
def link_readers_from_editor(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(page.specific_deferred, Article):
        yield HeaderButton(_("Readers and translations"), readers_url(page.specific), icon_name="globe", priority=15)


@hooks.register("register_page_listing_more_buttons")
def link_readers_from_explorer(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if page.specific_class is Article:
        yield Button(_("Readers and translations"), readers_url(page.specific), icon_name="globe", priority=15)


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(home.panels(request))


@hooks.register("before_edit_page")
def decide_once(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The editor's own saving sends a decision a second time when the first is slow, and Wagtail then finds no task: a server error."""
    if not request.POST.get("action-workflow-action") or not isinstance(page.specific_deferred, Article):
        return None
    article = Article.objects.get(pk=reference.lock(page.specific).pk)  # read after the lock: the first may be at work still
    return None if article.current_workflow_task else redirect(readers_url(article))


@hooks.register("after_edit_page")
def answer_for_the_sign_off(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Wagtail says "updated" whatever the task decided, and leads a reviewer to pages that reviewers may not see."""
    article = page.specific
    if not request.POST.get("action-workflow-action") or not isinstance(article, Article):
        return None
    waiting = article.current_workflow_task_state
    if waiting and isinstance(waiting.task.specific, SignOffTask) and waiting.comment:
        messages.error(request, waiting.comment)
        return redirect("mainstay:sign_off", article.kind, article.public_id)
    return redirect(readers_url(article))


# -- switched off ------------------------------------------------------------------------------------------------------


class PagesWithoutActions(PagesAdminAPIViewSet):
    """Wagtail's page chooser reads pages here. What can be posted here too asks no severity, and deletes what readers have had."""

    actions: dict[str, Any] = {}


@hooks.register("construct_admin_api")
def switch_off_actions(router: Any) -> None:
    router.register_endpoint("pages", PagesWithoutActions)


@hooks.register("before_bulk_action")
def refuse_what_does_nothing(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Wagtail answers "done" to whoever may do nothing to any of it."""
    if not objects:
        raise PermissionDenied


@hooks.register("before_bulk_action")
def refuse_bulk_publishing(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Publishing many at once asks nobody how much each change matters, and takes the locks in the wrong order."""
    if action_type in ("publish", "unpublish") and any(isinstance(row, Page) for row in objects):
        messages.error(request, _("Articles are published and unpublished one at a time, so that each change is weighed."))
        return redirect("wagtailadmin_explore_root")
    if action_type == "delete" and any(isinstance(row, Page) and _was_published(row) for row in objects):
        messages.error(request, _cannot_delete())
        return redirect("wagtailadmin_explore_root")
    return None


@hooks.register("before_bulk_action")
def protect_superusers(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Whoever is no superuser changes no superuser's account, in bulk either."""
    if action.models == [get_user_model()] and not request.user.is_superuser and any(user.is_superuser for user in objects):
        messages.error(request, _("Only a superuser changes the account of a superuser."))
        return redirect("wagtailusers_users:index")
    return None


@hooks.register("before_unpublish_page")
def refuse_unpublishing_descendants(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method == "POST" and request.POST.get("include_descendants"):
        messages.error(request, _("Unpublish articles one at a time: each takes a text away from readers."))
        return redirect("wagtailadmin_explore", page.pk)
    return None


@hooks.register("before_delete_page")
def refuse_deleting_what_was_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    if _was_published(page):
        messages.error(request, _cannot_delete())
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_delete_snippet")
def refuse_deleting_a_published_snippet(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    shared = [instance for instance in instances if isinstance(instance, TranslatedModel)]
    if shared and _any_was_published([instance.public_id for instance in shared]):
        messages.error(request, _cannot_delete())
        return redirect(type(shared[0]).snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined] # Wagtail puts it there
    return None


def _was_published(page: Page) -> bool:
    return _any_was_published(Article.objects.descendant_of(page, inclusive=True).values_list("public_id", flat=True))


def _any_was_published(public_ids: Iterable[UUID]) -> bool:
    return any(found.latest_change() for found in evidence.of_many(public_ids).values())


def _cannot_delete() -> str:
    return _("Readers have had this. Retire it instead: partners are then told to remove it, and what was shown stays on record.")


@hooks.register("construct_main_menu")
def hide_files(request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's admin needs its documents app; the library has no use for file downloads, and "document" means something here."""
    menu_items[:] = [item for item in menu_items if item.name not in ("documents", "reports-documents")]


@hooks.register("register_reports_menu_item")
def register_coverage_report() -> MenuItem:
    return MenuItem(gettext_lazy("Coverage"), reverse("mainstay:coverage"), name="coverage", icon_name="table", order=50)


@hooks.register("register_reports_menu_item")
def register_lag_report() -> MenuItem:
    return MenuItem(gettext_lazy("Time until current"), reverse("mainstay:lag"), name="lag", icon_name="time", order=55)


class LaunchesMenuItem(MenuItem):
    """Shown to whoever may put texts live together."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cms.release_together")


@hooks.register("register_admin_menu_item")
def register_launches() -> MenuItem:
    return LaunchesMenuItem(
        gettext_lazy("Put live together"), reverse("mainstay:launches"), name="put-live-together", icon_name="calendar-check", order=255
    )


class NoticesMenuItem(MenuItem):
    """Shown to whoever may put notices above texts."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cms.post_notice")


@hooks.register("register_admin_menu_item")
def register_notices() -> MenuItem:
    return NoticesMenuItem(
        gettext_lazy("Notices above texts"), reverse("mainstay:notices"), name="notices-above-texts", icon_name="info-circle", order=260
    )
