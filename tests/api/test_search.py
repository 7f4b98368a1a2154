"""Search: in each language, by what the answer shows and nothing else, whatever is typed."""

import time
from collections.abc import Callable
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from hypothesis import strategies as st

from api import languages, queries, search
from api.models import Document, SearchEntry, SearchWord
from tests.api import factories
from tests.conftest import examples

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


def asked(client: Client, q: str, **more: Any) -> Any:
    response = client.get(f"/api/v1/articles/?{urlencode({'q': q, **more})}")
    assert response.status_code == 200, response.content
    return response.json()


def titles(client: Client, q: str, **more: Any) -> list[str]:
    return [item["title"] for item in asked(client, q, **more)["results"]]


def publish(title: str, language: str = "en", *, summary: str = "", text: str = "Nothing.", **more: Any) -> Document:
    return factories.publish(language=language, title=title, summary=summary, text=text, **more)


# Languages.

TEXTS = {
    "en": ("Coming off heroin", "Withdrawal symptoms ease in a week.", ["heroin", "HEROIN", "symptom", "symptoms eased", "withdrawal"]),
    "es": ("Síndrome de abstinencia", "Los síntomas duran días.", ["sintomas", "síntoma", "SÍNDROME", "abstinencia sintoma"]),
    "fr": (
        "Arrêter l’héroïne",
        "Les symptômes du sevrage, c’est dur pour le cœur.",
        ["heroine", "symptôme", "sevrages", "coeur", "arreter"],
    ),
    "pt-BR": ("Abstinência de heroína", "Os sintomas não duram. Coração.", ["heroina", "sintoma", "abstinencia", "coracao", "CORAÇÃO"]),
    "ar": ("أعراض انسحاب الهيروين", "تخفّ الأعراضُ خلال ٧ أيام.", ["الهيروين", "هيروين", "اعراض", "أعراض الانسحاب", "7"]),
    "ru": ("Ломка при отказе от героина", "Симптомы слабеют. Ещё неделя.", ["героин", "симптомы", "ЛОМКА", "ломки", "еще неделю"]),
    "vi": (
        "Hội chứng cai nghiện ma túy",
        "Triệu chứng giảm dần trong bảy ngày.",
        ["ma tuy", "cai nghien", "triệu chứng", "MA TÚY", "ngày"],
    ),
    "zh-Hans": ("海洛因戒断症状", "症状会在七天内减轻。", ["戒断症状", "海洛因", "症", "海洛因的戒断", "七天 减轻"]),
}


@pytest.mark.parametrize(("language", "q"), [(language, q) for language, (_, _, asked) in TEXTS.items() for q in asked])
def test_each_language_is_searched_in_its_own_way(client: Client, language: str, q: str) -> None:
    title, text, _ = TEXTS[language]
    wanted = publish(title, language, text=text)
    publish("Zzz", language, text="Zzz.")
    assert [item["id"] for item in asked(client, q, lang=language)["results"]] == [str(wanted.subject_id)]


def test_every_language_is_tried() -> None:
    assert set(TEXTS) == set(languages.TAGS)


@pytest.mark.parametrize(
    ("language", "q"),
    [("en", "methadone"), ("es", "metadona"), ("ru", "метадон"), ("zh-Hans", "美沙酮"), ("vi", "rượu bia"), ("ar", "ميثادون")],
)
def test_what_is_not_there_is_not_found(client: Client, language: str, q: str) -> None:
    title, text, _ = TEXTS[language]
    publish(title, language, text=text)
    assert titles(client, q, lang=language) == []


def test_only_the_language_that_is_served_is_searched(client: Client) -> None:
    english = publish("Methadone")
    publish("Metadona", "es", subject_id=english.subject_id)
    assert titles(client, "methadone", lang="es", fallback="en") == []
    assert titles(client, "metadona", lang="es", fallback="en") == ["Metadona"]
    assert titles(client, "methadone", lang="fr", fallback="es,en") == []
    assert titles(client, "methadone", lang="fr", fallback="en,es") == ["Methadone"]


