"""The steps of an affiliation: asked for, accepted or refused by the referent, ended."""

from collections.abc import Iterable
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import (
    Affiliation,
    AffiliationEvent,
    Invitation,
    InvitationEvent,
    Organisation,
    User,
)
from accounts.services import links
from accounts.services.people import people, sessions, terms
from accounts.services.programs import api_keys
from accounts.services.webhooks import telling as webhooks
from accounts.states import affiliation as affiliation_life
from accounts.states.affiliation import LIFE, OPEN, PATIENCE, State
from accounts.states.invitation import LIFE as INVITATION
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.events import emit
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit


@transaction.atomic
def request(
    organisation: Organisation,
    *,
    position: str,
    statement: str,
    ends_on: date | None = None,
    nationality: str = "",
    by: Actor,
) -> Affiliation:
    """Ask to be attached to a member organisation; its referents receive one mail.

    Raises NotAllowed without a proved address, NotNow when the organisation is not a member or the
    person already asks or belongs there, Invalid where the position needs a last day and has none,
    or a rule needs the nationality (ISO 3166-1) and nobody said it.
    """
    user = by.user
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise NotAllowed("address_not_proved", _("Prove your e-mail address first."))
    if not organisation.is_member:
        raise NotNow("not_a_member", _("This organisation is not a member now."))
    terms.check_last_day(ends_on, position=position)
    if people.wants_nationality(organisation):
        if not (nationality := nationality or user.nationality):
            raise Invalid("nationality_missing", _("Say your nationality."), field="nationality")
        people.say_nationality(user, nationality, by=by)
    affiliation = _make(organisation, user, position, statement, by, step="ask", ends_on=ends_on)
    after_commit("accounts.tasks.tell_affiliation", affiliation.events.get().pk)
    return affiliation


@transaction.atomic
def found(organisation: Organisation, *, user: User, position: str, by: Actor) -> Affiliation:
    """Make the founding referent of a new member: attached at once, by the system."""
    affiliation = _make(organisation, user, position, "", by, step="ask")
    return _name_referent(_accept(affiliation, by=by), by=by)


@transaction.atomic
def invited(
    organisation: Organisation, *, user: User, position: str, ends_on: date | None, by: Actor
) -> Affiliation:
    """Attach a person whom a referent invited: a request that waits is accepted, else one is made.

    `by` is who invited; the history says that the referent decided. Raises NotAllowed when they may
    no longer, or invited themselves, and NotNow when the person belongs there already.
    """
    waiting = Affiliation.objects.requested().filter(user=user, organisation=organisation).first()
    if waiting is None:
        me = Actor.of(user)
        waiting = _make(organisation, user, position, "", me, step="ask", ends_on=ends_on)
    return _accept(waiting, by=by)


def _make(
    organisation: Organisation,
    user: User,
    position: str,
    statement: str,
    by: Actor,
    *,
    step: str,
    ends_on: date | None = None,
) -> Affiliation:
    now = timezone.now()
    try:
        with transaction.atomic():
            affiliation = Affiliation.objects.create(
                user=user,
                organisation=organisation,
                position=position.strip(),
                statement=statement.strip(),
                ends_on=ends_on,
                requested_at=now,
                state_since=now,
                due_at=now + PATIENCE[State.REQUESTED],
            )
    except IntegrityError as error:
        if "affiliation_once_per_organisation" not in str(error):
            raise
        raise NotNow(
            "already_asked",
            _("You already belong to %(name)s, or have asked to.") % {"name": organisation.name},
        ) from error
    _note(affiliation, step, source="", at=now, by=by)
    return affiliation


