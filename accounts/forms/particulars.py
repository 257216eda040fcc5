"""The questions that only some categories are asked, each shown and read where its category needs it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import eligibility, places
from accounts.eligibility import Category, Need
from accounts.models import Organisation
from accounts.services.membership import organisations

LONGEST_LIST = 1000


class MemberField(forms.CharField):
    """A member named by typing; its value is the organisation, or None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "members", "autocomplete": "off"}
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Organisation | None:
        words = super().clean(value)
        if not words:
            return None
        found = organisations.named(words)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                _("No member is called “%(words)s”."), params={"words": words}
            )
        names = ", ".join(organisation.name for organisation in found[:5])
        raise forms.ValidationError(
            _("Several members match: %(names)s. Write the full name of one."),
            params={"names": names},
        )


def _countries() -> list[tuple[str, Any]]:
    return [("", _("Choose…")), *places.choices()]


class ParticularsForm(forms.Form):
    """What a category needs beside the facts asked of all."""

    country = forms.ChoiceField(
        label=pgettext_lazy("of an organisation", "Country"), choices=_countries, required=False
    )
    mission = forms.CharField(
        label=_("Mission of public interest"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As the statutes say it; the desk may ask for them."),
    )
    order_reference = forms.CharField(
        label=_("Reference of the public order"), max_length=100, required=False
    )
    order_ends_on = forms.DateField(
        label=_("The order ends on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The membership ends with it."),
    )
    order_body = MemberField(
        label=_("Public body that gives the order"),
        required=False,
        help_text=_("A member: begin to type its name."),
    )
    french_member = MemberField(
        label=_("French member with whom you co-operate"),
        required=False,
        help_text=_("Begin to type its name. DINAMIS approves the co-operation."),
    )
    partner_name = forms.CharField(
        label=_("European partner"),
        max_length=200,
        required=False,
        help_text=_("Leave empty where the French member is that partner."),
    )
    partner_country = forms.ChoiceField(
        label=_("Partner's country"), choices=_countries, required=False
    )

    # The needs that stand under one heading, and the rows of fields that stand side by side.
    ASKED = (
        (_("The association's mission"), ((Need.MISSION, ("mission",)),)),
        (_("The public order"), (
            (Need.ORDER, ("order_reference", "order_ends_on")), (Need.ORDER, ("order_body",)),
        )),
        (_("The co-operation"), (
            (Need.COUNTRY, ("country",)), (Need.FRENCH_MEMBER, ("french_member",)),
            (Need.EUROPEAN_PARTNER, ("partner_name", "partner_country")),
        )),
    )  # fmt: skip

    @property
    def particulars(self) -> list[tuple[Any, str, list[tuple[str, list[forms.BoundField]]]]]:
        """Title, the classes of the categories that are asked it, and the rows, each with its own."""
        return [
            (
                title,
                _categories(*(need for need, _row in rows)),
                [(_categories(need), [self[name] for name in row]) for need, row in rows],
            )
            for title, rows in self.ASKED
        ]

    @property
    def members(self) -> list[str]:
        """The names offered while one types."""
        names = Organisation.objects.members().order_by("name").values_list("name", flat=True)
        return list(names[:LONGEST_LIST])

    def _forget_unasked(self) -> None:
        """Blank what the chosen category is not asked, whatever a hidden field still held."""
        needs = eligibility.needs_of(self.cleaned_data["category"])
        for _title, rows in self.ASKED:
            for need, row in rows:
                for name in row if need not in needs else ():
                    self.cleaned_data[name] = self._blank(name)
        if Need.COUNTRY in needs and not self.cleaned_data["country"]:
            self.add_error("country", _("Choose the country."))

    def _blank(self, name: str) -> Any:
        if name == "country":  # France has territories with codes of their own
            return self.cleaned_data["country"] or "FR"
        return None if name in ("order_ends_on", "order_body", "french_member") else ""


def _categories(*needs: str) -> str:
    asked = [c for c in Category if eligibility.needs_of(c) & set(needs)]
    return " ".join(f"for-{category.value.replace('_', '-')}" for category in asked)


class DraftForm(forms.Form):
    """The least that a form must say to be kept: what it is about, and to whom its link goes."""

    name = forms.CharField(max_length=200)
    referent_name = forms.CharField(max_length=150)
    referent_email = forms.EmailField()
