"""What a document says. Pure: approved texts and resolved facts in, content by the partners' contract out.

No clock, no request, no database: rendering the same decisions again gives the same bytes. The safety texts come first in
every representation, so they are the first blocks of the first section.
"""

import html as escaping
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup, Tag

from api import html, languages
from cms import segments

WORDS_PER_MINUTE = 200
REFRESH_BY_DAYS = 7
#: From the gravest to the least.
NOTICE_SEVERITIES = ("safety", "substantive", "information")
_NUMBER = re.compile(r"\+?\d+(?:[.,:/–\- ]\d+)*%?")
_SCRIPT_WITHOUT_SPACES = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, kw_only=True)
class ShownTerm:
    """A term as readers see it in one language: its approved label and description, and the facts of its source."""

    public_id: UUID
    vocabulary: str
    code: str
    kind: str
    url: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ShownAdvice:
    """Safety advice in one language."""

    public_id: UUID
    code: str
    heading: str
    html: str


@dataclass(frozen=True, kw_only=True)
class ShownNotice:
    """A notice in one language."""

    public_id: UUID
    severity: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who publishes the library: named in every document."""

    name: str
    url: str
    base_url: str


@dataclass(frozen=True, kw_only=True)
class Translation:
    """How the text came about, and how it stands to its source."""

    origin: str
    outdated_by: str | None = None
    carried_over: bool = False
    language_check: Mapping[str, str] | None = None
    clinical_check: Mapping[str, str] | None = None

    def as_content(self) -> dict[str, Any]:
        return {
            "origin": self.origin,
            "status": "outdated" if self.outdated_by else "current",
            "outdated_by": self.outdated_by,
            "carried_over": self.carried_over,
            "language_check": self.language_check,
            "clinical_check": self.clinical_check,
        }


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Everything beside its own text that an article's document shows, resolved for one language."""

    collection: ShownTerm
    terms: Sequence[ShownTerm] = ()
    #: Every term that was chosen, those too that readers may not get now: such a label comes back.
    chosen_terms: Sequence[UUID] = ()
    advice: Sequence[ShownAdvice] = ()
    notices: Sequence[ShownNotice] = ()
    sample: ShownNotice | None = None
    publisher: Publisher = field(default_factory=lambda: Publisher(name="", url="", base_url=""))

    def subjects(self) -> list[UUID]:
        """The public ids of all that is shown, or would be: when one of them changes, the document is rendered anew."""
        rows: list[Any] = [self.collection, *self.advice, *self.notices, *([self.sample] if self.sample else [])]
        return list(dict.fromkeys([*(row.public_id for row in rows), *self.chosen_terms]))


def article(
    *,
    public_id: UUID,
    language: str,
    texts: segments.Texts,
    facts: Mapping[str, Any],
    placement: Mapping[str, Any],
    images: Mapping[str, Any],
    links: Mapping[str, str],
    translation: Translation,
    review: Mapping[str, Any] | None,
    shown: Shown,
) -> dict[str, Any]:
    """The content of an article's document, by the contract; the store adds version and moments."""
    page = _Page(language=languages.get(language), texts=texts, images=images, links=links, shown=shown)
    sections = [page.section(section, index) for index, section in enumerate(facts["structure"])]
    words = _words(" ".join(html.plain_text(section["html"]) for section in sections))
    return {
        "id": str(public_id),
        "kind": "article",
        "slug": placement["slug"],
        "lang": language,
        "direction": page.language.direction,
        "title": texts["headline"],
        "summary": texts.get("summary", ""),
        "collection": {"slug": placement["collection"]["slug"], "title": shown.collection.label},
        "audience": facts["audience"],
        "sections": sections,
        "safety": [
            {"kind": advice.code, "html": page.advice(advice), "text": html.plain_text(page.advice(advice))} for advice in shown.advice
        ],
        "notice": page.notice(),
        "topics": _terms(shown, "topic"),
        "substances": _terms(shown, "substance"),
        "symptoms": [{**term, "kind": row.kind} for term, row in _with_rows(shown, "symptom")],
        "medicines": _terms(shown, "medicine"),
        "treatments": _terms(shown, "treatment"),
        "organisations": [{**term, "url": row.url} for term, row in _with_rows(shown, "organisation")],
        "related": list(facts["related"]),
        "references": list(facts["references"]),
        "images": list(page.used_images(facts["structure"])),
        "help_contact_kinds": list(facts["help_contact_kinds"]),
        "meta": {
            "title": texts.get("meta_title") or texts["headline"],
            "description": texts.get("meta_description") or texts.get("summary", ""),
        },
        "reading": {"words": words, "minutes": max(1, math.ceil(words / WORDS_PER_MINUTE))},
        "source_lang": languages.SOURCE,
        "translation": translation.as_content(),
        "review": review,
        "attribution": _attribution(shown.publisher, facts["licence"]),
        "licence": facts["licence"],
        "refresh_by_days": REFRESH_BY_DAYS,
        "sample": bool(facts["sample"]),
    }


