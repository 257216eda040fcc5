"""What the quota administrator types to modulate, and the reason that goes with what was seen."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.ledger.models import Period
from orders.models.modulation import Aim, SpreadRule, Towards
from orders.services.purse.modulation_figures import Wish


class ModulateForm(forms.Form):
    """A wish. An amount or a share, not both; a cut is below zero."""

    period = forms.ModelChoiceField(label=_("Period"), queryset=Period.objects.none())
    aim = forms.ChoiceField(label=_("What moves"), choices=Aim.choices, initial=Aim.ALLOTMENTS)
    amount = forms.DecimalField(
        label=_("Amount in all"),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("With a minus it is taken back: -500."),
    )
    share = forms.DecimalField(
        label=_("Or a share, in %"),
        min_value=-100,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
        required=False,
        help_text=_("Of the sum of the allotments, or of the whole budget: -10."),
    )
    rule = forms.ChoiceField(
        label=_("Rule"),
        choices=SpreadRule.choices,
        initial=SpreadRule.PRO_RATA,
        required=False,
        help_text=_("For the allotments. Whose free quota is too small gives what is free."),
    )
    floor = forms.DecimalField(
        label=_("Floor"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("With the rule of that name."),
    )
    towards = forms.ChoiceField(
        label=_("Against"), choices=Towards.choices, initial=Towards.BUDGET, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = Period.objects.filter(ends_on__gte=timezone.localdate())
        self.fields["period"].queryset = running.select_related("sensor").order_by(
            "starts_on", "sensor__order"
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        figures = [said.get(name) for name in ("amount", "share")]
        if not self.errors and [bool(one) for one in figures].count(True) != 1:
            raise forms.ValidationError(
                _("Give an amount or a share: one of the two, and not zero."), code="one_figure"
            )
        of_allotments = said.get("aim") == Aim.ALLOTMENTS
        if of_allotments and not said.get("rule"):
            self.add_error("rule", _("Say by which rule it is spread."))
        floored = of_allotments and said.get("rule") == SpreadRule.FLOOR
        if floored and said.get("floor") is None:
            self.add_error("floor", _("Say the floor."))
        return said

    @property
    def wish(self) -> Wish:
        """What was typed, without what the choice made leaves aside."""
        said = self.cleaned_data
        of_allotments = said["aim"] == Aim.ALLOTMENTS
        rule = said["rule"] if of_allotments else ""
        return Wish(
            period=said["period"],
            aim=said["aim"],
            rule=rule,
            amount=said["amount"] or None,
            share=said["share"] or None,
            floor=said["floor"] if rule == SpreadRule.FLOOR else None,
            towards=(said["towards"] if of_allotments else "") or Towards.BUDGET,
        )


class ConfirmForm(forms.Form):
    """The reason, with the figures that were seen; `submission` makes a form sent twice act once."""

    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea({"rows": 2}))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput())
    submission = forms.CharField(max_length=60, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid.uuid4().hex

    @property
    def facts(self) -> dict[str, str]:
        said = self.cleaned_data
        return {
            "reason": said["reason"],
            "seen": said["seen"],
            "submission": f"form:{said['submission']}",
        }
