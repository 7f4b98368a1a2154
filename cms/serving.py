"""What readers may get of one subject in one language, folded from the recorded decisions.

Pure: rows in, a state out. The decisions of a subject are put in the order in which they were made (their moments are
strictly increasing) and each moves a small state; the layers are read off at the end: recalled over gone over held over
noticed over outdated. Working text never enters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cms.languages import SOURCE
from cms.models import Approval, Closure, Release, Review, SourceChange


class State(StrEnum):
    """What readers are served, in the words of the contract."""

    NONE = "none"
    CURRENT = "current"
    OUTDATED = "outdated"
    NOTICED = "noticed"
    HELD = "held"
    GONE = "gone"
    RECALLED = "recalled"


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Readers never got this subject in this language."""

    state: State = State.NONE


@dataclass(frozen=True, kw_only=True)
class Served:
    """Readers get the approved texts, in the structure and with the facts of `release`."""

    release: Release
    texts: dict[str, str]
    approval: Approval | None
    outdated_by: str | None = None
    carried_over: bool = False
    noticed: bool = False

    @property
    def state(self) -> State:
        if self.noticed:
            return State.NOTICED
        return State.OUTDATED if self.outdated_by else State.CURRENT


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Readers must not get it: `held`, `gone` or `recalled`, why, since when, and what a partner is told."""

    state: State
    reason: str
    since: datetime
    details: dict[str, Any] = field(default_factory=dict)


Serving = Missing | Served | Closed


@dataclass(frozen=True, kw_only=True)
class Event:
    """One decision at its moment; `row` is what it recorded."""

    at: datetime
    name: str
    row: Any


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """Every decision about one subject, from the database, in any order."""

    releases: Sequence[Release] = ()
    approvals: Sequence[Approval] = ()
    changes: Sequence[SourceChange] = ()
    closures: Sequence[Closure] = ()
    reviews: Sequence[Review] = ()

    def last_at(self) -> datetime | None:
        """The latest moment of any decision."""
        moments = [event.at for event in self._all()]
        moments += [row.at for row in (*self.releases, *self.approvals, *self.reviews)]
        return max(moments, default=None)

    def latest_release(self) -> Release | None:
        """What an editor let go last, signed off or not."""
        return max(self.releases, key=lambda release: release.at, default=None)

    def latest_change(self) -> SourceChange | None:
        """The change that made the source document what it is now."""
        return max((change for change in self.changes if not change.raises_id), key=lambda change: change.at, default=None)

    def approval_of(self, release: Release) -> Approval | None:
        """The latest sign-off, not revoked, of exactly this source text with these facts."""
        bound = (release.text_digest, release.facts_digest)
        matching = [
            approval
            for approval in self.approvals
            if approval.language == SOURCE and not approval.revoked_at and (approval.text_digest, approval.facts_digest) == bound
        ]
        return max(matching, key=lambda approval: approval.at, default=None)

    def review_of(self, release: Release) -> Review | None:
        """The latest review that found this source, with these facts, still right."""
        bound = (release.text_digest, release.facts_digest)
        matching = [review for review in self.reviews if (review.text_digest, review.facts_digest) == bound]
        return max(matching, key=lambda review: review.at, default=None)

    def open_closures(self, language: str | None = None) -> list[Closure]:
        """Closures not lifted: of one language ("" for all of them at once), or any."""
        return [closure for closure in self.closures if not closure.lifted_at and language in (None, closure.language)]

    def events(self, language: str) -> list[Event]:
        """What happened to one language, in order."""
        return sorted(self._all(language), key=lambda event: event.at)

    def _all(self, language: str | None = None) -> Iterator[Event]:
        """What happened to one language, or to any: whole libraries are folded, so what does not concern it is not made an event."""
        for approval in self.approvals:
            if language is not None and approval.language != language:
                continue
            if approval.effective_at:
                yield Event(at=approval.effective_at, name="approved", row=approval)
            if approval.revoked_at:
                yield Event(at=approval.revoked_at, name="revoked", row=approval)
        for change in self.changes:
            yield Event(at=change.at, name="changed", row=change)
        for closure in self.closures:
            if language is not None and closure.language not in ("", language):
                continue
            yield Event(at=closure.at, name="closed", row=closure)
            if closure.lifted_at:
                yield Event(at=closure.lifted_at, name="lifted", row=closure)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a text is held, noticed, gone or recalled, and since when; `latest` is when it was last said."""

    at: datetime
    reason: str
    details: dict[str, Any] = field(default_factory=dict)
    latest: datetime | None = None

    def is_older_than(self, approval: Approval) -> bool:
        """Whether the approval came after everything that was said against the text."""
        return approval.at > (self.latest or self.at)


