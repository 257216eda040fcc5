"""What a referent says of people: a last day, an invitation, a list, an answer in a review."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import ReviewAct

MAX_LIST = 100 * 1024  # bytes of a list of people


def day(**kwargs: Any) -> forms.DateField:
    """A day, by the browser's own field."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **kwargs)


class LastDayForm(forms.Form):
    """The new last day, or a year more in one click."""

    ends_on = day(label=_("Last day"), required=False)
    prolong = forms.BooleanField(required=False)


class InvitationForm(forms.Form):
    """One person."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    position = forms.CharField(label=_("Position"), max_length=150)
    ends_on = day(
        label=_("Last day"),
        required=False,
        help_text=_("For contractors, doctoral students and fixed terms."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    outside_too = forms.BooleanField(
        label=_("Also when the address lies outside the organisation's domains"), required=False
    )


class InvitationListForm(forms.Form):
    """A list of up to 200 people: a file, or lines pasted."""

    file = forms.FileField(label=_("A file of lines"), required=False)
    lines = forms.CharField(
        label=_("Lines"),
        required=False,
        max_length=MAX_LIST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Address; name; position; last day. One person a line, 200 at most."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    outside_too = forms.BooleanField(
        label=_("Invite the addresses outside the organisation's domains too"), required=False
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_LIST:
            raise forms.ValidationError(_("The file is over 100 kB."))
        return file

    @property
    def text(self) -> str:
        """The lines as they were written; a file comes before what was pasted."""
        file = self.cleaned_data.get("file")
        if not file:
            return self.cleaned_data["lines"]
        content = file.read()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252", "replace")


class WelcomeForm(forms.Form):
    """Who accepts an invitation and has no account yet."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Twelve characters at least."),
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]


class ReviewForm(forms.Form):
    """One answer for the people ticked."""

    verdict = forms.ChoiceField(choices=ReviewAct.Verdict.choices)
    reason = forms.CharField(max_length=2000, required=False)
    affiliation = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["affiliation"].choices = [(row.pk, str(row.pk)) for row in people]
