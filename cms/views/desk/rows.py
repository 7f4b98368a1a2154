"""The rows of the desk: a segment with its source, its translation, and everything that stands beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from cms import comments, difference, glossary, quality, segments, versions
from cms.models import Override
from cms.overriding import Checked
from cms.versions import Part, State
from cms.views.desk.forms import TranslationForm

WORDS: dict[State, Promise] = {State.EMPTY: _("Empty"), State.MOVED: _("Source moved"), State.DONE: _("Translated")}


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a check found, and who asked to let it pass."""

    finding: quality.Finding
    override: Override | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One segment. `started_from` is the digest of the text that the field was filled with."""

    index: int
    key: str
    label: str
    source: str
    text: str
    is_rich: bool
    state: State
    written_against: str
    is_unread: bool
    found: tuple[Found, ...]
    terms: tuple[quality.Term, ...]
    comments: int
    note: str = ""
    field: BoundField | None = None
    copy_field: BoundField | None = None
    theirs: str | None = None

    @property
    def started_from(self) -> str:
        return versions.digest(self.text)

    @property
    def word(self) -> str:
        return str(WORDS[self.state])

    @property
    def needs_attention(self) -> bool:
        """Whether something stands in the way of its approval."""
        return self.is_unread or self.has_errors

    @property
    def has_errors(self) -> bool:
        """Whether the checks found something that nobody asked to let pass."""
        return any(found.finding.level == "error" and not found.override for found in self.found)

    @property
    def is_to_do(self) -> bool:
        return self.state != State.DONE or self.needs_attention

    @property
    def difference(self) -> str:
        """What moved in the source since this was written, marked; "" when nothing did."""
        return difference.between(self.written_against, self.source) if self.state == State.MOVED else ""

    @property
    def words(self) -> int:
        """Words of the source."""
        return len(strip_tags(self.source.replace("<", " <")).split())


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a translation is."""

    done: int
    total: int
    words_to_do: int

    @classmethod
    def of(cls, rows: list[Row]) -> "Progress":
        return cls(
            done=sum(row.state == State.DONE for row in rows),
            total=len(rows),
            words_to_do=sum(row.words for row in rows if row.state != State.DONE),
        )


def rows(
    checked: Checked,
    labels: Mapping[str, str],
    *,
    rich: set[str],
    form: TranslationForm | None = None,
    copies: TranslationForm | None = None,
    typed: Mapping[str, str] | None = None,
    theirs: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> list[Row]:
    """A row a segment of the source. `typed` is what a form that could not be saved holds, `theirs` what is stored instead.

    `notes` are its author's, by segment.
    """
    known = versions.current_parts(checked.subject.public_id, checked.language)
    return list(_rows(checked, labels, known, rich=rich, form=form, copies=copies, typed=typed, theirs=theirs, notes=notes))


def _rows(checked: Checked, labels: Mapping[str, str], known: Mapping[str, Part], *, rich: set[str], **shown: Any) -> Iterator[Row]:
    words = glossary.words_for(checked.language)
    findings = quality.findings(checked.source, checked.texts, language=checked.language, words=words)
    states = versions.states(checked.texts, known, checked.source)
    said = comments.open_by_key(checked.subject.public_id, checked.language)
    unread = set(versions.unread_machine(checked.subject.public_id, checked.language, checked.source))
    names = {name: {key: field for field, key in form.keys.items()} for name in ("form", "copies") if (form := shown[name])}
    for index, (key, source) in enumerate(checked.source.items()):
        mine = (shown["typed"] or checked.texts).get(key, "")
        theirs = shown["theirs"].get(key, "") if shown["theirs"] is not None else None
        yield Row(
            index=index,
            key=key,
            label=labels[key],
            source=source,
            text=checked.texts.get(key, ""),
            is_rich=key in rich,
            state=states[key],
            written_against=known[key].source if key in known else "",
            is_unread=key in unread,
            comments=said.get(key, 0),
            note=(shown["notes"] or {}).get(key, ""),
            found=tuple(
                Found(finding=finding, override=checked.override_of(finding) if finding.level == "error" else None)
                for finding in findings
                if finding.key == key
            ),
            terms=tuple({(term.source_label, term.target_label): term for term in reversed(glossary.for_segment(source, words))}.values()),
            field=shown["form"][names["form"][key]] if shown["form"] else None,
            copy_field=shown["copies"][names["copies"][key]] if shown["copies"] and key in rich else None,
            theirs=theirs if theirs is not None and segments.canonical(theirs) != segments.canonical(mine) else None,
        )
