"""What people type of scenes, of products that are passed on, of searches that are saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from catalogue.models import Passing, Scene
from catalogue.services.passing import Handing
from catalogue.services.scenes import Figures

SHARE = {"min_value": 0, "max_value": 100, "required": False}
ANGLE = {"min_value": -90, "max_value": 90, "required": False}
TURN = {"min_value": 0, "max_value": 360, "required": False}


class HandForm(forms.ModelForm):
    """To whom a product is passed on; what the licence allows is the service's."""

    class Meta:
        model = Passing
        fields = (
            "receiver", "body", "name", "email", "language", "use", "order_reference", "ends_on",
        )  # fmt: skip
        widgets = {
            "use": forms.Textarea(attrs={"rows": 2}),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "order_reference": _(
                "For a contractor: without a public order nothing is handed over."
            ),
            "ends_on": _("For a contractor: the right to use the image ends with it."),
        }

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(row.receiver, row.get_receiver_display()) for row in receivers]
        self.fields["receiver"] = forms.ChoiceField(label=_("To whom"), choices=named)

    @property
    def handing(self) -> Handing:
        return Handing(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def validate_constraints(self) -> None:
        """What a contractor needs, and once per person, are rules: the service says them."""


class ReceiveForm(forms.Form):
    """The receiver's tick and the digest of the text that was on the page."""

    accept = forms.BooleanField(label=_("I have read this text and accept it."))
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SceneForm(forms.Form):
    """The figures, each empty when the supplier does not say it, and the footprint in two ways."""

    footprint = forms.CharField(
        label=_("Footprint"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Drawn on the map, or pasted: GeoJSON, WKT, or west, south, east, north."),
    )
    footprint_file = forms.FileField(
        label=_("Footprint as a file"),
        required=False,
        help_text=_(
            "KML, KMZ, GeoJSON, zipped shapefile or GeoPackage, such as the supplier sends."
        ),
    )
    footprint_source = forms.ChoiceField(
        label=_("Where the footprint comes from"),
        choices=[
            choice
            for choice in Scene.FootprintSource.choices
            if choice[0] != Scene.FootprintSource.CELL
        ],
    )
    cloud_cover = forms.FloatField(label=_("Cloud, in %"), **SHARE)
    snow_cover = forms.FloatField(label=_("Snow, in %"), **SHARE)
    resolution_m = forms.FloatField(
        label=_("Resolution, in metres"), min_value=0.1, max_value=100, required=False
    )
    incidence = forms.FloatField(label=_("Incidence, in degrees"), **ANGLE)
    incidence_across = forms.FloatField(label=_("Incidence across the track"), **ANGLE)
    incidence_along = forms.FloatField(label=_("Incidence along the track"), **ANGLE)
    viewing = forms.FloatField(label=_("Viewing angle, in degrees"), **ANGLE)
    viewing_across = forms.FloatField(label=_("Viewing angle across the track"), **ANGLE)
    viewing_along = forms.FloatField(label=_("Viewing angle along the track"), **ANGLE)
    orientation = forms.FloatField(label=_("Orientation, in degrees"), **TURN)
    sun_azimuth = forms.FloatField(label=_("Sun azimuth, in degrees"), **TURN)
    sun_elevation = forms.FloatField(label=_("Sun elevation, in degrees"), **ANGLE)
    stereo = forms.ChoiceField(label=_("Stereo"), choices=Scene.Stereo.choices, initial="mono")

    def clean(self) -> dict[str, Any]:
        """A footprint by one of its two ways."""
        given = super().clean()
        if not given.get("footprint") and not given.get("footprint_file"):
            self.add_error("footprint", _("Draw the footprint, paste it, or send its file."))
        return given

    def figures(self) -> Figures:
        """The figures that were typed."""
        names = [name for name in Figures.__slots__ if name in self.cleaned_data]
        return Figures(**{name: self.cleaned_data[name] for name in names})


class UseForm(forms.Form):
    """What images are for: a project where there is one, a theme of the list, a sentence."""

    project = forms.ChoiceField(label=_("Project"), required=False)
    theme = forms.ChoiceField(label=_("Theme"))
    use = forms.CharField(
        label=_("What it is for"),
        max_length=500,
        help_text=_("One sentence, such as “Coastline change at Awala, 2015 to 2025”."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        themes: Any,
        projects: Any,
        present: Any = None,
        suggested: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.reference, f"{one.reference} · {one.title}") for one in projects]
        self.fields["project"].choices = [("", _("No project")), *named]
        self.fields["theme"].choices = [("", "—"), *((one.code, str(one)) for one in themes)]
        if not named:
            del self.fields["project"]
        first = next((one for one in projects if one.themes), None)
        if suggested is not None:
            self.initial |= {"project": suggested.project, "theme": suggested.theme}
            self.initial["use"] = suggested.use[:500]
        elif present is not None:
            self.initial |= {"project": present.project, "theme": present.theme_id}
            self.initial["use"] = present.use
        elif first is not None:
            self.initial |= {"project": first.reference, "theme": first.themes[0]}


class WithdrawForm(forms.Form):
    """Why a product leaves the catalogue."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Whoever opens the product will read it.")
    )


class SceneWithdrawForm(forms.Form):
    """Why a scene leaves the catalogue."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Whoever asks for this image will read it.")
    )


class EmbargoForm(forms.Form):
    """Until when a product is kept back, for whom meanwhile, and why."""

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("That day it is every member’s."),
    )
    kept_for = forms.ModelChoiceField(
        label=_("Kept meanwhile for"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("nobody"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept_for"].queryset = organisations


class ListForm(forms.Form):
    """An export of a search at a supplier."""

    file = forms.FileField(label=_("Export of a search"))


class StepForm(forms.Form):
    """The reason of a step; whether it needs one is the table's to say."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class OneAtlasForm(forms.Form):
    """What to look for in the archive at Airbus."""

    area = forms.CharField(
        label=_("Area"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("GeoJSON, WKT, or west, south, east, north."),
    )
    begins_on = forms.DateField(
        label=pgettext_lazy("a day", "From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=pgettext_lazy("a day", "To"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    max_cloud = forms.FloatField(label=_("At most this cloud, in %"), **SHARE)


class SavedSearchForm(forms.Form):
    """A search's name; what it asks stands in the address."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As it will stand in the mails.")
    )
