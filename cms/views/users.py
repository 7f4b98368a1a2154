"""Wagtail's user screens, with what the library knows of a person: the languages that they hold, and their qualification."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from cms import languages, people
from cms.models import Profile


class ProfileFields(forms.ModelForm[Any]):
    """The fields of the profile beside those of the account; saved with it. Only a superuser makes superusers."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(tag, languages.own_name(tag)) for tag in languages.TAGS],
        help_text=gettext_lazy(
            "The languages that this person writes or checks texts in. Without one, a translator or reviewer can only look."
        ),
    )
    qualification = forms.CharField(
        label=gettext_lazy("Qualification"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Copied into each approval that this person gives, such as “MD, addiction medicine”."),
    )

    def __init__(self, *args: Any, acting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profile = Profile.objects.filter(user_id=self.instance.pk).first() if self.instance.pk else None
        if profile:
            self.fields["languages"].initial, self.fields["qualification"].initial = profile.languages, profile.qualification
        if not acting.is_superuser:
            self.fields.pop("is_superuser", None)

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit=commit)
        held = [tag for tag in languages.TAGS if tag in self.cleaned_data["languages"]]
        Profile.objects.update_or_create(
            user=user, defaults={"languages": held, "qualification": self.cleaned_data["qualification"].strip()}
        )
        return user


class PersonCreationForm(ProfileFields, UserCreationForm):
    """A new account."""


class PersonEditForm(ProfileFields, UserEditForm):
    """An account that is there."""


class PeopleView(IndexView):
    """The list, with each person's roles, languages and qualification."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("profile").prefetch_related("groups")

    @cached_property
    def columns(self) -> list[Any]:
        """Wagtail's, with ours in the place of the access level, which the roles say too."""
        checkbox, name, username, _level, *rest = super().columns
        name.width, username.width = "20%", "14%"
        return [
            checkbox,
            name,
            username,
            Column("roles", label=gettext_lazy("Roles"), accessor=_roles, width="16%"),
            Column("languages", label=gettext_lazy("Languages"), accessor=people.languages_in_words, width="14%"),
            Column("qualification", label=gettext_lazy("Qualification"), accessor=people.qualification, width="14%"),
            *rest,
        ]


def _roles(user: Any) -> str:
    roles = sorted(group.name for group in user.groups.all())
    return ", ".join([_("Superuser"), *roles] if user.is_superuser else roles)


class PersonCreateView(CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "acting": self.request.user}


class PersonEditView(EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever is no superuser takes over no superuser's account, by a new password or another address."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied(_("Only a superuser changes the account of a superuser."))
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "acting": self.request.user}


class PeopleViewSet(UserViewSet):
    model = get_user_model()
    copy_view_enabled = False
    index_view_class = PeopleView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Any]]:
        return PersonEditForm if for_update else PersonCreationForm
