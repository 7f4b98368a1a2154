"""Languages: of the library, and of one article."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api import addresses, answers, canonical, coverage, detail, filters, languages, responses
from api.models import Document, Kind
from api.problems import Problem
from api.reading import Read


class ArticleLanguages(Read):
    """List the languages of an article

    Every language of the library, and how the article stands in it.
    """

    by_status = {200: answers.ArticleLanguages, 304: None, 400: answers.Problem, 404: answers.Problem}

    def get(self, request: Request, reference: str) -> HttpResponse:
        rows = {row.language: row for row in detail.subject(kind=Kind.ARTICLE, reference=reference).defer("body").order_by("number")}
        if not rows:
            raise Problem("not-found", "There is no article of this id or slug, and there never was.")
        latest = list(rows.values())[-1]
        results = [_language_state(language, rows.get(language.tag)) for language in languages.ALL]
        text = canonical.dumps({"id": str(latest.subject_id), "slug": latest.slug, "results": results})
        return responses.answer(
            request, text, surrogate_keys=[f"a:{latest.subject_id}", *(f"d:{latest.subject_id}:{tag}" for tag in languages.TAGS)]
        )


class LanguageList(Read):
    """List languages

    The languages of the library, and how many articles each has.
    """

    parameters = (filters.SAMPLE,)
    by_status = {200: answers.LanguageList, 304: None, 400: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        counts = coverage.of_languages(sample=self.values.get("sample"))
        results = [
            {
                "tag": language.tag,
                "own_name": language.own_name,
                "english_name": language.english_name,
                "direction": language.direction,
                "source": language.tag == languages.SOURCE,
                "fallback": language.fallback,
                **vars(counts[language.tag]),
            }
            for language in languages.ALL
        ]
        return responses.answer(request, canonical.dumps({"results": results}), surrogate_keys=[f"list:{tag}" for tag in languages.TAGS])


def _language_state(language: languages.Language, row: Document | None) -> dict[str, Any]:
    published = row is not None and bool(row.state == "published")
    return {
        "lang": language.tag,
        "own_name": language.own_name,
        "direction": language.direction,
        "state": row.state if row else "none",
        "translation_status": row.translation_status if row and published else None,
        "version": row.version if row else None,
        "modified_at": canonical.moment(row.modified_at) if row else None,
        "reviewed_on": row.reviewed_on.isoformat() if row and published and row.reviewed_on else None,
        "etag": row.quoted_etag if row and published else None,
        "url": addresses.document(row) if row and published else None,
    }
