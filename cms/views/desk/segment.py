"""Saving and confirming a single segment while somebody goes on typing: answers in JSON, for the desk's script."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from cms import desk, segments, versions
from cms.models import Confirmation
from cms.views.desk.base import DeskView
from cms.views.desk.rows import Progress, rows


class SegmentView(DeskView):
    """POST `key`, `started_from` and the segment's field: 200 with how it stands now, 409 with what somebody else saved meanwhile."""

    http_method_names = ["post"]

    def is_allowed(self) -> bool:
        return self.can_translate

    def post(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("key", "")
        if key not in self.source:
            return _refused(404, [_("The source has no such passage any more. Load the page again.")])
        form = self.form(request.POST, only=[key])
        if not form.is_valid():
            return _refused(422, [str(error) for errors in form.errors.values() for error in errors])
        started_from = {key: request.POST.get("started_from", "")}
        try:
            desk.save_segments(self.subject, self.language.tag, form.texts(), started_from=started_from, by=request.user)
        except desk.TextMoved as moved:
            return self.both(key, moved.theirs)
        return self.standing(request, key)

    def both(self, key: str, theirs: Mapping[str, str]) -> HttpResponse:
        """What somebody else saved, with a field that holds it."""
        self.target = {**self.target, key: theirs[key]}
        form = self.form(only=[key])
        (name,) = form.keys
        return JsonResponse(
            {
                "errors": [_("Somebody else has saved this passage meanwhile.")],
                "started_from": versions.digest(theirs[key]),
                "theirs": render_to_string("cms/desk/theirs.html", {"text": theirs[key], "language": self.language}),
                "field": str(form[name]),
            },
            status=409,
        )

    def standing(self, request: HttpRequest, key: str) -> HttpResponse:
        """How the segment and the whole stand now."""
        self.subject.refresh_from_db()
        self.read()
        found = rows(self.checked, self.labels, rich=self.rich)
        row, progress = next(row for row in found if row.key == key), Progress.of(found)
        context = {"row": row, "language": self.language, "can_translate": True, "address": self.address()}
        return JsonResponse(
            {
                "started_from": row.started_from,
                "form_started_from": segments.text_digest(self.subject.texts_in(self.language.tag)),
                "state": row.state,
                "word": row.word,
                "needs_attention": row.needs_attention,
                "has_errors": row.has_errors,
                "is_unread": row.is_unread,
                "beside": render_to_string("cms/desk/beside.html", context, request=request),
                "progress": render_to_string("cms/desk/progress.html", {"progress": progress}),
                "saved": _("Saved %(time)s") % {"time": time_format(timezone.localtime(), "TIME_FORMAT")},
            }
        )

    def address(self) -> list[Any]:
        return [self.subject.kind, self.subject.public_id, self.language.tag]


class ConfirmView(SegmentView):
    """POST `key`, `started_from` and `of`: somebody looked at the segment, and left it."""

    def is_allowed(self) -> bool:
        return self.can_translate or self.can_approve

    def post(self, request: HttpRequest) -> HttpResponse:
        key, of = request.POST.get("key", ""), request.POST.get("of", "")
        if key not in self.target or of not in Confirmation.Of.values:
            return _refused(404, [_("There is no text here to confirm.")])
        try:
            desk.confirm(self.subject, self.language.tag, key, of=of, shown=request.POST.get("started_from", ""), by=request.user)
        except desk.TextMoved as moved:
            return self.both(key, moved.theirs)
        return self.standing(request, key)


def _refused(status: int, errors: list[str]) -> HttpResponse:
    return JsonResponse({"errors": errors}, status=status)
