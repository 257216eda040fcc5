"""What referents type of pools: a proposal, a pledge; and the quota administrator of a contribution."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from dinamis import formats
from orders.forms.wishes import DateInput
from orders.ledger.models import Period
from orders.models import Pool
from orders.services.pools import contributions
from orders.states.pool import PoolState


class PoolForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    aim = forms.CharField(
        label=_("What it is for"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    period = forms.ModelChoiceField(label=_("Period"), queryset=Period.objects.none())
    threshold = forms.DecimalField(
        label=_("Threshold"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        help_text=_(
            "In km², or in attempts where the period counts those. Reached: the pledges are put "
            "together. Below it at the deadline: given back."
        ),
    )
    ends_on = forms.DateField(label=_("Pledged until"), widget=DateInput())
    rule = forms.ChoiceField(label=_("Who may draw"), choices=Pool.Rule.choices)
    vote_days = forms.IntegerField(
        label=_("Days to vote"), min_value=1, max_value=60, initial=7, required=False
    )
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())

    def __init__(self, *args: Any, periods: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.filter(pk__in=[one.pk for one in periods])
        self.fields["submission"].initial = uuid.uuid4().hex

    def clean_vote_days(self) -> int:
        return self.cleaned_data["vote_days"] or 7


class PledgeForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Your pledge"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid.uuid4().hex


class ContributionForm(forms.Form):
    offer = forms.ChoiceField(label=_("Offer"))
    organisation = forms.ModelChoiceField(label=_("Paid by"), queryset=Organisation.objects.none())
    pool = forms.ModelChoiceField(
        label=_("Into the pool"),
        queryset=Pool.objects.none(),
        required=False,
        empty_label=_("its own allotment"),
    )
    order_number = forms.CharField(label=_("Payer's order number"), max_length=60)

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {str(n): one for n, one in enumerate(contributions.offers(period))}
        self.fields["offer"].choices = [
            (
                key,
                _("%(eur)s €: %(attempts)s attempts")
                % {"eur": formats.number(one.eur), "attempts": one.attempts},
            )
            for key, one in self.offers.items()
        ]
        self.fields["organisation"].queryset = Organisation.objects.members().order_by("name")
        self.fields["pool"].queryset = Pool.objects.filter(
            period=period, state__in=[PoolState.OPEN, PoolState.REACHED]
        )

    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        said["offer"] = self.offers[said["offer"]]
        return said