def test_every_language_of_the_chain_is_searched_in_its_own_way(client: Client) -> None:
    publish("Abstinencia: síntomas", "es")
    publish("Symptoms")
    publish("海洛因", "zh-Hans")
    assert sorted(titles(client, "sintomas", lang="es", fallback="en")) == ["Abstinencia: síntomas"]
    assert sorted(titles(client, "symptom", lang="es", fallback="en,zh-Hans")) == ["Symptoms"]
    assert titles(client, "海洛", lang="fr", fallback="es,en,zh-Hans") == ["海洛因"]


# What is looked for.


def test_all_words_are_needed(client: Client) -> None:
    publish("Heroin and nausea")
    publish("Heroin")
    assert titles(client, "nausea heroin") == ["Heroin and nausea"]
    assert sorted(titles(client, "heroin")) == ["Heroin", "Heroin and nausea"]


@pytest.mark.parametrize(
    "q", ['"first week"', "“first week”", "«FIRST   week»", '"first week" nausea', '"first week', 'nausea "first, week"']
)
def test_phrase_stands_side_by_side(client: Client, q: str) -> None:
    publish("Yes", text="The first week is hard, nausea.")
    publish("No", text="The week at first: nausea.")
    found = titles(client, q)
    assert "Yes" in found
    assert ("No" in found) == (q.count('"') == 1)


def test_phrase_of_pairs_stands_side_by_side(client: Client) -> None:
    publish("Có", "vi", text="Điều trị cai nghiện ma túy tại nhà.")
    publish("Không", "vi", text="Cai nghiện. Ma túy có hại.")
    assert titles(client, '"cai nghiện ma túy"', lang="vi") == ["Có"]
    publish("是", "zh-Hans", text="海洛因戒断症状。")
    publish("否", "zh-Hans", text="戒断时的症状和海洛因。")
    assert titles(client, '"戒断症状"', lang="zh-Hans") == ["是"]


def test_minus_excludes_a_word_or_a_phrase(client: Client) -> None:
    publish("Heroin and alcohol")
    publish("Heroin and nausea")
    assert titles(client, "heroin -alcohol") == ["Heroin and nausea"]
    assert titles(client, 'heroin -"and nausea"') == ["Heroin and alcohol"]
    assert titles(client, "-alcohol heroin -nausea") == []
    assert titles(client, "-alcohol") == []
    publish("海洛因和酒精", "zh-Hans")
    publish("海洛因", "zh-Hans")
    assert titles(client, "海洛因 -酒精", lang="zh-Hans") == ["海洛因"]


def test_hyphen_inside_a_word_excludes_nothing(client: Client) -> None:
    publish("Long-acting methadone")
    assert titles(client, "long-acting") == ["Long-acting methadone"]


@pytest.mark.parametrize(
    ("language", "title", "q"),
    [
        *(("en", "Naltrexone", q) for q in ("naltrexonr", "naltexone", "naltrexxone", "anltrexone", "naltrxeone")),
        ("en", "Heroin", "heorin"),
        ("en", "Withdrawal", "withdrawl"),
        ("es", "Abstinencia", "abstinensia"),
        ("ru", "Зависимость", "зависемость"),
        ("ar", "الميثادون", "الميثادوم"),
        ("vi", "Cai nghiện", "cai nghien"),
        ("vi", "Triệu chứng", "trieu chugn"),
        ("fr", "Dépendance", "depandance"),
        ("pt-BR", "Recuperação", "recuperasao"),
    ],
)
def test_one_typing_error_is_forgiven(client: Client, language: str, title: str, q: str) -> None:
    publish(title, language)
    assert titles(client, q, lang=language) == [title]


