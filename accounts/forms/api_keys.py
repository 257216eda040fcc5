"""A new key for programs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey


class ApiKeyForm(forms.Form):
    """A new key: its name, what it may do, until when."""

    LIVES = (("90", _("90 days")), ("365", _("one year")), ("", _("no end")))

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Where it is used, such as “notebook, laptop”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=ApiKey.Scope.choices,
        initial=[ApiKey.Scope.READ, ApiKey.Scope.DOWNLOAD],
        widget=forms.CheckboxSelectMultiple,
    )
    life = forms.ChoiceField(label=_("It lives"), choices=LIVES, required=False, initial="365")

    @property
    def facts(self) -> dict[str, Any]:
        """The form as the service takes it."""
        days = self.cleaned_data["life"]
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": timezone.now() + timedelta(days=int(days)) if days else None,
        }
