"""The forms of an organisation's facts: the facts themselves, the legal representative, a referent."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import identifiers
from accounts.forms.joining import DOMAIN
from accounts.models import Affiliation, Organisation, Supervision
from accounts.services.membership import facts
from dinamis.errors import Invalid

REASON = {
    "label": _("Why"),
    "max_length": 1000,
    "widget": forms.Textarea(attrs={"rows": 2}),
    "help_text": _("The desk reads it; it stays in the history."),
}


class FactsForm(forms.Form):
    """What a referent may ask to change. The supervising bodies are a set of rows beside it."""

    name = forms.CharField(label=_("Full name of the organisation"), max_length=200)
    short_name = forms.CharField(label=_("Short name or acronym"), max_length=40, required=False)
    sector = forms.ChoiceField(label=_("Sector of activity"), choices=Organisation.Sector.choices)
    siret = forms.CharField(label="SIRET", required=False, max_length=20)
    rnsr = forms.CharField(label="RNSR", required=False, max_length=14)
    ror = forms.CharField(label="ROR", required=False, max_length=60)
    domains = forms.CharField(
        label=_("E-mail domains of its people"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("One per line, such as univ-example.fr. Addresses below a domain are covered."),
    )
    reason = forms.CharField(**REASON)

    def clean_siret(self) -> str:
        return self._identifier("siret")

    def clean_rnsr(self) -> str:
        return self._identifier("rnsr")

    def clean_ror(self) -> str:
        return self._identifier("ror")

    def clean_domains(self) -> list[str]:
        """In the order in which they are kept, so that only what differs is a change."""
        words = re.split(r"[\s,;]+", self.cleaned_data["domains"].strip().lower())
        domains = sorted({word.rpartition("@")[2].strip(".") for word in words if word})
        for domain in domains:
            if not DOMAIN.fullmatch(domain):
                raise forms.ValidationError(
                    _("“%(domain)s” is not a domain name."), params={"domain": domain}
                )
        return domains

    def _identifier(self, field: str) -> str:
        value = self.cleaned_data[field]
        if not value:
            return ""
        try:
            return getattr(identifiers, field)(value)
        except Invalid as refused:
            raise forms.ValidationError(str(refused.sentence)) from refused


class BodyForm(forms.Form):
    """One supervising body; a row without a name is left out."""

    name = forms.CharField(label=_("Supervising body"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Supervision.Kind.choices, required=False)
    since = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("It ends before it began."))
        return self.cleaned_data


BodyFormSet = forms.formset_factory(BodyForm, extra=2, max_num=60, absolute_max=60)


def initial_of(organisation: Organisation) -> dict[str, Any]:
    """The form as the facts are."""
    held = facts.of(organisation)
    return held | {"domains": "\n".join(held["domains"])}


def wanted(form: FactsForm, bodies: Any) -> dict[str, Any]:
    """The two forms as the services take them."""
    fields = {name: form.cleaned_data[name] for name in (*facts.PLAIN, "domains")}
    return fields | {"supervisors": rows_of(bodies)}


def rows_of(bodies: Any) -> list[dict[str, str]]:
    """The rows of the list, each name once, days as text."""

    def text(day: date | None) -> str:
        return day.isoformat() if day else ""

    rows = {}
    for form in bodies:
        row = form.cleaned_data
        name = " ".join((row.get("name") or "").split())
        if name:
            kind = row.get("kind") or Supervision.Kind.SUPERVISOR
            rows.setdefault(
                name,
                {
                    "name": name,
                    "kind": str(kind),
                    "since": text(row.get("since")),
                    "until": text(row.get("until")),
                },
            )
    return list(rows.values())


class LegalForm(forms.Form):
    """Who shall bind the organisation from now on."""

    name = forms.CharField(label=_("New legal representative"), max_length=150)
    position = forms.CharField(label=_("Position"), max_length=150)
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("A link goes there. Outside the organisation's domains, the desk looks first."),
    )
    reason = forms.CharField(**REASON)

    def __init__(self, *args: Any, at_desk: bool = False, **kwargs: Any) -> None:
        """`at_desk` asks how the address was verified, which the desk alone may say."""
        super().__init__(*args, **kwargs)
        if at_desk:
            self.fields["how"] = forms.CharField(
                label=_("How the address was verified"),
                required=False,
                max_length=1000,
                help_text=_("Needed when it lies outside the organisation's domains."),
            )

    @property
    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "position", "email")}


class ReferentForm(forms.Form):
    """Another referent, beside those there are or in the place of one."""

    affiliation = forms.ModelChoiceField(
        label=_("Person to name"), queryset=Affiliation.objects.none(), empty_label=_("Choose…")
    )
    in_place_of = forms.ModelChoiceField(
        label=_("In the place of"),
        queryset=Affiliation.objects.none(),
        required=False,
        empty_label=_("Nobody: one referent more"),
    )
    reason = forms.CharField(**REASON)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Affiliation.objects.active().filter(organisation=organisation)
        people = people.select_related("user", "organisation").order_by("user__full_name")
        self.fields["affiliation"].queryset = people.filter(is_referent=False)
        self.fields["in_place_of"].queryset = people.filter(is_referent=True)
        for name in ("affiliation", "in_place_of"):
            self.fields[name].label_from_instance = lambda row: row.user.full_name