def test_every_typing_error_of_a_word_is_forgiven(client: Client) -> None:
    """All 1-letter errors of an alphabet of two, at every place."""
    word = "buprenorphine"
    publish(word)
    wrong = {word[:at] + word[at + 1 :] for at in range(len(word))}
    wrong |= {word[:at] + letter + word[at + step :] for at in range(len(word) + 1) for letter in "xe" for step in (0, 1)}
    wrong |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    assert [q for q in sorted(wrong) if titles(client, q) != [word]] == []
    assert len(wrong) > 60


def test_known_word_never_stands_for_another(client: Client) -> None:
    publish("Clonidine")
    publish("Klonidine")
    assert titles(client, "klonidine") == ["Klonidine"]
    assert sorted(titles(client, "xlonidine")) == ["Clonidine", "Klonidine"]
    assert titles(client, "clo") == []


def test_two_typing_errors_find_nothing(client: Client) -> None:
    publish("Naltrexone")
    assert titles(client, "noltrexane") == []


# Order.


def test_title_comes_over_summary_over_text(client: Client) -> None:
    publish("Text", text="Naloxone, naloxone, naloxone.")
    publish("Title naloxone")
    publish("Summary", summary="Naloxone.")
    assert titles(client, "naloxone") == ["Title naloxone", "Summary", "Text"]
    assert titles(client, "naloxone", order="relevance") == ["Title naloxone", "Summary", "Text"]
    assert titles(client, "naloxone", order="title") == ["Summary", "Text", "Title naloxone"]
    assert titles(client, "naloxone", order="-modified") == ["Summary", "Title naloxone", "Text"]


def test_relevance_is_an_order_of_a_search_alone(client: Client) -> None:
    response = client.get("/api/v1/articles/?order=relevance")
    assert (response.status_code, response.json()["code"]) == (400, "invalid-parameter")


@pytest.mark.parametrize("order", ["relevance", "title", "-modified"])
def test_pages_together_are_the_search(client: Client, order: str) -> None:
    for index in range(7):
        publish(f"Methadone {index}" if index % 3 else f"Other {index}", text="Methadone.")
    publish("Nothing")
    whole = titles(client, "methadone", order=order)
    page = asked(client, "methadone", order=order, limit=2)
    walked = [item["title"] for item in page["results"]]
    assert (page["count"], page["count_exact"], len(whole)) == (7, True, 7)
    while page["next"]:
        page = client.get(page["next"].removeprefix(BASE)).json()
        walked += [item["title"] for item in page["results"]]
        assert page["count"] == 7
    assert walked == whole
    back = [item["title"] for item in page["results"]][::-1]
    while page["previous"]:
        page = client.get(page["previous"].removeprefix(BASE)).json()
        back += [item["title"] for item in page["results"]][::-1]
    assert back == whole[::-1]


def test_pages_do_not_shift_when_something_is_published(client: Client) -> None:
    for index in range(4):
        publish(f"Methadone {index}")
    page = asked(client, "methadone", limit=2)
    publish("Methadone methadone")
    publish("Methadone again")
    after = client.get(page["next"].removeprefix(BASE)).json()
    assert [item["title"] for item in after["results"]] == ["Methadone 1", "Methadone 0"]


def test_cursor_of_another_search_is_refused(client: Client) -> None:
    for index in range(3):
        publish(f"Methadone {index}")
    cursor = asked(client, "methadone", limit=1)["next"].split("cursor=")[1]
    for query in ("q=heroin", "q=methadone&order=title", "q=methadone&lang=es", ""):
        assert client.get(f"/api/v1/articles/?{query}&cursor={cursor}").json()["code"] == "invalid-cursor"


def test_filters_narrow_a_search(client: Client) -> None:
    publish("Methadone", substances=factories.tags("alcohol"))
    publish("Methadone too")
    assert titles(client, "methadone", substance="alcohol") == ["Methadone"]
    assert asked(client, "methadone", substance="alcohol")["count"] == 1


