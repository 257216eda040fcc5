"""A project as it is typed: its words, the images wished for, its areas, its partners."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation
from catalogue.models import Sensor, Theme
from dinamis.formats import file_size
from dinamis.forms import narrow
from orders.forms.wishes import DateInput
from orders.models import Project, ProjectPartner, Track
from orders.pricing.words import Kind
from orders.services.projects.project_parts import Asked
from orders.services.projects.projects import MOST_WISHES, MOST_WORDS, Facts, facts_of, wished

MOST_UPLOAD = 20 * 1024 * 1024


def _words(label: Any, help_text: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": rows}),
        help_text=help_text,
    )


class ProjectForm(forms.Form):
    """The words of a project. Only the title is asked to keep a draft."""

    title = forms.CharField(label=_("Title"), max_length=200)
    track = forms.ChoiceField(
        label=_("Who reads it"),
        choices=Track.choices,
        help_text=_(
            "DINAMIS, within its quota; or CNES co-funding, which pays a part beyond the quota."
        ),
    )
    abstract = _words(_("Abstract"), _("Five lines that anybody understands."))
    objectives = _words(_("Objectives"), _("The question, and what is known of it."))
    method = _words(_("Method"), _("What is done with the images, and why these are needed."))
    expected = _words(_("Expected results"), _("Publications, maps, data; and for whom."))
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.filter(is_offered=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = forms.DateField(
        label=pgettext_lazy("a day", "From"), required=False, widget=DateInput()
    )
    ends_on = forms.DateField(
        label=pgettext_lazy("a day", "To"),
        required=False,
        widget=DateInput(),
        help_text=_("Images are ordered between these days; reports are asked after."),
    )
    joins_requests = forms.BooleanField(
        label=_("Open to joint requests"),
        required=False,
        initial=True,
        help_text=_(
            "Others who want the same place may be proposed to share the cost. Nothing of the "
            "project is shown before you agree."
        ),
    )

    def __init__(self, *args: Any, project: Project | None = None, **kwargs: Any) -> None:
        if project is not None:
            kwargs["initial"] = facts_of(project)
        super().__init__(*args, **kwargs)

    def facts(self, rows: Any) -> Facts:
        """What was typed, with the rows of images."""
        said = dict(self.cleaned_data)
        themes = tuple(theme.pk for theme in said.pop("themes"))
        return Facts(**said, themes=themes, wishes=wished(rows.rows))


class WishForm(forms.Form):
    """Images wished for. A row without a number is no row."""

    sensor = forms.ModelChoiceField(
        label=_("Satellites"),
        queryset=Sensor.objects.all(),
        required=False,
        empty_label="–",
    )
    kind = forms.ChoiceField(
        label=_("Service"),
        choices=Kind.choices,
        initial=Kind.PRODUCTION,
    )
    images = forms.IntegerField(
        label=_("Images"),
        min_value=1,
        max_value=999,
        required=False,
    )
    km2 = forms.DecimalField(
        label=_("km² in all"),
        min_value=1,
        max_value=1_000_000,
        max_digits=10,
        decimal_places=2,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        narrow(self)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        given = [name for name in ("sensor", "images", "km2") if said.get(name)]
        if 0 < len(given) < 3 and not self.errors:
            raise forms.ValidationError(
                _("A line names satellites, a number of images and their km² together.")
            )
        return said


class WishesSet(forms.BaseFormSet):
    @property
    def rows(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self if form.cleaned_data]


WishForms = forms.formset_factory(
    WishForm, formset=WishesSet, extra=2, max_num=MOST_WISHES, validate_max=True
)


def wishes_of(project: Project | None) -> list[dict[str, Any]]:
    """The rows of a project, as the forms show them again."""
    if project is None:
        return []
    return [
        {"sensor": one.sensor_id, "kind": one.kind, "images": one.images, "km2": one.km2}
        for one in project.wishes.all()
    ]


class AreaForm(forms.Form):
    """A place, in one of three ways: drawn or pasted, or sent as a file."""

    name = forms.CharField(label=_("Name of the place"), max_length=120, required=False)
    text = forms.CharField(
        label=_("Drawn, or pasted"),
        max_length=400_000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Draw on the map, or paste GeoJSON, WKT, or west, south, east, north."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("KML, KMZ, GeoJSON, zipped shapefile or GeoPackage; each outline is a place."),
    )

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_UPLOAD:
            raise forms.ValidationError(
                _("The file is over %(limit)s."),
                code="too_large",
                params={"limit": file_size(MOST_UPLOAD)},
            )
        return file

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not said.get("text", "").strip() and not said.get("file"):
            self.add_error("text", _("Draw a place, paste it, or send its file."))
        return said


class PartnerForm(forms.Form):
    """Whom the lead names."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    organisation = forms.ModelChoiceField(
        label=_("Member organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("not a member"),
    )
    body = forms.CharField(label=_("Otherwise, where they work"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ProjectPartner.Role.choices)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.members().order_by("name")
        self.fields["organisation"].label_from_instance = lambda one: one.name

    @property
    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class WordsForm(forms.Form):
    """What a step takes with it."""

    reason = forms.CharField(max_length=MOST_WORDS, required=False)
