"""What the quota administrator types, and the instant a statement is read at."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from accounts.models import Organisation
from orders.forms.attempts import InstantInput


class AsOfForm(forms.Form):
    at = forms.DateTimeField(label=_("As of"), required=False, widget=InstantInput(step="1"))

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at is not None and at > timezone.now():
            raise forms.ValidationError(_("This instant is still to come: you read what is now."))
        return at


def as_of(sent: Mapping[str, Any]) -> tuple[AsOfForm, datetime | None]:
    """The form as it was sent, and the instant it names; None for now, and for what is no instant."""
    form = AsOfForm(sent)
    return form, form.cleaned_data["at"] if form.is_valid() else None


class SizeForm(forms.Form):
    """A size and a reason; `submission` makes a form that is sent twice act once."""

    amount = forms.DecimalField(
        label=_("New size"), min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    reason = forms.CharField(label=_("Why"), max_length=500)
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid.uuid4().hex

    @property
    def facts(self) -> dict[str, str]:
        return {
            "reason": self.cleaned_data["reason"],
            "key": f"form:{self.cleaned_data['submission']}",
        }


class OrganisationSizeForm(SizeForm):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )
    field_order = ("organisation", "amount", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.members().order_by("name")
        # As the table beside it names them, and in the order in which they are listed.
        self.fields["organisation"].label_from_instance = lambda one: one.name


class CommonSizeForm(SizeForm):
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    field_order = ("category", "amount", "reason")


class PeriodForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    quarter = forms.IntegerField(label=_("Quarter"), min_value=1, max_value=4, required=False)
