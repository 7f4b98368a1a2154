"""A small library, made by the functions that editors' actions call: nothing here writes a document by itself.

shelf = factories.shelf()                        # topic, term, advice, notices, each approved in every language asked for
article = factories.article(shelf)               # a draft, written by the editor
factories.go_live(article)                       # signed off by the reviewer, published by the editor
factories.translated(article, "es")              # written by the translator, approved by the reviewer
factories.stored(article, "es").state            # what partners get
"""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from api import store
from api.models import Document
from cms import desk, languages, overriding, partners, reference, reports, roles, sign_off
from cms.models import (
    Approval,
    Article,
    ArticleAdvice,
    ArticleTerm,
    Closure,
    Collection,
    Confirmation,
    Contribution,
    HelpContact,
    Library,
    Notice,
    Override,
    Profile,
    Release,
    SafetyAdvice,
    SourceChange,
    Submission,
    Term,
    TranslatedModel,
    Version,
)
from cms.overriding import Checked
from cms.publishing import DOCUMENT_KINDS
from tests import scenes

#: What the small library is translated into unless a test says otherwise: one left to right, one right to left.
TARGETS = ("es", "ar")
_TAG = re.compile(r"(<[^>]*>)")
_NAMESPACE = uuid.UUID(int=7)


# -- people ----------------------------------------------------------------------------------------------------------


def user(name: str, *groups: str, superuser: bool = False) -> Any:
    """A person by name, in these groups, who holds every language; the same one when asked for again."""
    model = get_user_model()
    found, created = model.objects.get_or_create(
        username=name, defaults={"email": f"{name}@example.org", "is_superuser": superuser, "password": "!"}
    )
    if created:
        found.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
        Profile.objects.create(user=found, languages=list(languages.TAGS))
    return found


def editor() -> Any:
    return user("edith", roles.EDITOR)


def translator() -> Any:
    return user("tariq", roles.TRANSLATOR)


def second_translator() -> Any:
    return user("tina", roles.TRANSLATOR)


def reviewer() -> Any:
    """Approves sources and translations."""
    return user("rosa", roles.CLINICAL_REVIEWER, roles.LANGUAGE_REVIEWER)


def second_reviewer() -> Any:
    return user("ruth", roles.CLINICAL_REVIEWER, roles.LANGUAGE_REVIEWER)


def safety_lead() -> Any:
    return user("sven", roles.SAFETY_LEAD)


def administrator() -> Any:
    return user("ada", roles.ADMINISTRATOR, superuser=True)


# -- what an article stands on ---------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Shelf:
    """A collection, and what the articles on it show."""

    collection: Collection
    topic: Term
    term: Term
    advice: SafetyAdvice
    sample: Notice
    outdated: Notice
    source_changed: Notice
    targets: tuple[str, ...] = field(default=TARGETS)


@scenes.built_once
def shelf(*, slug: str = "withdrawal", targets: Iterable[str] = TARGETS) -> Shelf:
    """A collection with its topic, a term, an advice and the library's three notices, approved in English and `targets`."""
    targets = tuple(targets)
    topic = term(slug, targets=targets)
    return Shelf(
        collection=library().add_child(instance=Collection(title=slug.title(), slug=slug, topic=topic)),
        topic=topic,
        term=term("heroin", vocabulary=Term.Vocabulary.SUBSTANCE, targets=targets),
        advice=advice("overdose", targets=targets),
        sample=notice("sample", purpose=Notice.Purpose.SAMPLE, severity=Notice.Severity.INFORMATION, targets=targets),
        outdated=notice("outdated", purpose=Notice.Purpose.OUTDATED, severity=Notice.Severity.SUBSTANTIVE, targets=targets),
        source_changed=notice("source-changed", purpose=Notice.Purpose.SOURCE_CHANGED, targets=targets),
        targets=targets,
    )


def plant_root() -> None:
    """A test without a transaction around it finds what another one left: tables without the rows that migrations made."""
    if not Page.objects.exists():
        Locale.objects.get_or_create(language_code="en")
        Page.add_root(instance=Page(title="Root", slug="root"))
        roles.make()


def library() -> Library:
    """The page at the root of the tree."""
    found = Library.objects.first()
    if found:
        return found
    made = Page.get_first_root_node().add_child(instance=Library(title="Library", slug="library"))
    Site.objects.update(root_page=made)
    return made


def term(code: str, *, vocabulary: str = Term.Vocabulary.TOPIC, kind: str = "", label: str = "", targets: Iterable[str] = ()) -> Term:
    row = Term(vocabulary=vocabulary, code=code, term_kind=kind, label_en=label or code.replace("-", " ").title())
    return _approved(row, targets)


