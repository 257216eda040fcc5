"""A program as an administrator writes it down."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Program
from accounts.models.program import Scope
from accounts.services.programs.programs import Facts


class ProgramForm(forms.Form):
    """What may change later: name, scopes, addresses."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("People read it before they agree.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may ask to"),
        choices=Scope.choices,
        initial=[Scope.OPENID, Scope.PROFILE, Scope.EMAIL],
        widget=forms.CheckboxSelectMultiple,
    )
    redirect_uris = forms.CharField(
        label=_("Addresses it returns to"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, whole. None for a command-line tool."),
    )

    @property
    def facts(self) -> Facts:
        """The form as the service takes it."""
        return Facts(
            name=self.cleaned_data["name"],
            scopes=self.cleaned_data["scopes"],
            redirect_uris=self.cleaned_data["redirect_uris"].splitlines(),
        )


class NewProgramForm(ProgramForm):
    """And what is said once: the kind and, if a program already carries one, its identifier."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Program.Kind, widget=forms.RadioSelect)
    client_id = forms.CharField(
        label=_("Client identifier"),
        required=False,
        max_length=60,
        help_text=_("Only when the program carries one already; else we make it."),
    )
    field_order = ("name", "kind", "scopes", "redirect_uris", "client_id")


def change_of(program: Program, data: Any) -> ProgramForm:
    """The form of a program that exists."""
    shown = {
        "name": program.name,
        "scopes": program.scopes,
        "redirect_uris": "\n".join(program.redirect_uris),
    }
    return ProgramForm(data, initial=shown)
