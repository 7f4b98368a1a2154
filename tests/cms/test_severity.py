"""A change is minor only when nothing that a reader acts on has moved."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cms import segments, severity
from tests.cms import factories
from tests.conftest import examples

PARAGRAPH = f"{factories.block_id('what')}.{factories.block_id('what.text')}"
WARNING = f"{factories.block_id('help')}.{factories.block_id('help.warning')}"
STEPS = f"{factories.block_id('help')}.{factories.block_id('help.steps')}"


def reasons(before, after, *, structure=None) -> list[str]:
    return severity.against_minor(before, after, structure or factories.full_body(), ["Naloxone", "Naltrexone"])


def changed(old: str, new: str, key: str = PARAGRAPH) -> list[str]:
    return reasons({key: old}, {key: new})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Take 5 mg.", "Take 50 mg.", "number"),
        ("Take 5 mg.", "Take 5 g.", "number"),
        ("Take 10 micrograms.", "Take 10 milligrams.", "number"),
        ("Take one tablet.", "Take one drop.", "number"),
        ("Take twelve.", "Take eleven.", "number"),
        ("Take ½ of it.", "Take ¼ of it.", "number"),
        ("More of it.", "Less of it.", "number"),
        ("Wait two hours.", "Wait two days.", "time"),
        ("Call on Monday.", "Call on Friday.", "time"),
        ("Take it daily.", "Take it weekly.", "time"),
        ("Do drink.", "Do not drink.", "negation"),
        ("<p>Do drink.</p>", "<p>Don&#x27;t drink.</p>", "negation"),
        ("It is safe.", "It is unsafe.", "negation"),
        ("Call.", "Call if it hurts.", "negation"),
        ("You may stop it.", "You must stop it.", "negation"),
        ("Ask for naloxone.", "Ask for naltrexone.", "medicine"),
        ("Ask for naloxone.", "Ask for it.", "medicine"),
        ('<p><a href="https://a.example/">x</a></p>', '<p><a href="https://b.example/">x</a></p>', "link"),
        ("Call 0800 1111.", "Call 0800 1112.", "number"),
        ("Write to a@b.example.", "Write to c@b.example.", "link"),
    ],
)
def test_what_a_reader_acts_on_forbids_minor(old, new, reason):
    assert reason in changed(old, new)
    assert reason in changed(new, old)


def test_a_new_or_removed_passage_forbids_minor():
    assert reasons({"a": "x"}, {"a": "x", "b": "y"}) == ["segment"]
    assert reasons({"a": "x", "b": "y"}, {"a": "x"}) == ["segment"]


def test_steps_in_another_order_forbid_minor():
    steps = {f"{STEPS}.1": "Call.", f"{STEPS}.2": "Wait."}
    assert "segment" in reasons(steps, dict(reversed(steps.items())))


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30), st.sampled_from([(WARNING, "warning"), (f"{STEPS}.1", "step")]))
@hypothesis_settings(max_examples=examples(1000))
def test_any_change_of_a_warning_or_step_forbids_minor(old, new, where):
    key, reason = where
    if segments.canonical(old) != segments.canonical(new):
        assert reason in changed(old, new, key)


def test_a_warning_that_became_a_paragraph_forbids_minor():
    paragraph = [factories.section("help", factories.block("help.warning", "paragraph", ""))]
    both = [*factories.full_body(), *paragraph]
    assert "warning" in reasons({WARNING: "Beware of it."}, {WARNING: "Mind it."}, structure=both)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@hypothesis_settings(max_examples=examples(1000))
def test_any_change_of_a_number_forbids_minor(old, new):
    if old != new:
        assert "number" in changed(f"Take {old} of it", f"Take {new} of it")


@pytest.mark.parametrize(
    ("old", "new"),
    [("It lasts for days.", "It goes on for days."), ("Colour", "Color"), ("<p>a b</p>", "<p>a  b</p>")],
)
def test_a_change_of_words_alone_may_be_minor(old, new):
    assert changed(old, new) == []
