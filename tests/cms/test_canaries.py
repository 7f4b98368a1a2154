"""No draft, unapproved or working text, no note and no name is in any public answer: a unique word in each place where such live.

One test asks every address; the other sends random requests, made from the description of the API (row 7).
"""

# ruff: noqa: S311 - repeatable, not secret
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Comment

from api import languages, openapi
from api.addresses import VOCABULARY_PATHS
from api.models import Harm, Scope
from cms import models, reference, submitting
from cms.models import Article
from tests.api import keys
from tests.cms import factories
from tests.conftest import examples

pytestmark = pytest.mark.django_db

BODIES = ("sections", "html", "text")
CANARY = re.compile(r"canary[a-z]+x\d+x")


@pytest.fixture
def canaries(settings: Any, tmp_path: Any) -> list[str]:
    """Plants, in every place that readers must not see, a word that stands nowhere else."""
    settings.CLINICAL_SIGN_OFF = "required"
    settings.MEDIA_ROOT = str(tmp_path)
    planted: list[str] = []

    def canary(place: str) -> str:
        planted.append(f"canary{place}x{len(planted)}x")
        return planted[-1]

    for person in (factories.editor(), factories.translator(), factories.reviewer(), factories.second_reviewer()):
        person.first_name, person.last_name, person.email = canary("first"), canary("last"), f"{canary('email')}@example.org"
        person.save()
    shelf = factories.shelf()
    image = get_image_model().objects.create(
        title=canary("imagetitle"), description=canary("imagedescription"), file=ImageFile(get_test_image_file(), name="image.png")
    )
    image.tags.add(canary("imagetag"))
    picture = {"type": "image", "id": factories.block_id("image"), "value": {"image": image.pk, "alt": "A room", "caption": ""}}
    body = [*factories.full_body(), factories.section("picture", picture)]
    body[0]["value"]["note"] = canary("sectionnote")
    article = factories.article(shelf, body=body, translator_note=canary("articlenote"))
    factories.go_live(article)
    factories.translated(article, "es")
    other = factories.article(shelf, "never-published", headline=canary("draftarticle"))

    # A draft of the source, by revision; then one that is released and not signed off.
    alt = {**picture, "value": {**picture["value"], "alt": canary("draftalt"), "caption": canary("draftcaption")}}
    draft = [*factories.small_body(f"<p>{canary('draftbody')}</p>"), factories.section("picture", alt, heading=canary("draftheading"))]
    factories.edit(article, headline_en=canary("draftheadline"), body=draft, meta_title_en=canary("draftmeta"))
    factories.edit(article, summary_en=canary("unsigned"), change_note=canary("releasednote"))
    factories.publish(article, severity="substantive", note=canary("unsignednote"))
    # Working text: of a language that is served, of one that is not; submitted and returned, and commented on.
    factories.translate(article, "es", words=canary("workinges"))
    factories.translate(article, "ar", words=canary("workingar"))
    factories.translate(other, "es", words=canary("workingdraft"))
    shown = reference.shown_digest(factories.fresh(article), "ar")
    submitting.submit(factories.fresh(article), "ar", by=factories.translator(), shown=shown, note=canary("submission"))
    submitting.give_back(factories.fresh(article), "ar", by=factories.reviewer(), reason=canary("returned"))
    about = {"subject_id": article.public_id, "subject_kind": "article", "by_name": canary("byname")}
    models.Comment.objects.create(**about, language="ar", key="headline", text=canary("remark"))
    models.Override.objects.create(**about, language="ar", key="headline", check_name="x", segment_digest="x", reason=canary("override"))
    models.Launch.objects.create(name=canary("launch"), by_name="x")
    Comment.objects.create(page=article, user=factories.editor(), contentpath="headline_en", text=canary("comment"))
    # Shared texts saved by one person, words of the glossary, a contact that nobody has verified, a notice that nobody has approved.
    for row, column in ((shelf.term, "label_en"), (shelf.topic, "label_en"), (shelf.advice, "heading_en"), (shelf.sample, "text_en")):
        setattr(row, column, canary(column.replace("_", "")))
        row.save()
    shelf.term.preferred_terms_en, shelf.term.forbidden_terms_en = canary("preferred"), canary("forbidden")
    shelf.term.translator_note = canary("termnote")
    shelf.term.save()
    factories.translate(shelf.term, "es", words=canary("termes"))
    contact = factories.contact(verified=False)
    contact.name_en = canary("contact")
    contact.save()
    models.Notice(code="unapproved", text_en=f"<p>{canary('notice')}</p>").save()
    # Partners, and what they report.
    partner = keys.partner(canary("partner"), technical_name=canary("technical"), incident_name=canary("incident"))
    key = keys.issue(partner, label=canary("label"), scopes=tuple(Scope.values))
    written = {"lang": "en", "version": 1, "what": canary("report"), "severity": Harm.values[0]}
    told = keys.caller(key.text).post(f"/api/v1/articles/{article.slug}/reports/", json.dumps(written), content_type="application/json")
    assert told.status_code == 201, told.content
    assert factories.stored(article, "en") is not None
    return planted


