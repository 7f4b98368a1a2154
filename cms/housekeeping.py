"""What has to be known of the service itself and of partners: jobs, documents that differ, keys, reports, what is left of the demo."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Revision

from cms import demo, due, languages, partners, reports
from cms.glance import Glance
from cms.models import Difference, DueRendering, JobRun
from cms.waiting import Item, Section, readers_url, section
from cms.watching import AHEAD

#: A round is every thirty seconds: when a job has not run for so long, nobody runs it.
SILENT = timedelta(minutes=10)
NAMES: Mapping[str, Promise] = {
    "publish-scheduled": gettext_lazy("Scheduled publishing"),
    "launch-due": gettext_lazy("Putting live together"),
    "hold-overdue": gettext_lazy("Holding what a safety change has not reached"),
    "note-lapses": gettext_lazy("Reviews that fall due"),
    "render-due": gettext_lazy("Rendering"),
    "daily-mail": gettext_lazy("The mail of the day"),
    "compare-documents": gettext_lazy("Comparing documents"),
}


def record(name: str, failure: str) -> None:
    """Keep how a job went when it ran last; `failure` is empty when it went well."""
    now = timezone.now()
    well = {} if failure else {"well_at": now}
    JobRun.objects.update_or_create(name=name, defaults={"at": now, "failure": failure[:300], **well})


def jobs() -> Section:
    """Jobs that failed when they ran last, that are not run any more, or that never were."""
    known = {row.name: row for row in JobRun.objects.all()}
    last = max((row.at for row in known.values()), default=None)
    if last is None or last < timezone.now() - SILENT:
        why = _("No job has run since %(when)s.") % {"when": due.moment(last)} if last else _("No job has ever run.")
        silent = Item(name=_("All jobs"), why=f"{why} " + _("`manage.py run_jobs` has to run beside the service."))
        return section("jobs", _("Scheduled jobs"), [silent], "")
    items = [item for name, label in NAMES.items() if (item := _job(str(label), known.get(name)))]
    ran = {"when": due.moment(last)}
    return section("jobs", _("Scheduled jobs"), items, _("Every job went well; the last one ran on %(when)s.") % ran)


def _job(label: str, row: JobRun | None) -> Item | None:
    if row and not row.failure and row.at >= timezone.now() - SILENT:
        return None
    if row is None:
        why, said = _("It has never run."), ""
    elif row.failure:
        why, said = _("It failed on %(when)s.") % {"when": due.moment(row.at)}, row.failure
        if row.well_at:
            why += " " + _("It went well last on %(when)s.") % {"when": due.moment(row.well_at)}
    else:
        why, said = _("It has not run since %(when)s.") % {"when": due.moment(row.at)}, ""
    return Item(name=label, why=why, said=said, order=(label,))


def differences(glance: Glance) -> Section:
    """Documents that are not what their decisions say, as they were compared last."""
    items = [
        Item(
            name=subject.name if subject else str(row.subject_id),
            url=readers_url(subject) if subject else reverse("mainstay:coverage"),
            language=languages.get(row.language),
            why=_("Found on %(when)s. `manage.py rebuild_documents` puts it right.") % {"when": due.moment(row.at)},
            said=row.found,
            order=(row.at, row.language),
        )
        for row in Difference.objects.all()
        for subject in [glance.subjects.get(row.subject_id)]
    ]
    compared = JobRun.objects.filter(name="compare-documents").first()
    empty = _("No document was compared yet.")
    if compared:
        empty = _("Every document was as its decisions say; compared last on %(when)s.") % {"when": due.moment(compared.at)}
    return section("differences", _("Documents that differ"), items, empty)


def open_reports() -> Section:
    """Mistakes that partners reported and nobody has answered; those that somebody could come to harm by first."""
    items = [
        Item(
            name=row.title,
            url=reverse("mistakes:edit", args=[row.pk]),
            language=languages.get(row.language),
            what=str(reports.SEVERITIES[row.severity]),
            why=_("%(name)s reported it on %(date)s.") % {"name": row.partner.name, "date": due.day(row.reported_at)},
            said=row.what,
            is_safety=row.severity == reports.Harm.SAFETY,
            order=(row.severity != reports.Harm.SAFETY, row.reported_at),
        )
        for row in reports.Report.objects.filter(closed_at=None).select_related("partner")
    ]
    return section("reports", _("Reported mistakes"), items, _("No reported mistake waits for an answer."))


def expiring_keys() -> Section:
    """Keys of partners that stop working soon and that nothing has replaced."""
    items = [
        Item(
            name=key.partner.name,
            url=reverse("partners:inspect", args=[key.partner_id]),
            why=_("The key %(hint)s… stops working.") % {"hint": key.hint},
            due_on=timezone.localdate(key.expires_at),
            order=(key.expires_at,),
        )
        for key in partners.expiring(before=timezone.now() + timedelta(days=AHEAD))
    ]
    return section("keys", _("Keys that stop working soon"), items, _("No key stops working in the next 30 days."))


def service(glance: Glance) -> Section:
    """What an administrator has to know of the service."""
    items = list(_service(glance))
    return section("service", _("This service"), items, _("Nothing is overdue, and no sample text or demo account is here."))


def _service(glance: Glance) -> Iterator[Item]:
    overdue = Revision.objects.filter(approved_go_live_at__lt=timezone.now() - timedelta(minutes=10)).count()
    if overdue:
        found = ngettext("%(count)d article should be live by now.", "%(count)d articles should be live by now.", overdue)
        yield Item(name=_("Scheduled publishing"), url=reverse("wagtailadmin_explore_root"), why=found % {"count": overdue}, order=(0,))
    unrendered = DueRendering.objects.count()
    if unrendered:
        found = ngettext("%(count)d document waits to be rendered.", "%(count)d documents wait to be rendered.", unrendered)
        yield Item(name=_("Documents"), url=reverse("mainstay:coverage"), why=found % {"count": unrendered}, order=(1,))
    accounts = get_user_model().objects.filter(Q(email__endswith=demo.MAIL_DOMAIN), is_active=True).count()
    if accounts:
        found = ngettext("%(count)d demo account can log in.", "%(count)d demo accounts can log in.", accounts)
        yield Item(name=_("Demo accounts"), url=reverse("wagtailusers_users:index"), why=found % {"count": accounts}, order=(2,))
    samples = sum(subject.sample for subject in glance.subjects.values())
    if samples:
        found = ngettext("%(count)d article is a sample text.", "%(count)d articles are sample texts.", samples)
        yield Item(name=_("Sample texts"), url=reverse("mainstay:coverage"), why=found % {"count": samples}, order=(3,))
