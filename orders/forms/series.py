"""A programme as it is typed: what a tasking asks, how often, how many times, and what it is for."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.forms.wishes import TaskingForm
from orders.services.tasking.rhythms import MOST_EVERY, MOST_TIMES, Every, Rhythm
from orders.services.tasking.series import NAMES, Wanted


class SeriesForm(TaskingForm):
    """The window typed is the first one; the others follow at the same days."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("How you will recognise this programme.")
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("A sentence or two. Your referent and the desk read it, each time."),
    )
    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=MOST_EVERY, initial=1)
    unit = forms.ChoiceField(label=_("Counted in"), choices=Every.choices, initial=Every.YEARS)
    times = forms.IntegerField(
        label=_("How many times"),
        min_value=2,
        max_value=MOST_TIMES,
        initial=3,
        help_text=_("The first window included."),
    )
    # Sent twice (a double click, two tabs), the same key makes one programme.
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        known = {"submission": uuid.uuid4().hex, **(initial or {})}
        super().__init__(*args, initial=known, **kwargs)

    def wanted(self, area: Any) -> Wanted:
        """What each time asks over an area."""
        wish = self.wish(area)
        return Wanted(area=area, **{name: getattr(wish, name) for name in NAMES})

    @property
    def rhythm(self) -> Rhythm:
        names = ("starts_on", "ends_on", "every", "unit", "times")
        return Rhythm(**{name: self.cleaned_data[name] for name in names})

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "purpose", "submission")}
