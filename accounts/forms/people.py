"""What a person says of themselves: at sign-up, and later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import places
from accounts.models import User
from accounts.services.people import people


class SignupForm(forms.Form):
    """What allauth's sign-up asks beside the address and the password."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["full_name", "email", "password1"]

    def signup(self, request: Any, user: Any) -> None:
        """Nothing more: the adapter has put the name and the language on the user."""


class ProfileForm(forms.ModelForm):
    """What a person may change about themselves."""

    nationality = forms.ChoiceField(
        label=_("Nationality"),
        choices=lambda: [("", _("not said")), *places.choices()],
        required=False,
        help_text=_("Only if DINAMIS asks for it: some rules of Pléiades depend on it."),
    )

    class Meta:
        model = User
        fields = ["full_name", "language", "nationality"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not people.asks_nationality(self.instance):
            del self.fields["nationality"]
