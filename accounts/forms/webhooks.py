"""A webhook as a referent describes it: where, under which name, what it hears of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import hookable


class WebhookForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What it serves, such as “our map server”.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=300,
        help_text=_("It begins with https:// and is open to the internet."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url"}),
    )
    subjects = forms.MultipleChoiceField(
        label=_("It hears of"), choices=hookable.choices, widget=forms.CheckboxSelectMultiple
    )

    @property
    def facts(self) -> dict[str, Any]:
        """The form as the services take it."""
        return {name: self.cleaned_data[name] for name in ("name", "url", "subjects")}
