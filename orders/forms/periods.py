"""What the quota administrator types of the next period: its budget, and the share of every quota."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _


class NextForm(forms.Form):
    budget = forms.DecimalField(
        label=_("Budget"), min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    percent = forms.DecimalField(
        label=_("Of every quota, in %"),
        min_value=Decimal(0),
        max_value=Decimal(1000),
        max_digits=6,
        decimal_places=2,
        help_text=_("100 gives everybody what they had."),
    )


class SeenForm(forms.Form):
    """The figures that were seen; holds what a refusal says."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput())
