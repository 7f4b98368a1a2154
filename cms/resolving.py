"""What a document shows beside its own text: labels, advice and notices, each as it was approved in that language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from cms import evidence, rendering, segments
from cms.models import Lapse, Notice, NoticePosting, Release, Term
from cms.serving import Decisions, Served, serving


class NotShowable(LookupError):
    """Something without which the document must not be shown is not approved in its language. `reason` is a stable code."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(f"{reason}: {what}")
        self.reason = reason


@dataclass(kw_only=True)
class Resolver:
    """Reads the decisions about what documents show, each subject once, for as many documents as share it.

    `known` are decisions that were read under the same lock.
    """

    known: dict[UUID, Decisions] = field(default_factory=dict)
    _lapsed: dict[tuple[UUID, str], bool] = field(default_factory=dict)
    _notices: list[UUID] | None = None
    _postings: list[NoticePosting] | None = None

    def decisions(self, subject_ids: Iterable[UUID]) -> dict[UUID, Decisions]:
        """The decisions of these subjects, from memory where they were read before."""
        wanted = list(subject_ids)
        unread = [subject_id for subject_id in wanted if subject_id not in self.known]
        if unread:
            self.known.update(evidence.of_many(unread))
        return {subject_id: self.known[subject_id] for subject_id in wanted}

    def has_lapsed(self, subject_id: UUID, due_on: str | None) -> bool:
        """Whether it is on record that the review due on this day was not made in time."""
        if due_on is None:
            return False
        if (subject_id, due_on) not in self._lapsed:
            self._lapsed[subject_id, due_on] = Lapse.objects.filter(subject_id=subject_id, due_on=due_on).exists()
        return self._lapsed[subject_id, due_on]

    def served(self, subject_id: UUID, language: str) -> Served | None:
        """The subject as readers may get it, or None."""
        match serving(self.decisions([subject_id])[subject_id], language):
            case Served() as served:
                return served
            case _:
                return None

    def shown(self, *, public_id: UUID, release: Release, placement: dict[str, object], language: str, served: Served) -> rendering.Shown:
        """All that an article shows in a language; NotShowable when a safety text is lacking."""
        facts = release.facts
        topic = UUID(str(_collection(placement)["topic"]))
        term_ids = [UUID(term) for term in facts["terms"]]
        advice_ids = [UUID(advice) for advice in facts["advice"]]
        self.decisions([topic, *term_ids, *advice_ids])
        collection = self.term(topic, language)
        if collection is None:
            raise NotShowable("collection-title-unavailable", str(topic))
        terms = [term for term in (self.term(term_id, language) for term_id in term_ids) if term]
        _require_symptoms(facts["structure"], terms)
        return rendering.Shown(
            collection=collection,
            terms=terms,
            chosen_terms=term_ids,
            advice=[self.advice(advice_id, language) for advice_id in advice_ids],
            notices=self.notices(public_id=public_id, term_ids=[topic, *term_ids], language=language, served=served),
            sample=self.special(Notice.Purpose.SAMPLE, language) if facts["sample"] else None,
            publisher=rendering.Publisher(name=settings.LIBRARY_NAME, url=settings.LIBRARY_URL, base_url=settings.BASE_URL),
        )

    def term(self, public_id: UUID, language: str) -> rendering.ShownTerm | None:
        """A term's approved label; None for one that readers may not get."""
        served = self.served(public_id, language)
        if served is None:
            return None
        facts = served.release.facts
        return rendering.ShownTerm(
            public_id=public_id,
            vocabulary=facts["vocabulary"],
            code=facts["code"],
            kind=facts["kind"],
            url=facts["url"],
            label=served.texts["label"],
        )

    def advice(self, public_id: UUID, language: str) -> rendering.ShownAdvice:
        """Approved advice; NotShowable without it: no article goes out with a safety text left out."""
        served = self.served(public_id, language)
        if served is None:
            raise NotShowable("safety-advice-unavailable", str(public_id))
        return rendering.ShownAdvice(
            public_id=public_id, code=served.release.facts["code"], heading=served.texts["heading"], html=served.texts["text"]
        )

    def special(self, purpose: str, language: str) -> rendering.ShownNotice:
        """The notice that the library keeps for a purpose; NotShowable when none is approved in the language."""
        notice = self.special_or_none(purpose, language)
        if notice is None:
            raise NotShowable("notice-unavailable", purpose)
        return notice

    def special_or_none(self, purpose: str, language: str) -> rendering.ShownNotice | None:
        """The first notice of a purpose, by code, that is approved in a language."""
        found = [
            (served.release.facts["code"], self._notice(notice_id, served))
            for notice_id in self._notice_ids()
            if (served := self.served(notice_id, language)) and served.release.facts["purpose"] == purpose
        ]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def notices(self, *, public_id: UUID, term_ids: Sequence[UUID], language: str, served: Served) -> list[rendering.ShownNotice]:
        """What stands above this text: a lacking safety change, postings, that it is outdated; each once, gravest first."""
        found: list[rendering.ShownNotice] = []
        if served.noticed:
            found.append(self.special(Notice.Purpose.SOURCE_CHANGED, language))
        found += [
            self._notice(posting.notice_id, posted)
            for posting in self._active_postings()
            if posting.concerns(public_id, term_ids) and (posted := self.served(posting.notice_id, language))
        ]
        if served.outdated_by and not served.noticed and (line := self.special_or_none(Notice.Purpose.OUTDATED, language)):
            found.append(line)
        unique = {notice.public_id: notice for notice in found}
        return sorted(unique.values(), key=lambda notice: rendering.NOTICE_SEVERITIES.index(notice.severity))

    def _notice(self, public_id: UUID, served: Served) -> rendering.ShownNotice:
        return rendering.ShownNotice(public_id=public_id, severity=served.release.facts["severity"], html=served.texts["text"])

    def _notice_ids(self) -> list[UUID]:
        if self._notices is None:
            found = Release.objects.filter(subject_kind=Notice.kind).values_list("subject_id", flat=True).distinct().order_by("subject_id")
            self._notices = list(found)
            self.decisions(self._notices)
        return self._notices

    def _active_postings(self) -> list[NoticePosting]:
        if self._postings is None:
            self._postings = list(NoticePosting.objects.filter(lifted_at__isnull=True).order_by("pk"))
        return self._postings


def _require_symptoms(structure: segments.RawBody, terms: Sequence[rendering.ShownTerm]) -> None:
    """A list of symptoms with none left to list would say that there are none."""
    shown = {term.kind for term in terms if term.vocabulary == Term.Vocabulary.SYMPTOM}
    for section in structure:
        for block in section["value"]["blocks"]:
            if block["type"] == "symptoms" and block["value"] not in shown:
                raise NotShowable("symptoms-unavailable", block["value"])


def _collection(placement: dict[str, object]) -> dict[str, str]:
    collection = placement["collection"]
    if not isinstance(collection, dict):
        raise TypeError("A placement names its collection.")
    return collection
