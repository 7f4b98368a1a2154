"""What a document says: pure, safety first, nothing unsanitised. The golden documents are in `golden/`."""

import copy
import json
import os
from pathlib import Path
from uuid import UUID

import pytest

from api import canonical, contract, html
from cms import rendering, segments
from cms.rendering import Publisher, Shown, ShownAdvice, ShownNotice, ShownTerm, Translation
from tests.cms import factories

GOLDEN = Path(__file__).parent / "golden"
ID = UUID(int=1)
OTHER = "00000000-0000-0000-0000-000000000009"


def shown_term(number: int, vocabulary: str, code: str, label: str, kind: str = "") -> ShownTerm:
    return ShownTerm(public_id=UUID(int=number), vocabulary=vocabulary, code=code, kind=kind, url="", label=label)


def shown(**changes) -> Shown:
    topic = shown_term(10, "topic", "withdrawal", "الانسحاب")
    given = {
        "collection": topic,
        "terms": [topic, shown_term(11, "substance", "heroin", "هيروين"), shown_term(12, "symptom", "sweating", "تعرق", "physical")],
        "advice": [ShownAdvice(public_id=UUID(int=20), code="overdose", heading="جرعة", html="<p>اتصل بالرقم 112.</p>")],
        "notices": [
            ShownNotice(public_id=UUID(int=30), severity="substantive", html="<p>قديم.</p>"),
            ShownNotice(public_id=UUID(int=31), severity="safety", html="<p>خطر.</p>"),
        ],
        "sample": ShownNotice(public_id=UUID(int=32), severity="information", html="<p>نموذج.</p>"),
        "publisher": Publisher(name="Library & Sons", url="https://library.example/", base_url="https://library.example"),
    }
    return Shown(**{**given, **changes})


def body(paragraph: str = "") -> segments.RawBody:
    text = paragraph or '<p>من 5 إلى 7 أيام. <a linktype="page" id="4">هنا</a> <a href="https://example.org/?a=1&amp;b=2">هناك</a></p>'
    return [
        factories.section("what", factories.block("what.text", "paragraph", text), factories.block("list", "symptoms", "physical")),
        factories.section(
            "help",
            factories.block("help.warning", "warning", "<p>لا <b>تتوقف</b>.</p>"),
            factories.block("help.steps", "steps", ["اشرب 2 لتر.", "a < b & c"]),
            factories.block("picture", "image", {"image": 3, "alt": 'A "picture" <x>', "caption": "A caption"}),
        ),
    ]


def article(raw: segments.RawBody | None = None, language: str = "ar", **changes):
    raw = raw if raw is not None else body()
    texts = {"headline": "العنوان", "summary": "ملخص"} | {segment.key: segment.text for segment in segments.body_segments(raw)}
    facts = {
        "audience": "adults",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "sample": True,
        "help_contact_kinds": ["drugs"],
        "related": [OTHER],
        "references": [{"title": "A", "publisher": "B", "url": "https://example.org/", "lang": "en"}],
        "structure": segments.structure(raw),
    }
    given = {
        "public_id": ID,
        "language": language,
        "texts": texts,
        "facts": facts,
        "placement": {"slug": "opioid-withdrawal", "collection": {"slug": "withdrawal", "topic": str(UUID(int=10))}},
        "images": {"3": {"id": 3, "url": "https://library.example/media/a.png", "width": 4, "height": 3, "file_hash": "x"}},
        "links": {"4": OTHER},
        "translation": Translation(origin="machine", outdated_by="substantive"),
        "review": None,
        "shown": shown(),
    }
    return rendering.article(**{**given, **changes})


def term():
    facts = {"vocabulary": "substance", "code": "heroin", "kind": "", "url": "", "sample": False}
    texts = {"label": "Héroïne", "description": "Un opioïde"}
    return rendering.term(public_id=ID, language="fr", texts=texts, facts=facts, translation=Translation(origin="human"), sample=False)


