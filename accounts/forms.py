"""The shapes of what people send: fields and formats, never rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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
