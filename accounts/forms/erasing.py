"""What the desk says when it erases an account: why, and then once more whose."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User


class ErasureForm(forms.Form):
    """The reason first; then the address of the account, typed, is the second confirmation."""

    reason = forms.CharField(
        label=gettext_lazy("How the request came, and how you made sure who asks"),
        help_text=gettext_lazy("It stays in the register: write no name."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    address = forms.CharField(
        label=gettext_lazy("The account's address, typed once more"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"].strip().lower()
        if typed and typed != self.person.email.lower():
            raise forms.ValidationError(_("This is not the address of this account."))
        return typed

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"].strip()
        if self.person.email.lower() in reason.lower():
            raise forms.ValidationError(_("Leave the address out: it would stay in the register."))
        return reason

    @property
    def has_reason(self) -> bool:
        """The first confirmation is given: the second is asked."""
        return bool(self.is_bound and self.cleaned_data.get("reason"))

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data.get("address"))
