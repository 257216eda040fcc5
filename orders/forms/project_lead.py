"""Who leads a project from now on: somebody attached to its organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders.services.projects.projects import possible_leads


class LeadForm(forms.Form):
    lead = forms.ModelChoiceField(
        label=_("New lead"),
        queryset=User.objects.none(),
        empty_label=_("Choose somebody of the organisation"),
    )

    def __init__(self, *given: Any, project: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["lead"].queryset = possible_leads(project)
