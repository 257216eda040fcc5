"""What the desk types to ask a requester something, and who a requester names to answer meanwhile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from orders.forms.attempts import InstantInput
from orders.forms.wishes import DateInput
from orders.models import Attempt, Line, Question
from orders.services.tasking.questions import Asked
from orders.states import AttemptState

OPTIONS = 3  # rows for the options of a study on the page; programs may send up to nine


class QuestionForm(forms.Form):
    """A study with options, a quotation, or a weather notice about a planned attempt."""

    kind = forms.ChoiceField(
        label=_("What is asked"),
        choices=[one for one in Question.Kind.choices if one[0] != Question.Kind.PROPOSAL],
    )
    said = forms.CharField(
        label=_("In a few words"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    due_at = forms.DateTimeField(
        label=_("Answer before"),
        widget=InstantInput(),
        required=False,
        help_text=_("Empty: the days of the rules; for the weather, the pass itself."),
    )
    attempt = forms.ModelChoiceField(
        label=_("Pass of the weather notice"), queryset=Attempt.objects.none(), required=False
    )
    cloud = forms.IntegerField(
        label=_("Cloud forecast, in %"), min_value=0, max_value=100, required=False
    )
    price_eur = forms.DecimalField(
        label=_("Price of the quotation, in euros"), min_value=0, max_digits=12, decimal_places=2,
        required=False,
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Supplier's reference of it"), max_length=80, required=False
    )

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = line.attempts.filter(state=AttemptState.PLANNED)
        self.fields["attempt"].queryset = planned
        self.fields["attempt"].label_from_instance = lambda one: (
            _("Attempt %(number)s") % {"number": one.number}
        )
        for number in range(1, OPTIONS + 1):
            self.fields[f"label_{number}"] = forms.CharField(
                label=_("Option %(number)s of the study") % {"number": number},
                max_length=300,
                required=False,
            )
            self.fields[f"ends_on_{number}"] = forms.DateField(
                label=_("with the window to"), widget=DateInput(), required=False
            )
            self.fields[f"max_cloud_{number}"] = forms.IntegerField(
                label=_("with cloud up to, in %"), min_value=0, max_value=100, required=False
            )
            self.fields[f"max_incidence_{number}"] = forms.IntegerField(
                label=_("with incidence up to, in degrees"),
                min_value=5,
                max_value=90,
                required=False,
            )

    @property
    def asked(self) -> Asked:
        """The question typed; facts left empty are not told."""
        said = self.cleaned_data
        facts = {
            name: said[name] for name in ("cloud", "reference") if said[name] not in (None, "")
        }
        if said["price_eur"] is not None:
            facts["price_eur"] = str(said["price_eur"])
        return Asked(
            kind=said["kind"],
            said=said["said"],
            facts=facts,
            options=[one for n in range(1, OPTIONS + 1) if (one := self._option(n))],
            due_at=said["due_at"],
            attempt=said["attempt"],
        )

    def _option(self, number: int) -> dict[str, Any]:
        said = self.cleaned_data
        if not said[f"label_{number}"]:
            return {}
        option = {"label": said[f"label_{number}"]}
        for name in ("ends_on", "max_cloud", "max_incidence"):
            value = said[f"{name}_{number}"]
            if value is not None:
                option[name] = value.isoformat() if name == "ends_on" else value
        return option


class StandinForm(forms.Form):
    """A colleague and the days, both included."""

    receiver = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), empty_label=_("Choose…")
    )
    starts_on = forms.DateField(label=pgettext_lazy("a day", "From"), widget=DateInput())
    ends_on = forms.DateField(label=pgettext_lazy("a day", "To"), widget=DateInput())

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset = colleagues
