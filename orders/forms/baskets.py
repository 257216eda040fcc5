"""Into which project's basket a scene goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Project
from orders.services.projects import baskets


class BasketForm(forms.Form):
    """`user` fills the baskets of their own projects only."""

    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        empty_label=None,
        to_field_name="reference",
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("What it is good for; the others of the project read it."),
    )

    def __init__(self, *given: Any, user: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["project"]
        field.queryset = baskets.fillable_by(user)
        field.label_from_instance = lambda one: f"{one.reference} · {one.title}"
