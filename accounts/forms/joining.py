"""The form of an organisation that joins, and what its legal representative ticks."""

import re
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import eligibility, identifiers
from accounts.eligibility import Category
from accounts.forms.particulars import ParticularsForm
from accounts.models import Membership, Organisation
from accounts.services.membership import proposals
from accounts.services.membership.proposals import Proposal
from accounts.states.membership import State
from dinamis.errors import Invalid

DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*\.[a-z]{2,63}")


class JoinForm(ParticularsForm):
    """The form of an organisation that asks to join, in five parts."""

    name = forms.CharField(label=_("Full name of the organisation"), max_length=200)
    short_name = forms.CharField(label=_("Short name or acronym"), max_length=40, required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=Category.choices, widget=forms.RadioSelect
    )
    siret = forms.CharField(
        label="SIRET", required=False, max_length=20, help_text=_("14 digits, where there is one.")
    )
    rnsr = forms.CharField(
        label="RNSR",
        required=False,
        max_length=14,
        help_text=_("Nine digits and a letter, for a research unit."),
    )
    ror = forms.CharField(
        label="ROR",
        required=False,
        max_length=60,
        help_text=_("Such as https://ror.org/02feahw73, for a research body."),
    )
    supervisors = forms.CharField(
        label=_("Supervising bodies"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For a laboratory: one per line, as many as it has."),
    )
    sector = forms.ChoiceField(
        label=_("Sector of activity"), choices=[("", _("Choose…")), *Organisation.Sector.choices]
    )
    domains = forms.CharField(
        label=_("E-mail domains of its people"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("One per line, such as univ-example.fr. Addresses below a domain are covered."),
    )
    referent_name = forms.CharField(label=_("Future referent"), max_length=150)
    referent_email = forms.EmailField(
        label=_("Referent's e-mail address"),
        help_text=_("In one of the domains above. A mail proves it."),
    )
    legal_name = forms.CharField(label=_("Legal representative"), max_length=150)
    legal_position = forms.CharField(label=_("Position"), max_length=150)
    legal_email = forms.EmailField(
        label=_("Legal representative's e-mail address"),
        help_text=_(
            "Not the referent's: this person receives a link to accept, without an account."
        ),
    )

    # Key, title, and the rows of fields that stand side by side.
    PARTS = (
        ("organisation", _("The organisation"), (
            ("name",), ("short_name",), ("category",), ("siret", "rnsr", "ror"), ("supervisors",),
        )),
        ("sector", _("What it does, and its addresses"), (("sector",), ("domains",))),
        ("referent", _("The future referent"), (("referent_name", "referent_email"),)),
        ("legal", _("The legal representative"), (
            ("legal_name", "legal_position"), ("legal_email",),
        )),
    )  # fmt: skip

    def __init__(self, *args: Any, membership: Membership | None = None, **kwargs: Any) -> None:
        """`membership` is the dossier being corrected, which does not stand in its own way."""
        self.membership = membership
        if membership is not None:
            is_draft = membership.state == State.DRAFT
            kwargs.setdefault("initial", membership.answers if is_draft else _initial(membership))
        super().__init__(*args, **kwargs)
        if membership is not None and not is_draft:
            self.fields["referent_email"].disabled = True

    @property
    def parts(self) -> list[tuple[str, Any, list[list[forms.BoundField]]]]:
        """The fields as the page groups them."""
        return [
            (key, title, [[self[name] for name in row] for row in rows])
            for key, title, rows in self.PARTS
        ]

    @property
    def categories(self) -> list[tuple[str, Any, str]]:
        """Each category with what it asks, where it may be chosen at all."""
        return [
            (category.value, category.label, " ".join(map(str, eligibility.asked_of(category))))
            for category in Category
        ]

    def clean_siret(self) -> str | None:
        return self._identifier("siret")

    def clean_rnsr(self) -> str | None:
        return self._identifier("rnsr")

    def clean_ror(self) -> str | None:
        return self._identifier("ror")

    def clean_supervisors(self) -> tuple[str, ...]:
        """One name a line, none twice."""
        names = (
            " ".join(line.split())[:300] for line in self.cleaned_data["supervisors"].split("\n")
        )
        return tuple(dict.fromkeys(name for name in names if name))[:60]

    def clean_referent_email(self) -> str:
        return self.cleaned_data["referent_email"].lower()

    def clean_legal_email(self) -> str:
        return self.cleaned_data["legal_email"].lower()

    def clean_domains(self) -> tuple[str, ...]:
        words = re.split(r"[\s,;]+", self.cleaned_data["domains"].strip().lower())
        domains = tuple(dict.fromkeys(word.rpartition("@")[2].strip(".") for word in words if word))
        for domain in domains:
            if not DOMAIN.fullmatch(domain):
                raise forms.ValidationError(
                    _("“%(domain)s” is not a domain name."), params={"domain": domain}
                )
        return domains

    def clean(self) -> dict[str, Any]:
        """Ask the rules what stands against the proposal, and say it beside the field.

        A field that cannot be read keeps no rule about the others from being told at once.
        """
        if "category" in self.cleaned_data:
            self._forget_unasked()
        for field, sentence in self._problems().items():
            self.add_error(field, sentence)
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        """What was typed so far, field by field, as it was typed."""
        return {name: self.data.get(name, "") for name in self.fields}

    @property
    def proposal(self) -> Proposal:
        """The form as the services take it."""
        return Proposal(**self.cleaned_data)

    def _problems(self) -> dict[str, Any]:
        unread = [name for name in self.fields if name not in self.cleaned_data]
        said = SimpleNamespace(**(dict.fromkeys(self.fields) | self.cleaned_data))
        return proposals.problems(said, membership=self.membership, unread=unread)

    def _identifier(self, field: str) -> str | None:
        value = self.cleaned_data[field]
        if not value:
            return None
        try:
            return getattr(identifiers, field)(value)
        except Invalid as refused:
            raise forms.ValidationError(str(refused.sentence)) from refused


def _initial(membership: Membership) -> dict[str, Any]:
    organisation = membership.organisation
    facts = {name: getattr(organisation, name) for name in proposals.ORGANISATION_FIELDS}
    facts |= {name: getattr(membership, name) for name in proposals.MEMBERSHIP_FIELDS}
    return facts | {
        "domains": "\n".join(d.domain for d in organisation.domains.all()),
        "supervisors": "\n".join(row.name for row in organisation.supervisions.current()),
    }


class AcceptForm(forms.Form):
    """What the legal representative ticks: the facts are right, and each text is accepted."""

    facts = forms.BooleanField(label=_("These facts are right, and I may bind the organisation."))

    def __init__(self, *args: Any, texts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            self.fields[f"accept_{text.licence_id}"] = forms.BooleanField(
                label=_("I have read “%(title)s” and accept it.") % {"title": text.title}
            )
            self.fields[f"shown_{text.licence_id}"] = forms.CharField(
                widget=forms.HiddenInput, initial=text.sha256, max_length=64
            )

    @property
    def offered(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Each text with its tick and its digest."""
        return [
            (text, self[f"accept_{text.licence_id}"], self[f"shown_{text.licence_id}"])
            for text in self.texts
        ]

    @property
    def accepted(self) -> list[tuple[str, str]]:
        """Each licence with the digest of what was on the page."""
        codes = [text.licence_id for text in self.texts]
        return [(code, self.cleaned_data[f"shown_{code}"]) for code in codes]
