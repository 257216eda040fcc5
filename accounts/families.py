"""The kinds of news a person may be told, and how each comes unless the person says otherwise.

Each room registers its own when it is ready, as it does for menus. A family whose `why_fixed` says
something always comes by mail at once: the page of choices shows the reason instead of a choice.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a piece of news comes. In the list of the site it stands in any case."""

    MAIL = "mail", _("by mail, at once")
    DAILY = "daily", _("in a mail a day")
    WEEKLY = "weekly", _("in a mail a week")
    LIST = "list", _("on this site only")


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of news: its code, its name, a sentence of what it holds, its usual way."""

    code: str
    label: Any
    says: Any
    order: int = 50
    usual: str = Channel.MAIL
    why_fixed: Any = ""


_families: dict[str, Family] = {}


def register(family: Family) -> None:
    """Add a family, or replace the one of the same code."""
    _families[family.code] = family


def every() -> list[Family]:
    """All of them, in the order in which pages show them."""
    return sorted(_families.values(), key=lambda family: (family.order, family.code))


def family_of(code: str) -> Family:
    """The family of a code; raises KeyError for one that no room has registered."""
    return _families[code]


def name_of(code: str) -> str:
    """Its name for a reader; the code itself for a family that is gone."""
    known = _families.get(code)
    return str(known.label) if known else code


OURS = (
    Family(
        "account", _("Your account"),
        _("Keys, copies of your data, an account that is about to close."), order=90,
        why_fixed=_("These protect your account and your rights: they always come by mail."),
    ),
    Family(
        "licences", _("Licences and signatures"),
        _("Texts to sign again, the receipt of each signature."), order=80,
        why_fixed=_("These have legal effect: they always come by mail."),
    ),
    Family(
        "membership", _("Your organisation's membership"),
        _("Its membership, its charter, its facts and its mergers."), order=70,
        why_fixed=_("These have legal effect: they always come by mail."),
    ),
    Family(
        "belonging", _("Your affiliations"),
        _("You were attached, suspended, or your last day comes near."), order=60,
    ),
    Family(
        "people", _("People of your organisation"),
        _("For referents: who asks to be attached, the yearly review."), order=50,
    ),
)  # fmt: skip


def register_these() -> None:
    """The families of this room; called once, when the app is ready."""
    for family in OURS:
        register(family)
