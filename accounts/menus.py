"""What this room adds to the menus, and how many things wait there for the reader."""

from typing import Any

from django.http import HttpRequest  # noqa: TID251  a menu is asked by the shell of a page
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Affiliation,
    Change,
    Delegation,
    LinkedAccount,
    Membership,
    Review,
    User,
)
from accounts.policies import is_administrator, is_desk, organisations_led_by
from accounts.services.notices import reading
from dinamis import navigation
from dinamis.compiled import Keys
from dinamis.navigation import Counted, Entry


def writes_licences(request: HttpRequest) -> bool:
    return is_administrator(request.user)


def is_stranger(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


def leads(request: HttpRequest) -> bool:
    """Referents see their organisation."""
    user = request.user
    return user.is_authenticated and any(row.is_referent for row in user.belongs)


def belongs(request: HttpRequest) -> bool:
    """Whoever acts for a member now."""
    user = request.user
    return user.is_authenticated and any(row.is_current for row in user.belongs)


def waiting_for_referent(request: HttpRequest) -> Counted:
    """The requests that this referent has to decide."""
    return _requests(request.user.pk)


def reviews_to_do(request: HttpRequest) -> Counted:
    """The open reviews that this referent has to answer."""
    return _reviews(request.user.pk)


def unanswered(request: HttpRequest) -> Counted:
    """What referents left unanswered until the desk was told."""
    return [_requests_left(), _reviews_left()]


def away(request: HttpRequest) -> Counted:
    """How many are away today."""
    return _away()


def has_some_duty(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(request.user.duties_held)


def at_desk(request: HttpRequest) -> bool:
    return is_desk(request.user)


def failed_with_partners(request: HttpRequest) -> Counted:
    return _failed()


def administers(request: HttpRequest) -> bool:
    return is_administrator(request.user)


def waiting_for_desk(request: HttpRequest) -> Counted:
    return _memberships()


def changes_for_desk(request: HttpRequest) -> Counted:
    return _changes()


def unread(request: HttpRequest) -> Counted:
    return _unread(request.user.pk)


def led(reader: int) -> Any:
    """The organisations led by whoever reads the page, whose session is a person's own."""
    return organisations_led_by(User(pk=reader))


# Asked by every page with a menu, so written once.
_requests = Keys(
    lambda reader: (
        Affiliation.objects.requested().filter(organisation__in=led(reader)).exclude(user=reader)
    )
)
_reviews = Keys(lambda reader: Review.objects.open().filter(organisation__in=led(reader)))
_unread = Keys(lambda reader: reading.unread(User(pk=reader)))
_requests_left = Keys(lambda: Affiliation.objects.requested().exclude(escalated_at=None))
_reviews_left = Keys(lambda: Review.objects.open().exclude(escalated_at=None))
_away = Keys(lambda: Delegation.objects.in_force())
_failed = Keys(lambda: LinkedAccount.objects.failed())
_memberships = Keys(lambda: Membership.objects.for_desk())
_changes = Keys(lambda: Change.objects.for_desk())


ENTRIES = (
    Entry("notices", "notices", _("Notices"), navigation.signed_in, count=unread, place="bell"),
    Entry(
        "notice_choices", "notice_choices", _("What you are told"), navigation.signed_in, order=15,
        place="account", icon="bell",
    ),
    Entry("join", "join", _("Join"), show=is_stranger, order=80),
    Entry(
        "organisation", "organisation", _("My organisation"), show=leads,
        count=waiting_for_referent, order=50,
    ),
    Entry(
        "organisation_requests", "organisation", _("Requests"), show=leads,
        count=waiting_for_referent, order=10, place="organisation",
    ),
    Entry(
        "organisation_people", "organisation_people", _("People"), show=leads, order=20,
        place="organisation",
    ),
    Entry(
        "organisation_invitations", "organisation_invitations", _("Invitations"), show=leads,
        order=30, place="organisation",
    ),
    Entry(
        "organisation_review", "organisation_review", _("Review"), show=leads,
        count=reviews_to_do, order=40, place="organisation",
    ),
    Entry(
        "desk_unanswered", "desk_unanswered", _("Unanswered"), show=at_desk,
        count=unanswered, order=70, place="desk", group=_("To watch"),
    ),
    Entry(
        "desk_absences", "desk_absences", _("Absences"), show=at_desk, count=away, order=68,
        place="desk", group=_("To watch"),
    ),
    Entry(
        "absences", "desk_absences", _("Absences"), show=has_some_duty, order=75, place="account",
        icon="calendar-clock",
    ),
    Entry(
        "organisation_keys", "organisation_keys", _("API keys"), show=leads, order=60,
        place="organisation",
    ),
    Entry(
        "webhooks", "webhooks", _("Webhooks"), show=leads, order=65, place="organisation",
    ),
    Entry(
        "desk_keys", "desk_keys", _("API keys"), show=at_desk, order=80, place="desk",
        group=_("To watch"),
    ),
    Entry(
        "organisation_facts", "organisation_facts", _("Facts"), show=leads, order=40,
        place="organisation",
    ),
    Entry(
        "desk_changes", "desk_changes", _("Changes of facts"), show=at_desk,
        count=changes_for_desk, order=22, place="desk", group=_("To decide"),
    ),
    Entry(
        "desk_organisations", "desk_organisations", _("Organisations"), show=at_desk, order=90,
        place="desk", group=_("To watch"),
    ),
    Entry(
        "desk_erasures", "desk_erasures", _("Erasures"), show=at_desk, order=74, place="desk",
        group=_("To watch"),
    ),
    Entry(
        "desk_memberships", "desk_memberships", _("Memberships"), show=at_desk,
        count=waiting_for_desk, order=20, place="desk", group=_("To decide"),
    ),
    Entry(
        "account", "account", _("My account"), navigation.signed_in, order=10, place="account",
        icon="user-round",
    ),
    Entry(
        "licences", "licences", _("Licences"), navigation.signed_in, order=20, place="account",
        icon="file-check",
    ),
    Entry(
        "api_keys", "api_keys", _("API keys"), navigation.signed_in, order=30, place="account",
        icon="terminal",
    ),
    Entry(
        "my_programs", "my_programs", _("Programs signed in"), navigation.signed_in, order=40,
        place="account", icon="plug",
    ),
    Entry(
        "desk_partners", "desk_partners", _("Partner accounts"), show=at_desk,
        count=failed_with_partners, order=80, place="desk", group=_("Outside"),
    ),
    Entry(
        "desk_programs", "desk_programs", _("Programs"), show=administers, order=90, place="desk",
        group=_("Outside"),
    ),
    Entry(
        "licence_edit", "licence_edit", _("Texts of licences"), show=writes_licences, order=60,
        place="account", icon="pencil",
    ),
    Entry("data", "data", _("My data"), navigation.signed_in, order=70, place="account",
          icon="database"),
    Entry("privacy", "privacy", _("Personal data"), order=80, place="foot"),
    Entry("join_foot", "join", _("Join DINAMIS"), order=10, place="foot"),
)  # fmt: skip


def register() -> None:
    """Add the entries; registering twice is once."""
    for entry in ENTRIES:
        navigation.register(entry)
