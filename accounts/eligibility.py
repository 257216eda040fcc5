"""Who may join, as pure decision tables: category and country decide conditions, each told in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """What kind of body asks to join (domain.md 1)."""

    PUBLIC_BODY = "public_body", _("French public body or local authority")
    RESEARCH = "research", _("French research or higher-education body")
    ASSOCIATION = "association", _("Association with a public-interest mission")
    CONTRACTOR = "contractor", _("French company working for a public body")
    PRIVATE_RD = "private_rd", _("French company, for its own research and development")
    EUROPEAN_SCIENTIST = "european_scientist", _("European scientific body, outside France")
    FOREIGN_SCIENTIST = "foreign_scientist", _("Scientific body outside Europe")


class CountryGroup(models.TextChoices):
    """Where a body is established, as the scheme sees it."""

    FRANCE = "france", _("France and its overseas territories")
    EUROPE = "europe", _("Europe, outside France")
    WORLD = "world", _("the rest of the world")


class Opinion(models.TextChoices):
    """Whose opinion the desk must ask before it decides."""

    CNES = "cnes", _("CNES, for Pléiades")
    AIRBUS = "airbus", _("Airbus Defence and Space, for SPOT 6-7")


# The French Republic's territories have ISO codes of their own.
FRANCE = frozenset(("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"))
# Members of the European Union, of the European Economic Area, Switzerland and the United Kingdom.
EUROPE = frozenset(
    (
        "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
        "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV",
        "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip


class Need(models.TextChoices):
    """What the form asks of a category, and of no other."""

    MISSION = "mission", _("the mission of public interest")
    ORDER = "order", _("the public order")
    COUNTRY = "country", _("the country")
    FRENCH_MEMBER = "french_member", _("the co-operation with a French member")
    EUROPEAN_PARTNER = "european_partner", _("the European partner")


# Pléiades is open "subject to nationality" (domain.md 1): asked of the people of bodies outside France.
ASKS_NATIONALITY = frozenset({Category.EUROPEAN_SCIENTIST, Category.FOREIGN_SCIENTIST})


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer of the table for one category in one country group.

    `opinions` must be gathered before approval (the usual ones: dated rows say which are in force);
    `needs` are what the form asks; `conditions` are sentences for the reader, in order.
    """

    eligible: bool
    conditions: tuple[Any, ...]
    opinions: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


_MISSION = _("Images serve the public-service mission, never a commercial use.")
_FRENCH_ONLY = _(
    "This category is for bodies established in France; choose the one for scientists."
)
_BOTH = frozenset({Opinion.CNES, Opinion.AIRBUS})
_CO_OPERATION = _("A collaborative project with a French member is needed, which DINAMIS approves.")

_HOME = {
    Category.PUBLIC_BODY: Ruling(True, (_MISSION,)),
    Category.RESEARCH: Ruling(
        True, (_MISSION, _("Scientists of the body are covered wherever they are posted."))
    ),
    Category.ASSOCIATION: Ruling(
        True,
        (_MISSION, _("The mission of public interest must be clear from the statutes.")),
        needs=frozenset({Need.MISSION}),
    ),
    Category.CONTRACTOR: Ruling(
        True,
        (
            _("Images serve a public order in France, for as long as it runs, and nothing else."),
            _("The public body that gives the order is a member; the membership ends with it."),
        ),
        needs=frozenset({Need.ORDER}),
    ),
    Category.PRIVATE_RD: Ruling(
        True,
        (
            _("Images serve the company's own research and development."),
            _("Airbus Defence and Space is asked for its opinion first."),
        ),
        frozenset({Opinion.AIRBUS}),
    ),
}
_EUROPEAN = Ruling(
    True,
    (
        _CO_OPERATION,
        _("CNES and Airbus Defence and Space are asked for their opinion first."),
        _(
            "Pléiades is ordered at the preferential price, without a free share; SPOT 6-7 is not open."
        ),
    ),
    _BOTH,
    frozenset({Need.COUNTRY, Need.FRENCH_MEMBER}),
)
_FOREIGN = Ruling(
    True,
    (
        _CO_OPERATION,
        _("A partnership with a European body is needed to order; the French member counts."),
        _("CNES and Airbus Defence and Space are asked for their opinion first."),
    ),
    _BOTH,
    frozenset({Need.COUNTRY, Need.FRENCH_MEMBER, Need.EUROPEAN_PARTNER}),
)


def _no(sentence: Any) -> Ruling:
    return Ruling(False, (sentence,))


def _table() -> dict[tuple[str, str], Ruling]:
    """Every category in every country group; a missing cell is a KeyError at import."""
    in_france = _("A body established in France joins under one of the French categories.")
    outside = {
        Category.EUROPEAN_SCIENTIST: {
            CountryGroup.FRANCE: _no(in_france),
            CountryGroup.EUROPE: _EUROPEAN,
            CountryGroup.WORLD: _no(_("This category is for bodies established in Europe.")),
        },
        Category.FOREIGN_SCIENTIST: {
            CountryGroup.FRANCE: _no(in_france),
            CountryGroup.EUROPE: _no(_("A European body joins as a European scientific body.")),
            CountryGroup.WORLD: _FOREIGN,
        },
    }
    rows: dict[Any, Mapping[Any, Ruling]] = {
        category: {
            CountryGroup.FRANCE: ruling,
            CountryGroup.EUROPE: _no(_FRENCH_ONLY),
            CountryGroup.WORLD: _no(_FRENCH_ONLY),
        }
        for category, ruling in _HOME.items()
    } | outside
    return {(c, g): rows[c][g] for c, g in product(Category, CountryGroup)}


TABLE = _table()


def country_group(country: str) -> CountryGroup:
    """Return the group of an ISO 3166-1 alpha-2 code."""
    code = country.upper()
    if code in FRANCE:
        return CountryGroup.FRANCE
    return CountryGroup.EUROPE if code in EUROPE else CountryGroup.WORLD


def ruling(category: str, country: str) -> Ruling:
    """Return what the scheme says of a body of this category established in this country.

    Source: domain.md 1 (eligible users of the scheme, deck of 2021 and later pages).
    """
    return TABLE[Category(category), country_group(country)]


def asked_of(category: str) -> tuple[Any, ...]:
    """The conditions of a category in the first country group where it may be chosen."""
    groups = (TABLE[Category(category), group] for group in CountryGroup)
    return next(found.conditions for found in groups if found.eligible)


def needs_of(category: str) -> frozenset[str]:
    """What the form asks of a category, wherever it may be chosen."""
    cells = (TABLE[Category(category), group] for group in CountryGroup)
    return frozenset[str]().union(*(cell.needs for cell in cells if cell.eligible))
