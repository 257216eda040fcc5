"""A production or a tasking as it is typed: options, mode, window, ceilings, tries."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Scene, Sensor
from orders.models import Project
from orders.options import DEFAULTS, LABELS, OPTIONS
from orders.pricing.words import Mode
from orders.services.asking.wishes import LEAST_BH, MOST_BH, Production, Tasking
from orders.services.projects.project_use import usable_by


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OptionsForm(forms.Form):
    """The product options, each with the choices of `orders.options`."""

    mode = forms.ChoiceField(label=_("Acquisition"), choices=Mode.choices, initial=Mode.MONO)
    project = forms.ModelChoiceField(
        label=_("Under a project"),
        queryset=Project.objects.none(),
        to_field_name="reference",
        required=False,
        empty_label=_("no project"),
        help_text=_("Its allotment is tried first."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = usable_by(user)
        if projects:
            self.fields["project"].queryset = projects
            self.fields["project"].label_from_instance = lambda one: (
                f"{one.title} ({one.reference})"
            )
        else:
            del self.fields["project"]
        for name, choices in OPTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], choices=choices.choices, initial=DEFAULTS[name]
            )
        self.fields["epsg"] = forms.IntegerField(
            label=LABELS["epsg"],
            required=False,
            min_value=1024,
            max_value=32767,
            help_text=_("Such as 2154 for Lambert-93; leave empty for the supplier's choice."),
        )

    @property
    def chosen_project(self) -> Project | None:
        """The project chosen, or none."""
        return self.cleaned_data.get("project")

    @property
    def options(self) -> Mapping[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in OPTIONS}
        epsg = self.cleaned_data["epsg"]
        return chosen | ({"epsg": str(epsg)} if epsg else {})


class ProductionForm(OptionsForm):
    """What is asked of a scene that exists."""

    def wish(self, scene: Scene, area: Any) -> Production:
        return Production(scene, area, self.cleaned_data["mode"], self.options)


class TaskingForm(OptionsForm):
    """What is asked of a satellite; what is left empty takes the default of the rules."""

    sensor = forms.ModelChoiceField(
        label=_("Satellites"), queryset=Sensor.objects.all(), empty_label=None
    )
    starts_on = forms.DateField(label=_("Window from"), widget=DateInput())
    ends_on = forms.DateField(
        label=_("Window to"), widget=DateInput(), help_text=_("A period, never a chosen day.")
    )
    max_cloud = forms.IntegerField(
        label=_("Cloud at most, in %"), required=False, min_value=0, max_value=100
    )
    accept_cloud = forms.IntegerField(
        label=_("Accept by itself up to, in % of cloud"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Above it, up to the ceiling, you are asked. Empty: always asked."),
    )
    max_incidence = forms.IntegerField(
        label=_("Incidence at most, in degrees"), required=False, min_value=0, max_value=90
    )
    tries = forms.IntegerField(
        label=_("Tries allowed"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("Each try of a SPOT satellite counts, cloudy or not."),
    )
    min_bh = forms.DecimalField(
        label=_("Base to height, at least"),
        required=False,
        min_value=LEAST_BH,
        max_value=MOST_BH,
        decimal_places=2,
        help_text=_("Of a pair or a triplet; about 0.25 suits an automatic relief."),
    )
    max_bh = forms.DecimalField(
        label=_("Base to height, at most"),
        required=False,
        min_value=LEAST_BH,
        max_value=MOST_BH,
        decimal_places=2,
    )
    field_order = (
        "sensor",
        "starts_on",
        "ends_on",
        "max_cloud",
        "max_incidence",
        "tries",
        "mode",
    )

    def first_values(self) -> dict[str, Any]:
        """What the form holds before anybody types, as if it had been sent."""
        return {name: self[name].value() for name in self.fields}

    def wish(self, area: Any) -> Tasking:
        said = self.cleaned_data
        names = (
            "sensor",
            "starts_on",
            "ends_on",
            "mode",
            "max_cloud",
            "accept_cloud",
            "max_incidence",
            "tries",
            "min_bh",
            "max_bh",
        )
        return Tasking(area=area, options=self.options, **{name: said[name] for name in names})
