"""Every address of the admin with something that exists behind it, and whether a person is let in: for the table of `admin_matrix.txt`.

A view is called as its address calls it, with Wagtail's own gate around it; its answer is not drawn. What it writes is rolled back.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.messages import constants
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Revision, Task, UploadedFile, Workflow

from cms import versions
from cms.models import Launch, SourceChange
from tests.cms import factories

METHODS = ("GET", "POST")
#: One address may stand for several things; these are asked for one by one.
SEVERAL = {
    "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": [
        *[f"admin/bulk/wagtailcore/page/{action}/?id={{page}}" for action in ("assign", "delete", "move", "publish", "unpublish")],
        "admin/bulk/cms/article/assign/?id={page}",
        *[f"admin/bulk/auth/user/{action}/?id={{user}}" for action in ("assign_role", "delete", "set_active_state")],
        "admin/bulk/cms/term/delete/?id={term}",
        *[f"admin/bulk/wagtailimages/image/{action}/?id={{image}}" for action in ("add_tags", "add_to_collection", "delete")],
        *[f"admin/bulk/wagtaildocs/document/{action}/?id={{document}}" for action in ("add_tags", "add_to_collection", "delete")],
    ],
    "admin/mainstay/<slug:kind>/<uuid:public_id>/": ["admin/mainstay/article/{article}/"],
    "admin/api/main/^pages/<int:pk>/action/<str:action_name>/": [
        f"admin/api/main/pages/{{page}}/action/{action}/" for action in ("copy", "delete", "publish", "unpublish", "move")
    ],
    r"admin/pages/^(?P<pk>\d+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": [
        "admin/pages/{page}/revisions/compare/earliest...latest/"
    ],
    "admin/^.*/$": ["admin/nothing/is/here/"],
}
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One address: as the table names it, and as it is asked for."""

    name: str
    path: str


def patterns() -> list[str]:
    """Every pattern below `admin/`, as it is written."""
    return [pattern for pattern in _walk(get_resolver()) if pattern.startswith("admin/")]


def _walk(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        written = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, written)
        elif isinstance(pattern, URLPattern):
            yield written


def screens(things: dict[str, Any]) -> Iterator[Screen]:
    """Each address with things that exist in the place of its arguments."""
    for pattern in patterns():
        for template in SEVERAL.get(pattern, [pattern]):
            plain = template.replace("main/^", "main/")
            name = re.sub(r"\?.*", "", re.sub(r"\{(\w+)\}", r"<\1>", _ARGUMENT.sub(r"<\1>", plain)))
            path = _ARGUMENT.sub(lambda found, plain=plain: str(_value(found[1], plain, things)), plain)
            yield Screen(name=name, path="/" + path.format(**things))


def _value(argument: str, template: str, things: dict[str, Any]) -> Any:
    """What exists for an argument, by its name and the place that it stands in."""
    if argument in ("pk", "object_id"):
        for part, thing in things["at"].items():
            if part in template:
                return things[thing]
    return things[argument]


def make_things() -> dict[str, Any]:
    """A small library with one of each thing that an address may ask for, by the name of the argument."""
    shelf = factories.shelf(targets=("es",))
    article = factories.article(shelf)
    factories.go_live(article)
    factories.translated(article, "es")
    factories.edit(article, headline_en="Another headline")
    contact = factories.contact()
    image = get_image_model().objects.create(title="Image", file=ImageFile(get_test_image_file(), name="image.png"))
    document = get_document_model().objects.create(title="File", file=ContentFile(b"x", name="file.txt"))
    report = factories.report(article, "en", "A mistake.")
    workflow = Workflow.objects.get(active=True)
    somebody = factories.user("somebody")
    page = {"parent_page_id": shelf.collection.pk, "destination_id": shelf.collection.pk}
    return {
        **page,
        **dict.fromkeys(("page", "page_id", "page_to_move_id", "page_pk"), article.pk),
        "revision_id": Revision.page_revisions.filter(object_id=str(article.pk)).latest("pk").pk,
        "article": article.public_id,
        "version": versions.latest(article.public_id, "es").pk,
        "public_id": article.public_id,
        "kind": "article",
        "tag": "es",
        "term": shelf.term.pk,
        "advice": shelf.advice.pk,
        "notice": shelf.sample.pk,
        "contact": contact.pk,
        "image": image.pk,
        "image_id": image.pk,
        "document": document.pk,
        "document_id": document.pk,
        "doc_id": document.pk,
        "uploaded_file_id": UploadedFile.objects.create(file=ContentFile(b"x", name="x.txt")).pk,
        "filter_spec": "nothing",
        "change": SourceChange.objects.get(subject_id=article.public_id).pk,
        "launch": Launch.objects.create(name="Launch", by_name="Edith").pk,
        "partner": report.partner_id,
        "key": report.key_id,
        "report": report.pk,
        "user": somebody.pk,
        "group": Group.objects.first().pk,
        "workflow": workflow.pk,
        "workflow_pk": workflow.pk,
        "task": Task.objects.get(workflow_tasks__workflow=workflow).pk,
        "task_id": Task.objects.get(workflow_tasks__workflow=workflow).pk,
        "task_state_id": 1,
        "workflow_state_id": 1,
        "session_id": 1,
        "action_name": "approve",
        "collection": Collection.objects.first().add_child(name="Folder").pk,
        "collection_id": Collection.objects.last().pk,
        "content_type_app_name": "cms",
        "content_type_model_name": "article",
        "app_label": "cms",
        "model_name": "article",
        "app_name": "taggit",
        "uidb64": "MQ",
        "token": "x",
        "at": {
            "/versions/": "version",
            "/safetyadvice/": "advice",
            "/notice/": "notice",
            "/helpcontact/": "contact",
            "/term/": "term",
            "launches/": "launch",
            "partners/keys/": "key",
            "partners/": "partner",
            "mistakes/": "report",
            "users/": "user",
            "groups/": "group",
            "collections/": "collection",
            "workflows/tasks/": "task",
            "workflows/": "workflow",
            "images/": "image",
            "documents/": "document",
            "pages/": "page",
            "editing-sessions/": "page",
        },
    }


def is_let_in(user: Any, method: str, path: str) -> bool:
    """Whether this person gets an answer there; a POST carries nothing, so no form of ours can act on it."""
    match = resolve(path.split("?")[0])
    request: Any = getattr(RequestFactory(), method.lower())(path)
    request.resolver_match, request.user = match, user
    request.session = SessionStore()
    request._messages, request._dont_enforce_csrf_checks = FallbackStorage(request), True
    with transaction.atomic():
        allowed = _answers(match.func, request, match.args, match.kwargs)
        transaction.set_rollback(True)
    return allowed


def _answers(view: Callable[..., HttpResponseBase], request: Any, args: Any, kwargs: Any) -> bool:
    try:
        with transaction.atomic():
            answer = view(request, *args, **kwargs)
    except (PermissionDenied, Http404):
        return False
    except Exception:
        if (getattr(getattr(view, "view_class", view), "__module__", "") or "").startswith("cms."):
            raise
        return True  # one of Wagtail's views asked for more than this POST has: after it had let the person in
    if answer.status_code in (403, 404, 405):
        return False
    if answer.status_code != 302:
        return True
    told = [message.level for message in request._messages._queued_messages]
    return constants.ERROR not in told and not answer["Location"].startswith("/admin/login/")


def nobody() -> AnonymousUser:
    return AnonymousUser()