def advice(code: str, *, text: str = "<p>Call for help at once.</p>", targets: Iterable[str] = ()) -> SafetyAdvice:
    return _approved(SafetyAdvice(code=code, heading_en=f"Advice: {code}", text_en=text), targets)


def notice(
    code: str,
    *,
    purpose: str = Notice.Purpose.SAFETY,
    severity: str = Notice.Severity.SAFETY,
    text: str = "",
    targets: Iterable[str] = (),
) -> Notice:
    return _approved(Notice(code=code, purpose=purpose, severity=severity, text_en=text or f"<p>Notice: {code}.</p>"), targets)


def contact(code: str = "line", *, number: str = "08001110", verified: bool = True, targets: Iterable[str] = ()) -> HelpContact:
    row = HelpContact(
        code=code,
        contact_kind=HelpContact.Kind.DRUGS,
        region="GB",
        number=number,
        display=number,
        dialable_from="GB",
        spoken_languages="en",
        source="https://example.org/",
        verified_on=date(2026, 1, 2) if verified else None,
        verify_by=date(2027, 1, 2) if verified else None,
        name_en="The line",
    )
    return _approved(row, targets)


def _approved(row: Any, targets: Iterable[str]) -> Any:
    row.save()
    row.refresh_from_db()
    approve_source(row)
    for tag in targets:
        translated(row, tag)
    return type(row)._default_manager.get(pk=row.pk)


# -- articles --------------------------------------------------------------------------------------------------------


def block_id(*names: Any) -> str:
    """The id of a block by its name: the same in every test."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, names))))


def block(name: str, kind: str, value: Any) -> dict[str, Any]:
    if kind == "steps":
        value = [{"type": "item", "id": block_id(name, index), "value": text} for index, text in enumerate(value)]
    return {"type": kind, "id": block_id(name), "value": value}


def section(name: str, *blocks: dict[str, Any], aspect: str = "definition", heading: str = "") -> dict[str, Any]:
    return {
        "type": "section",
        "id": block_id(name),
        "value": {"aspect": aspect, "heading": heading or f"About {name}", "blocks": list(blocks)},
    }


def small_body(text: str = "<p>It lasts for 5 to 7 days.</p>") -> list[dict[str, Any]]:
    """One section with one paragraph."""
    return [section("what", block("what.text", "paragraph", text))]


def full_body() -> list[dict[str, Any]]:
    """Two sections with a paragraph, a warning and steps."""
    return [
        *small_body(),
        section(
            "help",
            block("help.warning", "warning", "<p>Never stop <b>alone</b>.</p>"),
            block("help.steps", "steps", ["Call a doctor.", "Drink 2 litres of water."]),
            aspect="when-to-get-help",
        ),
    ]


def article(
    on: Shelf,
    slug: str = "opioid-withdrawal",
    *,
    body: list[dict[str, Any]] | None = None,
    headline: str = "",
    by: Any = None,
    sample: bool = False,
    **fields: Any,
) -> Article:
    """A draft with a topic, a term and an advice, written by the editor; of standard risk unless it is said."""
    fields = {"risk": Article.Risk.STANDARD} | fields
    headline = headline or slug.replace("-", " ").title()
    row = Article(title=headline, slug=slug, headline_en=headline, summary_en=f"About {headline}.", live=False, sample=sample, **fields)
    row.body_en = stream(row, body or small_body())
    on.collection.add_child(instance=row)
    row.terms = [ArticleTerm(term=on.topic, sort_order=0), ArticleTerm(term=on.term, sort_order=1)]
    row.advice = [ArticleAdvice(advice=on.advice, sort_order=0)]
    row.save_revision(user=by or editor())
    return fresh(row)


def stream(row: Article, body: list[dict[str, Any]]) -> Any:
    """A body as its field holds it."""
    return row._meta.get_field("body_en").stream_block.to_python(body)


def edit(row: Article, *, by: Any = None, body: list[dict[str, Any]] | None = None, **fields: Any) -> Article:
    """Change the newest draft, as the page editor does."""
    draft = fresh(row).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    if body is not None:
        draft.body_en = stream(draft, body)
    draft.save_revision(user=by or editor())
    return fresh(row)


# -- the decisions, by the real functions ----------------------------------------------------------------------------


def fresh(subject: Any) -> Any:
    """The row as it is now."""
    return type(subject)._default_manager.get(pk=subject.pk)


def approve_source(subject: TranslatedModel, *, by: Any = None) -> Approval:
    """Sign off the newest source, as the reviewer's screen shows it now."""
    subject = fresh(subject)
    shown = reference.shown_digest(reference.source_of(subject), languages.SOURCE)
    return sign_off.approve(subject, languages.SOURCE, by=by or reviewer(), shown=shown)


