"""Whatever is left standing without a membership behind it: found every night, reported to the desk.

Each check is a question to the database, written apart from the services whose work it verifies.
A room above registers its own: `register("lines", found)`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    Affiliation,
    ApiKey,
    Duty,
    Invitation,
    MailedLink,
    Membership,
    Organisation,
)
from accounts.services import links
from accounts.states.affiliation import BELONGING
from accounts.states.membership import STANDING


@dataclass(frozen=True, slots=True)
class Stray:
    """One right without a ground: what kind of row, its key, whose, and what is missing."""

    kind: str
    key: int
    who: str
    why: str


Check = Callable[[], Iterable[Stray]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check, or replace the one of the same name."""
    _checks[name] = check


def strays() -> list[Stray]:
    """Everything that any check finds, in a stable order."""
    checks = {**_OURS, **_checks}
    return [stray for name in sorted(checks) for stray in checks[name]()]


def as_rows() -> list[dict[str, object]]:
    return [asdict(stray) for stray in strays()]


def unended(path: str = "") -> Q:
    """Whose last day, if there is one, is today or later in the site's time zone: it counts itself."""
    return Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gte": timezone.localdate()})


def belongs(*, user: str, organisation: str) -> QuerySet[Affiliation]:
    """The affiliations that stand behind a row of this user and organisation, at rest or not."""
    return Affiliation.objects.filter(
        unended(),
        Exists(_standing("organisation")),
        user=OuterRef(user),
        organisation=OuterRef(organisation),
        state__in=sorted(BELONGING),
    )


def _standing(organisation: str) -> QuerySet[Membership]:
    return Membership.objects.filter(
        unended(), organisation=OuterRef(organisation), state__in=sorted(STANDING)
    )


def _affiliations() -> Iterator[Stray]:
    rows = Affiliation.objects.filter(state__in=sorted(BELONGING)).order_by("pk")
    for row in (
        rows.annotate(member=Exists(_standing("organisation")))
        .exclude(unended(), member=True, user__is_active=True)
        .select_related("user", "organisation")
    ):
        if not row.user.is_active:
            why = "the account is closed"
        else:
            why = "the last day is past" if row.member else "the organisation is no member"
        kind = "referent" if row.is_referent else "affiliation"
        yield Stray(kind, row.pk, str(row), why)


def _memberships() -> Iterator[Stray]:
    over = Membership.objects.filter(state__in=sorted(STANDING)).exclude(unended())
    for row in over.select_related("organisation").order_by("pk"):
        yield Stray("membership", row.pk, str(row.organisation), "the last day is past")


def _keys() -> Iterator[Stray]:
    behind = belongs(user="user", organisation="organisation")
    for key in (
        ApiKey.objects.living()
        .filter(~Exists(behind) | Q(user__is_active=False))
        .select_related("user")
        .order_by("pk")
    ):
        yield Stray("api_key", key.pk, str(key.user), "its person does not belong there")


def _duties() -> Iterator[Stray]:
    for duty in Duty.objects.current().filter(user__is_active=False).select_related("user"):
        yield Stray("duty", duty.pk, str(duty), "the account is closed")


def _sessions() -> Iterator[Stray]:
    for session in UserSession.objects.filter(user__is_active=False).select_related("user"):
        yield Stray("session", session.pk, str(session.user), "the account is closed")


def _invitations() -> Iterator[Stray]:
    may = Affiliation.objects.in_force().filter(
        user=OuterRef("by_user"), organisation=OuterRef("organisation"), is_referent=True
    )
    desk = Duty.objects.current().filter(
        user=OuterRef("by_user"), kind=Duty.Kind.DESK, user__is_active=True
    )
    for row in (
        Invitation.objects.pending()
        .filter(~Exists(_standing("organisation")) | (~Exists(may) & ~Exists(desk)))
        .select_related("organisation")
        .order_by("pk")
    ):
        yield Stray("invitation", row.pk, str(row), "whoever invited may no longer")


def _links() -> Iterator[Stray]:
    for link in MailedLink.objects.usable().order_by("pk"):
        if not links.purpose_of(link).is_needed(link):
            yield Stray("mailed_link", link.pk, link.email, "nothing waits for it")


def _leaderless() -> Iterator[Stray]:
    leads = Affiliation.objects.in_force().filter(organisation=OuterRef("pk"), is_referent=True)
    members = Organisation.objects.members().filter(~Exists(leads))
    for organisation in members.filter(affiliations__activated_at__isnull=False).distinct():
        yield Stray("organisation", organisation.pk, str(organisation), "it has no referent left")


_OURS: dict[str, Check] = {
    "affiliations": _affiliations,
    "api_keys": _keys,
    "duties": _duties,
    "invitations": _invitations,
    "mailed_links": _links,
    "memberships": _memberships,
    "organisations": _leaderless,
    "sessions": _sessions,
}
