"""Loading the sample library from its files, by the functions that an editor's actions use: no second way into documents.

What exists is left as it is, so that a second run keeps what editors changed. Nobody vouches for the texts: they are
approved by "sample loader", which is no person and has no qualification, and every reader is told so above the text.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Page, Site

from cms import desk, languages, reference, segments, sign_off
from cms.models import (
    Article,
    ArticleAdvice,
    ArticleReference,
    ArticleTerm,
    Collection,
    HelpContact,
    Library,
    Notice,
    Origin,
    RelatedArticle,
    SafetyAdvice,
    Term,
    TranslatedModel,
)

FILES = Path(__file__).parent / "library"
#: Block ids are derived from names, so that loading twice, or on two machines, gives the same ones.
_NAMESPACE = uuid.UUID("6d61696e-7374-6179-8000-000000000000")
COLLECTIONS = (("withdrawal", "Withdrawal"), ("recovery", "Recovery"))
#: The facets of an article's file that name terms, and the vocabulary of each.
_VOCABULARIES = {
    "topics": "topic",
    "substances": "substance",
    "symptoms": "symptom",
    "medicines": "medicine",
    "treatments": "treatment",
    "organisations": "organisation",
}


@transaction.atomic
def load(say: Callable[[str], None]) -> None:
    """Load what is not there yet, all of it or nothing. `say` gets a line for each thing loaded."""
    for term in _terms():
        _load_snippet(*term, say=say)
    for snippet in _snippets():
        _load_snippet(*snippet, say=say)
    collections = {slug: _collection(slug, title) for slug, title in COLLECTIONS}
    sources = {path.parent.name: _read(path) for path in sorted(FILES.glob("articles/*/en.yaml"))}
    new = [slug for slug in sources if not Article.objects.filter(slug=slug).exists()]
    with transaction.atomic():
        for slug in new:
            _draft(sources[slug], collections[sources[slug]["collection"]])
    for slug in new:
        _load_article(slug, sources[slug])
        say(f"article {slug}")


def loader() -> Any:
    """Who signs for the samples: a name, and nothing else."""
    return get_user_model()(username="sample loader")


# -- vocabulary, advice, notices, contacts ---------------------------------------------------------------------------

Texts = Mapping[str, Mapping[str, str]]


def _terms() -> Iterator[tuple[TranslatedModel, Mapping[str, Any], Texts]]:
    for vocabulary, rows in _read(FILES / "vocabulary.yaml").items():
        for order, row in enumerate(rows):
            facts = {"vocabulary": vocabulary, "code": row["code"], "term_kind": row["kind"], "url": row["url"]}
            words = {
                f"{name}_terms": {tag: "\n".join(found) for tag, found in row.get(name, {}).items()} for name in ("preferred", "forbidden")
            }
            for field, by_tag in words.items():
                facts |= {languages.column(field, tag): text for tag, text in by_tag.items()}
            texts = {"label": row["label"], "description": row.get("description", {})}
            yield Term(**facts, sort_order=order, sample=True), {"vocabulary": vocabulary, "code": row["code"]}, texts


def _snippets() -> Iterator[tuple[TranslatedModel, Mapping[str, Any], Texts]]:
    for order, row in enumerate(_read(FILES / "advice.yaml")):
        yield (
            SafetyAdvice(code=row["code"], sort_order=order),
            {"code": row["code"]},
            {"heading": row["heading"], "text": row["text"]},
        )
    for order, row in enumerate(_read(FILES / "notices.yaml")):
        facts = {name: row[name] for name in ("code", "purpose", "severity")}
        yield Notice(**facts, sort_order=order), {"code": row["code"]}, {"text": row["text"]}
    for order, row in enumerate(_read(FILES / "contacts.yaml")):
        listed = {name: ", ".join(row[name]) for name in ("dialable_from", "spoken_languages", "channels")}
        same = {name: row[name] for name in ("code", "region", "number", "display", "hours", "time_zone", "cost", "source")}
        contact = HelpContact(**same, **listed, contact_kind=row["kind"], sort_order=order, sample=True)
        yield contact, {"code": row["code"]}, {"name": row["name"]}


def _load_snippet(snippet: TranslatedModel, key: Mapping[str, Any], texts: Texts, *, say: Callable[[str], None]) -> None:
    if type(snippet)._default_manager.filter(**key).exists():
        return
    with transaction.atomic():
        for field, by_tag in texts.items():
            text = by_tag.get(languages.SOURCE, "")
            setattr(snippet, languages.column(field, languages.SOURCE), segments.well_formed(text) if snippet.text_fields[field] else text)
        snippet.full_clean()
        snippet.save()
        _approve_source(snippet)
        for tag in languages.TARGETS:
            _translate(snippet, tag, {field: by_tag[tag] for field, by_tag in texts.items() if by_tag.get(tag)})
    say(f"{snippet.kind} {snippet}")


# -- the tree ----------------------------------------------------------------------------------------------------------


def root() -> Library:
    """The library's page at the root of the tree; made, in place of Wagtail's welcome page, when there is none."""
    found: Library | None = Library.objects.first()
    if found:
        return found
    with transaction.atomic():
        library: Library = Page.get_first_root_node().add_child(instance=Library(title="Library", slug="library"))
        welcome = [site.root_page for site in Site.objects.all()]
        Site.objects.update(root_page=library)
        if not Site.objects.exists():
            Site.objects.create(hostname="localhost", root_page=library, is_default_site=True)
        for page in welcome:
            if page.specific_class is Page or (page.depth == 2 and not isinstance(page.specific, Library)):
                page.delete()
    return library


def _collection(slug: str, title: str) -> Collection:
    found: Collection | None = Collection.objects.filter(slug=slug).first()
    if found:
        return found
    topic = Term.objects.get(vocabulary=Term.Vocabulary.TOPIC, code=slug)
    collection: Collection = root().add_child(instance=Collection(title=title, slug=slug, topic=topic))
    return collection


# -- articles ----------------------------------------------------------------------------------------------------------


def _draft(source: Mapping[str, Any], collection: Collection) -> None:
    """A page without a body, so that the other articles can link to it."""
    article = Article(title=source["headline"], headline_en=source["headline"], slug=source["slug"], live=False, sample=True)
    collection.add_child(instance=article)


def _load_article(slug: str, source: Mapping[str, Any]) -> None:
    earlier = _read(FILES / "articles" / slug / "earlier.yaml") if (FILES / "articles" / slug / "earlier.yaml").exists() else {}
    with transaction.atomic():
        article = Article.objects.get(slug=slug)
        _fill(article, source)
        if earlier:
            _load_earlier(article, source, earlier)
        else:
            _sign_off_and_publish(article)
        for path in sorted((FILES / "articles" / slug).glob("*.yaml")):
            if path.stem in languages.TARGETS and path.stem not in earlier:
                _translate(Article.objects.get(pk=article.pk), path.stem, _target_texts(_read(path)))


def _load_earlier(article: Article, source: Mapping[str, Any], earlier: Mapping[str, Any]) -> None:
    """Publish an earlier source with a translation of it, then the source as it is now: that translation is left outdated."""
    now = article.body_en
    texts = {segment.key: segment.text for segment in article.segments_in(languages.SOURCE)}
    texts |= _keyed(earlier[languages.SOURCE])
    article.body_en = Article.as_body(segments.well_formed_body(segments.with_texts(_body(source), texts)))
    _sign_off_and_publish(article)
    for tag in (tag for tag in earlier if tag in languages.TARGETS):
        translated = _target_texts(_read(FILES / "articles" / article.slug / f"{tag}.yaml")) | _keyed(earlier[tag])
        _translate(Article.objects.get(pk=article.pk), tag, translated)
    article = Article.objects.get(pk=article.pk)
    article.body_en = now
    article.change_severity = Article.Severity.SUBSTANTIVE
    article.change_note = earlier["note"]
    _sign_off_and_publish(article)


def _sign_off_and_publish(article: Article) -> None:
    revision = article.save_revision(user=None)
    _approve_source(Article.objects.get(pk=article.pk))
    revision.publish()


def _fill(article: Article, source: Mapping[str, Any]) -> None:
    for field in ("headline", "summary", "meta_title", "meta_description"):
        setattr(article, languages.column(field, languages.SOURCE), source[field])
    article.translator_note = source.get("translator_note", "")
    article.audience, article.risk = source["audience"], source["risk"]
    article.help_contact_kinds = source["help_contact_kinds"]
    article.body_en = Article.as_body(segments.well_formed_body(_body(source)))
    terms = [Term.objects.get(vocabulary=vocabulary, code=code) for facet, vocabulary in _VOCABULARIES.items() for code in source[facet]]
    children: Any = article  # modelcluster's relations take lists, which the type checker cannot know
    children.terms = [ArticleTerm(term=term, sort_order=order) for order, term in enumerate(terms)]
    children.advice = [
        ArticleAdvice(advice=SafetyAdvice.objects.get(code=code), sort_order=order) for order, code in enumerate(source["advice"])
    ]
    children.related = [
        RelatedArticle(article=Article.objects.get(slug=slug), sort_order=order) for order, slug in enumerate(source["related"])
    ]
    children.references = [ArticleReference(**row, sort_order=order) for order, row in enumerate(source["references"])]


def _body(source: Mapping[str, Any]) -> segments.RawBody:
    """The file's sections as a stored body."""
    return [
        {
            "type": "section",
            "id": _id(section["id"]),
            "value": {
                "aspect": section["aspect"],
                "heading": section["heading"],
                segments.NOTE: section.get("note", ""),
                "blocks": [_block(section["id"], block) for block in section["blocks"]],
            },
        }
        for section in source["sections"]
    ]


