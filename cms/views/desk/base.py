"""What every address of the desk begins with: the subject, the language, the person's rights, the source and the text."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin.auth import permission_denied

from cms import desk, evidence, languages, obstacles, people, subjects
from cms.obstacles import Obstacles
from cms.overriding import Checked
from cms.views.desk import labels
from cms.views.desk.forms import TranslationForm


class DeskView(View):
    """One subject in one target language. Who may neither translate nor approve anything is not let in.

    Who may, but does not hold this language, may read and do nothing: superusers are not exempt.
    """

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID, tag: str, **kwargs: Any) -> HttpResponseBase:
        self.language = target_language(tag)
        self.subject = subjects.get(kind, public_id)
        user: Any = request.user
        if not (user.has_perm("cms.translate") or user.has_perm("cms.approve_translation")):
            return _refused(request)
        self.holds_language = tag in people.held(user)
        self.can_translate = self.holds_language and user.has_perm("cms.translate")
        self.can_approve = self.holds_language and user.has_perm("cms.approve_translation")
        if request.method == "POST" and not self.is_allowed():
            return _refused(request)
        self.read()
        return super().dispatch(request, **kwargs)

    def is_allowed(self) -> bool:
        """Whether this person may do what this address does."""
        return self.can_translate or self.can_approve

    def read(self) -> None:
        """Read the source and the text as they are now."""
        self.decisions = evidence.of(self.subject.public_id)
        self.source, self.source_digest = desk.source(self.subject)
        self.target = {key: text for key, text in self.subject.texts_in(self.language.tag).items() if key in self.source}

    @cached_property
    def obstacles(self) -> Obstacles:
        """What stands between whoever looks and the approval of the text. It costs the checks, so it is found out once."""
        return obstacles.of(self.subject, self.language.tag, by=self.request.user)

    @property
    def may_approve_alone(self) -> bool:
        """Whether nothing but the second person is lacking, for somebody who may do without in an emergency."""
        return bool(self.request.user.has_perm("cms.break_glass")) and not self.obstacles.always

    def url(self, name: str, *more: Any) -> str:
        """One of the desk's addresses, of this subject in this language."""
        return reverse(f"mainstay:{name}", args=[self.subject.kind, self.subject.public_id, self.language.tag, *more])

    @property
    def checked(self) -> Checked:
        return Checked(subject=self.subject, language=self.language.tag, texts=self.target, source=self.source)

    @property
    def rich(self) -> set[str]:
        """The segments that are rich text in the source."""
        found = {segment.key for segment in self.subject.segments_in(languages.SOURCE) if segment.rich}
        return found | {key for key, text in self.source.items() if "<p" in text or "<ul" in text or "<ol" in text}

    @property
    def labels(self) -> dict[str, str]:
        latest = self.decisions.latest_release()
        structure = latest.facts.get("structure", []) if latest else self.subject.structure()
        return labels.of(self.source, [*structure, *self.subject.structure()])

    def form(self, data: Any = None, **more: Any) -> TranslationForm:
        return TranslationForm(data, labels=self.labels, target=self.target, rich=self.rich, language=self.language, **more)


def target_language(tag: str) -> languages.Language:
    """The language of a tag; Http404 for the source, which is written in its own editor."""
    try:
        language = languages.get(tag)
    except languages.UnknownLanguage as unknown:
        raise Http404(f"There is no language {tag}.") from unknown
    if language.tag == languages.SOURCE:
        raise Http404("The source is written in its own editor.")
    return language


def _refused(request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase = permission_denied(request)
    return response
