"""Sign-off inside Wagtail's moderation: a task that approves exactly the text it showed."""

import logging
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, TaskState

from cms import languages, sign_off
from cms.models import Article

logger = logging.getLogger(__name__)


class SignOffForm(TaskStateCommentForm):
    """A comment, and the digest of the text that the reviewer was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)


class SignOffTask(AbstractGroupApprovalTask):
    """A reviewer signs the source off. It takes two people: whoever wrote some of it cannot."""

    class Meta:
        verbose_name = _("Sign-off")
        verbose_name_plural = _("Sign-offs")

    def get_actions(self, obj: Any, user: AbstractUser) -> list[tuple[str, Any, bool]]:
        if not user.has_perm("cms.sign_off"):
            return []
        return [("reject", _("Request changes"), True), ("approve", _("Sign off"), True)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        form: type[forms.Form] = SignOffForm if action == "approve" else super().get_form_for_action(action)
        return form

    def get_template_for_action(self, action: str) -> str:
        return "cms/workflow/sign_off_modal.html" if action == "approve" else ""

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Approve the text that was shown; when it cannot be approved the task stays open, and the log says why.

        Never raises: an exception here would lose the editor's page to a server error. The screen shows the refusal.
        """
        if action_name != "approve":
            return super().on_action(task_state, user, action_name, **kwargs)
        shown = kwargs.pop("shown", "")
        article = Article.objects.get(pk=task_state.workflow_state.object_id)
        if task_state.revision_id != article.latest_revision_id:
            return _refused(task_state, user, article, [str(_("The text has changed since it was submitted."))])
        try:
            sign_off.approve(article, languages.SOURCE, by=user, shown=shown)
        except sign_off.NotApprovable as refused:
            return _refused(task_state, user, article, refused.reasons)
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> Any:
        return _("A reviewer of the chosen groups signs off the text, with its facts; nobody signs off what they wrote")


def _refused(task_state: TaskState, user: Any, article: Article, reasons: list[str]) -> str:
    """Keep the reasons on the task, and go to the screen that shows the text and what stands in the way."""
    task_state.comment = " ".join(reasons)
    task_state.save(update_fields=["comment"])
    logger.info("Sign-off of task %s by %s refused: %s", task_state.pk, user, " ".join(reasons))
    return reverse("mainstay:sign_off", args=[article.kind, article.public_id])
