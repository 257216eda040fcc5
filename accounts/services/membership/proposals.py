"""What an organisation says of itself when it asks to join, and what may be wrong with it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import eligibility, identifiers
from accounts.models import Membership, Organisation, PersonalDomain
from accounts.services.membership import particulars
from accounts.states.membership import OPEN, State
from dinamis.errors import Invalid, NotNow

IDENTIFIERS = ("siret", "rnsr", "ror")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The facts of the form, in shape but not yet judged."""

    name: str
    category: str
    country: str
    sector: str
    domains: tuple[str, ...]
    referent_name: str
    referent_email: str
    legal_name: str
    legal_position: str
    legal_email: str
    short_name: str = ""
    siret: str | None = None
    rnsr: str | None = None
    ror: str | None = None
    supervisors: tuple[str, ...] = ()
    # What only some categories are asked (`eligibility.Need`).
    mission: str = ""
    order_reference: str = ""
    order_ends_on: date | None = None
    order_body: Organisation | None = None
    french_member: Organisation | None = None
    partner_name: str = ""
    partner_country: str = ""


ORGANISATION_FIELDS = ("name", "short_name", "category", "country", "sector", *IDENTIFIERS)
MEMBERSHIP_FIELDS = (
    "referent_name", "referent_email", "legal_name", "legal_position", "legal_email",
    "mission", "order_reference", "order_ends_on", "order_body", "french_member", "partner_name",
    "partner_country",
)  # fmt: skip


def problems(
    proposal: Any, *, membership: Membership | None = None, unread: Collection[str] = ()
) -> dict[str, Any]:
    """Return field → sentence for everything that stands against a proposal, nothing when it may go on.

    `membership` is the dossier being corrected, which does not stand in its own way. `unread` are the
    fields of a form that could not be read: of them, and of what hangs on them, nothing is said.
    """
    found: dict[str, Any] = {}
    for fields, judge in _JUDGES:
        if not set(fields) & set(unread):
            found |= judge(proposal)
    if "category" not in unread:
        found |= particulars.problems(proposal, unread=unread)
    for field in IDENTIFIERS:
        value = getattr(proposal, field)
        if value and field not in unread and (sentence := _taken(field, value, membership)):
            found[field] = sentence
    if not {"name", "country"} & set(unread) and (sentence := _same_name(proposal, membership)):
        found.setdefault("name", sentence)
    return found


def check(proposal: Proposal, *, membership: Membership | None = None) -> None:
    """Raise Invalid with the first problem of a proposal, its field named."""
    for field in IDENTIFIERS:
        if value := getattr(proposal, field):
            getattr(identifiers, field)(value)
    for field, sentence in problems(proposal, membership=membership).items():
        raise Invalid("proposal_not_right", sentence, field=field)


def _problem_of_category(proposal: Any) -> dict[str, Any]:
    ruling = eligibility.ruling(proposal.category, proposal.country)
    return {} if ruling.eligible else {"category": ruling.conditions[0]}


def _problem_of_domains(proposal: Any) -> dict[str, Any]:
    public = PersonalDomain.objects.filter(domain__in=proposal.domains).first()
    if public is None:
        return {}
    said = _("%(domain)s is open to anybody: give the organisation's own domains.")
    return {"domains": said % {"domain": public.domain}}


def _problem_of_referent(proposal: Any) -> dict[str, Any]:
    if within(proposal.referent_email, proposal.domains) or _problem_of_domains(proposal):
        return {}
    said = _("The referent needs an address in one of the domains given above.")
    return {"referent_email": said}


def _problem_of_legal(proposal: Any) -> dict[str, Any]:
    if proposal.legal_email != proposal.referent_email:
        return {}
    said = _("The legal representative and the referent need different addresses.")
    return {"legal_email": said}


# The fields that each rule reads, and the rule.
_JUDGES: tuple[tuple[tuple[str, ...], Callable[[Any], dict[str, Any]]], ...] = (
    (("category", "country"), _problem_of_category),
    (("domains",), _problem_of_domains),
    (("domains", "referent_email"), _problem_of_referent),
    (("legal_email", "referent_email"), _problem_of_legal),
)


def within(email: str, domains: tuple[str, ...] | list[str]) -> bool:
    """True when the address lies in one of the domains or below it."""
    host = email.rpartition("@")[2].lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _others(membership: Membership | None) -> Any:
    """Organisations that are members, or whose referent has proved an address and asks to be.

    A proposal that nobody has proved stands in nobody's way.
    """
    asking = OPEN - {State.DRAFT, State.AWAITING_REFERENT}
    known = Organisation.objects.filter(
        Q(admitted_at__isnull=False) | Q(memberships__state__in=asking)
    )
    return known.exclude(pk=membership.organisation_id) if membership else known


def _taken(field: str, value: str, membership: Membership | None) -> Any:
    other = _others(membership).filter(**{field: value}).first()
    if other is None:
        return None
    return _known_sentence(other)


def _same_name(proposal: Any, membership: Membership | None) -> Any:
    same = _others(membership).filter(name__iexact=proposal.name, country=proposal.country).first()
    return _known_sentence(same) if same else None


def _known_sentence(other: Organisation) -> str:
    if other.is_member:
        return _(
            "%(name)s is already a member: create an account and ask to be attached to it."
        ) % {"name": other.name}
    if other.admitted_at:
        return _("%(name)s was a member before: write to the DINAMIS desk to join again.") % {
            "name": other.name
        }
    return _("A request to join is already under way for %(name)s.") % {"name": other.name}


def check_still_free(organisation: Organisation) -> None:
    """Raise NotNow when another organisation was admitted with one of these identifiers meanwhile."""
    for field in IDENTIFIERS:
        value = getattr(organisation, field)
        rivals = Organisation.objects.filter(admitted_at__isnull=False).exclude(pk=organisation.pk)
        if value and rivals.filter(**{field: value}).exists():
            raise NotNow(
                "identifier_taken",
                _("Another member already has the identifier %(value)s.") % {"value": value},
                field=field,
            )