def help_contact():
    facts = {
        "code": "line", "kind": "drugs", "region": "GB", "number": "08001110", "display": "0800 1110", "dialable_from": ["GB"],
        "spoken_languages": ["en"], "hours": "24/7", "time_zone": "Europe/London", "cost": "free", "channels": ["phone"],
        "source": "https://example.org/", "verified_on": "2026-01-02", "verify_by": "2027-01-02", "sample": False,
    }  # fmt: skip
    return rendering.help_contact(
        public_id=ID, language="en", texts={"name": "The line"}, facts=facts, translation=Translation(origin="source")
    )


@pytest.mark.parametrize("kind", ["article", "term", "help_contact"])
def test_the_document_is_the_golden_one(kind):
    rendered = {"article": article, "term": term, "help_contact": help_contact}[kind]()
    contract.check(kind=kind, content=rendered)
    path = GOLDEN / f"{kind}.json"
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(rendered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert json.loads(json.dumps(rendered)) == json.loads(path.read_text(encoding="utf-8"))


def test_the_same_decisions_give_the_same_bytes():
    raw = body()
    kept = copy.deepcopy(raw)
    assert canonical.dumps(article(raw)) == canonical.dumps(article(raw))
    assert raw == kept


def test_safety_comes_first():
    document = article()
    assert [block["type"] for block in document["sections"][0]["blocks"]][:3] == ["sample", "notice", "advice"]
    assert document["notice"]["severity"] == "safety"
    assert document["notice"]["html"] == document["sections"][0]["blocks"][1]["html"]
    assert not {"sample", "notice", "advice"} & {block["type"] for block in document["sections"][1]["blocks"]}


def test_numbers_stay_left_to_right():
    markup = article()["sections"][0]["html"]
    assert '<bdi dir="ltr">5</bdi>' in markup
    assert '<bdi dir="ltr">112</bdi>' in markup
    assert article()["sections"][1]["blocks"][1]["html"].count("<bdi") == 1


def test_links_to_articles_name_the_article_in_the_same_language():
    markup = article()["sections"][0]["html"]
    assert f'data-article="{OTHER}"' in markup
    assert f'href="https://library.example/api/v1/articles/{OTHER}/?lang=ar"' in markup
    assert "linktype" not in markup


def test_a_link_to_nowhere_leaves_its_words():
    assert "<a" not in rendering.rich('<p><a linktype="page" id="99">x</a></p>', links={}, base_url="", language="en")


def test_each_block_says_its_language_and_direction():
    for section in article()["sections"]:
        for block in section["blocks"]:
            assert 'lang="ar"' in block["html"]
            assert 'dir="rtl"' in block["html"]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>', '<a href="JaVaScRiPt:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>', "<svg onload=alert(1)>", "<iframe src=https://evil.example/></iframe>", "<style>*{}</style>",
        '<p onclick="alert(1)">x</p>', '<p style="position:fixed">x</p>', "<math><mtext><script>alert(1)</script></mtext></math>",
        '<a href="vbscript:x">x</a>', "<form action=https://evil.example/><input></form>", '<b class="sample notice" id="x">x</b>',
        "<a href=' javascript:alert(1)'>x</a>", "<!--><script>alert(1)</script>-->",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)  # fmt: skip
def test_nothing_unsanitised_goes_out(attack):
    document = article(body(f"<p>a</p>{attack}<p>b</p>"))
    advice = [ShownAdvice(public_id=UUID(int=20), code="overdose", heading=attack, html=f"<p>a</p>{attack}")]
    notices = [ShownNotice(public_id=UUID(int=30), severity="safety", html=f"<p>a</p>{attack}")]
    with_safety = article(shown=shown(advice=advice, notices=notices))
    for found in (document, with_safety):
        contract.check(kind="article", content=found)
        markup = "".join(section["html"] for section in found["sections"])
        assert html.clean(markup) == markup
        rest = markup.replace("&lt;", "").lower()
        assert not any(f"<{tag}" in rest for tag in ("script", "svg", "iframe", "style", "form", "math", "noscript"))


def test_a_block_that_no_document_can_show_is_an_error():
    with pytest.raises(ValueError, match="no document can show"):
        article([factories.section("what", {"type": "video", "id": factories.block_id("v"), "value": ""})])
