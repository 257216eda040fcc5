"""What the desk types of a project's review, and what a reviewer answers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor
from orders.models import Criterion, Project, ProjectReview
from orders.services.projects.project_reviews import Given, Named

SCORES = [(str(value), str(value)) for value in range(1, 6)]


class ReviewerForm(forms.Form):
    """Whom the desk names."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    body = forms.CharField(label=_("Where they work"), max_length=200)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    @property
    def named(self) -> Named:
        return Named(**self.cleaned_data)


class OfferForm(forms.Form):
    """What is offered of each wish, and why not all."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wishes = list(project.wishes.select_related("sensor"))
        for wish in self.wishes:
            self.fields[f"wish-{wish.pk}"] = forms.DecimalField(
                label=f"{wish.sensor}, {wish.get_kind_display()}",
                min_value=Decimal(0),
                max_value=wish.units,
                max_digits=12,
                decimal_places=2,
                initial=wish.units,
                disabled=not wish.units,
            )
        self.fields["reason"] = forms.CharField(
            label=_("Why not all"), max_length=4000, widget=forms.Textarea({"rows": 3})
        )

    @property
    def amounts(self) -> dict[int, Decimal]:
        return {wish.pk: self.cleaned_data[f"wish-{wish.pk}"] for wish in self.wishes}


class MoreForm(forms.Form):
    """More quota for a project that is approved."""

    sensor = forms.ModelChoiceField(
        label=_("Satellites"), queryset=Sensor.objects.all(), empty_label=None
    )
    amount = forms.DecimalField(
        label=_("How much"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    reason = forms.CharField(label=_("Why"), max_length=400)
    submission = forms.CharField(max_length=80, widget=forms.HiddenInput())


class YearForm(MoreForm):
    """What an approved project gets of a later year."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["submission"]
        years = later_years(project)
        choices = [(year, str(year)) for year in years]
        self.fields["year"] = forms.TypedChoiceField(label=_("Year"), choices=choices, coerce=int)


def later_years(project: Project) -> range:
    """The years of a project after this one."""
    this = timezone.localdate().year
    return range(this + 1, (project.ends_on.year if project.ends_on else this) + 1)


class ReviewForm(forms.Form):
    """Scores on every question, an advice, words."""

    def __init__(self, *args: Any, review: ProjectReview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(Criterion.objects.of_track(review.project.track))
        for one in self.criteria:
            self.fields[one.code] = forms.ChoiceField(
                label=str(one), choices=SCORES, widget=forms.RadioSelect
            )
        self.fields["advice"] = forms.ChoiceField(
            label=_("Your advice"),
            choices=ProjectReview.Advice.choices,
            widget=forms.RadioSelect,
        )
        self.fields["for_desk"] = forms.CharField(
            label=_("Why"),
            max_length=4000,
            widget=forms.Textarea({"rows": 4}),
            help_text=_("Only the DINAMIS desk reads it."),
        )
        self.fields["for_lead"] = forms.CharField(
            label=_("For the lead of the project"),
            max_length=4000,
            required=False,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("The lead reads it once the desk has decided, without your name."),
        )

    @property
    def given(self) -> Given:
        said = self.cleaned_data
        scores = {one.code: int(said[one.code]) for one in self.criteria}
        return Given(scores, said["advice"], said["for_desk"], said["for_lead"])
