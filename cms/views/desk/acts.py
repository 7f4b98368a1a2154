"""What is decided about a whole translation at the desk: submit, return, let pass, approve. Each answers on the desk itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from cms import overriding, sign_off, submitting
from cms.models import Approval
from cms.sign_off import Given, NotApprovable
from cms.views.desk.base import DeskView
from cms.views.desk.rows import rows
from cms.views.desk.screen import approval_form


class ActView(DeskView):
    """A POST that does one thing, says how it went, and shows the desk again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            messages.success(request, self.act(request))
        except (NotApprovable, submitting.NotSubmittable) as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        except overriding.NotOverridable as refused:
            messages.error(request, str(refused))
        return redirect(reverse("mainstay:translate", args=[self.subject.kind, self.subject.public_id, self.language.tag]))

    def act(self, request: HttpRequest) -> str:
        """Do it; what to say. Raises with sentences why not."""
        raise NotImplementedError


class SubmitView(ActView):
    def is_allowed(self) -> bool:
        return self.can_translate

    def act(self, request: HttpRequest) -> str:
        shown, note = request.POST.get("shown", ""), request.POST.get("note", "")
        submitting.submit(self.subject, self.language.tag, by=request.user, shown=shown, note=note)
        return _("Submitted. It waits for somebody else to check it.")


class ReturnView(ActView):
    def is_allowed(self) -> bool:
        return self.can_approve

    def act(self, request: HttpRequest) -> str:
        submitting.give_back(self.subject, self.language.tag, by=request.user, reason=request.POST.get("reason", ""))
        return _("Given back. Its translator reads your reason.")


class OverrideView(ActView):
    def act(self, request: HttpRequest) -> str:
        named = {name: request.POST.get(name, "") for name in ("key", "check", "reason")}
        overriding.request(self.checked, **named, by=request.user)
        return _("It may pass, when somebody else than you approves the text.")


class ApproveView(ActView):
    def is_allowed(self) -> bool:
        return self.can_approve

    def act(self, request: HttpRequest) -> str:
        form = approval_form(request, self, rows(self.checked, self.labels, rich=self.rich), request.POST)
        if not form.is_valid():
            raise NotApprovable([f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors])
        said: dict[str, Any] = form.cleaned_data
        given = Given(
            check=said.get("check_kind", form.only_kind),
            severity=said.get("severity", ""),
            note=said.get("note", ""),
            at_once=not said["later"],
            alone_because=said.get("alone_because", "").strip(),
        )
        shown, source_shown = request.POST.get("shown", ""), request.POST.get("source_shown", "")
        approval = sign_off.approve(self.subject, self.language.tag, by=request.user, shown=shown, source_shown=source_shown, given=given)
        return self.said(approval)

    def said(self, approval: Approval) -> str:
        name = {"language": self.language.own_name}
        if not approval.is_complete:
            return _("Checked in %(language)s. It goes live with a second check, by somebody else.") % name
        if not approval.effective_at:
            return _("Approved in %(language)s. It waits for its launch.") % name
        change = self.decisions.latest_change()
        if change is None or change.to_digest != approval.source_digest:
            return _("Approved in %(language)s. It goes live when its source is published and signed off.") % name
        return _("Approved and put live in %(language)s.") % name
