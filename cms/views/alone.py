"""What one person approved alone in an emergency: shown where the text is read, with a button for whoever may be the second."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages

from cms import evidence, languages, obstacles, publishing, sign_off, subjects
from cms.models import Approval
from cms.serving import Decisions
from cms.sign_off import NotApprovable


@dataclass(frozen=True, kw_only=True)
class Line:
    """An approval that waits for its second person; `obstacles` says why that is not whoever looks."""

    approval: Approval
    obstacles: list[str]
    is_shown: bool
    proof_url: str
    confirm_url: str
    close_url: str


def lines(decisions: Decisions, tag: str, *, shown: str, by: Any) -> list[Line]:
    """What was approved alone in one language, the newest first. `shown` is the digest of the text on the same screen."""
    return [_line(approval, decisions, shown=shown, by=by) for approval in obstacles.unconfirmed(decisions, tag)]


def _line(approval: Approval, decisions: Decisions, *, shown: str, by: Any) -> Line:
    address = [approval.subject_kind, approval.subject_id, approval.language]
    return Line(
        approval=approval,
        obstacles=obstacles.of_confirming(approval, decisions, by=by),
        is_shown=approval.text_digest == shown,
        proof_url=reverse("mainstay:proof", args=address) if approval.subject_kind in publishing.DOCUMENT_KINDS else "",
        confirm_url=reverse("mainstay:confirm_alone", args=address),
        close_url=reverse("mainstay:close", args=address),
    )


class ConfirmAloneView(View):
    """POST `approval`: stand by it. Who may not is told why, and nothing changes."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, public_id: UUID, tag: str) -> HttpResponse:
        subject = subjects.get(kind, public_id)
        waiting = obstacles.unconfirmed(evidence.of(public_id), tag)
        approval = next((row for row in waiting if str(row.pk) == request.POST.get("approval")), None)
        try:
            if approval is None:
                raise NotApprovable([_("There is nothing to confirm any more.")])
            sign_off.confirm_alone(subject, approval, by=request.user)
        except NotApprovable as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, _("Confirmed. The text has its second person."))
        return redirect(_back(request.user, kind, public_id, tag))


def _back(user: Any, kind: str, public_id: UUID, tag: str) -> str:
    """Where the text is read, for who may read it there."""
    if tag == languages.SOURCE:
        return reverse("mainstay:sign_off", args=[kind, public_id])
    if user.has_perm("cms.translate") or user.has_perm("cms.approve_translation"):
        return reverse("mainstay:translate", args=[kind, public_id, tag])
    return reverse("mainstay:readers", args=[kind, public_id])
