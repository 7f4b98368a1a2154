"""Partners and their keys in the admin: listed, edited, looked at; a key issued, rotated, revoked."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import EditView, IndexView, InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton

from cms import languages, partners
from cms.models import Term

OVERLAPS = {1: gettext_lazy("A day"), 7: gettext_lazy("A week"), 30: gettext_lazy("30 days")}


class PartnerForm(WagtailAdminModelForm):
    """Interests are chosen from what the library has."""

    languages = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    topics = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Term.objects.filter(vocabulary=Term.Vocabulary.TOPIC).order_by("sort_order", "code")
        self.fields["languages"].choices = [(tag, languages.get(tag).own_name) for tag in languages.TAGS]
        self.fields["topics"].choices = list(topics.values_list("code", "label_en"))


class KeyForm(forms.Form):
    """What a new key is for."""

    environment = forms.ChoiceField(
        label=pgettext_lazy("which environment", "For"), choices=[*partners.ENVIRONMENTS.items()], initial="test", widget=forms.RadioSelect
    )
    label = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, required=False, help_text=gettext_lazy("Where the key is used, such as “website”.")
    )
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("what a key is allowed to do", "May"),
        choices=[*partners.SCOPES.items()],
        initial=[*partners.SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    requests_per_minute = forms.IntegerField(
        label=gettext_lazy("Requests a minute"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=gettext_lazy("Empty: the usual limit."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("Empty: it works until it is revoked."),
    )

    def __init__(self, *args: Any, partner: partners.Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner = partner

    def clean_environment(self) -> str:
        environment = str(self.cleaned_data["environment"])
        lacking = partners.lacking(self.partner)
        if environment == partners.Environment.LIVE and lacking:
            missing = get_text_list([str(label) for label in lacking], _("and"))
            raise forms.ValidationError(_("For a production key the partner's record lacks %(missing)s.") % {"missing": missing})
        return environment

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.now().date():
            raise forms.ValidationError(_("This day is over."))
        return day


class RotateForm(forms.Form):
    """How long the old key works on."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("The old key works on for"), choices=[*OVERLAPS.items()], initial=7, coerce=int, widget=forms.RadioSelect
    )


class KeyPage(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg] # it takes no parameter when this is loaded
    """A page about one key of one partner."""

    permission: str
    template_name = "cms/partners/key.html"
    header_icon = "key"
    page_title: Any
    button: Any
    explanation: Any = ""
    is_serious = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.find(**kwargs)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value] # a TemplateResponse is an HttpResponse

    def find(self, pk: int) -> None:
        """The key of the address, and its partner."""
        self.key: Any = get_object_or_404(partners.Key.objects.select_related("partner"), pk=pk)
        self.partner = self.key.partner

    def get_page_subtitle(self) -> str:
        return str(self.partner)

    def get_success_url(self) -> str:
        return reverse("partners:inspect", args=[self.partner.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("partners:index"), "label": _("Partners")},
            {"url": self.get_success_url(), "label": str(self.partner)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"button": self.button, "explanation": self.explanation, "is_serious": self.is_serious}
        return super().get_context_data(partner=self.partner, back_url=self.get_success_url(), **words, **kwargs)

    def shown_once(self, issued: partners.Issued) -> HttpResponse:
        """The page with the new key. Nothing keeps it: neither we, nor a session, nor a cache."""
        context = {**self.get_context_data(), "issued": issued, "page_title": _("New key"), "header_title": _("New key")}
        return TemplateResponse(self.request, "cms/partners/issued.html", context, headers={"Cache-Control": "no-store"})


class IssueView(KeyPage):
    """A new key for a partner."""

    permission = "api.add_key"
    form_class = KeyForm
    page_title = gettext_lazy("Issue a key")
    button = gettext_lazy("Issue the key")
    explanation = gettext_lazy("The key is shown once, on the next page. Have it copied there to whoever needs it.")

    def find(self, pk: int) -> None:
        self.partner = get_object_or_404(partners.Partner, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "partner": self.partner}

    def form_valid(self, form: KeyForm) -> HttpResponse:
        day = form.cleaned_data.pop("expires_on")
        expires_at = datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC) if day else None
        return self.shown_once(partners.issue(self.partner, by=self.request.user, expires_at=expires_at, **form.cleaned_data))


class RotateView(KeyPage):
    """A new key in the place of an old one; for a while both work."""

    permission = "api.add_key"
    form_class = RotateForm
    page_title = gettext_lazy("Rotate a key")
    button = gettext_lazy("Rotate the key")
    explanation = gettext_lazy("The new key may do the same as the old one. It is shown once, on the next page.")

    def form_valid(self, form: RotateForm) -> HttpResponse:
        try:
            return self.shown_once(partners.rotate(self.key, by=self.request.user, overlap=timedelta(days=form.cleaned_data["days"])))
        except partners.NotRotatable:
            form.add_error(None, _("This key does not work any more, or has been rotated already."))
            return self.form_invalid(form)


