"""Who a person is in the scheme: predicates, and the one-line checks made of them."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts import outside
from accounts.models import (
    Affiliation,
    Change,
    Delegation,
    Duty,
    LicenceDraft,
    MailedLink,
    Membership,
    Opinion,
    Organisation,
    User,
)
from accounts.states import affiliation as affiliation_life
from accounts.states import change as change_life
from accounts.states import licence_draft as draft_life
from accounts.states import membership as membership_life
from accounts.states import opinion as opinion_life
from dinamis.actors import ActedBy, Actor
from dinamis.compiled import Compiled
from dinamis.errors import NotAllowed, NotNow
from dinamis.lifecycle import Step

# The link of a new legal representative: see accounts/services/membership/legal_links.py.
NEW_LEGAL = "new_legal"


def has_duty(user: Any, kind: str) -> bool:
    """True for a person who holds this duty now; false for a stranger."""
    return bool(user and user.is_authenticated and user.has_duty(kind))


def is_desk(user: Any) -> bool:
    return has_duty(user, Duty.Kind.DESK)


def is_quota_administrator(user: Any) -> bool:
    return has_duty(user, Duty.Kind.QUOTA_ADMINISTRATOR)


def is_administrator(user: Any) -> bool:
    return has_duty(user, Duty.Kind.ADMINISTRATOR)


def is_referent_of(user: Any, organisation: Organisation) -> bool:
    """True for an active referent of an active member."""
    return organisations_led_by(user).filter(pk=organisation.pk).exists()


def organisations_led_by(user: Any) -> Any:
    """The organisations this person is an active referent of; through a key, the key's at most."""
    if not (user and user.is_authenticated):
        return Organisation.objects.none()
    led = Affiliation.objects.in_force().filter(user=user, is_referent=True)
    if user.acts_for is not None:
        led = led.filter(organisation=user.acts_for)
    return Organisation.objects.filter(pk__in=led.values("organisation"))


def organisations_of(user: Any) -> Any:
    """The member organisations this person belongs to now."""
    mine = Affiliation.objects.in_force().filter(user=user)
    return Organisation.objects.filter(pk__in=mine.values("organisation"))


def current_affiliation(user: Any) -> Affiliation | None:
    """The affiliation a person acts under: active, in an active member; else None.

    Of several it is the current one or, through an API key, that of the key's organisation.
    """
    if not (user and user.is_authenticated):
        return None
    if user.acts_for is not None:
        # Read when the key was weighed; no program changes whom it belongs to.
        return next((one for one in user.belongs if one.organisation_id == user.acts_for), None)
    return next(iter(_current(user.pk)), None)


def is_member(user: Any) -> bool:
    """True for a person who acts for an active member."""
    return current_affiliation(user) is not None


# What proves who somebody is beside a password; recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Asked at nearly every request and act, so written once.
_current = Compiled(
    lambda user: (
        Affiliation.objects.in_force()
        .filter(user=user, is_current=True)
        .select_related("organisation")[:1]
    )
)
_factors = Compiled(
    lambda user: Authenticator.objects.filter(user_id=user, type__in=FACTORS).values_list("pk")[:1]
)


def has_second_factor(user: Any) -> bool:
    return bool(_factors(user.pk))


def _whose_duty_demands_a_factor() -> Q:
    """People who decide for others: every duty, and the referents of active members."""
    led = Affiliation.objects.in_force().filter(user=OuterRef("pk"), is_referent=True)
    held = Duty.objects.current().filter(user=OuterRef("pk"))
    lent = Delegation.objects.in_force().filter(receiver=OuterRef("pk"))
    return Q(Exists(held)) | Q(Exists(lent)) | Q(Exists(led))


def people_who_decide_for_others() -> Any:
    """Those of whom a duty or an organisation demands a second factor."""
    return User.objects.filter(_whose_duty_demands_a_factor())


def must_have_second_factor(user: Any) -> bool:
    """True for a person whose duty or organisation demands a second factor."""
    return people_who_decide_for_others().filter(pk=user.pk).exists()


def decides_for_others(user: User) -> bool:
    """What `must_have_second_factor` asks, of what this request has read of its own reader anyway."""
    return bool(user.duties_held) or any(one.is_referent for one in user.belongs)


def lacks_second_factor(user: Any) -> bool:
    """True when a second factor is demanded of this person and there is none; asked afresh."""
    return not has_second_factor(user) and must_have_second_factor(user)


def second_factor_missing() -> NotAllowed:
    return NotAllowed(
        "second_factor_missing",
        _("Your duty needs a second factor. Set it up in your account first."),
    )


def check_has_second_factor(user: Any) -> None:
    """Raise NotAllowed for a program of a person whose duty demands a factor not set up."""
    if decides_for_others(user) and not has_second_factor(user):
        raise second_factor_missing()


def may_be_joined_by_address(user: User) -> bool:
    """True when an outside identity may enter this account by an address that its provider proved.

    Never one with a duty: whoever holds one signs in first, and connects the identity then.
    """
    return user.is_active and not user.erased_at and not user.duties_held


def check_may_lose_identity(user: User, account: SocialAccount) -> None:
    """Raise NotNow (last_way_in) when no password, passkey or other living identity would be left."""
    others = SocialAccount.objects.filter(user=user).exclude(pk=account.pk)
    set_up = {one.provider_id for one in outside.apps()}
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    if (
        user.has_usable_password()
        or any(key.wrap().is_passwordless for key in keys)
        or any(one.provider in set_up for one in others)
    ):
        return
    raise NotNow(
        "last_way_in",
        _("This is your last way in. Set a password or add a passkey first."),
    )


def check_has_some_duty(user: Any) -> None:
    if not (user.is_authenticated and user.duties_held):
        raise NotAllowed("duty_only", _("This is for those who hold a duty."))


