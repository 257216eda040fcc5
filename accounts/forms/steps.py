"""What any step of a life may carry."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Words that go out by mail."""

    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class StepForm(forms.Form):
    """What any step of a life may carry; the service says what is missing."""

    reason = forms.CharField(max_length=2000, required=False)
    legal_verified_how = forms.CharField(max_length=1000, required=False)
