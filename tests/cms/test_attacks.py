"""Texts that would act if they were shown without care, by every way in: nothing comes of them, for partners or in the admin."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core import serializers
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from api.addresses import VOCABULARY_PATHS
from api.models import Document
from cms import desk, languages, reference, sample_library, segments
from cms.models import Article, Notice
from tests.cms import factories
from tests.cms.attacks import ATTACKS, MARK, acting, not_allowed
from tests.conftest import examples

pytestmark = pytest.mark.django_db
#: The parts of an article that a chunk of attacks goes into at once.
CHUNK = 25


@pytest.fixture
def chunks() -> Iterator[list[str]]:
    tried = random.sample(ATTACKS, examples(len(ATTACKS)))
    return (tried[start : start + CHUNK] for start in range(0, len(tried), CHUNK))


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(factories.administrator())
    return client


def fitting(texts: list[str], limit: int) -> str:
    """As many of the texts as there is room for."""
    found = ""
    for text in texts:
        found = f"{found} {text}".strip() if len(found) + len(text) < limit else found
    return found or texts[0][:limit]


def typed(text: str, before: str = "") -> str:
    """What Draftail would post, had somebody written the text, and linked it to itself, behind the beginning of an address or alone."""
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": before + text, "linkType": "external"}}
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    return json.dumps({"blocks": [block | {"entityRanges": [{"offset": 0, "length": 2, "key": 0}]}], "entityMap": {"0": link}})


def dangerous_body(texts: list[str]) -> list[dict[str, Any]]:
    """A body as it would be stored, had nobody sanitised it."""
    return [
        factories.section(
            f"s{index}",
            factories.block(f"s{index}.p", "paragraph", f"<p>Word. {text}</p>{text}"),
            factories.block(f"s{index}.w", "warning", f"<ul><li>Word. {text}</li></ul>"),
            factories.block(f"s{index}.s", "steps", [text]),
            heading=text[:150],
        )
        for index, text in enumerate(texts)
    ]


# -- what is looked at -------------------------------------------------------------------------------------------------


def public_faults() -> list[str]:
    """What is on no list of what is allowed, in any representation of anything that is published."""
    client, faults, read = Client(), [], 0
    rows = Document.objects.published()
    addresses = [f"changes/?include=document&limit=500&lang={tag}" for tag in {row.language for row in rows}]
    for row in rows.filter(kind="article"):
        one, query = f"articles/{row.subject_id}/?lang={row.language}", f"&lang={row.language}&fields=sections,safety,notice,meta"
        addresses += [one, f"{one}&body=html", f"{one}&body=text", f"articles/?q=x{query}", f"articles/?limit=100{query}"]
        linked = client.get(f"/api/v1/{one}", headers={"Accept": "application/ld+json"})
        faults += [fault for markup in marked_up(linked.json()) for fault in not_allowed(markup)]
        page = client.get(f"/read/{row.slug}/{row.language}/").content.decode()
        faults += [f"/read/: {fault}" for fault in acting(page)]
    for tag in {row.language for row in rows}:
        addresses += [f"{path}/?lang={tag}" for path in VOCABULARY_PATHS.values()] + [f"help-contacts/?region=*&lang={tag}"]
    for address in addresses:
        response = client.get(f"/api/v1/{address}")
        assert response.status_code == 200, address
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/json", "nosniff")
        for markup in marked_up(response.json()):
            faults += [f"{address}: {fault}" for fault in not_allowed(markup)]
            read += 1
    assert read > 10
    return faults


def marked_up(content: Any, name: str = "") -> Iterator[str]:
    """Whatever in an answer is HTML."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from marked_up(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from marked_up(value, name)
    elif isinstance(content, str) and name in ("html", "excerpt"):
        yield content


def admin_faults(client: Client, addresses: list[str], attacks: list[str]) -> list[str]:
    """What acts, or stands there as it was typed, on pages of the admin."""
    faults = []
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code == 200, (address, response.status_code)
        faults += [f"{address}: {fault}" for fault in faults_of(response.content.decode(), attacks)]
    return faults


def faults_of(page: str, attacks: list[str]) -> list[str]:
    return [*acting(page), *(attack for attack in attacks if "<" in attack and attack in page)]


def admin_addresses(*subjects: Any) -> Iterator[str]:
    yield from (reverse("wagtailadmin_home"), reverse("wagtailadmin_reports:site_history"), reverse("mainstay:notices"))
    yield from (reverse("mainstay:coverage"), reverse("mainstay:lag"), reverse("mainstay:lag_changes"))
    yield f"{reverse('wagtailadmin_pages:search')}?q=a"
    for subject in subjects:
        names = {"kind": subject.kind, "public_id": subject.public_id}
        yield from (reverse(f"mainstay:{name}", kwargs=names) for name in ("readers", "sign_off", "timeline"))
        yield from (
            reverse(f"mainstay:{name}", kwargs={**names, "tag": "ar"})
            for name in ("translate", *(("proof", "close") if subject.kind == "article" else ()))
        )
        if isinstance(subject, Article):
            pages = ("edit", "history", "usage", "delete", "unpublish", "copy", "move", "view_draft", "workflow_history")
            yield from (reverse(f"wagtailadmin_pages:{name}", args=[subject.pk]) for name in pages)
            yield reverse("wagtailadmin_pages:revisions_compare", args=[subject.pk, "earliest", "latest"])
            yield reverse("wagtailadmin_explore", args=[subject.get_parent().pk])
        else:
            base = f"wagtailsnippets_cms_{subject._meta.model_name}"
            yield reverse(f"{base}:list")
            yield from (reverse(f"{base}:{name}", args=[subject.pk]) for name in ("edit", "history", "usage", "delete"))


