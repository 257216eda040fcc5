"""What stands beside a decision: the facts that speak for and against, and the advice they add up to."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import eligibility
from accounts.models import Affiliation, Membership, Organisation, PersonalDomain, User
from accounts.places import country_name
from accounts.services.membership import opinions, particulars
from accounts.states.membership import State
from dinamis.formats import day


@dataclass(frozen=True, slots=True)
class Proof:
    """One fact: `kind` is ok, ask (look closer) or no (stands in the way)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the facts suggest: the name of a step, and why. The officer decides."""

    step: str
    label: str
    why: str


def of_affiliation(affiliation: Affiliation) -> list[Proof]:
    """What a referent sees beside the two buttons."""
    return [
        _address(affiliation),
        _colleagues(affiliation),
        *of_nationality(affiliation.user, affiliation.organisation),
        *_elsewhere(affiliation),
    ]


def of_nationality(user: User, organisation: Organisation) -> list[Proof]:
    """What a body outside France and its people want looked at: Pléiades is open subject to nationality."""
    if organisation.category not in eligibility.ASKS_NATIONALITY:
        return []
    if not user.nationality:
        return [Proof("ask", _("Nationality not said; Pléiades is open subject to it"))]
    country = {"country": country_name(user.nationality)}
    if eligibility.country_group(user.nationality) == eligibility.CountryGroup.WORLD:
        return [
            Proof("ask", _("Nationality: %(country)s; Pléiades is open subject to it") % country)
        ]
    return [Proof("ok", _("Nationality: %(country)s") % country)]


def _address(affiliation: Affiliation) -> Proof:
    email = affiliation.user.email
    proved = EmailAddress.objects.filter(
        user=affiliation.user, email__iexact=email, verified=True
    ).exists()
    if not proved:
        return Proof("no", _("Address not proved: %(email)s") % {"email": email})
    if affiliation.organisation.covers(email):
        return Proof("ok", _("Address of the organisation, proved"))
    if PersonalDomain.objects.holds(email):
        return Proof("ask", _("Personal address, not the organisation's"))
    return Proof("ask", _("Address outside the organisation's domains"))


def _colleagues(affiliation: Affiliation) -> Proof:
    host = affiliation.user.email.rpartition("@")[2]
    same = Affiliation.objects.active().filter(
        organisation=affiliation.organisation, user__email__iendswith=f"@{host}"
    )
    count = same.exclude(user=affiliation.user).count()
    if not count:
        return Proof("ask", _("Nobody else here has an address at %(host)s") % {"host": host})
    return Proof(
        "ok",
        ngettext(
            "Same address domain as %(count)s active account",
            "Same address domain as %(count)s active accounts",
            count,
        )
        % {"count": count},
    )


def _elsewhere(affiliation: Affiliation) -> list[Proof]:
    others = (
        Affiliation.objects.exclude(pk=affiliation.pk)
        .filter(user=affiliation.user)
        .select_related("organisation")
    )
    proofs = [
        Proof("ok", _("Also attached to %(name)s") % {"name": other.organisation})
        for other in others.active()
    ]
    # A refusal by another organisation is that organisation's affair; one by this one is not.
    before = others.filter(state="refused", organisation=affiliation.organisation).first()
    if before:
        when = day(before.state_since)
        proofs.append(Proof("ask", _("Already refused here, on %(day)s") % {"day": when}))
    return proofs


def of_membership(membership: Membership) -> list[Proof]:
    """What the desk sees beside its buttons; nothing of a form that is not sent yet."""
    if not membership.organisation.category:
        return []
    return [
        _referent(membership),
        _legal(membership),
        _acceptance(membership),
        *_identifiers(membership),
        _eligibility(membership),
        *_particulars(membership),
        *_opinions(membership),
    ]


def _referent(membership: Membership) -> Proof:
    if membership.referent_proved_at:
        return Proof(
            "ok",
            _("Referent's address proved on %(day)s") % {"day": day(membership.referent_proved_at)},
        )
    return Proof("no", _("Referent's address not proved"))


def _legal(membership: Membership) -> Proof:
    if membership.organisation.covers(membership.legal_email):
        return Proof("ok", _("Legal representative's address in the organisation's domains"))
    if membership.legal_verified_how:
        return Proof("ok", _("Legal representative's address verified by the desk"))
    return Proof(
        "ask", _("Legal representative's address outside the domains: verify it, and note how")
    )


def _acceptance(membership: Membership) -> Proof:
    if not membership.legal_accepted_at:
        return Proof("no", _("Charter and licences not accepted"))
    when = day(membership.legal_accepted_at)
    return Proof("ok", _("Charter and licences accepted on %(day)s") % {"day": when})


def _identifiers(membership: Membership) -> list[Proof]:
    organisation = membership.organisation
    names = [name for name in ("siret", "rnsr", "ror") if getattr(organisation, name)]
    if not names:
        return [Proof("ask", _("No public identifier given"))]
    return [Proof("ok", _("%(name)s whose key holds") % {"name": name.upper()}) for name in names]


def _eligibility(membership: Membership) -> Proof:
    organisation = membership.organisation
    ruling = eligibility.ruling(organisation.category, organisation.country)
    kind = "ok" if ruling.eligible else "no"
    words = {"category": organisation.get_category_display(), "condition": ruling.conditions[0]}
    return Proof(kind, _("%(category)s: %(condition)s") % words)


def _particulars(membership: Membership) -> list[Proof]:
    return [Proof("no", str(sentence)) for sentence in particulars.problems_of(membership).values()]


def _opinions(membership: Membership) -> list[Proof]:
    if lacking := opinions.missing(membership):
        names = ", ".join(str(eligibility.Opinion(code).label) for code in lacking)
        return [Proof("ask", _("Opinions still open: %(names)s") % {"names": names})]
    found = membership.opinions.counted().select_related("adviser")
    return [
        Proof(
            _KINDS.get(opinion.state, "ask"),
            _("%(adviser)s: %(state)s")
            % {"adviser": opinion.adviser, "state": str(opinion.get_state_display()).lower()},
        )
        for opinion in found
    ]


_KINDS = {"favourable": "ok", "unfavourable": "no"}


def advice(membership: Membership) -> Advice | None:
    """What the table of facts suggests to the desk, or None when it is not the desk's turn."""
    if membership.state == State.AWAITING_OPINIONS:
        return None
    if membership.state == State.APPEALED:
        return Advice("look", _("read it again"), _("The referent answers the refusal."))
    if membership.state != State.UNDER_REVIEW:
        return None
    proofs = of_membership(membership)
    if any(proof.kind == "no" for proof in proofs):
        worst = next(proof.text for proof in proofs if proof.kind == "no")
        return Advice("refuse", _("refuse, or send back"), worst)
    if opinions.missing(membership):
        return Advice("ask_opinions", _("ask for opinions"), _("Its category asks for them."))
    doubts = [proof.text for proof in proofs if proof.kind == "ask"]
    count = len(proofs)
    if doubts:
        say = _("%(good)s points of %(all)s hold; look at: %(first)s")
        return Advice(
            "look",
            _("look closer"),
            say % {"good": count - len(doubts), "all": count, "first": doubts[0]},
        )
    return Advice("approve", _("approve"), _("All %(all)s points hold.") % {"all": count})
