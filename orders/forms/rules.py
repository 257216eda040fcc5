"""What administrators type of the rules: a copy, the facts of a draft, the rows of a table."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dinamis import geo
from dinamis.forms import narrow
from orders.forms.wishes import DateInput
from orders.models import PlaceRow, RuleVersion
from orders.models.rule_rows import RuleRow
from orders.services.asking.places import circle

MOST_ROWS = 300  # of one table


class CopyForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("A year and a month, such as 2027-01.")
    )
    effective_from = forms.DateField(
        label=_("In force from"), widget=DateInput(), help_text=_("Today at the earliest.")
    )


class FactsForm(forms.ModelForm):
    class Meta:
        model = RuleVersion
        fields = ["effective_from", "quote_days", "note"]
        widgets = {"effective_from": DateInput(), "note": forms.Textarea({"rows": 2})}


class PlaceForm(forms.ModelForm):
    """A place is a circle: the outline of another shape stays as it was loaded."""

    class Meta:
        model = PlaceRow
        fields = [
            "place",
            "rank",
            "centre_lon",
            "centre_lat",
            "radius_km",
            "is_approximate",
            "source",
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        numbers = [said.get(name) for name in ("centre_lon", "centre_lat", "radius_km")]
        if None not in numbers:
            try:
                self.instance.geometry = geo.to_geos(circle(*numbers), multi=True)
            except ValueError as error:
                raise forms.ValidationError(
                    _("This circle cannot be drawn."), code="circle"
                ) from error
        elif numbers != [None] * 3:
            raise forms.ValidationError(
                _("A circle has a centre and a radius."), code="circle_incomplete"
            )
        elif self.instance.geometry is None:
            raise forms.ValidationError(_("Give the place a circle."), code="no_outline")
        return said


class RowsFormSet(forms.BaseModelFormSet):
    """Fields as narrow as a table wants them."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            if isinstance(field.widget, forms.Select) and not field.required:
                _leave_open(field)
        last = [name for name in ("source", "DELETE") if name in form.fields]
        form.order_fields([*(name for name in form.fields if name not in last), *last])
        narrow(form)


def _leave_open(field: forms.Field) -> None:
    """A dimension that a row leaves open is any: say so, where Django draws dashes."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = _("any")
    elif hasattr(field, "choices"):
        field.choices = [
            (value, _("any") if value in ("", None) else name) for value, name in field.choices
        ]


def rows_formset(model: type[RuleRow]) -> type[forms.BaseModelFormSet]:
    """The rows of one table with an empty one to add; each can be taken away."""
    shape = {"form": PlaceForm} if model is PlaceRow else {"exclude": ["version"]}
    return forms.modelformset_factory(
        model,
        formset=RowsFormSet,
        extra=1,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 10,
        validate_max=True,
        **shape,
    )
