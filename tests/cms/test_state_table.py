"""The state table of the design, walked at random beside a plain model of it (row 30)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms import closing, deadlines, evidence, notices, publishing, reference, releasing, serving, sign_off
from cms.models import Approval, Article, Notice, NoticePosting, SourceChange
from tests import walks
from tests.cms import factories

pytestmark = pytest.mark.django_db

TARGETS = ("es", "ar")
TAGS = ("en", *TARGETS)
ALL = ""
#: Texts of the one paragraph. The first and the last differ by a word; the others by a number.
TEXTS = {"seven": "It lasts for 5 to 7 days.", "nine": "It lasts for 5 to 9 days.", "going on": "It goes on for 5 to 7 days."}
MINOR_PAIRS = ({"seven", "going on"},)
GRAVITY = ("minor", "substantive", "safety, no harm", "safety")
#: The notice for a safety change of the source is approved in Spanish alone: Arabic is held instead.
HAS_SOURCE_NOTICE = {"es"}

#: What the design says of a text that was shown to readers before, event by event: its layer under the closures.
TABLE = {
    "approved against the live source": dict.fromkeys(("none", "current", "outdated", "noticed", "held"), "current"),
    "source minor": {"current": "current", "outdated": "outdated", "noticed": "noticed", "held": "held"},
    "source substantive": {"current": "outdated", "outdated": "outdated", "noticed": "noticed", "held": "held"},
    "source safety: notice": {"current": "noticed", "outdated": "noticed", "noticed": "noticed", "held": "held"},
    "source safety: hold": {"current": "held", "outdated": "held", "noticed": "held", "held": "held"},
    "source returns": {"current": "current", "outdated": "current", "noticed": "noticed", "held": "held"},
    "paused": {"current": "held", "outdated": "held", "noticed": "held", "held": "held"},
    "revoked": {"current": "held", "outdated": "held", "noticed": "held", "held": "held"},
}


@dataclass(kw_only=True)
class Given:
    """An approval as the model remembers it: of which text, when, of which database row."""

    of: Any
    at: int
    pk: int
    is_revoked: bool = False


@dataclass(kw_only=True)
class Change:
    """A change of the live source: when, from which text to which, and the gravest that was said of it."""

    at: int
    before: str
    after: str
    answer: str


@dataclass(kw_only=True)
class Language:
    """One language: the layer of its text, what closes it by itself, and the approvals that count."""

    layer: str = "none"
    shown: Given | None = None
    against_at: int = -1
    gone_at: int = -1
    recalled_at: int = -1
    usable: dict[str, Given] = field(default_factory=dict)
    was_stored: bool = False

    def move(self, event: str, at: int = -1) -> None:
        if event in ("source safety: notice", "source safety: hold", "paused", "revoked"):
            self.against_at = at
        self.layer = TABLE[event].get(self.layer, self.layer)


@dataclass(kw_only=True)
class Model:
    """The table, with its refinements:

    a posted notice stays until it is lifted, whatever is approved · a republished page brings back what is approved against
    the live source, the rest gets a closure of its own; so does what is brought back as a whole, and after a recall the
    approval must be younger than it · a sign-off does not bring back a page that is down · the source is never outdated, nor
    noticed or held by a severity · an approval that waits counts when its source goes live, unless something was said
    against the text after it was given · a translation carried over a minor change counts as approved against it · the
    gravest answer given since the live text counts, also when what it was given for never went out · a pause of all
    languages holds what readers have, also behind a closure, and does not concern what they never had · a text that was first approved
    while the article is closed is closed with it, but no tombstone is stored of what was never public · a severity raised later
    concerns what was approved before the change, unless it was approved against what is live now · a notice that stood for too
    long is a pause by nobody.
    """

    now: int = 0
    languages: dict[str, Language] = field(default_factory=lambda: {tag: Language() for tag in TAGS})
    draft: tuple[str, str] = ("seven", "adults")
    live: tuple[str, str] | None = None
    released: tuple[str, str] | None = None
    released_at: int = -1
    answers: list[str] = field(default_factory=list)
    signed: list[Given] = field(default_factory=list)
    references: list[tuple[int, str, Given | None]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    page_down_at: int = -1
    all_gone_at: int = -1
    all_recalled_at: int = -1
    is_posted: bool = False
    posted_in: set[str] = field(default_factory=lambda: {"en", "es"})

    def tick(self) -> int:
        self.now += 1
        return self.now

    # -- what readers get --------------------------------------------------------------------------------------------

    def served(self, tag: str) -> str:
        language = self.languages[tag]
        if language.layer == "none":
            return "none"
        if max(language.recalled_at, self.all_recalled_at) >= 0:
            return "recalled"
        if max(language.gone_at, self.all_gone_at, self.page_down_at) >= 0:
            return "gone"
        if language.layer in ("current", "outdated") and self.is_posted and tag in self.posted_in:
            return "noticed"
        return language.layer

    def reference(self) -> str:
        rows = [(at, text) for at, text, given in self.references if given is None or not given.is_revoked]
        return max(rows)[1] if rows else self.draft[0]

    # -- the source --------------------------------------------------------------------------------------------------

    def publish(self, answer: str) -> None:
        at = self.tick()
        if self.draft != self.released or self.page_down_at >= 0 or GRAVITY.index(answer) > GRAVITY.index(self.last_answer):
            self.references.append((at, self.draft[0], None))
            self.last_answer = answer
        self.released, self.released_at = self.draft, at
        self.answers = [] if self.draft == self.live else [*self.answers, answer]
        self.go_out()

    last_answer: str = "minor"

    def sign(self, pk: int) -> None:
        given = Given(of=self.draft, at=self.tick(), pk=pk)
        self.signed.append(given)
        self.references.append((given.at, self.draft[0], given))
        if self.live == self.draft:
            self.languages["en"].shown = given
            self.languages["en"].move("approved against the live source")
        self.go_out()

    def go_out(self) -> None:
        source = self.languages["en"]
        matching = [given for given in self.signed if given.of == self.released and not given.is_revoked]
        if self.released is None or not matching:
            return
        given = matching[-1]
        if source.layer == "held" and given.at < source.against_at:
            return
        if self.released != self.live:
            self.change(given)
        if 0 <= self.page_down_at < self.released_at:
            self.lift("gone", self.page_down_at)
            self.page_down_at = -1

    def change(self, given: Given) -> None:
        before, self.live = self.live, self.released
        source, at = self.languages["en"], self.tick()
        source.shown, source.layer = given, "current"
        answer = max(self.answers, key=GRAVITY.index)
        self.answers = []
        if before is None or (answer == "minor" and before[0] != self.live[0] and {before[0], self.live[0]} not in MINOR_PAIRS):
            answer = "substantive"
        if before and before[0] == self.live[0]:
            return
        if before:
            self.changes.append(Change(at=at, before=before[0], after=self.live[0], answer=answer))
        for tag in TARGETS:
            language = self.languages[tag]
            waiting = language.usable.get(self.live[0])
            if waiting:
                language.shown = waiting
                event = (
                    "approved against the live source" if waiting.at > language.against_at or language.layer == "none" else "source returns"
                )
                language.move(event)
            else:
                self.suffer(tag, answer, at)

    def can_raise(self, change: Change, answer: str) -> bool:
        return GRAVITY.index(answer) > GRAVITY.index(change.answer)

    def raise_severity(self, change: Change, answer: str) -> None:
        at, change.answer = self.tick(), answer
        for tag in TARGETS:
            language = self.languages[tag]
            shown = language.shown
            if language.layer == "none" or shown is None or shown.at > change.at or shown.of in (change.after, self.live and self.live[0]):
                continue
            self.suffer(tag, answer, at)

    def suffer(self, tag: str, answer: str, at: int) -> None:
        if answer.startswith("safety"):
            notice = answer == "safety, no harm" and tag in HAS_SOURCE_NOTICE
            self.languages[tag].move("source safety: notice" if notice else "source safety: hold", at)
        else:
            self.languages[tag].move(f"source {answer}")

    def pass_deadline(self) -> None:
        for tag in TARGETS:
            language = self.languages[tag]
            if self.served(tag) == "noticed" and language.layer == "noticed":
                language.move("paused", self.tick())

    # -- a translation -----------------------------------------------------------------------------------------------

    def approve(self, tag: str, pk: int) -> None:
        language = self.languages[tag]
        given = Given(of=self.reference(), at=self.tick(), pk=pk)
        language.usable[given.of] = given
        if self.live and given.of == self.live[0]:
            language.shown = given
            language.move("approved against the live source")

    def revoke(self, tag: str, pk: int) -> None:
        language, at = self.languages[tag], self.tick()
        for given in [*self.signed, *language.usable.values(), *([language.shown] if language.shown else [])]:
            given.is_revoked |= given.pk == pk
        language.usable = {text: given for text, given in language.usable.items() if given.pk != pk}
        if language.shown and language.shown.pk == pk:
            language.move("revoked", at)

    # -- closing, and bringing back ----------------------------------------------------------------------------------

    def can_pause(self, tags: tuple[str, ...]) -> bool:
        return any(self.served(tag) not in ("none", "held", "gone", "recalled") for tag in tags)

    def pause(self, tags: tuple[str, ...]) -> None:
        at = self.tick()
        for tag in tags:
            if self.languages[tag].layer != "none":
                self.languages[tag].move("paused", at)

    def close(self, state: str, tag: str) -> None:
        at = self.tick()
        if tag == ALL:
            setattr(self, f"all_{state}_at", at)
        else:
            setattr(self.languages[tag], f"{state}_at", at)

    def can_bring_back(self, tag: str) -> bool:
        language = self.languages[tag or "en"]
        gone, recalled = (self.all_gone_at, self.all_recalled_at) if tag == ALL else (language.gone_at, language.recalled_at)
        return max(gone, recalled) >= 0 and language.layer == "current" and bool(language.shown and language.shown.at > recalled)

    def bring_back(self, tag: str) -> None:
        if tag != ALL:
            self.languages[tag].gone_at = self.languages[tag].recalled_at = -1
            return
        closed_by_themselves = {tag for tag in TARGETS if max(self.languages[tag].gone_at, self.languages[tag].recalled_at) >= 0}
        for state in ("gone", "recalled"):
            if (closed_at := getattr(self, f"all_{state}_at")) >= 0:
                self.lift(state, closed_at, except_for=closed_by_themselves)
                setattr(self, f"all_{state}_at", -1)

    def lift(self, state: str, closed_at: int, except_for: set[str] | None = None) -> None:
        at = self.tick()
        for tag in TARGETS:
            language = self.languages[tag]
            is_closed = max(language.gone_at, language.recalled_at) >= 0 if except_for is None else tag in except_for
            if language.layer == "none" or is_closed:
                continue
            assert language.shown
            if language.layer != "current" or (state == "recalled" and language.shown.at < closed_at):
                setattr(language, f"{state}_at", at)


def said(answer: str) -> tuple[str, str]:
    """Severity and harm of an answer, as the editor's form has them."""
    severity, _, harmless = answer.partition(", ")
    return severity, "no" if harmless else "yes" if severity == "safety" else ""