def _said_again(cause: Cause | None, again: Cause) -> Cause:
    """The first cause stays what partners are told; no approval older than the last one lifts it."""
    return replace(cause, latest=again.at) if cause else again


@dataclass(kw_only=True)
class Standing:
    """Where one language stands while the decisions are folded; `since` is when it came into its state, and for a text that nobody
    was ever given, when its source first could be had."""

    language: str
    since: datetime | None = None
    live: Release | None = None
    release: Release | None = None
    approval: Approval | None = None
    is_served: bool = False
    outdated_by: str | None = None
    carried_over: bool = False
    waiting: dict[str, Approval] = field(default_factory=dict)
    held: Cause | None = None
    paused_by: set[int] = field(default_factory=set)
    noticed: Cause | None = None
    page_gone: Cause | None = None
    gone: Cause | None = None
    all_gone: Cause | None = None
    recalled: Cause | None = None
    all_recalled: Cause | None = None

    def is_faithful(self) -> bool:
        """Whether what would be shown is approved against the live source, with nothing against it."""
        return self.is_served and not self.outdated_by and not self.held and not self.noticed

    def last_said_at(self) -> datetime | None:
        """When something was last said against the text: held, noticed, retired or recalled; None when nothing stands."""
        causes = (self.held, self.noticed, self.page_gone, self.gone, self.all_gone, self.recalled, self.all_recalled)
        return max((cause.latest or cause.at for cause in causes if cause), default=None)

    # -- the source ------------------------------------------------------------------------------------------------

    def source_approved(self, approval: Approval) -> None:
        if self.live and (approval.text_digest, approval.facts_digest) == (self.live.text_digest, self.live.facts_digest):
            self.approval = approval
            self._show_again()

    def source_changed(self, change: SourceChange) -> None:
        if change.raises_id:
            return
        self.live = self.release = change.release
        self.approval = change.approval
        self.is_served = True
        if self.held and change.approval and self.held.is_older_than(change.approval):
            self._show_again()

    # -- a translation ---------------------------------------------------------------------------------------------

    def target_approved(self, approval: Approval) -> None:
        self.waiting[approval.source_digest] = approval
        if self.live and approval.source_digest == self.live.text_digest:
            self._take(approval)
            if self.held and self.held.is_older_than(approval):
                self._show_again()
            if self.noticed and self.noticed.is_older_than(approval):
                self.noticed = None

    def target_changed(self, change: SourceChange) -> None:
        if change.raises_id:
            if change.raises and self._lacks(change.raises):
                self.carried_over = False
                self._fall_behind(change)
            return
        self.live = change.release
        if change.from_digest == change.to_digest:
            if self.is_served and not self.outdated_by:
                self.release = change.release
            return
        approval = self.waiting.get(change.to_digest)
        if approval:
            self._take(approval)
            if self.held and self.held.is_older_than(approval):
                self._show_again()
            if self.noticed and self.noticed.is_older_than(approval):
                self.noticed = None
        elif self.is_served:
            self._fall_behind(change)

    def _lacks(self, change: SourceChange) -> bool:
        """Whether the text shown was approved before this change of the source, and against another source."""
        approval, live = self.approval, self.live
        if not self.is_served or approval is None or live is None:
            return False
        return approval.at < change.at and approval.source_digest not in (change.to_digest, live.text_digest)

    def _take(self, approval: Approval) -> None:
        self.approval = approval
        self.release = self.live
        self.is_served = True
        self.outdated_by = None
        self.carried_over = False

    def _fall_behind(self, change: SourceChange) -> None:
        match change.severity:
            case "minor":
                if not self.outdated_by:
                    self.release = change.release
                    self.carried_over = True
            case "safety":
                self.outdated_by = "safety"
                cause = Cause(at=change.at, reason="source-safety-change")
                if change.choices.get(self.language) == "notice":
                    self.noticed = _said_again(self.noticed, cause)
                    self.held = self.held and _said_again(self.held, cause)
                else:
                    self.held = _said_again(self.held, cause)
            case _:
                self.outdated_by = self.outdated_by or "substantive"

    # -- both ------------------------------------------------------------------------------------------------------

    def _show_again(self) -> None:
        self.held = None
        self.paused_by.clear()

    def revoked(self, approval: Approval) -> None:
        for digest in [digest for digest, waiting in self.waiting.items() if waiting.pk == approval.pk]:
            del self.waiting[digest]
        if self.approval and self.approval.pk == approval.pk and approval.revoked_at:
            self.held = Cause(at=approval.revoked_at, reason="approval-revoked")

    def closed(self, closure: Closure) -> None:
        cause = Cause(at=closure.at, reason=closure.reason_code(), details=closure.details)
        match closure.state:
            case Closure.State.HELD:
                if self.is_served:
                    self.held = cause
                    self.paused_by.update([closure.by_id] if closure.by_id else [])
            case Closure.State.GONE if closure.cause == Closure.Cause.PAGE:
                self.page_gone = cause
            case Closure.State.GONE if closure.language:
                self.gone = cause
            case Closure.State.GONE:
                self.all_gone = cause
            case Closure.State.RECALLED if closure.language:
                self.recalled = cause
            case Closure.State.RECALLED:
                self.all_recalled = cause

    def lifted(self, closure: Closure) -> None:
        match closure.state:
            case Closure.State.GONE if closure.cause == Closure.Cause.PAGE:
                self.page_gone = None
            case Closure.State.GONE if closure.language:
                self.gone = None
            case Closure.State.GONE:
                self.all_gone = None
            case Closure.State.RECALLED if closure.language:
                self.recalled = None
            case Closure.State.RECALLED:
                self.all_recalled = None

    @property
    def state(self) -> State:
        """What readers are served, without reading any text."""
        if not self.is_served or self.release is None:
            return State.NONE
        if layer := self._closing_layer():
            return layer[0]
        if self.noticed:
            return State.NOTICED
        return State.OUTDATED if self.outdated_by else State.CURRENT

    def _closing_layer(self) -> tuple[State, Cause] | None:
        if not (self.held or self.recalled or self.all_recalled or self.page_gone or self.all_gone or self.gone):
            return None  # as nearly every text: whole libraries are folded at once
        layers = (
            (State.RECALLED, self.recalled or self.all_recalled),
            (State.GONE, self.page_gone or self.all_gone or self.gone),
            (State.HELD, self.held),
        )
        return next(((state, cause) for state, cause in layers if cause), None)

    def serving(self) -> Serving:
        if not self.is_served or self.release is None:
            return Missing()
        if layer := self._closing_layer():
            state, cause = layer
            return Closed(state=state, reason=cause.reason, since=cause.at, details=cause.details)
        return Served(
            release=self.release,
            texts=self.release.texts if self.language == SOURCE else (self.approval.texts if self.approval else {}),
            approval=self.approval,
            outdated_by=self.outdated_by,
            carried_over=self.carried_over,
            noticed=self.noticed is not None,
        )


def moves(decisions: Decisions, language: str) -> Iterator[tuple[Event, Standing]]:
    """Fold the decisions about one subject for one language: each with where the language stands after it, in one object that moves on."""
    state = Standing(language=language)
    is_source = language == SOURCE
    before = None
    for event in decisions.events(language):
        match event.name:
            case "approved" if is_source:
                state.source_approved(event.row)
            case "approved":
                state.target_approved(event.row)
            case "changed" if is_source:
                state.source_changed(event.row)
            case "changed":
                state.target_changed(event.row)
            case "revoked":
                state.revoked(event.row)
            case "closed":
                state.closed(event.row)
            case "lifted":
                state.lifted(event.row)
        if (after := state.state) != before:
            state.since, before = event.at, after
        yield event, state


def standing(decisions: Decisions, language: str) -> Standing:
    """Where one language stands after all of them."""
    folded = [state for _event, state in moves(decisions, language)]
    return folded[-1] if folded else Standing(language=language)


def serving(decisions: Decisions, language: str) -> Serving:
    """What readers may get: Missing, Served or Closed."""
    return standing(decisions, language).serving()
