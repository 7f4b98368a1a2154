"""Mistakes that partners report, as people here see them: who is told at once, and what an answer leaves behind."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_admin_base_url

from api import reports
from api.reports import Harm, Report, filed
from cms import languages
from cms.models import Article
from cms.roles import SAFETY_LEAD

__all__ = ["Harm", "Report", "answer", "article_of", "filed", "reopen", "tell_safety_leads"]

SEVERITIES: dict[str, Promise] = {
    Harm.SAFETY: gettext_lazy("Somebody could come to harm"),
    Harm.SUBSTANTIVE: gettext_lazy("The meaning is wrong"),
    Harm.MINOR: gettext_lazy("Spelling, style, a broken link"),
}


def answer(report: Report, *, text: str, by: Any) -> None:
    """Close a report with an answer that the partner reads."""
    reports.answer(report, text=text, by=str(by.get_full_name() or by.get_username()))


def reopen(report: Report) -> None:
    """Open a report again; its answer stays for whoever goes on."""
    reports.reopen(report)


def article_of(report: Report) -> Article | None:
    """The article that a report is about; None when its page was deleted."""
    found: Article | None = Article.objects.filter(public_id=report.subject_id).first()
    return found


def tell_safety_leads(report: Report) -> None:
    """Mail all safety leads, each in their own language, of a mistake that somebody could come to harm by."""
    if report.severity != Harm.SAFETY:
        return
    leads = get_user_model().objects.filter(Q(groups__name=SAFETY_LEAD), is_active=True).exclude(email="")
    for lead in leads.distinct().select_related("wagtail_userprofile"):
        profile = getattr(lead, "wagtail_userprofile", None)
        with translation.override(profile.get_preferred_language() if profile else languages.SOURCE):
            send_mail(_subject(report), _message(report), None, [lead.email])


def _subject(report: Report) -> str:
    return _("Reported mistake: %(title)s (%(language)s)") % {
        "title": " ".join(report.title.split()),
        "language": languages.own_name(report.language),
    }


def _message(report: Report) -> str:
    return _(
        "%(partner)s reports a mistake by which somebody could come to harm, in version %(version)s of “%(title)s” (%(language)s):\n\n"
        "%(what)s\n\nRead and answer it: %(url)s\n"
    ) % {
        "partner": report.partner.name,
        "version": report.version,
        "title": report.title,
        "language": languages.own_name(report.language),
        "what": report.what,
        "url": f"{get_admin_base_url()}{reverse('mistakes:edit', args=[report.pk])}",
    }
