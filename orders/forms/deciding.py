"""What an officer types to decide: a reason, chosen or written, and what is offered instead."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dinamis import geo
from dinamis.errors import Invalid
from orders.models import Decision, Line, ReasonText
from orders.services.desk import deciding
from orders.services.desk.deciding import Part


class ReasonForm(forms.Form):
    """A reason text, words of one's own, or both; which decision needs them is the service's to say."""

    text = forms.ModelChoiceField(
        label=_("Reason text"),
        queryset=ReasonText.objects.none(),
        required=False,
        empty_label=_("No text: my own words"),
        help_text=_("Sent in the requester's language, before what you write."),
    )
    reason = forms.CharField(
        label=_("Your own words"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self, *given: Any, verb: str, texts: Sequence[ReasonText] | None = None, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.verb = verb
        self.fields["text"].queryset = ReasonText.objects.filter(step=verb, is_offered=True)
        if texts is not None:
            field = self.fields["text"]
            mine = [(one.pk, str(one)) for one in texts if one.step == verb]
            field.choices = [("", field.empty_label), *mine]
        if verb == Decision.Verb.ACCEPT:
            del self.fields["text"], self.fields["reason"]

    def words_for(self, language: str) -> str:
        """The reason as it is sent to somebody of this language."""
        if self.verb == Decision.Verb.ACCEPT:
            return ""
        said = self.cleaned_data
        return deciding.reason_of(said["text"], said["reason"], language=language)


class PartForm(ReasonForm):
    """A part instead of the whole: attempts of a tasking; an area by hand, or what nobody has yet."""

    tries = forms.IntegerField(label=_("Attempts"), required=False, min_value=1, max_value=99)
    without = forms.BooleanField(label=_("Only what no member has an image of"), required=False)
    area = forms.CharField(
        label=_("Or this area"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("GeoJSON, WKT, or west, south, east, north. Only what was asked of it counts."),
    )

    def __init__(self, *given: Any, line: Line, **named: Any) -> None:
        super().__init__(*given, verb=Decision.Verb.OFFER_PART, **named)
        self.line = line
        if not line.is_tasking:
            del self.fields["tries"]

    def part(self) -> Part:
        """What is offered. Raises Invalid for a text that is no area, or nothing to take off."""
        said, text = self.cleaned_data, self.cleaned_data["area"].strip()
        area = geo.check_text(text).geometry if text else None
        if area is None and said["without"]:
            area = deciding.without_existing(self.line)
            if area is None:
                raise Invalid(
                    "nothing_to_take_off",
                    _("There is nothing to take off: members have all of it, or nothing."),
                )
        return Part(area, said.get("tries"))


class TogetherForm(ReasonForm):
    """The same decision for several; `batch` names the preview, so that it is sent once."""

    batch = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid.uuid4)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for the desk"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )


def form_for(
    verb: str, line: Line, data: Any = None, *, texts: Sequence[ReasonText] | None = None
) -> ReasonForm:
    """The form of a decision on one line; `texts` are all reason texts, where they are read already."""
    named: dict[str, Any] = {"prefix": verb, "texts": texts}
    if verb == Decision.Verb.OFFER_PART:
        return PartForm(data, line=line, **named)
    return ReasonForm(data, verb=verb, **named)
