"""What is said about a translation and asked about its source: a page of its own, and the same list beside the desk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms import comments, desk, evidence, languages, subjects
from cms.models import Article, Comment, TranslatedModel
from cms.views import readers
from cms.views.desk import labels
from cms.views.desk.base import DeskView


@dataclass(frozen=True, kw_only=True)
class Group:
    """The threads on one segment. `index` is its row on the desk, None for the whole text and for a segment that is gone."""

    key: str
    label: str
    index: int | None
    threads: list[Comment]

    @property
    def open(self) -> int:
        return sum(thread.resolved_at is None for thread in self.threads)


def groups(threads: list[Comment], named: Mapping[str, str]) -> list[Group]:
    """The threads by segment: the whole text first, then in the source's order, then what the source has no more."""
    return list(_groups(threads, named))


def _groups(threads: list[Comment], named: Mapping[str, str]) -> Iterator[Group]:
    places = {key: index for index, key in enumerate(named)}
    keys = dict.fromkeys(thread.key for thread in threads)
    for key in sorted(keys, key=lambda key: (key != "", places.get(key, len(places)))):
        label = named.get(key) or (_("A passage that the source has no more") if key else _("The text as a whole"))
        yield Group(key=key, label=label, index=places.get(key), threads=[thread for thread in threads if thread.key == key])


def context(subject: TranslatedModel, language: str, named: Mapping[str, str], *, url: str, may_say: bool, **more: Any) -> dict[str, Any]:
    """What the list needs. With the language "" it holds the questions about the source alone."""
    threads = comments.threads(subject.public_id, language) if language else comments.questions(subject.public_id)
    found = groups(threads, named)
    return {
        "groups": found,
        "open_comments": sum(group.open for group in found),
        "passages": list(named.items()),
        "comments_url": url,
        "comments_language": languages.get(language) if language else None,
        "may_say": may_say,
        "limit": comments.LIMIT,
        **more,
    }


class ThreadsView(WagtailAdminTemplateMixin, TemplateResponseMixin, View):
    """GET shows what was said; POST says, answers, resolves or opens again. A script gets the list alone."""

    template_name = "cms/desk/comments.html"
    header_icon = "comment"
    subject: TranslatedModel

    def get(self, request: HttpRequest) -> HttpResponse:
        if _is_script(request):
            return render(request, "cms/desk/threads.html", self.threads_context())
        return self.render_to_response(self.get_context_data(**self.threads_context()))

    def post(self, request: HttpRequest) -> HttpResponse:
        refused = ""
        try:
            self.act(request)
        except comments.NotSayable as reason:
            refused = str(reason)
        if _is_script(request):
            return render(request, "cms/desk/threads.html", self.threads_context(refused=refused), status=422 if refused else 200)
        if refused:
            messages.error(request, refused)
        return redirect(request.path)

    def act(self, request: HttpRequest) -> None:
        posted = request.POST
        match posted.get("act"):
            case "say":
                language = posted.get("about", "")
                if language not in self.spoken():
                    raise comments.NotSayable(_("Say what it is about."))
                comments.say(self.subject, language, posted.get("key", ""), posted.get("text", ""), by=request.user)
            case "reply":
                comments.reply(self.subject, self.thread(request), posted.get("text", ""), by=request.user)
            case "resolve":
                comments.resolve(self.subject, self.thread(request), by=request.user)
            case "reopen":
                comments.reopen(self.subject, self.thread(request), by=request.user)
            case _:
                raise comments.NotSayable(_("Nothing was done."))

    def thread(self, request: HttpRequest) -> Comment:
        """The thread that is meant, if it can be seen here."""
        try:
            found = comments.of_subject(self.subject.public_id, int(request.POST.get("thread", "")))
        except (ValueError, OverflowError, Comment.DoesNotExist) as unknown:
            raise Http404("There is no such comment here.") from unknown
        if found.language not in self.spoken():
            raise Http404("There is no such comment here.")
        return found

    def spoken(self) -> tuple[str, ...]:
        """The languages of the threads that are shown here."""
        raise NotImplementedError

    def threads_context(self, **more: Any) -> dict[str, Any]:
        raise NotImplementedError

    def get_page_title(self) -> str:
        return str(self.subject)


class CommentsView(ThreadsView, DeskView):
    """Beside the desk: of one language, with the questions about the source."""

    def spoken(self) -> tuple[str, ...]:
        return (self.language.tag, comments.SOURCE)

    def threads_context(self, **more: Any) -> dict[str, Any]:
        return context(
            self.subject,
            self.language.tag,
            self.labels,
            url=self.request.path,
            may_say=self.may_say,
            desk_url=self.url("translate"),
            **more,
        )

    @property
    def may_say(self) -> bool:
        return self.can_translate or self.can_approve

    def get_page_subtitle(self) -> str:
        return self.language.own_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            *readers.crumbs(self.subject.kind, self.subject.public_id),
            {"url": self.url("translate"), "label": self.language.own_name},
            {"url": "", "label": _("Comments")},
        ]


class QuestionsView(ThreadsView):
    """The questions about a source, for whoever writes, signs off, translates or checks it."""

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID) -> HttpResponseBase:
        self.subject = subjects.get(kind, public_id)
        if not may_answer(request.user, self.subject):
            refused: HttpResponseBase = permission_denied(request)
            return refused
        return super().dispatch(request)

    def spoken(self) -> tuple[str, ...]:
        return (comments.SOURCE,)

    def threads_context(self, **more: Any) -> dict[str, Any]:
        source, _digest = desk.source(self.subject)
        released = evidence.of(self.subject.public_id).latest_release()
        named = labels.of(source, [*(released.facts.get("structure", []) if released else []), *self.subject.structure()])
        return context(self.subject, comments.SOURCE, named, url=self.request.path, may_say=True, **more)

    def get_page_subtitle(self) -> str:
        return _("Questions about the source")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = readers.crumbs(self.subject.kind, self.subject.public_id)
        return [*self.breadcrumbs_items, *crumbs, {"url": "", "label": _("Questions")}]


def may_answer(user: Any, subject: TranslatedModel) -> bool:
    """Whether somebody has to do with the text of a source: its editors, and whoever signs off, translates or checks."""
    if any(user.has_perm(f"cms.{name}") for name in ("translate", "approve_translation", "sign_off")):
        return True
    if isinstance(subject, Article):
        return bool(subject.permissions_for_user(user).can_edit())
    return bool(user.has_perm(f"cms.change_{type(subject)._meta.model_name}"))


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"
