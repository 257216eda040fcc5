"""Erasing a person: told before, refused while something binds, then every field as its line says."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import (
    Affiliation,
    ApiKey,
    DataExport,
    Erasure,
    MailedLink,
    Membership,
    Organisation,
    PersonEvent,
    User,
)
from accounts.services.people import account_mail, affiliations, people
from accounts.services.programs import api_keys
from accounts.services.trust.retention import ended_memberships, random_address
from accounts.states.affiliation import OPEN, State
from dinamis import personal_rows, retention
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.events import emit
from dinamis.idempotency import IdempotentAnswer
from dinamis.mailbox import SentMail
from dinamis.outbox import Promise, after_commit

log = structlog.get_logger(__name__)
LABEL = "erased person"
PART = "erasure"


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing a person leaves behind: a sentence to them, and the page where it is settled.

    `desk_url` is the desk's own page for it, where that is another.
    """

    say: str
    act: str = ""
    url: str = ""
    desk_url: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a person is told before: what to do first, what ends with the account, what is kept."""

    first: list[Tie]
    ends: list[Tie]
    kept: list[str]


Ties = Callable[[User], list[Tie]]
_binding: list[Ties] = []
_ending: list[Ties] = []


def sought(words: str) -> list[User]:
    """The accounts that a request may be about: by name or address, at most twenty; none for nothing."""
    words = words.strip()
    if len(words) < 3:
        return []
    found = User.objects.filter(erased_at=None).filter(
        Q(email__icontains=words) | Q(full_name__icontains=words)
    )
    return list(found.order_by("full_name", "pk")[:20])


def register(*, binding: Ties, ending: Ties | None = None) -> None:
    """Add a room's questions: what binds this person, and what ends with the account; twice is once.

    What ends, the room ends itself when it is told `person.erasing`.
    """
    for asked, known in ((binding, _binding), (ending, _ending)):
        if asked is not None and asked not in known:
            known.append(asked)


def outlook(user: User) -> Outlook:
    first = [tie for asked in _binding for tie in asked(user)]
    ends = [tie for asked in _ending for tie in asked(user)]
    return Outlook(first, ends, [*_named(user), *personal_rows.kept(user)])


def _of_this_room(user: User) -> list[Tie]:
    """The last referent, and whoever holds a duty for the whole scheme, hand over first."""
    led = Affiliation.objects.in_force().filter(user=user, is_referent=True)
    first = [
        Tie(
            _("You are the last referent of %(name)s: propose another, whom the desk names.")
            % {"name": one.organisation.name},
            act=_("Propose a referent"),
            url=reverse("ask_referent"),
            desk_url=reverse("desk_organisation", args=[one.organisation_id]),
        )
        for one in led.select_related("organisation").order_by("pk")
        if not Affiliation.objects.in_force()
        .filter(organisation=one.organisation, is_referent=True)
        .exclude(user=user)
        .exists()
    ]
    if user.duties_held:
        first.append(Tie(_("You hold a duty for the scheme: ask an administrator to end it.")))
    return first


def _named(user: User) -> list[str]:
    """Dossiers of living memberships that name the person: they stay until a year after the end."""
    living = Membership.objects.exclude(pk__in=ended_memberships().values("pk"))
    named = living.filter(_names(user)).select_related("organisation").order_by("pk")
    return [
        _("your name in the dossier of %(name)s, while it is a member")
        % {"name": one.organisation.name}
        for one in named
    ]


def _names(user: User) -> Q:
    return Q(referent_email__iexact=user.email) | Q(legal_email__iexact=user.email)


def register_this_room() -> None:
    """Called once, when the app is ready."""
    register(binding=_of_this_room)
    retention.register("accounts", _closed_for_long)


@transaction.atomic
def erase(user: User, *, by: Actor, reason: str = "") -> User:
    """Anonymise an account for good; the ledger, the histories and the signatures stay.

    By the person; on their request by the desk, which says why, or by the command. Raises NotAllowed
    for anybody else, Invalid (reason_missing), NotNow while something binds. Twice is once.
    """
    for_another = by.user is not None and by.user != user
    if by.link is not None or (for_another and not policies.is_desk(by.user)):
        raise NotAllowed("not_yours", _("Only the person does this, or the desk on their request."))
    if for_another and not reason.strip():
        raise Invalid(
            "reason_missing",
            _("Say how the request came and how you made sure who asks."),
            field="reason",
        )
    user = _locked(user)
    if user.erased_at:
        return user
    if first := outlook(user).first:
        raise NotNow("something_binds", " ".join(tie.say for tie in first))
    emit("person.erasing", user=user, by=Actor.system(PART))
    _leave_everything(user)
    email = user.email
    people.note(user, PersonEvent.Kind.ERASED, by=by)
    Erasure.objects.create(user=user, reason=reason.strip(), **by.columns())
    _forget_elsewhere(user)
    personal_rows.erase(user, address=random_address(), label=LABEL)
    User.objects.filter(pk=user.pk).update(is_active=False, erased_at=timezone.now())
    _say_goodbye(email, user.language, by_desk=for_another)
    user.refresh_from_db()
    return user


def _locked(user: User) -> User:
    """Lock the organisations, then the person, as leaving one does: two last referents come one by one."""
    mine = Affiliation.objects.filter(user=user, state__in=OPEN).values("organisation")
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=mine).order_by("pk"))
    return User.objects.select_for_update().get(pk=user.pk)


def _leave_everything(user: User) -> None:
    """Rights end as they always do, with all that hangs on them, before the name goes."""
    part = Actor.system(PART)
    for one in Affiliation.objects.filter(user=user, state__in=OPEN).order_by("pk"):
        if one.state == State.REQUESTED:
            affiliations.withdraw(one, by=Actor.of(user))
        else:
            affiliations.end(one, reason=_("The account was erased."), by=part)
    api_keys.revoke_all(user, by=part)


def _forget_elsewhere(user: User) -> None:
    """What no foreign key ties to the person: sessions, mails, dossiers that name the address."""
    keys = UserSession.objects.filter(user=user).values("session_key")
    Session.objects.filter(
        session_key__in=list(keys.values_list("session_key", flat=True))
    ).delete()
    DataExport.objects.living().filter(user=user).update(expires_at=timezone.now())
    after_commit("accounts.tasks.forget_copies")
    IdempotentAnswer.objects.filter(actor=Actor.of(user).key).delete()
    Promise.objects.filter(arguments__contains=[user.email]).delete()
    SentMail.objects.filter(to__icontains=user.email).delete()
    for role in ("referent", "legal"):
        named = ended_memberships().filter(**{f"{role}_email__iexact": user.email})
        for membership in named.order_by("pk"):
            setattr(membership, f"{role}_name", "")
            setattr(membership, f"{role}_email", random_address())
            membership.save(update_fields=[f"{role}_name", f"{role}_email"])
    mailed = MailedLink.objects.filter(email__iexact=user.email)
    mailed.update(name="", email=random_address(), digest=None)


def _say_goodbye(email: str, language: str, *, by_desk: bool) -> None:
    """The last mail to the address; the promise that carries it is forgotten with all others."""
    with translation.override(language):
        if by_desk:
            text = _(
                "The DINAMIS desk did it at your request. Your name, address and settings are gone. "
                "What you signed, ordered and decided stays without your name. You did not ask for "
                "this, or have questions: %(email)s."
            )
        else:
            text = _(
                "Your name, address and settings are gone. What you signed, ordered and decided stays "
                "without your name, as the page you read before said. Questions: %(email)s."
            )
        account_mail.promise_notice(
            email,
            subject=_("Your account at DINAMIS is erased"),
            text=text % {"email": settings.PRIVACY_EMAIL},
            language=language,
        )


def _closed_for_long(most: int) -> int:
    """Erase the accounts that were closed and last used longer ago than their period."""
    long_ago = retention.before("accounts")
    used = ApiKey.objects.filter(last_used_at__gte=long_ago).values("user")
    closed = User.objects.filter(is_active=False, erased_at=None, joined_at__lt=long_ago)
    closed = closed.filter(Q(last_login=None) | Q(last_login__lt=long_ago)).exclude(pk__in=used)
    done = 0
    for user in closed.order_by("pk")[: min(most, 500)]:
        try:
            erase(user, by=Actor.system(PART))
        except NotNow as still:
            log.warning("erasure_waits", person=user.pk, code=still.code)
        else:
            done += 1
    return done
