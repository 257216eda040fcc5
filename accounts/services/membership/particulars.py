"""What only some categories say of themselves, and what may be wrong with it.

Works on anything with those columns: a proposal, a membership.
"""

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import eligibility
from accounts.eligibility import CountryGroup, Need
from accounts.models import Membership, Organisation
from accounts.places import country_name
from dinamis import formats
from dinamis.errors import NotNow

# Need → the columns it fills.
COLUMNS = {
    Need.MISSION: ("mission",),
    Need.ORDER: ("order_reference", "order_ends_on", "order_body"),
    Need.COUNTRY: (),
    Need.FRENCH_MEMBER: ("french_member",),
    Need.EUROPEAN_PARTNER: ("partner_name", "partner_country"),
}
PUBLIC = ("public_body", "research", "association")


def problems(said: Any, *, unread: Collection[str] = ()) -> dict[str, Any]:
    """Return field → sentence for what a category needs and does not find in `said`.

    Nothing is said of fields that could not be read (`unread`, None in `said`).
    """
    if "country" in unread:
        needs = eligibility.needs_of(said.category)
    else:
        needs = eligibility.ruling(said.category, said.country).needs
    found: dict[str, Any] = {}
    for need in Need:
        if need in needs and (judge := _JUDGES.get(need)):
            found |= judge(said)
    if "french_member" in unread:  # who may be the partner
        found.pop("partner_name", None)
    return {field: sentence for field, sentence in found.items() if field not in unread}


def _mission(said: Any) -> dict[str, Any]:
    if (said.mission or "").strip():
        return {}
    return {"mission": _("Copy here what the statutes say of the mission of public interest.")}


def _order(said: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not (said.order_reference or "").strip():
        found["order_reference"] = _("Give the reference of the public order.")
    if said.order_ends_on is None:
        found["order_ends_on"] = _("Give the day on which the public order ends.")
    elif said.order_ends_on < timezone.localdate():
        found["order_ends_on"] = _("This public order is over: images are only for one that runs.")
    if said.order_body is None:
        found["order_body"] = _(
            "Name the public body that gives the order, which must be a member."
        )
    elif not (said.order_body.is_member and said.order_body.category in PUBLIC):
        found["order_body"] = _("%(name)s is not a public body that is a member.") % {
            "name": said.order_body.name
        }
    return found


def _french(said: Any) -> dict[str, Any]:
    member = said.french_member
    if member is None:
        return {"french_member": _("Name the French member with whom you co-operate.")}
    in_france = eligibility.country_group(member.country) == CountryGroup.FRANCE
    if in_france and member.is_member:
        return {}
    return {"french_member": _("%(name)s is not a French member.") % {"name": member.name}}


def _european(said: Any) -> dict[str, Any]:
    """A European partner, who may be the French member; one that is named lies in Europe."""
    if not (said.partner_name or "").strip():
        if said.french_member is not None:
            return {}
        return {
            "partner_name": _("Name a European partner; the French member may be that partner.")
        }
    group = eligibility.country_group(said.partner_country) if said.partner_country else ""
    if group in (CountryGroup.EUROPE, CountryGroup.FRANCE):
        return {}
    return {"partner_country": _("The partner must be established in Europe.")}


_JUDGES = {
    Need.MISSION: _mission,
    Need.ORDER: _order,
    Need.FRENCH_MEMBER: _french,
    Need.EUROPEAN_PARTNER: _european,
}


class _Said:
    """A membership read as a proposal: the organisation's facts beside its own."""

    def __init__(self, membership: Membership) -> None:
        self.category = membership.organisation.category
        self.country = membership.organisation.country
        for columns in COLUMNS.values():
            for column in columns:
                setattr(self, column, getattr(membership, column))


def problems_of(membership: Membership) -> dict[str, Any]:
    """What the category needs and no longer finds in a dossier, as `problems` says it.

    A form that is not sent yet may have no category.
    """
    return problems(_Said(membership)) if membership.organisation.category else {}


def check_still_right(membership: Membership) -> None:
    """Raise NotNow when what the category needs no longer holds on the day of the decision."""
    for field, sentence in problems_of(membership).items():
        raise NotNow("particulars_not_right", sentence, field=field)


def lines(membership: Membership) -> list[tuple[Any, str]]:
    """What was said, as label and words, for the pages that show a file."""
    shown: list[tuple[Any, str]] = []
    for columns in COLUMNS.values():
        for column in columns:
            value = getattr(membership, column)
            if value:
                shown.append(
                    (Membership._meta.get_field(column).verbose_name, _words(column, value))
                )
    if _partner_is_the_member(membership):
        shown.append(
            (Membership._meta.get_field("partner_name").verbose_name, _("the French member"))
        )
    return shown


def _partner_is_the_member(membership: Membership) -> bool:
    """A body outside Europe named no other European partner than the French member, which counts."""
    organisation = membership.organisation
    if not organisation.category or not membership.french_member or membership.partner_name:
        return False
    ruling = eligibility.ruling(organisation.category, organisation.country)
    return Need.EUROPEAN_PARTNER in ruling.needs


def _words(column: str, value: Any) -> str:
    if column == "order_ends_on":
        return formats.day(value)
    if column == "partner_country":
        return country_name(value)
    return value.name if isinstance(value, Organisation) else str(value)
