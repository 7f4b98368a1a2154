"""A digest changes with what a reader sees, and with nothing else."""

import copy
import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cms import segments
from tests.cms import factories
from tests.conftest import examples

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs"), exclude_characters="<>&"), min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


def digest(text: str) -> str:
    return segments.text_digest({"key": text})


@given(SENTENCES, st.sampled_from([" ", "\n", "\t ", "  "]))
@hypothesis_settings(max_examples=examples(2000))
def test_what_no_reader_sees_changes_no_digest(text, space):
    plain = digest(text)
    assert digest(unicodedata.normalize("NFD", text)) == digest(unicodedata.normalize("NFC", text)) == plain
    assert digest(f"{space}{text.replace(' ', space)}{space}") == plain
    rich = digest(f'<p>{text} <a href="https://example.org/" id="3" linktype="page">x</a></p>')
    assert digest(f'<p data-block-key="abc12">{text} <a linktype="page"  id="3" href="https://example.org/">x</a></p>') == rich
    assert digest(f"<P class='x'>{text} <A ID='3' linktype='page' href='https://example.org/'>x</A></P>") == rich


@given(SENTENCES, SENTENCES)
@hypothesis_settings(max_examples=examples(2000))
def test_what_a_reader_sees_changes_the_digest(one, other):
    if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other):
        return
    assert digest(one) != digest(other)
    assert digest(f"<p>{one}</p>") != digest(f"<p>{other}</p>")
    assert digest(f"<p><b>{one}</b></p>") != digest(f"<p>{one}</p>")


def test_a_less_than_sign_in_plain_text_is_seen():
    assert digest("Do <not> drink") != digest("Do  drink")
    assert digest("Under <5 mg") != digest("Under")


@pytest.mark.parametrize("blank", ["", " ", "\u200b", "<p></p>", "<p>&nbsp;</p>", "<p>\u00a0<br></p>", "<ul><li></li></ul>"])
def test_a_text_without_anything_to_see_is_no_text(blank):
    assert segments.canonical(blank) == ""
    assert digest(blank) == ""


def test_the_order_of_segments_counts():
    assert segments.text_digest({"a": "x", "b": "y"}) != segments.text_digest({"b": "y", "a": "x"})
    assert segments.text_digest({}) == ""


@st.composite
def bodies(draw):
    body = []
    for index in range(draw(st.integers(1, 3))):
        made = []
        for number, kind in enumerate(
            draw(st.lists(st.sampled_from(["paragraph", "warning", "steps", "symptoms", "image"]), min_size=1, max_size=4))
        ):
            name = f"{index}.{number}"
            match kind:
                case "steps":
                    made.append(factories.block(name, kind, draw(st.lists(SENTENCES, min_size=1, max_size=3))))
                case "symptoms":
                    made.append(factories.block(name, kind, "physical"))
                case "image":
                    made.append(factories.block(name, kind, {"image": 1, "alt": draw(SENTENCES), "caption": draw(SENTENCES)}))
                case _:
                    made.append(factories.block(name, kind, f"<p>{draw(SENTENCES)}</p>"))
        body.append(factories.section(str(index), *made, heading=draw(SENTENCES)))
    return body


@given(bodies())
@hypothesis_settings(max_examples=examples(1000))
def test_texts_go_out_of_a_body_and_back(body):
    before = copy.deepcopy(body)
    texts = {segment.key: segment.text for segment in segments.body_segments(body)}
    structure = segments.structure(body)
    assert segments.with_texts(structure, texts) == body == before
    assert {segment.key for segment in segments.body_segments(structure)} == set(texts)
    assert all(segment.text == "" for segment in segments.body_segments(structure))
    assert list({segment.key: "" for segment in segments.body_segments(segments.with_texts(body, {}))}) == list(texts)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p><a href="https://example.org/">x</a></p>', {"https://example.org/"}),
        ("<P><A HREF='https://example.org/'>x</A></P>", {"https://example.org/"}),
        ('<a/href="https://example.org/">x</a>', {"https://example.org/"}),
        ('<p><a href="https://example.org/?a>b">x</a></p>', {"https://example.org/?a&gt;b"}),
        ('<p><a id="7" linktype="page">x</a></p>', {"page:7"}),
        ("<p>none</p>", set()),
    ],
)
def test_links_are_found_however_they_are_written(text, found):
    assert segments.links(text) == found
