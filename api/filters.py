"""The parameters of the API. A client's text reaches the database only through the functions here."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q

from api import columns, contract, fields, languages, lists, parameters, parts, queries, sandbox
from api.models import Kind
from api.parameters import Parameter

Samples = bool | str | None


def _several(one: str) -> dict[str, Any]:
    """The schema of values with commas between them: a text, because few generated clients write a list with commas."""
    return {"type": "string", "pattern": f"^{_separated(one)}$", "maxLength": parameters.MOST_CHARACTERS}


def _separated(one: str) -> str:
    return f"(?:{one})(?:,(?:{one})){{0,{parameters.MOST_VALUES - 1}}}"


def _samples_asked(text: str) -> Samples:
    found = parameters.choice(["true", "false", sandbox.ASKED])(text)
    return sandbox.ASKED if found == sandbox.ASKED else found == "true"


def narrowed(known: Iterable[Parameter], asked: Mapping[str, Any]) -> Q:
    """What the parameters that were given leave of a list."""
    narrowed = Q()
    for parameter in known:
        if parameter.narrows and parameter.name in asked:
            narrowed &= parameter.narrows(asked[parameter.name])
    return narrowed


def samples(asked: Samples) -> Q:
    """Sample text, as asked; where it is not shown, it is there only for who asks for it. The sandbox must be asked for by name."""
    shown = samples_shown(asked)
    if shown is False:
        return Q(sample=False)
    if shown == sandbox.ASKED:
        return Q(subject_id__in=sandbox.IDS)
    return (Q() if shown is None else Q(sample=True)) & ~Q(subject_id__in=sandbox.IDS)


def samples_shown(asked: Samples) -> Samples:
    """True: only samples. False: none. None: both. `sandbox`: that alone."""
    return False if asked is None and not settings.SHOW_SAMPLES else asked


def _facet(name: str, description: str, example: str) -> Parameter:
    def narrows(codes: tuple[str, ...]) -> Q:
        return reduce(or_, (Q(facets__contains=columns.facet(name, code)) for code in codes))

    return Parameter(
        name=name,
        description=f"{description} Several with commas: any of them.",
        parse=parameters.several(parameters.code),
        schema=_several(fields.CODE[1:-1]),
        example=example,
        narrows=narrows,
    )


def _any_of(column: str) -> Callable[[tuple[str, ...]], Q]:
    return lambda values: Q(**{f"{column}__in": values})


def _choices(name: str, description: str, options: list[str], column: str) -> Parameter:
    return Parameter(
        name=name,
        description=f"{description} With commas between them: {', '.join(f'`{option}`' for option in options)}.",
        parse=parameters.several(parameters.choice(options)),
        schema=_several("|".join(options)),
        narrows=_any_of(column),
    )


_TAG = "|".join(languages.TAGS)
LANG = Parameter(
    name="lang",
    description="The language, as `/languages/` lists it, in any case. Absent: the source language. `auto` matches `Accept-Language`.",
    parse=parameters.tag_or_auto,
    schema={"type": "string", "enum": [*languages.TAGS, parameters.AUTO]},
    example="es",
)
LANGS = Parameter(
    name="lang",
    description="Only these languages, with commas between them. Absent: all. `auto` alone matches `Accept-Language`, once: "
    "`next` names what it found.",
    parse=parameters.tags_or_auto,
    schema=_several(_TAG),
    example="es",
)
FALLBACK = Parameter(
    name="fallback",
    description="What may be served instead when `lang` is not: `none`, `default` (the language's own chain), or tags in order.",
    parse=parameters.chain,
    schema={"type": "string", "pattern": f"^(?:none|default|{_separated(_TAG)})$", "default": "none"},
    example="default",
)
BODY = Parameter(
    name="body",
    description="`sections` for native apps, `html` or `text` as one piece. Each begins with what must be read first.",
    parse=parameters.choice(["sections", "html", "text"]),
    schema={"type": "string", "enum": ["sections", "html", "text"], "default": "sections"},
)
_FIELDS = list(contract.ArticleDocument().fields)
FIELDS = Parameter(
    name="fields",
    description="Only these members, with commas between them, and always what must be shown: "
    f"{', '.join(f'`{name}`' for name in contract.ALWAYS)}. `sections` is the text, in the form of `body`; it can be added to a list.",
    parse=parameters.several(parameters.choice(_FIELDS)),
    schema=_several("|".join(_FIELDS)),
    example="title",
)
TOPIC = _facet("topic", "Articles on a topic.", "withdrawal")
FACETS = (
    TOPIC,
    _facet("substance", "Articles that name a substance.", "heroin"),
    _facet("symptom", "Articles that name a symptom.", "nausea"),
    _facet("medicine", "Articles that name a medicine.", "methadone"),
    _facet("treatment", "Articles that name a treatment.", "medical-detox"),
    _facet("audience", "Articles for an audience.", "adults"),
)
COLLECTION = Parameter(
    name="collection",
    description="Articles of a collection, by its slug.",
    parse=parameters.several(parameters.matching(fields.SLUG, "a slug")),
    schema=_several(fields.SLUG[1:-1]),
    narrows=_any_of("collection"),
)
SAMPLE = Parameter(
    name="sample",
    description="`true`: only sample text, `false`: none, `sandbox`: only the made-up documents that show each case to developers. "
    "Absent: none on a service for readers.",
    parse=_samples_asked,
    schema={"type": "string", "enum": ["true", "false", sandbox.ASKED]},
)
TRANSLATION_STATUS = _choices("translation_status", "Whether the text follows its source.", ["current", "outdated"], "translation_status")
ORIGIN = _choices("origin", "How the text came to be in its language.", list(parts.Origin.values), "origin")
MODIFIED_SINCE = Parameter(
    name="modified_since",
    description="Changed at this moment (RFC 3339) or later. To keep a copy, use `/changes/`: it also tells what has gone.",
    parse=parameters.moment,
    schema=parameters.DAY_OR_MOMENT,
    example="2026-05-03T09:30:00Z",
    narrows=lambda at: Q(modified_at__gte=at),
)
REVIEWED_SINCE = Parameter(
    name="reviewed_since",
    description="Reviewed on this day or later.",
    parse=parameters.day,
    schema={"type": "string", "format": "date"},
    narrows=lambda day: Q(reviewed_on__gte=day),
)
REVIEW_DUE_BEFORE = Parameter(
    name="review_due_before",
    description="Whose next review is due before this day.",
    parse=parameters.day,
    schema={"type": "string", "format": "date"},
    narrows=lambda day: Q(review_due_on__lt=day),
)


def _asked(text: str) -> tuple[queries.Piece, ...]:
    if len(text) > queries.MOST_CHARACTERS:
        raise parameters.Invalid(f"Is longer than {queries.MOST_CHARACTERS} characters.")
    asked = queries.pieces(text)
    if queries.count(asked) > queries.MOST_WORDS:
        raise parameters.Invalid(f"Has more than {queries.MOST_WORDS} words.")
    return tuple(asked)


SEARCH = Parameter(
    name="q",
    description='Words to look for in title, summary and text: all of them, in any form. `"side by side"`, `-without`. '
    "Accents and capitals do not matter, and one typing error is forgiven in a word that is found nowhere. "
    "The best comes first, and each result has an `excerpt`.",
    parse=_asked,
    schema={"type": "string", "minLength": 1, "maxLength": queries.MOST_CHARACTERS},
    example='síntomas "primera semana" -alcohol',
)
LIMIT = Parameter(
    name="limit",
    description="How many on a page.",
    parse=parameters.whole_number(1, 100),
    schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
)
_POSITION = {"type": "string", "minLength": 1}
CURSOR = Parameter(name="cursor", description="Comes with the links `next` and `previous`. It is opaque.", parse=str, schema=_POSITION)
ARTICLE_FILTERS = (*FACETS, COLLECTION, TRANSLATION_STATUS, ORIGIN, MODIFIED_SINCE, REVIEWED_SINCE, REVIEW_DUE_BEFORE)

AFTER = Parameter(
    name="after", description="Comes with the link `next`. It is opaque, and good until a restore.", parse=str, schema=_POSITION
)
KIND = _choices("kind", "Only these kinds of documents.", list(Kind.values), "kind")
INCLUDE = Parameter(
    name="include",
    description="`document`: each published item brings its document.",
    parse=parameters.choice(["document"]),
    schema={"type": "string", "enum": ["document"]},
)
CHANGES_LIMIT = Parameter(
    name="limit",
    description="How many on a page.",
    parse=parameters.whole_number(1, 500),
    schema={"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
)

REGION = Parameter(
    name="region",
    description="Where the reader is: ISO 3166-1 or 3166-2, with commas between them (`US-CA` gives `US` too), or `*` for all. "
    "It is never guessed from a language or an address.",
    parse=parameters.regions,
    schema={"type": "string", "pattern": rf"^(?:\*|{_separated(fields.REGION[1:-1])})$"},
    example="US-CA",
    required=True,
    narrows=lambda regions: Q() if regions == ("*",) else Q(region__in=regions),
)
CONTACT_KIND = _choices("kind", "Only these kinds of contacts.", list(parts.ContactKind.values), "contact_kind")


def order(options: Iterable[str], default: str, description: str = "What comes first; a minus turns it round.") -> Parameter:
    """The order of a list."""
    known = list(options)
    return Parameter(
        name="order",
        description=description,
        parse=parameters.choice(known),
        schema={"type": "string", "enum": known, "default": default},
    )


def vocabulary(name: str) -> Q:
    """The terms of one vocabulary."""
    return Q(vocabulary=name)


ARTICLE_ORDER = order(lists.SEARCH_ORDERS, "-modified", "What comes first; a minus turns it round. `relevance` is the default with `q`.")
