"""Assigning translations: one from the desk and the readers' table, many from the coverage report and the explorer."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput
from wagtail.models import Page

from cms import assigning, evidence, glance, languages, people, subjects
from cms.assigning import TEAM, NotAssignable, Work
from cms.models import Article, Assignment
from cms.views import readers
from cms.views.coverage_report import chosen_articles
from cms.views.desk.base import target_language

#: Stands for everybody who translates into the language, where a person's key would stand.
TEAM_VALUE = "team"


class WhomField(forms.ChoiceField):
    """A person or the team; whoever exists is taken, and `assigning` says in words why it cannot be them."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or value == TEAM_VALUE:
            return value or ""
        text = str(value)
        model: Any = Assignment._meta.get_field("person").related_model
        found = model.objects.filter(pk=text).first() if text.isdecimal() and len(text) < 19 else None
        if found is None:
            raise forms.ValidationError(_("There is no such person."))
        return found

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class WorkForm(forms.Form):
    """To whom, until when, and what they have to know."""

    to = WhomField(label=gettext_lazy("Assign to"))
    due_on = forms.DateField(label=gettext_lazy("Due on"), required=False, widget=AdminDateInput)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=assigning.NOTE_LIMIT,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("Whoever does it reads this on their first screen and in the mail."),
    )

    def __init__(self, *args: Any, tags: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tags = list(tags)
        self.fields["to"].choices = [("", _("Choose…")), *choices(self.tags)]  # type: ignore[attr-defined] # a Field here, the choice field that it is above

    def work(self) -> Work:
        """What was said; of a valid form."""
        to = self.cleaned_data["to"]
        return Work(to=TEAM if to == TEAM_VALUE else to, due_on=self.cleaned_data["due_on"], note=self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            for field, words in assigning.faults(self.wanted(), self.work()).items():
                self.add_error(field if field in self.fields else None, words)
        return said

    def wanted(self) -> list[str]:
        """The languages that are given."""
        return self.tags


class BulkForm(WorkForm):
    """The same for several languages of each article that was chosen."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(tag, languages.own_name(tag)) for tag in languages.TARGETS],
        help_text=gettext_lazy("What is translated already is left out."),
    )
    field_order = ["languages", "to", "due_on", "note"]

    def wanted(self) -> list[str]:
        return list(self.cleaned_data["languages"])


def choices(tags: list[str]) -> list[tuple[str, str]]:
    """The team, and by name each who translates into one of the languages, with what they have to do already."""
    translators = people.translators()
    busy = dict(Assignment.objects.open().exclude(person=None).values_list("person_id").annotate(Count("pk")))
    if len(tags) == 1:
        holding = sum(tags[0] in held for held in translators.values())
        team = ngettext(
            "Everybody who translates into %(language)s (%(count)d person)",
            "Everybody who translates into %(language)s (%(count)d people)",
            holding,
        ) % {"language": languages.own_name(tags[0]), "count": holding}
    else:
        team = _("Everybody who translates into each language")
    found = [(TEAM_VALUE, team)]
    for user, held in translators.items():
        if held & set(tags):
            has = busy.get(user.pk, 0)
            known = "" if len(tags) == 1 else " · " + people.languages_in_words(user)
            has_words = " · " + ngettext("%(count)d assigned", "%(count)d assigned", has) % {"count": has} if has else ""
            found.append((str(user.pk), people.name(user) + known + has_words))
    return found


class AssignView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg] # it takes no parameter when this is loaded
    """One language of one text: to whom it is given now, and to give it to somebody, anew, or to nobody."""

    template_name = "cms/assign.html"
    form_class = WorkForm
    header_icon = "user"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID, tag: str) -> HttpResponseBase:
        if not request.user.has_perm("cms.assign"):
            raise PermissionDenied
        self.language = target_language(tag)
        self.subject = subjects.get(kind, public_id)
        self.assignment = Assignment.objects.of(public_id, tag)
        self.is_done = glance.is_translated(evidence.outlines_of([public_id])[public_id], tag)
        return super().dispatch(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "take_back" not in request.POST:
            answer: HttpResponse = super().post(request, *args, **kwargs)
            return answer
        if assigning.take_back(self.subject, self.language.tag, by=request.user):
            messages.success(request, _("Taken back. It is assigned to nobody."))
        else:
            messages.info(request, _("It was assigned to nobody."))
        return redirect(self.get_success_url())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "tags": [self.language.tag]}

    def get_initial(self) -> dict[str, Any]:
        given = self.assignment
        return {"to": given.person_id or TEAM_VALUE, "due_on": given.due_on, "note": given.note} if given else {}

    def form_valid(self, form: WorkForm) -> HttpResponse:
        try:
            given = assigning.assign([(self.subject, self.language.tag)], form.work(), by=self.request.user)
        except NotAssignable as refused:
            for field, words in refused.errors.items():
                form.add_error(field if field in form.fields else None, words)
            answer: HttpResponse = self.form_invalid(form)
            return answer
        if given:
            messages.success(self.request, _("Assigned to %(name)s.") % {"name": assigning.whom(given[0])})
        else:
            messages.info(self.request, _("Nothing had to be assigned: it is translated, or assigned like this already."))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or reverse(
            "mainstay:readers", args=[self.subject.kind, self.subject.public_id]
        )

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_page_subtitle(self) -> str:
        return _("Assign the translation: %(language)s") % {"language": self.language.own_name}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            *readers.crumbs(self.subject.kind, self.subject.public_id),
            {"url": "", "label": _("Assign")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            subject=self.subject,
            language=self.language,
            assignment=self.assignment,
            is_done=self.is_done,
            next=get_valid_next_url_from_request(self.request),
            **kwargs,
        )


class AssignBulkAction(PageBulkAction):
    """Several articles × several languages to one person or to the teams: from the explorer, and from the coverage report."""

    display_name = gettext_lazy("Assign")
    action_type = "assign"
    aria_label = gettext_lazy("Assign the translation of selected articles")
    template_name = "cms/confirm_bulk_assign.html"
    action_priority = 40
    models = [Page, Article]
    form_class = BulkForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("cms.assign"):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Iterable[Any]) -> list[Article]:
        """The articles; for a collection all that are in it."""
        keys = [int(key) for key in map(str, object_ids) if key.isdecimal() and len(key) < 19]
        found = {article.pk: article for article in Article.objects.filter(pk__in=keys)}
        for folder in Page.objects.filter(pk__in=set(keys) - set(found)):
            found |= {article.pk: article for article in Article.objects.descendant_of(folder)}
        return sorted(found.values(), key=lambda article: article.path)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        if self.model is Article:
            return chosen_articles(self.request)
        return super().get_all_objects_in_listing_query(parent_id)

    def check_perm(self, obj: Any) -> bool:
        return True  # asked of the whole action

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "tags": languages.TARGETS}

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.getlist("language") or parse_qs(urlsplit(self.next_url).query).get("language", [])
        return {"languages": [tag for tag in asked if tag in languages.TARGETS]}

    def get_execution_context(self) -> dict[str, Any]:
        form: Any = self.cleaned_form
        return {"form": form, "by": self.request.user}

    @classmethod
    def execute_action(cls, objects: Any, form: Any = None, by: Any = None, **kwargs: Any) -> tuple[int, int]:
        texts = [(article, tag) for article in objects for tag in form.wanted()]
        given = len(assigning.assign(texts, form.work(), by=by))
        return given, len(texts) - given

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        given = ngettext("%(count)d translation was assigned.", "%(count)d translations were assigned.", num_parent_objects)
        left_out = ngettext(
            "%(count)d was left out: it is translated, or assigned like this already.",
            "%(count)d were left out: they are translated, or assigned like this already.",
            num_child_objects,
        )
        said = given % {"count": num_parent_objects}
        return said + " " + left_out % {"count": num_child_objects} if num_child_objects else said
