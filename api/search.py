"""Search: the only module that knows how a database finds words. PostgreSQL with its stemmers, SQLite with FTS5.

Both index the tokens of `api.words`, of what an article shows and nothing else: title, summary, headings, text. Forms of a
word find each other by the stemmer of its language; where the database has none, by what they begin with. Vietnamese and
Chinese are indexed in pairs, which need no stemmer. A word that the index does not have stands for those one typing error away.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Case, Expression, F, Func, IntegerField, Lookup, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from api import excerpts, html, queries, words
from api.models import Document, Kind, SearchEntry, SearchWord, State, Vector
from api.queries import Piece, Term, Terms

RANKED = 250
"""How many of the articles found are ranked; those with a word in title, summary or heading come before others."""

_STEMMERS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "pt-BR": "portuguese", "ru": "russian"}
_LONGEST_HEAD = 4_000
_MOST_NEARBY = 2_000
_TABLE = "api_searchindex"  # of FTS5


@dataclass(frozen=True, kw_only=True)
class Found:
    """`matching` is everything that was found, `ranked` the best of it with their `score`. `terms` are by language."""

    matching: QuerySet[Document]
    ranked: QuerySet[Document]
    terms: Mapping[str, Terms]

    def excerpt(self, row: Document) -> str:
        """Where the words stand in a row of this, as safe HTML."""
        entry = row.search_entry
        passages = excerpts.Passages(first=entry.first, shown=entry.shown, folded=entry.folded)
        return excerpts.excerpt(passages, self.terms[row.language].wanted)


def follow(*, before: Document | None, document: Document) -> None:
    """Bring the index in line with a row that has just been written, in its transaction: the row before it is no longer found."""
    if document.kind != Kind.ARTICLE:
        return
    if before:
        SearchEntry.objects.filter(document_id=before.pk).delete()
    if document.state == State.PUBLISHED:
        _add(document)


def renew(numbers: Sequence[int]) -> int:
    """Index those of the documents anew that are still current articles, inside `store.writing()`; how many there were."""
    documents = Document.objects.published().filter(kind=Kind.ARTICLE, number__in=numbers)
    SearchEntry.objects.filter(document_id__in=numbers).delete()
    for document in documents:
        _add(document)
    return len(documents)


def find(rows: QuerySet[Document], *, asked: Sequence[Piece], languages: Iterable[str]) -> Found:
    """Of the rows those that hold what was asked for, each in its own language. One query looks up the words; who reads makes the other."""
    terms = {tag: found for tag, found in _terms(asked, languages).items() if found.wanted}
    if not terms:
        return Found(matching=rows.none(), ranked=rows.none().annotate(score=Value(0)), terms={})
    engine = _PostgreSQL if connection.vendor == "postgresql" else _SQLite
    rows = rows.select_related("search_entry").defer("search_entry__head", "search_entry__vector")
    return Found(matching=rows.filter(engine.matches(terms)), ranked=engine.ranked(rows, terms), terms=terms)


# The words.


_KEPT_FOR_S, _MOST_KEPT = 60, 2_000
_kept: dict[tuple[tuple[Piece, ...], tuple[str, ...]], tuple[float, dict[str, Terms]]] = {}


def forget() -> None:
    """Look every word up anew."""
    _kept.clear()


def _terms(asked: Sequence[Piece], languages: Iterable[str]) -> dict[str, Terms]:
    """The terms of a query, for a minute the same: a word that came since is found as it was written, with those near it."""
    key, now = (tuple(asked), tuple(languages)), time.monotonic()
    until, known = _kept.get(key, (0.0, {}))
    if now < until:
        return known
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    found = _looked_up(*key)
    _kept[key] = now + _KEPT_FOR_S, found
    return found


def _looked_up(asked: Sequence[Piece], languages: Iterable[str]) -> dict[str, Terms]:
    looked_up = {tag: queries.looked_up(asked, tag) for tag in languages}
    known: dict[str, set[str]] = {tag: set() for tag in looked_up}
    for tag, word in _nearby(looked_up):
        known[tag].add(word)
    return {tag: queries.terms(asked, tag, known[tag]) for tag in looked_up}


def _nearby(looked_up: Mapping[str, set[str]]) -> Iterable[tuple[str, str]]:
    """The words of each language that are in the index, and those near the ones that are long enough. One query, of equalities alone."""
    wanted = Q(pk__in=[])
    for tag, tokens in looked_up.items():
        tolerated = [token for token in tokens if words.tolerates(token)]
        halves = [words.halves_nearby(token) for token in tolerated]
        wanted |= Q(language=tag) & (
            Q(word__in=sorted({*tokens, *map(words.swapped_at_half, tolerated)}))
            | Q(start__in=sorted({start for starts, _ in halves for start in starts}))
            | Q(end__in=sorted({end for _, ends in halves for end in ends}))
        )
    return SearchWord.objects.filter(wanted).values_list("language", "word")[:_MOST_NEARBY] if any(looked_up.values()) else []


# The index.


@dataclass(frozen=True, kw_only=True)
class _Texts:
    """The tokens of an article by how much a word in them says, the most first."""

    title: str
    summary: str
    headings: str
    body: str


def _add(document: Document) -> None:
    content = json.loads(document.body)
    language = document.language
    texts = _texts(content, language)
    passages = excerpts.passages(content)
    vectors = _PostgreSQL.vectors(texts, language) if connection.vendor == "postgresql" else {}
    SearchEntry.objects.create(document=document, first=passages.first, shown=passages.shown, folded=passages.folded, **vectors)
    if connection.vendor == "sqlite":
        _SQLite.add(document.number, texts)
    _learn({token for text in vars(texts).values() for token in text.split()}, language)


def _texts(content: Mapping[str, Any], language: str) -> _Texts:
    def tokens(text: str) -> str:
        return " ".join(words.tokens(text, language))

    return _Texts(
        title=tokens(content["title"][:_LONGEST_HEAD]),
        summary=tokens(content["summary"][:_LONGEST_HEAD]),
        headings=tokens("\n".join(section["heading"] for section in content["sections"])[:_LONGEST_HEAD]),
        body=tokens("\n".join(html.plain_text(section["html"]) for section in content["sections"])),
    )


def _learn(tokens: set[str], language: str) -> None:
    """Words are not forgotten when the last article with them goes: no answer shows them."""
    learnt = {token for token in tokens if words.is_vocabulary(token)}
    learnt.difference_update(SearchWord.objects.filter(language=language, word__in=learnt).values_list("word", flat=True))
    new = []
    for word in sorted(learnt):
        start, end = words.halves(word) if words.tolerates(word) else ("", "")
        new.append(SearchWord(language=language, word=word, start=start, end=end))
    SearchWord.objects.bulk_create(new, ignore_conflicts=True)


# PostgreSQL. Every text of a client is a parameter; what is written into SQL are the names of stemmers.


@Vector.register_lookup
class _Matches(Lookup):
    """`search_entry__vector__matches=`: the vector satisfies a tsquery."""

    lookup_name = "matches"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}", [*left_params, *right_params]


class _Rank(Func):
    """How well a head satisfies a tsquery, as a whole number: of an article alone, so that pages do not shift when another changes."""

    template = "ROUND(ts_rank('{0, 0.2, 0.5, 1}', %(expressions)s) * 1000000)::int"
    output_field = IntegerField()


class _PostgreSQL:
    @staticmethod
    def matches(terms: Mapping[str, Terms], column: str = "vector") -> Q:
        return reduce(or_, (Q(language=tag, **{f"search_entry__{column}__matches": _tsquery(found, tag)}) for tag, found in terms.items()))

    @classmethod
    def ranked(cls, rows: QuerySet[Document], terms: Mapping[str, Terms]) -> QuerySet[Document]:
        """Ranking reads what is ranked: so that a word of every article costs no more than another, the best are chosen first."""
        chosen = rows.select_related(None).defer(None).values("number")
        best = chosen.filter(cls.matches(terms) & cls.in_head(terms))[:RANKED].union(chosen.filter(cls.matches(terms))[:RANKED])
        score = Case(
            *(When(language=tag, then=_Rank(F("search_entry__head"), _any(found, tag))) for tag, found in terms.items()),
            default=Value(0),
            output_field=IntegerField(),
        )
        return rows.filter(number__in=best).annotate(score=score)

    @staticmethod
    def in_head(terms: Mapping[str, Terms]) -> Q:
        return reduce(or_, (Q(language=tag, search_entry__head__matches=_within(_any(found, tag), tag)) for tag, found in terms.items()))

    @staticmethod
    def vectors(texts: _Texts, language: str) -> dict[str, Expression]:
        """The two columns of an entry."""
        stemmer = _stemmer(language)
        parts = " || ".join(f"setweight(to_tsvector({stemmer}, %s), '{weight}')" for weight in "ABC")
        head = f"%s::tsvector || {parts}"
        parameters = [_tag(language), texts.title, texts.summary, texts.headings]
        return {
            "head": RawSQL(head, parameters),  # noqa: S611 - the names are ours
            "vector": RawSQL(f"{head} || to_tsvector({stemmer}, %s)", [*parameters, texts.body]),  # noqa: S611 - the same
        }


def _stemmer(language: str) -> str:
    return f"'{_STEMMERS.get(language, 'simple')}'::regconfig"


def _tsquery(terms: Terms, language: str) -> RawSQL:
    wanted = [_alternatives(term, language) for term in terms.wanted]
    unwanted = [_alternatives(term, language) for term in terms.unwanted]
    sql = " && ".join([*(f"({sql})" for sql, _ in wanted), *(f"!!({sql})" for sql, _ in unwanted)])
    return _within(RawSQL(sql, [text for _, texts in (*wanted, *unwanted) for text in texts]), language)  # noqa: S611 - the names are ours


def _within(query: RawSQL, language: str) -> RawSQL:
    """The query in texts of one language: the database then knows how few these are, and does not read every text instead of the index."""
    return RawSQL(f"%s::tsquery && ({query.sql})", [_tag(language), *query.params])  # noqa: S611 - the same


def _tag(language: str) -> str:
    """The lexeme that every text of a language has. No word begins so."""
    return f"'{words.JOINT}{language}'"


def _any(terms: Terms, language: str) -> RawSQL:
    wanted = [_alternatives(term, language) for term in terms.wanted]
    return RawSQL(" || ".join(sql for sql, _ in wanted), [text for _, texts in wanted for text in texts])  # noqa: S611 - the names are ours


def _alternatives(term: Term, language: str) -> tuple[str, list[str]]:
    if term.beginning:
        return "to_tsquery('simple', %s)", [f"{' <-> '.join(term.tokens)}:*"]
    texts = [" ".join(term.tokens), *term.others]
    return " || ".join([f"phraseto_tsquery({_stemmer(language)}, %s)"] * len(texts)), texts


# SQLite.


class _SQLite:
    @staticmethod
    def matches(terms: Mapping[str, Terms]) -> Q:
        return reduce(or_, (Q(language=tag, number__in=_rows(_expression(found))) for tag, found in terms.items()))

    @classmethod
    def ranked(cls, rows: QuerySet[Document], terms: Mapping[str, Terms]) -> QuerySet[Document]:
        """All words in the title count most, then one in the title, in the summary, in a heading: again of an article alone."""
        score: Any = Value(0)
        for tag, found in terms.items():
            for column, joint, worth in (("title", " AND ", 8), ("title", " OR ", 4), ("summary", " OR ", 2), ("headings", " OR ", 1)):
                there = Q(language=tag, number__in=_rows(f"{column} : ({joint.join(map(_forms, found.wanted))})"))
                score += Case(When(there, then=Value(worth)), default=Value(0), output_field=IntegerField())
        return rows.filter(cls.matches(terms)).annotate(score=score)

    @staticmethod
    def add(number: int, texts: _Texts) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT OR REPLACE INTO {_TABLE} (rowid, title, summary, headings, body) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608 - our own name
                [number, *vars(texts).values()],
            )


def _rows(expression: str) -> RawSQL:
    return RawSQL(f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s", [expression])  # noqa: S608, S611 - our own name


def _expression(terms: Terms) -> str:
    wanted = " AND ".join(_forms(term) for term in terms.wanted)
    unwanted = " OR ".join(_forms(term) for term in terms.unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _forms(term: Term) -> str:
    """Tokens hold letters and digits alone, so that none can end its quotes."""
    if term.exact:
        end = "*" if term.beginning else ""
        forms = ['"' + " ".join(tokens) + '"' + end for tokens in (term.tokens, *((other,) for other in term.others))]
    else:
        forms = [f'"{words.root(word)}"' + ("*" if words.has_forms(word) else "") for word in (*term.tokens, *term.others)]
    return f"({' OR '.join(forms)})"
