"""What is typed of an absence: whose, which duty, who decides meanwhile, from when to when, why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Duty, User


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DelegationForm(forms.Form):
    """Administrators name for every holder of a duty; others for themselves."""

    duty = forms.ModelChoiceField(
        label=_("Who is away, and which duty"), queryset=Duty.objects.none()
    )
    email = forms.EmailField(
        label=_("Who decides meanwhile: e-mail address"),
        max_length=254,
        help_text=_("Somebody with an account and a second factor, who does not hold the duty."),
    )
    starts_on = forms.DateField(label=pgettext_lazy("a day", "From"), widget=DayInput())
    ends_on = forms.DateField(label=pgettext_lazy("a day", "To"), widget=DayInput())
    reason = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, *given: Any, user: User, **named: Any) -> None:
        super().__init__(*given, **named)
        held = Duty.objects.current().select_related("user").order_by("user__full_name", "kind")
        administers = held.filter(user=user, kind=Duty.Kind.ADMINISTRATOR).exists()
        self.fields["duty"].queryset = held if administers else held.filter(user=user)

    def clean_email(self) -> User:
        found = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if found is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address."), code="unknown"
            )
        return found
