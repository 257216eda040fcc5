"""What is written on the later pages of a dossier: an opinion, a renewal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from accounts.models import Membership
from accounts.states.opinion import ANSWERS, STEPS


class OpinionForm(forms.Form):
    """An adviser's answer: one of three, with words where it is not plainly favourable."""

    answer = forms.ChoiceField(
        label=_("Opinion"),
        choices=[(name, STEPS[name].label) for name in ANSWERS],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In a few words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Needed unless the opinion is plainly favourable. Only the DINAMIS desk reads it."
        ),
    )

    def clean(self) -> dict[str, Any]:
        answer, words = self.cleaned_data.get("answer"), self.cleaned_data.get("words", "")
        if answer and STEPS[answer].needs_reason and not words.strip():
            self.add_error("words", _("Say why, in a few words."))
        return self.cleaned_data


class RenewForm(forms.Form):
    """The facts still hold; a contractor names the public order that goes on."""

    facts = forms.BooleanField(label=_("The facts above are still right."))
    order_reference = forms.CharField(
        label=_("Reference of the public order"), max_length=100, required=False
    )
    order_ends_on = forms.DateField(
        label=_("The order ends on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"order_reference": membership.order_reference})
        super().__init__(*args, **kwargs)
        if membership.organisation.category != Category.CONTRACTOR:
            del self.fields["order_reference"], self.fields["order_ends_on"]

    @property
    def order(self) -> dict[str, Any]:
        """What a contractor says of the order, as the service takes it."""
        return {
            name: value for name, value in self.cleaned_data.items() if name.startswith("order_")
        }
