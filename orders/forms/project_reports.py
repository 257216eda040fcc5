"""A report as it is written, a publication as it is named, the year of the yearly report."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dinamis.forms import narrow
from orders.services.projects.project_reports import MOST_WORDS


class ReportForm(forms.Form):
    text = forms.CharField(
        label=_("What came of the images"),
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("A page or less. The DINAMIS desk reads it."),
    )


class PublicationForm(forms.Form):
    doi = forms.CharField(
        label=_("DOI"), max_length=240, help_text=_("Such as 10.1016/j.rse.2021.112345.")
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    year = forms.IntegerField(label=_("Year"), min_value=1980, max_value=2200)


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrow(self)

    @property
    def chosen(self) -> int:
        """The year asked for, or this one."""
        asked = self.cleaned_data.get("year") if self.is_valid() else None
        return asked or timezone.localdate().year
