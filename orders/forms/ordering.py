"""The last page before an order: its title, what it is for, and the key that makes it one order."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class OrderForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("How you will recognise this order.")
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("A sentence or two. Your referent and the desk read it."),
    )
    alone = forms.BooleanField(
        label=_("Keep this out of joint requests"),
        required=False,
        help_text=_(
            "Otherwise, where others want the same place, all are told how many they are and what one"
            " request would save: who and where only once each agrees."
        ),
    )
    # Sent twice (a double click, two tabs), the same key makes one order.
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        known = {"submission": uuid.uuid4().hex, **(initial or {})}
        super().__init__(*args, initial=known, **kwargs)