def check_is_desk(user: Any) -> None:
    if not is_desk(user):
        raise NotAllowed("desk_only", _("This is for the DINAMIS desk."))


def check_is_quota_administrator(user: Any) -> None:
    if not is_quota_administrator(user):
        raise NotAllowed("quota_administrator_only", _("This is for the quota administrator."))


def check_is_administrator(user: Any) -> None:
    if not is_administrator(user):
        raise NotAllowed("administrator_only", _("This is for administrators."))


def check_is_referent_of(user: Any, organisation: Organisation) -> None:
    if not is_referent_of(user, organisation):
        raise NotAllowed(
            "referent_only",
            _("This is for the referents of %(organisation)s.") % {"organisation": organisation},
        )


def check_is_member(user: Any) -> Affiliation:
    """Return the affiliation the person acts under; raise NotAllowed when there is none."""
    affiliation = current_affiliation(user)
    if affiliation is None:
        raise NotAllowed(
            "no_active_affiliation",
            _("You need an active affiliation with a member organisation for this."),
        )
    return affiliation


def is_second_person(row: ActedBy, by: Actor) -> bool:
    """True for a person who did not write this row: four eyes need two people, never a link or a machine.

    Whoever decides by another's duty alone, during an absence, is that other person here.
    """
    if by.user is None or by.user.pk == row.by_user_id:
        return False
    return not Delegation.objects.between(by.user.pk, row.by_user_id).exists()


def check_is_second_person(row: ActedBy, by: Actor) -> None:
    """Raise NotAllowed (second_person_needed) for whoever wrote the row that is to be approved.

    The row's three actor columns name its writer, so a row is edited by its writer alone. Whether the
    second person has the duty is asked beside this.
    """
    if not is_second_person(row, by):
        raise NotAllowed(
            "second_person_needed",
            _("A second person decides on this: whoever wrote it may not approve it."),
        )


def roles_in_licence_draft(by: Actor, draft: LicenceDraft) -> frozenset[str]:
    """The words of the table that this actor answers to, for this draft of a licence."""
    if not is_administrator(by.user):
        return frozenset()
    second = is_second_person(draft, by)
    return frozenset({draft_life.SECOND if second else draft_life.WRITER})


def roles_in_membership(by: Actor, membership: Membership) -> frozenset[str]:
    """The words of the table that this actor answers to, for this membership.

    A link speaks for one person in one act: the one it was mailed for.
    """
    if by.part:
        return frozenset({membership_life.SYSTEM})
    if by.link is not None:
        if by.link.membership_id != membership.pk:
            return frozenset()
        to_legal = by.link.purpose == MailedLink.Purpose.ACCEPT
        return frozenset({membership_life.LEGAL if to_legal else membership_life.REFERENT})
    roles = {membership_life.DESK} if is_desk(by.user) else set()
    if is_referent_of(by.user, membership.organisation):
        roles.add(membership_life.REFERENT)
    return frozenset(roles)


def roles_in_opinion(by: Actor, opinion: Opinion) -> frozenset[str]:
    """The words of the table that this actor answers to, for this opinion: an adviser is a link."""
    if by.part:
        return frozenset({opinion_life.SYSTEM})
    if by.link is not None:
        is_theirs = by.link.purpose == "opinion" and by.link.subject_key == str(opinion.pk)
        return frozenset({opinion_life.ADVISER} if is_theirs else ())
    return frozenset({opinion_life.DESK} if is_desk(by.user) else ())


def roles_in_change(by: Actor, change: Change) -> frozenset[str]:
    """The words of the table that this actor answers to, for a change of an organisation.

    The link is that of the new legal representative of this organisation, and of no other.
    """
    if by.part:
        return frozenset({change_life.SYSTEM})
    if by.link is not None:
        mine = by.link.purpose == NEW_LEGAL and by.link.membership is not None
        theirs = mine and by.link.membership.organisation_id == change.organisation_id
        named = theirs and by.link.email == change.after.get("legal_email")
        return frozenset({change_life.LEGAL}) if named else frozenset()
    roles = {change_life.DESK} if is_desk(by.user) else set()
    if is_referent_of(by.user, change.organisation):
        roles.add(change_life.REFERENT)
    return frozenset(roles)


def roles_in_affiliation(by: Actor, affiliation: Affiliation) -> frozenset[str]:
    """The words of the table that this actor answers to, for this affiliation.

    Nobody decides on themselves: a referent or an officer is only a person in their own affiliation.
    """
    if by.part:
        return frozenset({affiliation_life.SYSTEM})
    if by.user is None:
        return frozenset()
    if by.user.pk == affiliation.user_id:
        return frozenset({affiliation_life.PERSON})
    roles = {affiliation_life.DESK} if is_desk(by.user) else set()
    if is_referent_of(by.user, affiliation.organisation):
        roles.add(affiliation_life.REFERENT)
    return frozenset(roles)


def check_may_take(by: Actor, row: Step, roles: frozenset[str]) -> None:
    """Raise NotAllowed when none of the actor's roles may take this step."""
    if not roles & row.actors:
        raise NotAllowed(
            "not_yours_to_do", _("“%(step)s” is not yours to do.") % {"step": row.label}
        )


def may_read_trails(user: Any) -> bool:
    """Any organisation's and any person's trail: the desk's work, and the administrators'."""
    return is_desk(user) or is_administrator(user)


def may_read_budget(user: Any) -> bool:
    """The scheme's whole budget is read by those who set it and those who spend it."""
    return is_quota_administrator(user) or is_desk(user) or is_administrator(user)


def check_may_read_budget(user: Any) -> None:
    if not may_read_budget(user):
        raise NotAllowed(
            "budget_not_yours", _("The budget is read by the quota administrator and the desk.")
        )
