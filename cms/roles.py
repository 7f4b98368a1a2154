"""The roles of the house, as groups: what each may do in the admin. Made after each `migrate`.

Only editors and administrators may change pages: that is where sources are written. Translators, reviewers and safety
leads work on the library's own screens, which ask for the permissions of `Article`.
"""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask

#: Group → (permissions of our own, snippet models that it may edit, page permissions at the root of the library).
EDITOR = "Editors"
TRANSLATOR = "Translators"
LANGUAGE_REVIEWER = "Language reviewers"
CLINICAL_REVIEWER = "Clinical reviewers"
SAFETY_LEAD = "Safety leads"
PARTNER_MANAGER = "Partner managers"
ADMINISTRATOR = "Administrators"

SNIPPETS = ("term", "safetyadvice", "notice", "helpcontact")
_OWN = {
    EDITOR: ("assign", "release_together"),
    TRANSLATOR: ("translate",),
    LANGUAGE_REVIEWER: ("translate", "approve_translation", "release_together"),
    CLINICAL_REVIEWER: ("approve_translation", "sign_off", "close", "release_together", "raise_severity"),
    SAFETY_LEAD: ("assign", "approve_translation", "close", "post_notice", "release_together", "raise_severity", "break_glass"),
    PARTNER_MANAGER: (),
    ADMINISTRATOR: ("assign", "close", "post_notice", "release_together", "break_glass"),
}
_EDITS_SNIPPETS = (EDITOR, ADMINISTRATOR)
_PAGES = {
    EDITOR: ("add", "change", "publish", "lock", "unlock"),
    ADMINISTRATOR: ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
}
#: Partners and keys are added and changed, never deleted: who was given what is on record.
_PARTNERS = ("add_partner", "change_partner", "view_partner", "add_key", "change_key", "view_key")
#: Mistakes that partners report: whoever mends a text, takes it down or talks with partners.
_REPORTS = ("view_report", "change_report")
_ANSWERS_REPORTS = (EDITOR, SAFETY_LEAD, PARTNER_MANAGER, ADMINISTRATOR)
#: Accounts are made and changed, never deleted: one that nobody needs is switched off.
_PEOPLE = ("add_user", "change_user", "view_user")
ROLES = tuple(_OWN)


#: Wagtail's own group and workflow publish what a moderator of any kind has looked at; ours needs a sign-off.
WAGTAILS_GROUP, WAGTAILS_WORKFLOW = "Moderators", "Moderators approval"
WORKFLOW = "Clinical sign-off"


def make(**kwargs: Any) -> None:
    """Make the groups and give them their permissions; what an administrator added stays."""
    root = Page.objects.filter(depth=1).first()
    Group.objects.filter(name=WAGTAILS_GROUP, user__isnull=True).delete()
    for name in ROLES:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(name))
        if root:
            for codename in _PAGES.get(name, ()):
                permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{codename}_page")
                GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        folder = Collection.objects.filter(depth=1).first()
        if folder and name in _EDITS_SNIPPETS:
            for permission in Permission.objects.filter(content_type__app_label="wagtailimages", content_type__model="image"):
                GroupCollectionPermission.objects.get_or_create(group=group, collection=folder, permission=permission)
    # Wagtail lets its editors upload files; the library has no use for them.
    GroupCollectionPermission.objects.filter(group__name__in=ROLES, permission__content_type__app_label="wagtaildocs").delete()


def make_workflow(**kwargs: Any) -> None:
    """Put the sign-off in the place of Wagtail's moderation, once: what an administrator changes later stays."""
    root = Page.objects.filter(depth=1).first()
    if root is None or Workflow.objects.filter(name=WORKFLOW).exists():
        return
    Workflow.objects.filter(name=WAGTAILS_WORKFLOW).update(active=False)
    WorkflowPage.objects.filter(workflow__name=WAGTAILS_WORKFLOW).delete()
    task = apps.get_model("cms", "SignOffTask").objects.create(name=WORKFLOW)
    task.groups.add(Group.objects.get(name=CLINICAL_REVIEWER))
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})


def _permissions(name: str) -> list[Permission]:
    cms = Permission.objects.filter(content_type__app_label="cms")
    own = list(cms.filter(content_type__model="article", codename__in=_OWN[name]))
    admin = list(Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"))
    snippets = (
        list(cms.filter(content_type__model__in=SNIPPETS))
        if name in _EDITS_SNIPPETS
        else list(cms.filter(content_type__model__in=SNIPPETS, codename__startswith="view_"))
    )
    keys = Permission.objects.filter(content_type__app_label="api", codename__in=_PARTNERS) if name == PARTNER_MANAGER else []
    reports = Permission.objects.filter(content_type__app_label="api", codename__in=_REPORTS) if name in _ANSWERS_REPORTS else []
    people = Permission.objects.filter(content_type__app_label="auth", codename__in=_PEOPLE) if name == ADMINISTRATOR else []
    return [*own, *admin, *snippets, *keys, *reports, *people]