# -- the ways in -------------------------------------------------------------------------------------------------------


def by_editor(shelf: factories.Shelf, admin: Client, attacks: list[str]) -> Article:
    """The page editor's form, published. It takes links to articles alone, so a link to a page leads to one.

    A link to an attack it refuses, and says it back; behind the beginning of an address it is published.
    """
    article = factories.article(shelf, "attacked")
    attacks = [text.replace('linktype="page" id="1"', f'linktype="page" id="{article.pk}"') for text in attacks]
    refused = _published(article, admin, attacks)
    assert not factories.stored(article, "en")
    assert not faults_of(refused.content.decode(), attacks)
    response = _published(article, admin, attacks, before="https://a.example/")
    assert factories.stored(article, "en"), response.context["form"].errors
    assert not faults_of(response.content.decode(), attacks)
    return article


def _published(article: Article, admin: Client, attacks: list[str], before: str = "") -> Any:
    sections = []
    for index, text in enumerate(attacks):
        blocks = streamfield(
            [
                ("paragraph", typed(text, before)),
                ("warning", typed(text, before)),
                ("steps", streamfield([("item", text)]) | {"0-id": ""}),
            ]
        )
        blocks |= {f"{position}-id": factories.block_id(index, position) for position in range(3)}
        sections.append(("section", {"aspect": "definition", "heading": text[:150], "blocks": blocks}))
    data = {
        "headline_en": fitting(attacks, 200), "summary_en": fitting(attacks, 500), "slug": article.slug,
        "meta_title_en": fitting(attacks, 70), "meta_description_en": fitting(attacks, 170), "body_en": streamfield(sections),
        "audience": "adults", "risk": "high", "licence": article.licence, "change_severity": "substantive", "change_harm": "no",
        "change_note": fitting(attacks, 300), "reviewed_on": "", "review_due_on": "",
        "references": inline_formset([{"title": attacks[0], "publisher": attacks[-1][:100], "url": "https://a.example/", "lang": "en"}]),
        **{name: inline_formset([]) for name in ("advice", "terms", "related", "comments")},
    }  # fmt: skip
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    return admin.post(address, {**nested_form_data(data), "action-publish": "1"}, follow=True)


def by_desk(shelf: factories.Shelf, admin: Client, attacks: list[str]) -> Article:
    """The translation form, and the function that imports call with whatever a file holds."""
    body = segments.well_formed_body(dangerous_body(attacks))
    article = factories.go_live(factories.article(shelf, "translated", body=body))
    source, _digest = desk.source(article)
    desk.save(
        article,
        "ar",
        factories.in_language(source, "ar"),
        started_from=reference.shown_digest(article, "ar"),
        by=factories.translator(),
    )
    factories.approve_target(article, "ar")
    address = reverse("mainstay:translate", kwargs={"kind": "article", "public_id": article.public_id, "tag": "ar"})
    form = admin.get(address).context["form"]
    data = {
        name: typed(attacks[index % len(attacks)]) if "Draftail" in type(field.widget).__name__ else fitting(attacks, 70)
        for index, (name, field) in enumerate(form.fields.items())
    }
    response = admin.post(address, {**data, "started_from": form["started_from"].value()}, follow=True)
    assert "Saved" in response.content.decode()
    assert not faults_of(response.content.decode(), attacks)
    return article


def by_loaddata(shelf: factories.Shelf, admin: Client, attacks: list[str], tmp_path: Path) -> Article:
    """A fixture with a page and its term, advice and notice, none of which a form has seen."""
    article = factories.article(shelf, "loaded")
    row = Article.objects.get(pk=article.pk)
    row.title = row.headline_en = fitting(attacks, 200)
    row.summary_en, row.draft_title = fitting(attacks, 500), fitting(attacks, 200)
    row.body_en = factories.stream(row, dangerous_body(attacks))
    shelf.term.label_en, shelf.term.description_en = fitting(attacks, 120), fitting(attacks, 500)
    shelf.advice.heading_en, shelf.advice.text_en = fitting(attacks, 150), "".join(f"<p>Word. {text}</p>{text}" for text in attacks)
    shelf.outdated.text_en = shelf.advice.text_en
    contact = factories.contact()
    contact.name_en = fitting(attacks, 120)
    file = tmp_path / "library.json"
    page = Page.objects.get(pk=article.pk)
    page.title = page.draft_title = row.title
    file.write_text(serializers.serialize("json", [page, row, shelf.term, shelf.advice, shelf.outdated, contact]))
    call_command("loaddata", str(file), verbosity=0)
    for snippet in (shelf.term, shelf.advice, shelf.outdated, contact):
        factories.approve_source(snippet)
    factories.fresh(article).save_revision(user=factories.editor())
    return factories.publish(article)


