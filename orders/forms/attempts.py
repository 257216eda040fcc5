"""What the desk types of attempts and proposed images."""

import json
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.models import Platform
from orders.models import Line
from orders.services.tasking import windows

MAX_PICTURE = 2 * 1024 * 1024  # bytes
FORMAT = "%Y-%m-%dT%H:%M"  # what browsers send and take of a datetime-local


class InstantInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs={"class": "form-control", **attrs}, format=FORMAT)


class PlanForm(forms.Form):
    planned_at = forms.DateTimeField(label=_("Planned for"), widget=InstantInput())
    platform = forms.ModelChoiceField(
        label=_("Satellite"), queryset=Platform.objects.none(), required=False
    )

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].queryset = Platform.objects.filter(sensor=line.sensor)
        _bounded(self.fields["planned_at"], line)


class CloudForm(forms.Form):
    cloud_cover = forms.FloatField(label=_("Cloud, in %"), min_value=0, max_value=100)


class ProposalForm(forms.Form):
    acquired_at = forms.DateTimeField(label=_("Acquired at"), widget=InstantInput())
    cloud_cover = forms.FloatField(label=_("Cloud, whole image, in %"), min_value=0, max_value=100)
    cloud_over_area = forms.FloatField(
        label=_("Cloud over the area, in %"), min_value=0, max_value=100, required=False
    )
    incidence = forms.FloatField(
        label=_("Incidence, in degrees"), min_value=0, max_value=90, required=False
    )
    identifier = forms.CharField(label=_("Identifier"), max_length=100, required=False)
    footprint = forms.CharField(
        label=_("Footprint"),
        max_length=200_000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=_("GeoJSON, WKT or west,south,east,north; the area asked is filled in."),
    )
    quicklook = forms.FileField(
        label=_("Quicklook"), required=False, help_text=_("PNG, JPEG or WebP, 2 MB at most.")
    )
    due_at = forms.DateTimeField(
        label=_("Answer before"),
        widget=InstantInput(),
        required=False,
        help_text=_("Empty: the days of the rules."),
    )

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _bounded(self.fields["acquired_at"], line)

    def clean_quicklook(self) -> bytes:
        file = self.cleaned_data["quicklook"]
        if file is None:
            return b""
        if file.size > MAX_PICTURE:
            raise forms.ValidationError(_("The quicklook is over 2 MB."), code="too_large")
        return file.read()


def _bounded(field: forms.Field, line: Line) -> None:
    """Say the window under an instant that lies within it, and let the browser keep to it."""
    field.help_text = _("Window: %(first)s to %(last)s.") % windows.days_of(line)
    opens_at, last = (timezone.localtime(one) for one in windows.ends(line))
    field.widget.attrs |= {"min": f"{opens_at:{FORMAT}}", "max": f"{last:{FORMAT}}"}


def footprint_text(line: Line) -> str:
    """The area asked, as the footprint's first guess."""
    return json.dumps(json.loads(line.area.geojson))