def term(
    *, public_id: UUID, language: str, texts: segments.Texts, facts: Mapping[str, Any], translation: Translation, sample: bool
) -> dict[str, Any]:
    """The content of a term's document."""
    return {
        "id": str(public_id),
        "vocabulary": facts["vocabulary"],
        "code": facts["code"],
        "kind": facts["kind"],
        "lang": language,
        "direction": languages.get(language).direction,
        "label": texts["label"],
        "description": texts.get("description", ""),
        "url": facts["url"],
        "source_lang": languages.SOURCE,
        "translation": translation.as_content(),
        "sample": sample,
    }


def help_contact(
    *, public_id: UUID, language: str, texts: segments.Texts, facts: Mapping[str, Any], translation: Translation
) -> dict[str, Any]:
    """The content of a help contact's document; whether its verification is overdue is said when it is read."""
    return {
        "id": str(public_id),
        "lang": language,
        "direction": languages.get(language).direction,
        "name": texts["name"],
        **facts,
        "source_lang": languages.SOURCE,
        "translation": translation.as_content(),
    }


def rich(text: str, *, links: Mapping[str, str], base_url: str, language: str) -> str:
    """An editor's HTML as a document holds it: links absolute, other articles by id, numbers kept left to right."""
    soup = BeautifulSoup(text, "html.parser")
    for link in soup.find_all("a"):
        _resolve_link(link, links=links, base_url=base_url, language=language)
    return html.clean("".join(_numbers_between_tags(str(soup))))


def cleaned(text: str) -> str:
    """A segment's HTML as our own screens may show it."""
    return html.clean(text)


def worded(text: str) -> str:
    """A segment's words alone."""
    return html.plain_text(text) if "<" in text else text


def plain(text: str) -> str:
    """Plain text as HTML, its numbers kept left to right."""
    return _numbers(escaping.escape(text.strip(), quote=False))


def _numbers_between_tags(markup: str) -> Iterator[str]:
    """The same HTML with the numbers of its texts marked; attributes and character references are left alone."""
    for part in re.split(r"(<[^>]*>|&[^;\s]{1,30};)", markup):
        yield part if part.startswith(("<", "&")) else _numbers(part)


def _numbers(escaped: str) -> str:
    return _NUMBER.sub(lambda match: f'<bdi dir="ltr">{match.group()}</bdi>', escaped)


def _resolve_link(link: Tag, *, links: Mapping[str, str], base_url: str, language: str) -> None:
    public_id = links.get(str(link.get("id", ""))) if link.get("linktype") == "page" else None
    href = str(link.get("href") or "")
    link.attrs.clear()
    if public_id:
        link["data-article"] = public_id
        link["href"] = f"{base_url}/api/v1/articles/{public_id}/?lang={language}"
    elif href:
        link["href"] = href
    else:
        link.unwrap()


def _terms(shown: Shown, vocabulary: str) -> list[dict[str, str]]:
    return [term for term, _row in _with_rows(shown, vocabulary)]


def _with_rows(shown: Shown, vocabulary: str) -> Iterator[tuple[dict[str, str], ShownTerm]]:
    for row in shown.terms:
        if row.vocabulary == vocabulary:
            yield {"code": row.code, "label": row.label}, row


def _words(text: str) -> int:
    """Words; where a script writes none apart, two characters count as one."""
    unspaced = len(_SCRIPT_WITHOUT_SPACES.findall(text))
    return len(_SCRIPT_WITHOUT_SPACES.sub(" ", text).split()) + math.ceil(unspaced / 2)


def _attribution(publisher: Publisher, licence: str) -> dict[str, Any]:
    name = escaping.escape(publisher.name)
    link = escaping.escape(licence)
    rendered = html.clean(f'<p><a href="{escaping.escape(publisher.url)}">{name}</a>, <a href="{link}">{link}</a></p>')
    return {
        "html": rendered,
        "text": html.plain_text(rendered),
        "url": publisher.url,
        "logo": "",
    }