def _block(section: str, block: Mapping[str, Any]) -> dict[str, Any]:
    kind = next(name for name in ("paragraph", "symptoms", "warning", "steps") if name in block)
    value = block[kind]
    if kind == "steps":
        value = [{"type": "item", "id": _id(section, block["id"], step), "value": text} for step, text in value.items()]
    elif kind != "symptoms":
        value = _with_page_links(value)
    return {"type": kind, "id": _id(section, block["id"]), "value": value}


def _target_texts(target: Mapping[str, Any]) -> dict[str, str]:
    """A translation's file as texts by segment key."""
    plain = {field: target[field] for field in ("headline", "summary", "meta_title", "meta_description")}
    return plain | _keyed(target["sections"])


def _keyed(sections: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for section, blocks in sections.items():
        for name, text in blocks.items():
            if name == "heading":
                texts[f"{_id(section)}.heading"] = text
            elif isinstance(text, str):
                texts[f"{_id(section)}.{_id(section, name)}"] = _with_page_links(text)
            else:
                for step, words in text.items():
                    texts[f"{_id(section)}.{_id(section, name)}.{_id(section, name, step)}"] = words
    return texts


def _with_page_links(html: str) -> str:
    """Links between the files name a slug; Wagtail's name a page."""
    for slug, pk in Article.objects.values_list("slug", "pk"):
        html = html.replace(f'<a data-article="{slug}">', f'<a linktype="page" id="{pk}">')
    return html.strip()


def _id(*names: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(names)))


# -- the same for all --------------------------------------------------------------------------------------------------


def _approve_source(subject: TranslatedModel) -> None:
    shown = reference.shown_digest(reference.source_of(subject), languages.SOURCE)
    sign_off.approve(subject, languages.SOURCE, by=loader(), shown=shown)


def _translate(subject: TranslatedModel, tag: str, texts: Mapping[str, str]) -> None:
    desk.save(subject, tag, texts, started_from=segments.text_digest(subject.texts_in(tag)), by=loader(), origin=Origin.MACHINE)
    fresh = type(subject)._default_manager.get(pk=subject.pk)
    _source, digest = desk.source(fresh)
    sign_off.approve(fresh, tag, by=loader(), shown=reference.shown_digest(fresh, tag), source_shown=digest)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
