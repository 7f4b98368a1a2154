"""What a person sets in their account beside Wagtail's own: which mail of the library they get."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab
from wagtail.admin.widgets import SwitchInput

from cms import daily_mail
from cms.models import Mail, Profile

AT_ONCE = (Mail.ASSIGNED, Mail.RETURNED, Mail.SAFETY)


class MailForm(forms.ModelForm):  # type: ignore[type-arg] # it takes no parameter when this is loaded
    """A switch for each kind of mail that this person ever gets. What concerns safety stays on for whoever leads safety."""

    class Meta:
        model = get_user_model()
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.muted = set(getattr(getattr(self.instance, "profile", None), "muted", []))
        if self.instance.has_perm("cms.post_notice"):
            self.fields["safety-lead"] = _switch(
                _("Safety: pauses, retirements, recalls, safety changes, and what was approved alone"),
                _("At once. You lead safety, so this cannot be turned off."),
                initial=True,
                disabled=True,
            )
        for kind in Mail:
            if daily_mail.may_get(self.instance, kind):
                when = _("At once.") if kind in AT_ONCE else _("In the mail of the day, from six in the morning where you are.")
                self.fields[kind] = _switch(kind.label, when, initial=kind not in self.muted)

    def save(self, commit: bool = True) -> Any:
        offered = {kind for kind in Mail if kind in self.fields}
        off = {str(kind) for kind in offered if not self.cleaned_data[kind]}
        kept = self.muted - {str(kind) for kind in offered}
        Profile.objects.update_or_create(user=self.instance, defaults={"muted": sorted(off | kept)})
        return self.instance


def _switch(label: Any, when: Any, **more: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=when, required=False, widget=SwitchInput, **more)


class MailSettingsPanel(BaseSettingsPanel):
    """Beside Wagtail's own notifications, on the same tab."""

    name = "mail"
    title = _("Mail of the library")
    tab = notifications_tab
    order = 50
    form_class = MailForm

    def is_active(self) -> bool:
        return bool(self.get_form().fields)
