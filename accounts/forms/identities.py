"""Taking an outside identity off one's account."""

from typing import Any

from allauth.socialaccount.forms import DisconnectForm as Allauths
from django import forms

from accounts import outside
from accounts.services.people import identities
from dinamis.actors import Actor


class DisconnectForm(Allauths):
    """allauth's choice among one's own identities; what may go and what is written is ours."""

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or {}

    def save(self) -> None:
        identities.detach(self.cleaned_data["account"], by=Actor.of(self.request.user))


class InstitutionsForm(forms.Form):
    """The words by which somebody looks for the institution that signs them in."""

    q = forms.CharField(required=False, max_length=80)

    def found(self) -> list[Any]:
        """The providers whose name holds every word; all of them without words."""
        words = self.cleaned_data["q"].casefold().split() if self.is_valid() else []
        return [app for app in outside.apps() if all(word in app.name.casefold() for word in words)]
