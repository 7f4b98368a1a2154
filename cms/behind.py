"""Which changes of a source a translation lacks, and when it had them: read while the decisions are folded.

A minor change is carried over, so its readers have a current text at once; it is followed when the translation is approved against it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from cms import serving
from cms.models import SourceChange
from cms.serving import Decisions, Standing, State

#: From the gravest down.
SEVERITIES = ("safety", "substantive", "minor")


def changes(decisions: Decisions, language: str) -> Iterator[tuple[SourceChange, datetime | None]]:
    """Each change of the text that a translation was without, and when readers had it; None for those that it is without now.

    What was taken down lacks nothing: nobody reads it.
    """
    behind: list[SourceChange] = []
    state = State.NONE
    for event, now in serving.moves(decisions, language):
        state = now.state
        if event.name == "changed" and _lacks(now, event.row):
            behind.append(event.row)
        if state == State.CURRENT and not now.carried_over:
            yield from ((change, event.at) for change in behind)
            behind = []
    if state not in (State.GONE, State.RECALLED):
        yield from ((change, None) for change in behind)


def _lacks(now: Standing, change: SourceChange) -> bool:
    if change.raises_id or not change.from_digest or change.from_digest == change.to_digest:
        return False
    if now.state in (State.NONE, State.GONE, State.RECALLED):
        return False
    return now.approval is not None and now.approval.source_digest != change.to_digest


def grades(decisions: Decisions) -> Mapping[int, str]:
    """How grave each change is, by its key: as it was called at last."""
    found: dict[int, str] = {}
    for change in decisions.changes:
        key = change.raises_id or change.pk
        found[key] = min(change.severity, found.get(key, change.severity), key=SEVERITIES.index)
    return found
