"""What HTML a document may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import html


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("<p onclick=x>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="/relative">a</a>', "<a>a</a>"),
        ('<a href="//host/x">a</a>', "<a>a</a>"),
        ('<a href="https:x">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ('<a linktype="page" id="3">a</a>', "<a>a</a>"),
        ('<a data-article="3">a</a>', "<a>a</a>"),
        ('<img src="data:image/png;base64,x" alt="a">', '<img alt="a">'),
        ('<img src="mailto:a@b" alt="">', '<img alt="">'),
        ("<h1>a</h1>", "a"),
        ('<p style="color:red" class="advice x">a</p>', '<p class="advice">a</p>'),
        ('<p dir="sideways" lang="e">a</p>', "<p>a</p>"),
        ("<svg><a xlink:href='javascript:x'>a</a></svg>", ""),
        ("<!-- note -->a", "a"),
    ],
)
def test_what_is_not_allowed_is_taken_away(dirty: str, cleaned: str) -> None:
    assert html.clean(dirty) == cleaned


@pytest.mark.parametrize(
    "allowed",
    [
        '<p lang="ar" dir="rtl">a <bdi dir="ltr">72</bdi></p>',
        '<a data-article="6f9619ff-8b86-4d01-b42d-00cf4fc964ff" href="https://example.org/api/v1/articles/x/?lang=ar">a</a>',
        '<a href="tel:+18006624357">a</a><a href="mailto:a@example.org">b</a>',
        '<section id="what" class="advice"><h2 id="x">a</h2><ul><li>b</li></ul></section>',
        '<figure class="image"><img src="https://example.org/1.png" alt="a" width="1" height="2"><figcaption>b</figcaption></figure>',
        '<aside class="notice"><p><strong>a</strong><br><em>b</em></p></aside>',
    ],
)
def test_what_is_allowed_stays(allowed: str) -> None:
    assert html.clean(allowed) == allowed


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class=notice>",
            "</div>",
            "<ul>",
            "<li>",
            "</ul>",
            "<a href='https://a.b/'>",
            "</a>",
            "<b>",
            "<i>",
            "</b>",
            "<script>",
            "</script>",
            "<svg>",
            "<math>",
            "<table><tr>",
            "<h2>",
            "</h2>",
            "<img src=x onerror=y>",
            "<!--",
            "-->",
            "<style>",
            "<noscript>",
            "<template>",
            "a < b &amp; c",
            "&lt;script&gt;",
            "\x00",
            "text",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


@given(MARKUP)
def test_cleaning_twice_changes_nothing_more(markup: str) -> None:
    cleaned = html.clean(markup)
    assert html.clean(cleaned) == cleaned
    assert "<script" not in cleaned


def test_plain_text_has_a_line_for_each_paragraph_and_item() -> None:
    markup = '<h2>Call</h2><p>One  <b>two</b>\n three<br>four</p><ul><li>a</li><li><p>b &amp; c</p></li></ul><img alt="A pack" src="https://a.b/c">'
    assert html.plain_text(markup) == "Call\nOne two three\nfour\n- a\n- b & c\nA pack"


def test_plain_text_keeps_the_spaces_that_a_language_writes() -> None:
    assert html.plain_text("<p>Sevrage : 3\u00a0114</p>") == "Sevrage : 3\u00a0114"