def by_import(attacks: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Article:
    """The files of a library, loaded by the command."""
    monkeypatch.setattr(sample_library, "FILES", tmp_path)

    def everywhere(text: str) -> dict[str, str]:
        return dict.fromkeys(languages.TAGS, text)

    term = {"kind": "", "url": "", "label": everywhere(fitting(attacks, 100)), "description": everywhere(fitting(attacks, 300))}
    write(tmp_path / "vocabulary.yaml", {"topic": [{"code": code, **term} for code in ("withdrawal", "recovery")]})
    rich = {"text": everywhere("".join(f"<p>Word. {text}</p>" for text in attacks))}
    write(tmp_path / "advice.yaml", [{"code": "overdose", "heading": everywhere(fitting(attacks, 150)), **rich}])
    purposes = (Notice.Purpose.SAMPLE, Notice.Purpose.OUTDATED, Notice.Purpose.SOURCE_CHANGED)
    write(tmp_path / "notices.yaml", [{"code": str(name), "purpose": str(name), "severity": "safety", **rich} for name in purposes])
    write(tmp_path / "contacts.yaml", [])
    plain = {"headline": fitting(attacks, 200), "summary": fitting(attacks, 400), "meta_title": "", "meta_description": ""}
    facets: dict[str, list[str]] = {
        name: [] for name in ("substances", "symptoms", "medicines", "treatments", "organisations", "related", "references")
    }
    blocks = {f"b{index}": f"<p>Word. {text}</p>{text}" for index, text in enumerate(attacks)}
    section = {"id": "s", "aspect": "definition", "heading": fitting(attacks, 150)}
    paragraphs = [{"id": name, "paragraph": text} for name, text in blocks.items()]
    facts = {"collection": "recovery", "audience": "adults", "risk": "high", "help_contact_kinds": [], "topics": ["recovery"]}
    source = {"slug": "imported", "advice": ["overdose"], **facts, **facets, **plain, "sections": [section | {"blocks": paragraphs}]}
    write(tmp_path / "articles" / "imported" / "en.yaml", source)
    write(tmp_path / "articles" / "imported" / "ar.yaml", {**plain, "sections": {"s": {"heading": section["heading"], **blocks}}})
    call_command("load_library", sample_in_production=True, verbosity=0)
    return Article.objects.get(slug="imported")


def write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True))


# -- nothing comes of them ---------------------------------------------------------------------------------------------

WAYS: dict[str, Callable[..., Article]] = {"editor": by_editor, "desk": by_desk, "loaddata": by_loaddata, "import": by_import}


@pytest.mark.figure(16)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_acts_that_came_in(
    way: str,
    settings: Any,
    admin: Client,
    chunks: Iterator[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    figure: Callable[..., None],
) -> None:
    settings.CLINICAL_SIGN_OFF = "recorded"
    faults: list[str] = []
    tried = 0
    for attacks in chunks:
        point = transaction.savepoint()
        if way == "import":
            article = by_import(attacks, tmp_path, monkeypatch)
            subjects = [article]
        else:
            shelf = factories.shelf(slug="recovery", targets=["ar"])
            more = {"tmp_path": tmp_path} if way == "loaddata" else {}
            article = WAYS[way](shelf, admin, attacks, **more)
            subjects = [article, shelf.term, shelf.advice, shelf.outdated]
        text = Client().get(f"/api/v1/articles/{article.slug}/").content.decode()
        assert MARK in text, "The attacks have come in: a test that lost them would prove nothing."
        # The rich text editor opens what is well formed alone, and a fixture may hold anything.
        addresses = [address for address in admin_addresses(*subjects) if way != "loaddata" or "/edit/" not in address]
        faults += public_faults() + admin_faults(admin, addresses, attacks)
        tried += len(attacks)
        transaction.savepoint_rollback(point)
    assert not faults, "\n".join(faults[:20])
    assert tried == examples(len(ATTACKS))
    figure(row=16, name=f"faults of {tried} attacks by way of {way}", value=len(faults), limit=0)


def test_checkers_find_what_they_are_for() -> None:
    """An attack shown as it is, in text or in an attribute, is found by one or the other; the strict one finds all that is markup."""
    assert all(faults_of(f"<div>{attack}</div>", [attack]) for attack in ATTACKS if "<" in attack)
    assert all(not_allowed(attack) for attack in ATTACKS if "<" in attack)
    assert faults_of(f'<input value="" onfocus="{MARK}()">', [])
