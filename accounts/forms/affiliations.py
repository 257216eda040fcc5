"""What a person says when asking to be attached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import places
from accounts.forms.belonging import day
from accounts.services.people import people


class AttachForm(forms.Form):
    """What a person says when asking to be attached."""

    position = forms.CharField(
        label=_("Your position"),
        max_length=150,
        help_text=_("Such as “doctoral student, until 2028”."),
    )
    ends_on = day(
        label=_("Last day"),
        required=False,
        help_text=_("For contractors, doctoral students and fixed terms."),
    )
    statement = forms.CharField(
        label=_("What you need images for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. Only the referent and DINAMIS read them."),
    )
    nationality = forms.ChoiceField(
        label=_("Nationality"),
        choices=lambda: [("", _("Choose…")), *places.choices()],
        help_text=_("Asked outside France alone: Pléiades is open subject to it."),
    )

    def __init__(self, *args: Any, organisation: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people.wants_nationality(organisation):
            self.fields["nationality"].initial = user.nationality
        else:
            del self.fields["nationality"]
