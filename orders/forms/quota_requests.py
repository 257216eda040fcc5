"""What a referent types to ask for more quota, and the desk to decide."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.ledger.kinds import AccountKind
from orders.ledger.models import Period


class AskForm(forms.Form):
    period = forms.ModelChoiceField(label=_("Period"), queryset=Period.objects.none())
    amount = forms.DecimalField(
        label=_("How much more"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    reason = forms.CharField(
        label=_("What it is for"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The desk reads it beside what your organisation has used so far."),
    )
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())

    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.filter(pk__in=[one.pk for one in periods])
        self.fields["submission"].initial = uuid.uuid4().hex


class DecideForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Granted"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    source = forms.ChoiceField(
        label=_("From"),
        choices=[
            (AccountKind.BUDGET.value, _("the budget")),
            (AccountKind.RESERVE.value, _("the reserve")),
        ],
    )
    reason = forms.CharField(label=_("Why, where it is a part"), max_length=2000, required=False)


class WordsForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=2000, required=False)