def publish(row: Article, *, by: Any = None, severity: str = "", harm: str = "", note: str = "") -> Article:
    """Wagtail's publish of the newest draft: it releases the source."""
    draft = fresh(row).get_latest_revision_as_object()
    if (severity, harm, note) != (draft.change_severity, draft.change_harm, draft.change_note):
        draft.change_severity, draft.change_harm, draft.change_note = severity, harm, note
        draft.save_revision(user=by or editor())
    fresh(row).latest_revision.publish(user=by or editor())
    return fresh(row)


def go_live(row: Article, *, severity: str = "", harm: str = "") -> Article:
    """Sign off the newest source, then publish it."""
    if (severity, harm) != ("", ""):
        edit(row, change_severity=severity, change_harm=harm)
    approve_source(row)
    return publish(row, severity=severity, harm=harm)


def in_language(texts: Mapping[str, str], language: str, words: str = "") -> dict[str, str]:
    """A stand-in for a translation: the same markup, each text marked with its language."""
    return {key: "".join(_marked(part, language, words) for part in _TAG.split(text)) for key, text in texts.items()}


def _marked(part: str, language: str, words: str) -> str:
    return part if part.startswith("<") or not part.strip() else f"{part} [{language}{words}]"


def translate(subject: TranslatedModel, language: str, *, by: Any = None, texts: Mapping[str, str] | None = None, words: str = "") -> Any:
    """Save a translation at the desk; `words` make it another one than before."""
    subject = fresh(subject)
    source, _digest = desk.source(subject)
    new = dict(texts) if texts is not None else in_language(source, language, words)
    desk.save(subject, language, new, started_from=reference.shown_digest(subject, language), by=by or translator())
    return fresh(subject)


def approve_target(subject: TranslatedModel, language: str, *, by: Any = None, **given: Any) -> Approval:
    """Approve a translation, as the reviewer's screen shows it and its source now; the translator lets pass what the checks find."""
    subject, by = fresh(subject), by or reviewer()
    let_pass(subject, language, approver=by)
    _source, digest = desk.source(subject)
    shown = reference.shown_digest(subject, language)
    given = {"severity": "substantive"} | given
    return sign_off.approve(subject, language, by=by, shown=shown, source_shown=digest, given=sign_off.Given(**given))


def let_pass(subject: TranslatedModel, language: str, *, approver: Any) -> None:
    """The second translator lets pass what the checks find in a stand-in for a translation."""
    subject = fresh(subject)
    source, _digest = desk.source(subject)
    checked = Checked(subject=subject, language=language, texts=subject.texts_in(language), source=source)
    for finding in checked.blocking(for_approver=approver):
        overriding.request(checked, key=finding.key, check=finding.check, reason="A stand-in.", by=second_translator())


def translated(subject: TranslatedModel, language: str, *, words: str = "") -> Any:
    """A translation, written by the translator and approved by the reviewer."""
    translate(subject, language, words=words)
    approve_target(subject, language)
    return fresh(subject)


def report(subject: TranslatedModel, language: str, what: str, *, severity: reports.Harm = reports.Harm.MINOR) -> reports.Report:
    """A mistake that a new partner tells of, in what it was served."""
    partner = partners.Partner.objects.create(name="Helpline")
    key = partners.issue(
        partner,
        by=administrator(),
        environment=partners.Environment.TEST,
        scopes=[partners.Scope.READ],
        label="",
        requests_per_minute=None,
        expires_at=None,
    ).key
    found: reports.Report = reports.Report.objects.create(
        partner=partner,
        key=key,
        subject_id=subject.public_id,
        language=language,
        version=1,
        title="Title",
        what=what,
        severity=severity,
        reported_at=timezone.now(),
    )
    return found


def a_day_earlier() -> None:
    """Everything that was decided and stored so far was decided and stored a day before."""
    for model in (Approval, Closure, Confirmation, Contribution, Override, Release, SourceChange, Submission, Version):
        model.objects.update(at=F("at") - timedelta(days=1))
    Approval.objects.update(effective_at=F("effective_at") - timedelta(days=1))
    Document.objects.update(modified_at=F("modified_at") - timedelta(days=1))


# -- what partners get -----------------------------------------------------------------------------------------------


def stored(subject: TranslatedModel, language: str) -> Document | None:
    """The current row of one language."""
    return store.current(kind=DOCUMENT_KINDS[subject.kind], subject_id=subject.public_id, language=language)


def content(subject: TranslatedModel, language: str) -> dict[str, Any]:
    """The document that partners get; it must be published."""
    document = stored(subject, language)
    assert document is not None
    assert document.state == "published", document
    return json.loads(document.body)


def public() -> dict[tuple[str, str, str], tuple[int, str, str]]:
    """Everything that partners get now, to compare with: number, state and body by (kind, subject, language)."""
    return {(row.kind, str(row.subject_id), row.language): (row.number, row.state, row.body) for row in Document.objects.current()}
