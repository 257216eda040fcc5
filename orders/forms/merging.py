"""The form of a merger: who is absorbed by whom, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class ChoiceForm(forms.Form):
    """Which two organisations: asked for by the preview, which changes nothing."""

    absorbed = forms.ModelChoiceField(
        label=_("Absorbed organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose…"),
        help_text=_("It ends as a member; its people, orders and quotas go over."),
    )
    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose…"),
        help_text=_("An active member. Its facts, charter and certificate stay as they are."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = Organisation.objects.filter(admitted_at__isnull=False, merger=None)
        self.fields["absorbed"].queryset = alone
        self.fields["successor"].queryset = alone.members()
        for name in ("absorbed", "successor"):
            self.fields[name].label_from_instance = lambda one: one.name


class MergeForm(ChoiceForm):
    """The decision: the same two, the reason, and that what moves was read."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes out by mail to everybody concerned, and stays in the history."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("absorbed", "successor"):
            self.fields[name].widget = forms.HiddenInput()
