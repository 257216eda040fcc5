"""A new key for programs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey

LIVES = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")), (730, _("two years")))


def lives() -> list[tuple[str, Any]]:
    """The lives offered, none longer than API_KEY_MAX_DAYS."""
    longest = settings.API_KEY_MAX_DAYS
    return [(str(days), label) for days, label in LIVES if days <= longest]


class ApiKeyForm(forms.Form):
    """A new key: its name, the organisation it acts for, what it may do, until when."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Where it is used, such as “notebook, laptop”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=ApiKey.Scope.choices,
        initial=[ApiKey.Scope.READ, ApiKey.Scope.DOWNLOAD],
        widget=forms.CheckboxSelectMultiple,
    )
    organisation = forms.ModelChoiceField(label=_("It acts for"), queryset=None, empty_label=None)
    life = forms.ChoiceField(label=_("It lives"), choices=lives, required=False)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["organisation"].required = False
        self.fields["life"].initial = lives()[-1][0] if lives() else ""

    @property
    def facts(self) -> dict[str, Any]:
        """The form as the service takes it."""
        days = self.cleaned_data["life"]
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "organisation": self.cleaned_data["organisation"],
            "expires_at": timezone.now() + timedelta(days=int(days)) if days else None,
        }