def test_samples_are_found_only_by_who_asks_where_they_are_not_shown(client: Client, settings: Any) -> None:
    publish("Methadone", sample=True)
    settings.SHOW_SAMPLES = False
    assert titles(client, "methadone") == []
    assert titles(client, "methadone", sample="true") == ["Methadone"]


# What is found is what is shown.


@pytest.mark.parametrize("state", ["held", "gone", "recalled"])
def test_what_is_closed_is_not_found(client: Client, state: str) -> None:
    document = publish("Methadone")
    factories.close(document, state)
    assert titles(client, "methadone") == []
    assert not SearchEntry.objects.exists()
    publish("Methadone again", subject_id=document.subject_id)
    assert titles(client, "methadone") == ["Methadone again"]


def test_earlier_text_is_not_found(client: Client) -> None:
    document = publish("Methadone")
    publish("Naloxone", subject_id=document.subject_id)
    assert titles(client, "methadone") == []
    assert SearchEntry.objects.count() == 1


def test_only_what_is_shown_is_found(client: Client) -> None:
    hidden = {
        "meta": {"title": "canary", "description": "canary"},
        "references": [{"title": "canary", "publisher": "canary", "url": "https://www.who.int/canary", "lang": "en"}],
        "attribution": {"html": "<p>canary</p>", "text": "canary", "url": "https://example.org/canary", "logo": ""},
        "topics": factories.tags("canary"),
        "slug": "canary",
    }
    publish("Shown", summary="Brief.", notice="Beware.", advice=("naloxone",), text="Body.", **hidden)
    assert titles(client, "canary") == []
    for q in ("shown", "brief", "beware", "naloxone", "body", "course"):
        assert titles(client, q) == ["Shown"], q


def test_index_follows_in_the_transaction_of_the_document(client: Client) -> None:
    document = publish("Methadone")
    with transaction.atomic():
        factories.close(document)
        transaction.set_rollback(True)
    assert titles(client, "methadone") == ["Methadone"]


def test_terms_and_contacts_are_not_indexed() -> None:
    factories.publish(kind="term")
    factories.publish(kind="help_contact")
    assert not SearchEntry.objects.exists()


def test_index_can_be_made_anew(client: Client) -> None:
    publish("Methadone")
    factories.close(publish("Naloxone"))
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    assert titles(client, "methadone") == []
    output = StringIO()
    for _ in range(2):
        call_command("rebuild_search", stdout=output)
        assert titles(client, "methadoen") == ["Methadone"]
    assert output.getvalue() == "1 articles indexed.\n" * 2


# Excerpts.