class StateTable(RuleBasedStateMachine):
    """Every event of the table, on one article in a source and two targets."""

    shelf: factories.Shelf
    article: Article
    notice: Notice

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.model = Model()
        self.revisions = 0
        self.words = 0
        self.posting: NoticePosting | None = None
        self.is_deleted = False

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    # -- nothing of this is for readers ------------------------------------------------------------------------------

    @precondition(lambda self: not self.is_deleted)
    @rule(tag=st.sampled_from(TARGETS))
    def desk_save(self, tag: str) -> None:
        self.words += 1
        factories.translate(self.article, tag, words=f" {self.words}")

    @precondition(lambda self: not self.is_deleted)
    @rule(text=st.sampled_from(sorted(TEXTS)), audience=st.sampled_from(("adults", "families")))
    def draft(self, text: str, audience: str) -> None:
        factories.edit(self.article, body=factories.small_body(f"<p>{TEXTS[text]}</p>"), audience=audience)
        self.model.draft = (text, audience)

    @rule()
    def rebuild(self) -> None:
        before = factories.public()
        publishing.record_due(publishing.subjects_with_documents())
        publishing.work_off()
        assert factories.public() == before

    # -- the source --------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.is_deleted)
    @rule()
    def sign_source_off(self) -> None:
        self.model.sign(factories.approve_source(self.article).pk)

    @precondition(lambda self: not self.is_deleted)
    @rule(answer=st.sampled_from(GRAVITY))
    def publish(self, answer: str) -> None:
        severity, harm = said(answer)
        foretold = releasing.effects(factories.fresh(self.article), change_severity=severity, harm=harm)
        article = factories.publish(self.article, severity=severity, harm=harm)
        self.model.publish(answer)
        live, decisions = article.live_release(), evidence.of(article.public_id)
        is_out = live and f"{live.text_digest}.{live.facts_digest}" == reference.shown_digest(reference.source_of(article), "en")
        # A source that is held does not go out, nor its page come back, until it is signed off again.
        if is_out and not releasing.page_closures(decisions):
            assert {tag: serving.standing(decisions, tag).state for tag in TARGETS} == {tag: foretold[tag] for tag in TARGETS}

    @precondition(lambda self: not self.is_deleted)
    @rule(text=st.sampled_from(sorted(TEXTS)), answer=st.sampled_from(GRAVITY))
    def replace_live_source(self, text: str, answer: str) -> None:
        self.draft(text, self.model.draft[1])
        self.sign_source_off()
        self.publish(answer)

    @precondition(lambda self: not self.is_deleted and self.model.changes)
    @rule(back=st.integers(1, 2), answer=st.sampled_from(GRAVITY))
    def raise_severity(self, back: int, answer: str) -> None:
        known = self.model.changes[-min(back, len(self.model.changes))]
        rows = SourceChange.objects.filter(subject_id=self.article.public_id, raises__isnull=True).order_by("at")
        row = [row for row in rows if row.from_digest not in ("", row.to_digest)][self.model.changes.index(known)]
        severity, harm = said(answer)
        named = {"change_severity": severity, "harm": harm, "note": "Graver.", "by": factories.safety_lead()}
        if self.model.can_raise(known, answer):
            releasing.raise_severity(factories.fresh(self.article), row, **named)
            self.model.raise_severity(known, answer)
        else:
            with pytest.raises(releasing.NotRaisable):
                releasing.raise_severity(factories.fresh(self.article), row, **named)

    @precondition(lambda self: not self.is_deleted)
    @rule()
    def pass_deadline(self) -> None:
        deadlines.work_off(timezone.now() + deadlines.NOTICE_LASTS)
        self.model.pass_deadline()

    @precondition(lambda self: not self.is_deleted and Article.objects.get(pk=self.article.pk).live)
    @rule(is_expired=st.booleans())
    def unpublish(self, is_expired: bool) -> None:
        factories.fresh(self.article).unpublish(set_expired=is_expired)
        self.model.page_down_at = self.model.tick()

    @precondition(lambda self: not self.is_deleted and self.model.now > 25)
    @rule()
    def delete(self) -> None:
        was_live = factories.fresh(self.article).live
        factories.fresh(self.article).delete()
        self.is_deleted = True
        if was_live:
            self.model.page_down_at = self.model.tick()

    # -- translations ------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.is_deleted)
    @rule(tag=st.sampled_from(TARGETS), words=st.sampled_from(("", " again")))
    def approve_target(self, tag: str, words: str) -> None:
        factories.translate(self.article, tag, words=words)
        self.model.approve(tag, factories.approve_target(self.article, tag).pk)

    @precondition(lambda self: not self.is_deleted)
    @rule(tag=st.sampled_from(TAGS), back=st.integers(0, 2))
    def revoke(self, tag: str, back: int) -> None:
        given = Approval.objects.filter(subject_id=self.article.public_id, language=tag, revoked_at__isnull=True).order_by("-at")
        if len(given) > back:
            sign_off.revoke(self.article, given[back], by=factories.safety_lead(), reason="Wrong.")
            self.model.revoke(tag, given[back].pk)

    # -- closing -----------------------------------------------------------------------------------------------------

    @precondition(lambda self: not self.is_deleted)
    @rule(tag=st.sampled_from((*TAGS, ALL)))
    def pause(self, tag: str) -> None:
        tags = (tag,) if tag else TAGS
        if self.model.can_pause(tags):
            closing.pause(self.article, tag, by=factories.safety_lead(), reason="Danger.")
            self.model.pause(tags)
        else:
            with pytest.raises(closing.NotClosable):
                closing.pause(self.article, tag, by=factories.safety_lead(), reason="Danger.")

    @precondition(lambda self: not self.is_deleted)
    @rule(tag=st.sampled_from(TAGS), state=st.sampled_from(("gone", "recalled")))
    def retire_or_recall(self, tag: str, state: str) -> None:
        act = closing.retire if state == "gone" else closing.recall
        tags = TAGS if tag == "en" else (tag,)
        if all(self.model.served(tag) == "none" for tag in tags):
            with pytest.raises(closing.NotClosable):
                act(self.article, tag, by=factories.safety_lead(), reason="Wrong.")
        else:
            act(self.article, tag, by=factories.safety_lead(), reason="Wrong.")
            self.model.close(state, ALL if tag == "en" else tag)

    @precondition(lambda self: not self.is_deleted)
    @rule(tag=st.sampled_from(TAGS))
    def bring_back(self, tag: str) -> None:
        wanted = ALL if tag == "en" else tag
        if self.model.can_bring_back(wanted):
            closing.bring_back(self.article, tag, by=factories.safety_lead(), reason="Right again.")
            self.model.bring_back(wanted)
        else:
            with pytest.raises(closing.NotBackYet):
                closing.bring_back(self.article, tag, by=factories.safety_lead(), reason="Right again.")

    # -- notices -----------------------------------------------------------------------------------------------------

    @rule(scope=st.sampled_from(NoticePosting.Scope.values))
    def post_or_lift_notice(self, scope: str) -> None:
        if self.posting:
            notices.lift(self.posting, by=factories.safety_lead())
            self.posting = None
        else:
            subject = {"article": self.article.public_id, "term": self.shelf.term.public_id, "library": notices.LIBRARY}[scope]
            self.posting = notices.post(self.notice, scope=scope, subject_id=subject, by=factories.safety_lead())
        self.model.is_posted = self.posting is not None

    @precondition(lambda self: "ar" not in self.model.posted_in)
    @rule()
    def approve_posted_notice_later(self) -> None:
        factories.translated(self.notice, "ar")
        self.model.posted_in |= {"ar"}

    # -- the comparison ----------------------------------------------------------------------------------------------

    @invariant()
    def readers_get_what_the_table_says(self) -> None:
        decisions = evidence.of(self.article.public_id)
        for tag in TAGS:
            expected = self.model.served(tag)
            found = serving.serving(decisions, tag).state
            under = self.model.languages[tag].layer if expected == "noticed" else expected
            assert found == under, (tag, found, under, self.model)
            self.compare_document(tag, expected, under)

    def compare_document(self, tag: str, expected: str, under: str) -> None:
        document = factories.stored(self.article, tag)
        language = self.model.languages[tag]
        language.was_stored |= expected in ("current", "outdated", "noticed")
        if not language.was_stored:
            assert document is None, (tag, document)
            return
        assert document is not None, tag
        if expected in ("held", "gone", "recalled"):
            assert document.state == expected, (tag, document, expected)
            return
        content = factories.content(self.article, tag)
        said = (content["notice"] or {"text": ""})["text"]
        assert ("Notice: danger." in said) == (self.model.is_posted and tag in self.model.posted_in), (tag, said)
        assert ("Notice: source-changed." in said) == (under == "noticed"), (tag, said)
        if under != "noticed":
            assert content["translation"]["status"] == under, (tag, content["translation"])
            assert ("Notice: outdated." in said) == (under == "outdated"), (tag, said)


@pytest.mark.figure(30)
@pytest.mark.parametrize("shard", walks.SHARDS)
def test_readers_get_what_the_state_table_says(settings, figure, shard):
    settings.CLINICAL_SIGN_OFF = "required"
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
    StateTable.shelf = factories.shelf(targets=TARGETS)
    StateTable.article = factories.article(StateTable.shelf)
    StateTable.notice = factories.notice("danger", text="<p>Notice: danger.</p>", targets=["es"])
    withdrawn = Approval.objects.get(subject_id=StateTable.shelf.source_changed.public_id, language="ar")
    sign_off.revoke(StateTable.shelf.source_changed, withdrawn, by=factories.safety_lead(), reason="Not clear.")
    with disable_reference_index_auto_update():
        walked = walks.walk(StateTable, shard=shard, runs=1_000, steps=40)
    figure(row=30, name=f"differences from the state table {walked}", value=0, limit=0)
    assert connection.in_atomic_block
