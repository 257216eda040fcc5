"""What a person says when asking to be attached."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.belonging import day


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