def addresses() -> Iterator[str]:
    """Every public address, in every language and form."""
    tags = ["", *(f"lang={tag}" for tag in languages.TAGS), "lang=auto"]
    articles = [*Article.objects.values_list("slug", flat=True), *(str(pk) for pk in Article.objects.values_list("public_id", flat=True))]
    for tag in tags:
        for fallback in ("", "&fallback=default", "&fallback=es,ar"):
            yield f"/api/v1/articles/?{tag}{fallback}"
            yield from (f"/api/v1/articles/{article}/?{tag}{fallback}" for article in articles)
        yield from (f"/api/v1/articles/{article}/?{tag}&body={body}" for article in articles for body in BODIES)
        yield from (f"/api/v1/{path}/?{tag}" for path in VOCABULARY_PATHS.values())
        yield f"/api/v1/help-contacts/?region=*&{tag}"
        if tag != "lang=auto":
            yield f"/api/v1/changes/?{tag}&include=document"
    yield from (f"/api/v1/articles/{article}/languages/" for article in articles)
    yield from ("/api/v1/", "/api/v1/languages/", "/api/v1/openapi.json", "/api/v1/docs/", "/", "/api/v1/nowhere/")
    yield from (f"/read/{article}/{tag}/" for article in articles for tag in languages.TAGS)


def test_no_working_draft_or_unapproved_text_is_in_any_public_answer(canaries: list[str]) -> None:
    client = Client()
    asked = served = 0
    for address in addresses():
        response = client.get(address.replace("?&", "?"), follow=True)
        assert not CANARY.findall(said(response)), address
        assert response.status_code < 500, address
        asked += 1
        served += response.status_code == 200
    assert asked > 300
    assert served > 100, "The addresses answer: a test that read only errors would prove nothing."


@pytest.mark.figure(7)
def test_no_random_request_finds_one(canaries: list[str], figure: Callable[..., None]) -> None:
    """Every operation of the description, with values that it has and that it has not, by nobody and by keys of another partner."""
    others = keys.partner("Others", exclude_outdated=True)
    with_keys = [keys.caller(keys.issue(others, scopes=scopes).text) for scopes in (tuple(Scope.values), ("read",))]
    asking = Requests(canaries)
    found, statuses = [], set()
    for client in random.choices([Client(), *with_keys], [2, 1, 1], k=(total := examples(5000))):
        method, address, headers = asking.one()
        response = client.generic(method, address, headers=headers)
        text = said(response)
        found += [(method, address, canary) for canary in set(CANARY.findall(text)) - set(CANARY.findall(address))]
        if response.status_code == 200 and "/articles/?" in address and CANARY.search(address.partition("q=")[2].partition("&")[0]):
            found += [(method, address, item["slug"]) for item in json.loads(response.content or "{}").get("results", [])]
        statuses.add(response.status_code)
        assert response.status_code < 500, (method, address)
    assert not found, found[:5]
    assert {200, 304, 400, 404} <= statuses
    assert asking.operations == set(openapi.document()["paths"])
    figure(row=7, name=f"canaries in {total} random requests", value=len(found), limit=0)


class Requests:
    """Random requests, made from the description."""

    def __init__(self, canaries: list[str]) -> None:
        self.paths = {path: operations["get"] for path, operations in openapi.document()["paths"].items()}
        self.operations: set[str] = set()
        references = [*Article.objects.values_list("slug", flat=True), *map(str, Article.objects.values_list("public_id", flat=True))]
        texts = [*canaries, "opioid", "withdrawal", "heroin", "call", "*", "x", "US", "GB", "9999", "true", "2026-01-01", '"a room"']
        self.values = {
            "reference": [*references, "heroin", "withdrawal", "line", *canaries[:5]],
            "code": ["held", "gone", "nothing"],
            "lang": [*languages.TAGS, "auto", "xx"],
            "fallback": ["none", "default", "es,ar,en"],
            "q": [*texts, "-heroin opioid", "canary"],
            "region": ["*", "GB", "US"],
            "after": [""],
        }
        self.others = texts

    def one(self) -> tuple[str, str, dict[str, str]]:
        path = random.choice(list(self.paths))
        self.operations.add(path)
        query, filled = {}, path
        for parameter in self.paths[path].get("parameters", []):
            value = self.value(parameter)
            if parameter["in"] == "path":
                filled = filled.replace(f"{{{parameter['name']}}}", value)
            elif parameter.get("required") or random.random() < 0.3:
                query[parameter["name"]] = value
        if random.random() < 0.03:
            query["unknown"] = random.choice(self.others)
        headers = {"Accept": random.choice(["*/*", "application/ld+json"]), "Accept-Encoding": random.choice(["gzip", "identity"])}
        if random.random() < 0.1:
            headers["If-None-Match"] = "*"
        return random.choices(["GET", "HEAD", "OPTIONS"], [20, 1, 1])[0], f"/api/v1{filled}?{urlencode(query)}", headers

    def value(self, parameter: dict[str, Any]) -> str:
        schema, name = parameter["schema"], parameter["name"]
        known = [*self.values.get(name, ()), *schema.get("enum", ()), *schema.get("examples", ())]
        if name == "fields":
            known += ["title,sections,meta,images,related", "sections", "review,translation"]
        return str(random.choice(known if known and random.random() < 0.9 else self.others))


def said(response: Any) -> str:
    """All that an answer says: its headers, and its body, unpacked."""
    body = gzip.decompress(response.content) if response.get("Content-Encoding") == "gzip" and response.content else response.content
    return json.dumps(dict(response.headers)) + body.decode()


def test_the_canaries_do_sing_once_they_are_approved(canaries: list[str]) -> None:
    """The other way round: the search finds a canary that readers may see, so it would have found the others."""
    article = Article.objects.get(slug="opioid-withdrawal")
    factories.approve_source(article, by=factories.second_reviewer())
    assert CANARY.search(said(Client().get("/api/v1/articles/opioid-withdrawal/")))
    assert reference.shown_digest(factories.fresh(article), "es")