class RevokeView(KeyPage):
    """A key closed for good, after asking."""

    permission = "api.change_key"
    form_class = forms.Form
    page_title = gettext_lazy("Revoke a key")
    button = gettext_lazy("Yes, revoke the key")
    explanation = gettext_lazy("Within a second whoever uses it is refused. It cannot be undone: a new key can be issued.")
    is_serious = True

    def form_valid(self, form: forms.Form) -> HttpResponse:
        partners.revoke(self.key, by=self.request.user)
        messages.success(self.request, _("The key is revoked."))
        return redirect(self.get_success_url())


class PartnerIndex(IndexView):
    """Partners lead to their overview, not to their form."""

    page_title = gettext_lazy("Partners")

    def get_edit_url(self, instance: Any) -> str | None:
        url: str | None = self.get_inspect_url(instance) or super().get_edit_url(instance)
        return url


class PartnerEdit(EditView):
    """The form, and the way to the overview."""

    @property
    def header_buttons(self) -> list[Any]:
        url = reverse("partners:inspect", args=[self.object.pk])
        return [*super().header_buttons, HeaderButton(_("Keys and use"), url, icon_name="key", priority=15)]


class PartnerOverview(InspectView):
    """Keys, copies, use."""

    template_name = "cms/partners/overview.html"
    page_title = gettext_lazy("Keys and use")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        context: dict[str, Any] = super().get_context_data(
            partner=self.object,
            overview=partners.overview(self.object),
            use_days=partners.USE_DAYS,
            may_issue=user.has_perm("api.add_key"),
            may_revoke=user.has_perm("api.change_key"),
            **kwargs,
        )
        return context


class PartnerViewSet(ModelViewSet):
    """Never deleted, nor copied: who was given what stays on record."""

    model = partners.Partner
    name = url_prefix = url_namespace = "partners"
    icon = "group"
    menu_label = gettext_lazy("Partners")
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class, edit_view_class, inspect_view_class = PartnerIndex, PartnerEdit, PartnerOverview
    list_display = [
        "name",
        Column("technical_email", label=gettext_lazy("Technical contact")),
        Column("incident_telephone", label=gettext_lazy("In an incident")),
    ]
    search_fields = ["name"]
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            FieldPanel("name", heading=gettext_lazy("Name")),
            MultiFieldPanel(
                [
                    FieldPanel("technical_name", heading=gettext_lazy("Name")),
                    FieldPanel("technical_email", heading=gettext_lazy("Address")),
                ],
                heading=gettext_lazy("Technical contact"),
            ),
            MultiFieldPanel(
                [FieldPanel("content_name", heading=gettext_lazy("Name")), FieldPanel("content_email", heading=gettext_lazy("Address"))],
                heading=gettext_lazy("Contact for texts"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("incident_name", heading=gettext_lazy("Name")),
                    FieldPanel("incident_email", heading=gettext_lazy("First address")),
                    FieldPanel("incident_second_email", heading=gettext_lazy("Second address")),
                    FieldPanel("incident_telephone", heading=gettext_lazy("Telephone")),
                ],
                heading=gettext_lazy("Contact in an incident"),
                help_text=gettext_lazy("Who takes a text down at any hour. Needed before a production key is issued."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("terms_version", heading=gettext_lazy("Version accepted")),
                    FieldPanel("terms_accepted_on", heading=gettext_lazy("Accepted on")),
                ],
                heading=pgettext_lazy("agreement", "Terms"),
            ),
            MultiFieldPanel(
                [FieldPanel("languages", heading=gettext_lazy("Languages")), FieldPanel("topics", heading=gettext_lazy("Topics"))],
                heading=gettext_lazy("Interests"),
                help_text=gettext_lazy("They restrict nothing."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("exclude_machine", heading=gettext_lazy("Translated by a machine")),
                    FieldPanel("exclude_outdated", heading=gettext_lazy("Outdated translations")),
                    FieldPanel("exclude_unreviewed", heading=gettext_lazy("Articles that nobody reviewed")),
                    FieldPanel("exclude_sample", heading=gettext_lazy("Sample texts")),
                ],
                heading=gettext_lazy("Never to be given"),
                help_text=gettext_lazy(
                    "Changing this makes the partner copy the library anew. What is taken down is told whatever is chosen."
                ),
            ),
        ],
        base_form_class=PartnerForm,
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> Any:
        return super().get_common_view_kwargs(**{"delete_url_name": None, "usage_url_name": None, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        mounted = [pattern for pattern in super().get_urlpatterns() if pattern.name not in ("delete", "usage")]
        return [
            *mounted,
            path("<int:pk>/keys/new/", IssueView.as_view(), name="issue"),
            path("keys/<int:pk>/rotate/", RotateView.as_view(), name="rotate"),
            path("keys/<int:pk>/revoke/", RevokeView.as_view(), name="revoke"),
        ]
