"""Reading organisations: who is a member, whose domain is this, who leads it."""

from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts.models import (
    Affiliation,
    AffiliationEvent,
    ChangeEvent,
    MembershipEvent,
    Merger,
    Organisation,
    PersonalDomain,
    User,
)

MOST = 20


def search(words: str) -> list[Organisation]:
    """Members whose name, short name or domain contains the words; at most twenty, none for nothing."""
    words = words.strip()
    if len(words) < 2:
        return []
    return list(Organisation.objects.members().matching(words)[:MOST])


def named(words: str) -> list[Organisation]:
    """The members called so, by full or short name; else those whose names contain the words."""
    words = words.strip()
    members = Organisation.objects.members()
    exact = members.filter(Q(name__iexact=words) | Q(short_name__iexact=words))
    return list(exact[:MOST]) or search(words)


def proposed_for(user: Any) -> list[Organisation]:
    """The members whose declared domains cover the person's address, the closest domain first."""
    host = user.email.rpartition("@")[2].lower()
    if PersonalDomain.objects.holds(user.email):
        return []
    found = Organisation.objects.members().of_address(user.email).prefetch_related("domains")

    def closeness(organisation: Organisation) -> int:
        ends = [d.domain for d in organisation.domains.all() if f".{host}".endswith(f".{d.domain}")]
        return -max(map(len, ends), default=0)

    return sorted(
        found[:MOST], key=lambda organisation: (closeness(organisation), organisation.name)
    )


def moved_to(pk: int) -> Organisation | None:
    """Where an organisation's old links lead: its successor, or None when it was never absorbed."""
    merger = Merger.objects.filter(absorbed=pk).select_related("successor").first()
    return merger.successor.successor if merger else None


def referents_of(organisation: Organisation) -> list[User]:
    """The people who are its active referents, in order of name."""
    leading = Affiliation.objects.active().filter(organisation=organisation, is_referent=True)
    return list(User.objects.filter(affiliations__in=leading, is_active=True).order_by("full_name"))


def concerned_by(merger: Merger) -> list[tuple[str, str, str]]:
    """Who is told of a merger: name, address and language of who went over and of both who bind them."""
    went = AffiliationEvent.objects.filter(step="merge", at=merger.at, target="active")
    people = User.objects.filter(affiliations__events__in=went, is_active=True).distinct()
    told = {user.email: (user.full_name, user.language) for user in people}
    for organisation in (merger.absorbed, merger.successor):
        last = organisation.memberships.exclude(activated_at=None).first()
        if last is not None:
            told.setdefault(last.legal_email, (last.legal_name, last.language))
    return [(name, email, language) for email, (name, language) in sorted(told.items())]


def told_by_merger(event: MembershipEvent) -> set[str]:
    """The addresses to which the mail of a merger says already that this membership left."""
    merger = Merger.objects.filter(absorbed=event.membership.organisation).first()
    if event.step != "leave" or merger is None:
        return set()
    return {email for _name, email, _language in concerned_by(merger)}


def concerned_by_change(event: ChangeEvent) -> list[tuple[str, str]]:
    """Who is told of a step of a change, with their languages; the desk only when its turn begins."""
    change = event.change
    told = {user.email: user.language for user in referents_of(change.organisation)}
    membership = change.organisation.memberships.exclude(activated_at=None).first()
    language = membership.language if membership else settings.LANGUAGE_CODE
    if change.kind == change.Kind.LEGAL:
        told.setdefault(change.before["legal_email"], language)
        if event.step == "accept":
            told.setdefault(change.after["legal_email"], language)
    if event.step == "ask" and change.turn == "desk":
        told[settings.DESK_EMAIL] = settings.LANGUAGE_CODE
    if event.step == "approve" and change.kind == change.Kind.REFERENT:
        # Who is named hears so by the mail of that: one piece of news, one mail.
        named = User.objects.filter(affiliations=change.after["affiliation"]).first()
        told.pop(named.email if named else "", None)
    return sorted(told.items())
