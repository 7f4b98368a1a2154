"""The desk's requests as a browser sends them, and with them fields that name every other language: what a crafted POST would try.

Each answers with its status. The admin speaks the language that is active, and speaks it again when the request is over.
"""

from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.test.utils.form_data import rich_text

from cms import desk, languages, launching, reference, versions
from cms.models import Article, Launch, Term, TranslatedModel, Version
from cms.views.desk.base import DeskView
from tests.cms import factories


class Browser:
    """One person who is signed in."""

    def __init__(self, person: Any) -> None:
        self.person, self.client = person, Client()
        self.client.force_login(person)

    def post(self, url: str, data: dict[str, Any]) -> int:
        active = translation.get_language()
        body = urlencode({**data, **crafted()}, doseq=True)
        try:
            answer = self.client.post(url, body, "application/x-www-form-urlencoded", headers={"Accept-Language": active or "en"})
        finally:
            translation.activate(active)
        return answer.status_code


def crafted() -> dict[str, str]:
    """Fields that no form of the desk has: the columns of every language, another language, another subject, another person."""
    names = {*Article.translated_fields(), *Term.translated_fields()}
    columns = {languages.column(name, tag): "Taken over" for name in names for tag in languages.TAGS}
    return columns | {"language": "ar", "lang": "ar", "tag": "ar", "kind": "term", "subject_id": "1", "by": "1"}


def url(subject: TranslatedModel, tag: str, name: str, *more: Any) -> str:
    return reverse(f"mainstay:{name}", args=[subject.kind, subject.public_id, tag, *more])


def words(subject: TranslatedModel, tag: str, key: str, said: str) -> str:
    """A stand-in for one passage's translation, which is always another one than before."""
    source, _digest = desk.source(subject)
    return factories.in_language(source, tag, said)[key]


def field(subject: TranslatedModel, key: str, text: str) -> tuple[str, str]:
    """A passage's field as the desk's form has it: named by its place, and Draftail's JSON where it is rich."""
    view = DeskView()
    view.subject, view.source = subject, desk.source(subject)[0]
    is_rich = key in view.rich
    return f"segment-{list(view.source).index(key)}", rich_text(text, features=["bold", "ol", "ul"]) if is_rich else text


def keys(subject: TranslatedModel) -> list[str]:
    return list(desk.source(subject)[0])


def save_passage(by: Browser, subject: TranslatedModel, tag: str, key: str, said: str, *, stale: bool) -> int:
    """The desk's script saves one passage while somebody types; the fields of the others come along, and are none of its business."""
    others = dict(field(subject, other, "<p>Taken over</p>") for other in keys(subject) if other != key)
    mine = dict([field(subject, key, words(subject, tag, key, said))])
    began = "of another text" if stale else versions.digest(subject.texts_in(tag).get(key, ""))
    return by.post(url(subject, tag, "segment"), {"key": key, "started_from": began, **others, **mine})


def save_form(by: Browser, subject: TranslatedModel, tag: str, said: str, *, stale: bool) -> int:
    """The whole form, without a script."""
    fields = dict(field(subject, key, words(subject, tag, key, said)) for key in keys(subject))
    began = "of another text" if stale else reference.shown_digest(subject, tag)
    return by.post(url(subject, tag, "translate"), {"started_from": began, **fields})


def confirm(by: Browser, subject: TranslatedModel, tag: str, key: str, of: str) -> int:
    """“Still correct”, or “read”."""
    shown = versions.digest(subject.texts_in(tag).get(key, ""))
    return by.post(url(subject, tag, "confirm"), {"key": key, "of": of, "started_from": shown})


def restore(by: Browser, subject: TranslatedModel, tag: str, version: Version) -> int:
    return by.post(url(subject, tag, "version", version.pk), {"started_from": reference.shown_digest(subject, tag)})


def say(by: Browser, subject: TranslatedModel, tag: str, key: str, text: str) -> int:
    return by.post(url(subject, tag, "comments"), {"act": "say", "about": tag, "key": key, "text": text})


def submit(by: Browser, subject: TranslatedModel, tag: str) -> int:
    return by.post(url(subject, tag, "submit"), {"shown": reference.shown_digest(subject, tag)})


def give_back(by: Browser, subject: TranslatedModel, tag: str) -> int:
    return by.post(url(subject, tag, "return"), {"reason": "Read it again."})


def approve(by: Browser, subject: TranslatedModel, tag: str, *, check: str, later: bool) -> int:
    """The approver's form, when somebody let pass what the checks find in a stand-in."""
    factories.let_pass(subject, tag, approver=by.person)
    shown = {"shown": reference.shown_digest(subject, tag), "source_shown": desk.source(subject)[1]}
    said = {"check_kind": check, "severity": "substantive", "warnings_read": "on", **({"later": "on"} if later else {})}
    return by.post(url(subject, tag, "approve"), {**shown, **said})


def launch(by: Browser) -> int:
    """Everything that waits for a launch, put into one and put live."""
    values = [row.value for row in launching.waiting()]
    if by.post(reverse("mainstay:new_launch"), {"name": "Together", "texts": values}) != 302:
        return 200
    return by.post(reverse("mainstay:launch", args=[Launch.objects.latest("pk").pk]), {"launch": "1"})
