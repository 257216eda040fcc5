"""What a reader of a trail looks for."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dinamis import trail
from dinamis.forms import narrow
from dinamis.trail import Asked


def _choices() -> list[tuple[str, Any]]:
    return [("", _("Everything")), *((one.name, one.label) for one in trail.histories())]


class TrailForm(forms.Form):
    """Every field may stay empty; what cannot be read is left out, as in any search."""

    what = forms.ChoiceField(label=_("What"), choices=_choices, required=False)
    who = forms.CharField(label=_("Who"), max_length=100, required=False)
    words = forms.CharField(label=_("Words"), max_length=100, required=False)
    since = forms.DateField(
        label=pgettext_lazy("a day", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=pgettext_lazy("a day", "To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrow(self)

    @property
    def asked(self) -> Asked:
        """The search in instants: from the first day's midnight to the end of the last."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        since, until = given.get("since"), given.get("until")
        return Asked(
            what=given.get("what") or "",
            who=given.get("who") or "",
            words=given.get("words") or "",
            since=since and _midnight(since),
            until=until and _midnight(until + timedelta(days=1)),
        )


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