class Excerpt(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.marked: list[str] = []
        self.inside = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags |= {tag, *(name for name, _ in attrs)}
        self.inside = True
        self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.marked[-1] += data


EXCERPTS = [
    ("en", "Symptoms ease. <b>Symptoms</b> &amp; more.", "symptom", ["Symptoms", "Symptoms"]),
    ("es", "Los síntomas de la abstinencia.", "sintoma", ["síntomas"]),
    ("fr", "Le cœur bat.", "coeur", ["cœur"]),
    ("ar", "تخفّ الأعراضُ خلال أيام.", "اعراض", ["الأعراضُ"]),
    ("ru", "Тяжёлая ломка.", "тяжелая", ["Тяжёлая"]),
    ("vi", "Cai nghiện ma túy là khó.", "ma tuy", ["ma túy"]),
    ("vi", "Cai nghiện ma túy là khó.", "nghiện ma", ["nghiện ma"]),
    ("zh-Hans", "海洛因戒断症状会减轻。", "戒断症状", ["戒断症状"]),
    ("zh-Hans", "海洛因戒断症状会减轻。", "海洛因 减轻", ["海洛因", "减轻"]),
    ("en", "The first week is the first.", '"first week"', ["first week"]),
    ("en", "Nothing but naltrexone.", "naltrexon naltrexome", ["naltrexone"]),
]


@pytest.mark.parametrize(("language", "text", "q", "marked"), EXCERPTS)
def test_excerpt_marks_what_was_found(client: Client, language: str, text: str, q: str, marked: list[str]) -> None:
    publish("Title", language, text=text)
    (item,) = asked(client, q, lang=language)["results"]
    assert Excerpt(item["excerpt"]).marked == marked
    assert Excerpt(item["excerpt"]).tags == {"mark"}


def test_excerpt_is_text_and_marks_alone(client: Client) -> None:
    publish("Title", text="Naloxone &lt;script&gt;alert(1)&lt;/script&gt; &lt;mark onclick=x&gt; &amp;amp; \" ' end.")
    (item,) = asked(client, "naloxone script mark amp")["results"]
    assert Excerpt(item["excerpt"]).tags == {"mark"}
    assert "&lt;<mark>script</mark>&gt;" in item["excerpt"]


def test_excerpt_is_short_and_around_the_words(client: Client) -> None:
    publish("Title", text=f"{'Before it. ' * 300} Here is naloxone now. {'After it. ' * 300}")
    (item,) = asked(client, "naloxone")["results"]
    assert "Here is <mark>naloxone</mark> now." in item["excerpt"]
    assert item["excerpt"].startswith("… ")
    assert item["excerpt"].endswith(" …")
    assert len(item["excerpt"]) < 300


def test_excerpt_takes_the_line_with_most_of_the_words(client: Client) -> None:
    publish("Title", summary="Naloxone.", text="Where to get naloxone.")
    (item,) = asked(client, "where naloxone")["results"]
    assert item["excerpt"] == "<mark>Where</mark> to get <mark>naloxone</mark>."


def test_excerpt_of_what_is_only_in_the_title_is_the_summary(client: Client) -> None:
    publish("Naloxone", summary="What it does.")
    assert asked(client, "naloxone")["results"][0]["excerpt"] == "What it does."


def test_excerpt_begins_with_the_sentence_and_the_notice(client: Client) -> None:
    publish("Title", sample=True, notice="Do not inject.", text="Take naloxone.")
    (item,) = asked(client, "naloxone")["results"]
    assert item["excerpt"] == f"{factories.SENTENCE} Do not inject. Take <mark>naloxone</mark>."
    (item,) = asked(client, "inject")["results"]
    assert item["excerpt"] == f"{factories.SENTENCE} Do not <mark>inject</mark>."


def test_list_without_a_search_has_no_excerpt(client: Client) -> None:
    publish("Title")
    assert "excerpt" not in client.get("/api/v1/articles/").json()["results"][0]


# Whatever is typed.


@pytest.mark.parametrize(
    "more", [{}, {"limit": 2}, {"lang": "es", "fallback": "fr,en,vi,zh-Hans,ar"}, {"order": "title", "limit": 2, "topic": "withdrawal"}]
)
def test_two_queries_answer(client: Client, more: dict[str, Any], django_assert_max_num_queries: Any) -> None:
    for index in range(5):
        publish(f"Methadone {index}")
    for q in ("methadone", "methadoen -alcohol", '"methadone 1"'):
        with django_assert_max_num_queries(2):
            page = asked(client, q, **more)
        if page["next"]:
            with django_assert_max_num_queries(2):
                client.get(page["next"].removeprefix(BASE))


NASTY = [
    *"\"'-*:()|&!<>\\%_^~+{}[]\x00\x1a\u202e\u200f\u200d\ud800",
    '"',
    '""',
    '"-"',
    "-",
    "--",
    '-"',
    '-"a',
    '"a" "b',
    "a" * 499,
    "þ",
    "aþ",
    "caiþ",
    "'; DROP TABLE api_document; --",
    *"a:*/a & b/!a/a <-> b/title:a/NEAR(a b)/a AND/OR/NOT a/^a/{title}:a/*/a*/1e400/0x1F/a.b@c.de/-5/1.5e-3/the/the of and".split("/"),  # noqa: SIM905 - reads as a list
    '"a" + "b"',
    "﷽",
    "ﷺ",
    "İ",
    "ß",
    "ﬀ",
    "½",
    "ꙮ",
    "𝕳𝖊𝖗𝖔𝖎𝖓",
    "e\u0301" * 200,
    "\u0301" * 400,
    "戒" * 40,
    "戒 " * 40,
    "\u200f\u202bهيروين\u202c",
    "１２３",
    "http://a.b/c?d=e",
    "/a/b",
    "\u0e01\u0e33\u0e25\u0e31\u0e07",
    "हिन्दी",
    "한국어",
    "カタカナ",
    "👩‍👩‍👧",
    "\u00ad".join("heroin"),
    "a\tb\nc",
    "''''",
    "\\\\",
    "\\'",
    "$$",
    "%s",
    "%(a)s",
    "{0}",
]


@pytest.mark.figure(15)
def test_nasty_searches_are_answered_at_once(client: Client, figure: Callable[..., None]) -> None:
    for language, (title, text, _) in TEXTS.items():
        publish(title, language, text=text)
    long = [
        "a" * 100_000,
        "a " * 50_000,
        '"' * 100_000,
        "-a " * 30_000,
        "戒断" * 16_000,
        "\u0301" * 50_000,
        "(" * 100_000,
        "a" * 501,
        "a " * 41,
        "戒" * 41,
    ]
    failures, slowest, asked_for = [], 0.0, 0
    for q in [*NASTY, *long]:
        for more in ("", "&lang=vi", "&lang=zh-Hans&fallback=ar,ru,es", "&lang=ar&order=title"):
            began = time.process_time()
            response = client.get(f"/api/v1/articles/?q={quote(q.encode(errors='surrogatepass'))}{more}")
            slowest = max(slowest, time.process_time() - began)
            asked_for += 1
            if response.status_code != (400 if q in long else 200):
                failures.append((q[:40], more, response.status_code))
    assert not failures
    figure(row=15, name=f"unexpected answers to {asked_for} nasty searches", value=len(failures), limit=0)
    figure(row=15, name="slowest answer to a nasty search, seconds of processor", value=round(slowest, 3), limit=2)


WORDS = st.sampled_from(
    ["methadone", "symptom", "戒断症状", "cai nghien", '"', "-", "الأعراض", "é", "\x00", "*", "NOT", "OR", ":", "(", "þ", "й", "٧"]
)
ANY_TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map("".join), st.lists(WORDS, max_size=12).map(" ".join))


@hypothesis.settings(max_examples=examples(3000))
@hypothesis.given(q=ANY_TEXT, language=st.sampled_from(languages.TAGS), title=ANY_TEXT)
def test_any_text_is_searched_for_and_searched(q: str, language: str, title: str) -> None:
    Document.objects.all().delete()
    shown = "".join(character for character in title if character.isprintable()) or "x"
    publish(shown, language, text=shown.replace("&", "").replace("<", "").replace(">", ""))
    response = Client().get(f"/api/v1/articles/?lang={language}&fallback=en&q={quote(q.encode(errors='surrogatepass'))}")
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert not q or len(q) > queries.MOST_CHARACTERS or queries.count(queries.pieces(q)) > queries.MOST_WORDS
    for item in response.json().get("results", []):
        assert Excerpt(item["excerpt"]).tags <= {"mark"}


def test_index_is_the_databases_own(client: Client) -> None:
    """The search is answered by an index, not by reading every text."""
    publish("Methadone")
    found = search.find(Document.objects.published(), asked=queries.pieces("methadone"), languages=["en"])
    sql = str(found.ranked.query)
    assert ("@@" in sql) == (connection.vendor == "postgresql")
    assert ("MATCH" in sql) == (connection.vendor == "sqlite")