@dataclass(frozen=True, kw_only=True)
class _Page:
    """One article in one language while it is rendered."""

    language: languages.Language
    texts: segments.Texts
    images: Mapping[str, Any]
    links: Mapping[str, str]
    shown: Shown

    def section(self, section: Mapping[str, Any], index: int) -> dict[str, Any]:
        value = section["value"]
        leading = self.leading_blocks() if index == 0 else []
        blocks = [*leading, *(self.block(f"{section['id']}.{block['id']}", block) for block in value["blocks"])]
        return {
            "id": section["id"],
            "aspect": value["aspect"],
            "heading": self.texts.get(f"{section['id']}.heading", ""),
            "blocks": blocks,
            "html": "".join(block["html"] for block in blocks),
        }

    def leading_blocks(self) -> list[dict[str, Any]]:
        """The sample's sentence, the notice, the safety advice: what nobody may read past."""
        blocks = []
        if self.shown.sample:
            rendered = self.outer("div", "sample", self.rich(self.shown.sample.html))
            blocks.append(_block("sample", "sample", {"text": html.plain_text(rendered)}, rendered))
        notice = self.notice()
        if notice:
            blocks.append(_block("notice", "notice", {"severity": notice["severity"], "text": notice["text"]}, notice["html"]))
        for advice in self.shown.advice:
            rendered = self.advice(advice)
            value = {"kind": advice.code, "text": html.plain_text(rendered)}
            blocks.append(_block(f"advice-{advice.code}", "advice", value, rendered))
        return blocks

    def notice(self) -> dict[str, str] | None:
        """All notices as one, with the gravest severity."""
        if not self.shown.notices:
            return None
        gravest = min((notice.severity for notice in self.shown.notices), key=NOTICE_SEVERITIES.index)
        rendered = self.outer("div", "notice", "".join(self.rich(notice.html) for notice in self.shown.notices))
        return {"severity": gravest, "html": rendered, "text": html.plain_text(rendered)}

    def advice(self, advice: ShownAdvice) -> str:
        return self.outer("div", "advice", f"<h2>{plain(advice.heading)}</h2>{self.rich(advice.html)}")

    def block(self, key: str, block: Mapping[str, Any]) -> dict[str, Any]:
        kind = block["type"]
        match kind:
            case "paragraph" | "warning":
                rendered = self.outer("aside" if kind == "warning" else "div", kind, self.rich(self.texts.get(key, "")))
                value: dict[str, Any] = {"text": html.plain_text(rendered)}
            case "steps":
                steps = [self.texts.get(f"{key}.{item['id']}", "") for item in block["value"]]
                rendered = self.outer("ol", kind, "".join(f"<li>{plain(step)}</li>" for step in steps))
                value = {"items": steps}
            case "symptoms":
                rows = [row for row in self.shown.terms if row.vocabulary == "symptom" and row.kind == block["value"]]
                rendered = self.outer("ul", kind, "".join(f"<li>{plain(row.label)}</li>" for row in rows))
                value = {"items": [{"code": row.code, "label": row.label, "kind": row.kind} for row in rows]}
            case "image":
                image = self.image(key, block)
                rendered = self.outer("figure", kind, _figure(image))
                value = {"id": image["id"]}
            case _:
                raise ValueError(f"A body holds a block that no document can show: {kind}")
        return _block(block["id"], kind, value, rendered)

    def outer(self, tag: str, kind: str, inner: str) -> str:
        """One element around a block, so that a block shown alone still says its language and direction."""
        return html.clean(f'<{tag} class="{kind}" lang="{self.language.tag}" dir="{self.language.direction}">{inner}</{tag}>')

    def image(self, key: str, block: Mapping[str, Any]) -> dict[str, Any]:
        stored = self.images[str(block["value"]["image"])]
        return {
            "id": str(stored["id"]),
            "url": stored["url"],
            "alt": self.texts.get(f"{key}.alt", ""),
            "width": stored["width"],
            "height": stored["height"],
            "caption": self.texts.get(f"{key}.caption", ""),
        }

    def used_images(self, structure: segments.RawBody) -> Iterator[dict[str, Any]]:
        for section in structure:
            for block in section["value"]["blocks"]:
                if block["type"] == "image":
                    yield self.image(f"{section['id']}.{block['id']}", block)

    def rich(self, text: str) -> str:
        return rich(text, links=self.links, base_url=self.shown.publisher.base_url, language=self.language.tag)


def _block(block_id: str, kind: str, value: Any, rendered: str) -> dict[str, Any]:
    return {"id": block_id, "type": kind, "value": value, "html": rendered}


def _figure(image: Mapping[str, Any]) -> str:
    caption = f"<figcaption>{plain(image['caption'])}</figcaption>" if image["caption"] else ""
    source, alt = escaping.escape(image["url"]), escaping.escape(image["alt"])
    return f'<img src="{source}" alt="{alt}" width="{image["width"]}" height="{image["height"]}">{caption}'