@transaction.atomic
def accept(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    """Attach the person; it becomes their current affiliation when they have none."""
    return _accept(affiliation, by=by)


def _accept(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    affiliation = _take(affiliation, "accept", by=by)
    affiliation.activated_at = affiliation.state_since
    affiliation.is_current = not _current_of(affiliation.user).exists()
    affiliation.save(update_fields=["activated_at", "is_current"])
    emit("affiliation.activated", affiliation=affiliation, by=by)
    return affiliation


@transaction.atomic
def accept_many(waiting: Iterable[Affiliation], *, by: Actor) -> list[Affiliation]:
    """Attach several people at once: all of them or, when one may not be, none."""
    return [_accept(affiliation, by=by) for affiliation in sorted(waiting, key=lambda row: row.pk)]


@transaction.atomic
def refuse(affiliation: Affiliation, *, reason: str, by: Actor) -> Affiliation:
    return _take(affiliation, "refuse", reason=reason, by=by)


@transaction.atomic
def withdraw(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    return _take(affiliation, "withdraw", by=by)


@transaction.atomic
def suspend(affiliation: Affiliation, *, reason: str, by: Actor) -> Affiliation:
    """Stop the person's rights for a time; a referent is no longer one."""
    _check_not_last_referent(affiliation, by)
    affiliation = _rest(_take(affiliation, "suspend", reason=reason, by=by))
    emit("affiliation.suspended", affiliation=affiliation, by=by)
    return affiliation


@transaction.atomic
def resume(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    affiliation = _take(affiliation, "resume", by=by)
    affiliation.is_current = not _current_of(affiliation.user).exists()
    affiliation.save(update_fields=["is_current"])
    emit("affiliation.resumed", affiliation=affiliation, by=by)
    return affiliation


@transaction.atomic
def end(affiliation: Affiliation, *, reason: str, by: Actor) -> Affiliation:
    """End an affiliation: rights, API keys and referent's duty stop at once.

    Raises NotNow for the last referent of an organisation, unless the desk decides.
    """
    _check_not_last_referent(affiliation, by)
    return _over(_take(affiliation, "end", reason=reason, by=by), by=by)


@transaction.atomic
def leave(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    """The person leaves the organisation; the same stops as when it is ended for them."""
    _check_not_last_referent(affiliation, by)
    return _over(_take(affiliation, "leave", by=by), by=by)


@transaction.atomic
def end_all(rows: Iterable[Affiliation], *, reason: str, by: Actor) -> int:
    """End several, or let go of requests that wait, each as `end` and `withdraw` do; return how many.

    Called by the system: an account is closed, an organisation is no longer a member.
    """
    ended = 0
    for row in sorted(rows, key=lambda one: one.pk):
        if row.state == State.REQUESTED:
            withdraw(row, by=by)
        else:
            end(row, reason=reason, by=by)
        ended += 1
    return ended


@transaction.atomic
def make_current(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    """Choose the affiliation under which the person acts; raises NotNow when it is not active."""
    affiliation = _locked(affiliation)
    if by.user != affiliation.user:
        raise NotAllowed("not_yours", _("Only the person chooses this."))
    if affiliation.state != State.ACTIVE:
        raise NotNow("not_active", _("Only an active affiliation can be the current one."))
    _current_of(affiliation.user).exclude(pk=affiliation.pk).update(is_current=False)
    affiliation.is_current = True
    affiliation.save(update_fields=["is_current"])
    return affiliation


@transaction.atomic
def make_referent(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    """Name a referent. Only the desk does: a referent cannot raise anybody."""
    policies.check_is_desk(by.user)
    affiliation = _locked(affiliation)
    if affiliation.state != State.ACTIVE:
        raise NotNow("not_active", _("Only an active person of the organisation can be referent."))
    return _name_referent(affiliation, by=by)


@transaction.atomic
def unmake_referent(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    """Take the referent's duty back; an organisation keeps at least one."""
    policies.check_is_desk(by.user)
    _hold_referents(affiliation)
    affiliation = _locked(affiliation)
    if _is_last_referent(affiliation):
        raise _last_referent(affiliation)
    affiliation.is_referent = False
    affiliation.save(update_fields=["is_referent"])
    sessions.end_all(affiliation.user)
    event = _note(
        affiliation, "unmake_referent", source=affiliation.state, at=timezone.now(), by=by
    )
    after_commit("accounts.tasks.tell_affiliation", event.pk)
    return affiliation


def _name_referent(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    affiliation.is_referent = True
    affiliation.save(update_fields=["is_referent"])
    sessions.end_all(affiliation.user)
    event = _note(affiliation, "make_referent", source=affiliation.state, at=timezone.now(), by=by)
    after_commit("accounts.tasks.tell_affiliation", event.pk)
    return affiliation


def _take(affiliation: Affiliation, name: str, *, by: Actor, reason: str = "") -> Affiliation:
    """Lock, check, write the history, change, promise the mail."""
    affiliation = _locked(affiliation)
    row = LIFE.check(name, affiliation.state)
    policies.check_may_take(by, row, policies.roles_in_affiliation(by, affiliation))
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the reason goes out by mail."), field="reason")
    now, source = timezone.now(), affiliation.state
    advance(affiliation, LIFE, name, at=now)
    event = _note(affiliation, name, source=source, at=now, by=by, reason=reason)
    if affiliation.state != State.ACTIVE:
        if affiliation.is_referent:
            sessions.end_all(affiliation.user)
        affiliation.is_current = affiliation.is_referent = False
    affiliation.save(update_fields=["state", "state_since", "due_at", "is_current", "is_referent"])
    after_commit("accounts.tasks.tell_affiliation", event.pk)
    return affiliation


def _rest(affiliation: Affiliation) -> Affiliation:
    """Let another affiliation of the person be current, when this one was."""
    if not _current_of(affiliation.user).exists():
        following = Affiliation.objects.in_force().filter(user=affiliation.user).first()
        Affiliation.objects.filter(pk=following.pk if following else None).update(is_current=True)
    return affiliation


def _over(affiliation: Affiliation, *, by: Actor) -> Affiliation:
    affiliation = _rest(affiliation)
    affiliation.ended_at = affiliation.state_since
    affiliation.save(update_fields=["ended_at"])
    theirs = Invitation.objects.pending().filter(organisation=affiliation.organisation)
    for offered in theirs.filter(by_user=affiliation.user).order_by("pk"):
        # In one breath with the end of who invited: no referent is left to sign it.
        advance(offered, INVITATION, "withdraw", at=affiliation.state_since)
        offered.save(update_fields=["state", "state_since", "due_at"])
        links.stop("invitation", subject_key=str(offered.pk))
        InvitationEvent.objects.create(
            invitation=offered, step="withdraw", at=affiliation.state_since, **by.columns()
        )
    api_keys.revoke_all(affiliation.user, organisation=affiliation.organisation, by=by)
    emit("affiliation.ended", affiliation=affiliation, by=by)
    return affiliation


@transaction.atomic
def set_last_day(affiliation: Affiliation, *, ends_on: date | None, by: Actor) -> Affiliation:
    """Set, move or lift the last day; a referent or the desk does, never the person.

    Raises NotAllowed for others, NotNow for an affiliation that is over, Invalid for a day that is
    past, too far, or missing where the position needs one.
    """
    affiliation = _locked(affiliation)
    deciders = frozenset({affiliation_life.REFERENT, affiliation_life.DESK})
    if not policies.roles_in_affiliation(by, affiliation) & deciders:
        raise NotAllowed("referent_only", _("The last day is set by a referent or the desk."))
    if affiliation.state not in OPEN:
        raise NotNow("not_active", _("This affiliation is over."))
    terms.check_last_day(ends_on, position=affiliation.position)
    affiliation.ends_on, affiliation.end_told_days = ends_on, None
    affiliation.save(update_fields=["ends_on", "end_told_days"])
    _note(
        affiliation, "set_end", source=affiliation.state, at=timezone.now(), by=by,
        reason=ends_on.isoformat() if ends_on else "",
    )  # fmt: skip
    return affiliation


def _note(
    affiliation: Affiliation, step: str, *, source: str, at: datetime, by: Actor, reason: str = ""
) -> AffiliationEvent:
    event = AffiliationEvent.objects.create(
        affiliation=affiliation,
        step=step,
        source=source,
        target=affiliation.state,
        reason=reason.strip(),
        at=at,
        **by.columns(),
    )
    webhooks.emit(
        affiliation.organisation_id,
        subject="people",
        type=f"affiliation.{event.target}",
        data={"affiliation": affiliation.pk, "from": source, "to": event.target},
        key=f"affiliation:{event.pk}",
        at=at,
    )
    return event


def _locked(affiliation: Affiliation) -> Affiliation:
    """Lock the person first, then the row: a person has one current affiliation among several."""
    User.objects.select_for_update(no_key=True).get(pk=affiliation.user_id)
    rows = Affiliation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user", "organisation").get(pk=affiliation.pk)


def _current_of(user: User) -> QuerySet[Affiliation]:
    return Affiliation.objects.filter(user=user, is_current=True)


def _check_not_last_referent(affiliation: Affiliation, by: Actor) -> None:
    _hold_referents(affiliation)
    if _is_last_referent(affiliation) and not policies.is_desk(by.user) and not by.part:
        raise _last_referent(affiliation)


def _hold_referents(affiliation: Affiliation) -> None:
    """Lock the organisation's row: two referents who go at once must not both be "not the last"."""
    Organisation.objects.select_for_update(no_key=True).get(pk=affiliation.organisation_id)


def _is_last_referent(affiliation: Affiliation) -> bool:
    referents = Affiliation.objects.active().filter(
        organisation=affiliation.organisation_id, is_referent=True
    )
    return referents.filter(pk=affiliation.pk).exists() and referents.count() == 1


def _last_referent(affiliation: Affiliation) -> NotNow:
    return NotNow(
        "last_referent",
        _("%(name)s keeps at least one referent: ask the DINAMIS desk to name another first.")
        % {"name": affiliation.organisation.name},
    )
