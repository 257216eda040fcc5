"""The steps of a membership: proposed, proved, accepted, reviewed, active."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.models import (
    LicenceText,
    MailedLink,
    Membership,
    MembershipEvent,
    Organisation,
    OrganisationDomain,
    Signature,
)
from accounts.services.licences import licences
from accounts.services.licences.licences import Circumstances
from accounts.services.membership import (
    join_links,
    opinions,
    particulars,
    proposals,
    renewals,
    supervisions,
)
from accounts.services.membership import membership_steps as steps
from accounts.services.membership.proposals import MEMBERSHIP_FIELDS, ORGANISATION_FIELDS, Proposal
from accounts.services.people import referents
from accounts.states.membership import LIFE, PATIENCE, State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.events import emit
from dinamis.outbox import after_commit

# Letters and digits that are not mistaken for one another when a certificate is read aloud.
CLEAR = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PROPOSALS_A_DAY = 5  # for one referent's address
_NUMBERING = 0x44494E41  # an advisory lock of its own: references follow one another without a gap


@transaction.atomic
def propose(proposal: Proposal, *, language: str, by: Actor) -> Membership:
    """Open a membership; its future referent receives a link that proves the address.

    Raises Invalid, naming the field, for anything `proposals.problems` finds, and NotNow when the
    address has been written to often enough today: the form must not serve to flood somebody.
    """
    proposals.check(proposal)
    check_not_too_many(proposal.referent_email)
    organisation = Organisation.objects.create(**_columns(proposal, ORGANISATION_FIELDS))
    _set_domains(organisation, proposal.domains)
    supervisions.set_names(organisation, proposal.supervisors)
    membership = opened(
        organisation,
        State.AWAITING_REFERENT,
        language=language,
        by=by,
        **_columns(proposal, MEMBERSHIP_FIELDS),
    )
    join_links.promise(membership, MailedLink.Purpose.PROVE)
    return membership


def opened(
    organisation: Organisation, state: str, *, language: str, by: Actor, **columns: Any
) -> Membership:
    """Write the first row of a dossier and the first line of its history."""
    now = timezone.now()
    membership = Membership.objects.create(
        organisation=organisation,
        reference=_next_reference(now),
        state=state,
        language=language[:2],
        proposed_at=now,
        state_since=now,
        due_at=now + PATIENCE[State(state)],
        **columns,
    )
    step = "begin" if state == State.DRAFT else "propose"
    MembershipEvent.objects.create(
        membership=membership, step=step, target=state, at=now, **by.columns()
    )
    return membership


@transaction.atomic
def prove(membership: Membership, *, by: Actor, uses_link: bool = True) -> Membership:
    """The referent's address is proved: the legal representative receives the link that accepts."""
    membership = steps.take(membership, "prove", by=by, uses_link=uses_link)
    membership.referent_proved_at = membership.state_since
    membership.save(update_fields=["referent_proved_at"])
    join_links.promise(membership, MailedLink.Purpose.ACCEPT)
    return membership


@transaction.atomic
def accept(
    membership: Membership,
    *,
    accepted: Sequence[tuple[LicenceText, str]],
    circumstances: Circumstances,
    by: Actor,
) -> Membership:
    """The legal representative accepts for the organisation: facts, charter and licences.

    `accepted` is every text of `licences.texts_at_joining`, each with the digest of what was shown.
    Raises Invalid when one is missing, NotNow on a second acceptance.
    """
    membership = steps.locked(membership)
    LIFE.check("accept", membership.state)
    licences.check_all_accepted(accepted, membership.organisation)
    membership = steps.take(membership, "accept", by=by)
    membership.legal_accepted_at = membership.state_since
    membership.save(update_fields=["legal_accepted_at"])
    for text, shown in accepted:
        licences.sign(
            text,
            shown_sha256=shown,
            by=by,
            circumstances=circumstances,
            capacity=Signature.Capacity.LEGAL_REPRESENTATIVE,
        )
    return membership


@transaction.atomic
def object_to(membership: Membership, *, reason: str, by: Actor) -> Membership:
    """The legal representative sends the form back to the referent, with a reason."""
    return _to_correct(steps.take(membership, "object", by=by, reason=reason))


@transaction.atomic
def send_back(membership: Membership, *, reason: str, by: Actor) -> Membership:
    """The desk sends the form back to the referent; the legal representative will confirm it anew."""
    membership = steps.take(membership, "send_back", by=by, reason=reason)
    opinions.close(membership, anew=True, by=by)
    return _to_correct(membership)


def _to_correct(membership: Membership) -> Membership:
    membership.legal_accepted_at = None
    membership.save(update_fields=["legal_accepted_at"])
    join_links.promise(membership, MailedLink.Purpose.CORRECT)
    return membership


@transaction.atomic
def correct(membership: Membership, proposal: Proposal, *, by: Actor) -> Membership:
    """Put the corrected facts in the dossier and ask the legal representative again.

    The referent's address stays as it was proved.
    """
    membership = steps.locked(membership)
    LIFE.check("correct", membership.state)
    proposals.check(proposal, membership=membership)
    if proposal.referent_email != membership.referent_email:
        raise Invalid(
            "referent_changed",
            _("The referent's proved address cannot change here."),
            field="referent_email",
        )
    membership.legal_verified_how = ""
    write(membership, proposal)
    membership = steps.take(membership, "correct", by=by)
    join_links.promise(membership, MailedLink.Purpose.ACCEPT)
    return membership


@transaction.atomic
def approve(membership: Membership, *, legal_verified_how: str = "", by: Actor) -> Membership:
    """The desk approves: the membership takes effect, the certificate and the mails are promised.

    Raises NotNow when an opinion is missing, an identifier was taken meanwhile, or the legal
    representative's address lies outside the organisation's domains and nothing says how it was
    verified.
    """
    membership = steps.locked(membership)
    LIFE.check("approve", membership.state)
    _check_verified(membership, legal_verified_how)
    opinions.check_in(membership)
    particulars.check_still_right(membership)
    proposals.check_still_free(membership.organisation)
    membership.activated_at = timezone.now()
    membership.ends_on = renewals.end_of_period(membership, after=timezone.localdate())
    membership.legal_verified_how = legal_verified_how.strip()
    membership.certificate_number = f"{membership.reference}-{get_random_string(8, CLEAR)}"
    membership = steps.take(
        membership,
        "approve",
        by=by,
        also=("activated_at", "ends_on", "legal_verified_how", "certificate_number"),
    )
    organisation = membership.organisation
    organisation.admitted_at = organisation.admitted_at or membership.activated_at
    organisation.save(update_fields=["admitted_at"])
    referents.attach_to(membership)
    emit("membership.activated", organisation=organisation, by=by)
    after_commit("accounts.tasks.certify", membership.pk)
    return membership


@transaction.atomic
def take(membership: Membership, name: str, *, reason: str = "", by: Actor) -> Membership:
    """Take one of the steps that only change the state: refusal, suspension, lapse, leaving.

    Opinions still open are asked no longer; a refusal sends the referent a link that answers it.
    """
    if name not in PLAIN:
        raise KeyError(name)
    membership = steps.take(membership, name, by=by, reason=reason)
    if name == "refuse":
        opinions.close(membership, anew=False, by=by)
        if not membership.events.filter(step="appeal").exists():
            join_links.promise(membership, MailedLink.Purpose.APPEAL)
    if name == "lapse" and membership.answers:
        membership.answers = {}
        membership.save(update_fields=["answers"])
    return membership


PLAIN = frozenset({"refuse", "lapse", "suspend", "resume", "expire", "leave"})


def lapse_overdue() -> int:
    """Let dossiers lapse whose wait is over, so that they stand in nobody's way; return how many."""
    waiting = sorted(LIFE.steps["lapse"].sources)
    late = Membership.objects.filter(state__in=waiting, due_at__lt=timezone.now())
    for membership in late:
        take(membership, "lapse", by=Actor.system("clock"))
    return len(late)


def expire_ended() -> int:
    """End the memberships whose last day has passed; return how many. Rights ended with the day."""
    ended = Membership.objects.filter(
        state__in=sorted(LIFE.steps["expire"].sources), ends_on__lt=timezone.localdate()
    )
    for membership in ended:
        take(membership, "expire", by=Actor.system("clock"))
    return len(ended)


def _check_verified(membership: Membership, how: str) -> None:
    if not how.strip() and not membership.organisation.covers(membership.legal_email):
        raise NotNow(
            "legal_address_unverified",
            _(
                "%(email)s lies outside the organisation's domains: note how you verified that it is "
                "the legal representative's."
            )
            % {"email": membership.legal_email},
            field="legal_verified_how",
        )


def write(membership: Membership, proposal: Proposal) -> None:
    """Put the facts of a form in a dossier that is locked, and in its organisation."""
    organisation = membership.organisation
    for field, value in _columns(proposal, ORGANISATION_FIELDS).items():
        setattr(organisation, field, value)
    organisation.save()
    _set_domains(organisation, proposal.domains)
    supervisions.set_names(organisation, proposal.supervisors)
    for field, value in _columns(proposal, MEMBERSHIP_FIELDS).items():
        setattr(membership, field, value)
    membership.save()


def _columns(proposal: Proposal, fields: Sequence[str]) -> dict[str, Any]:
    return {field: getattr(proposal, field) for field in fields}


def _set_domains(organisation: Organisation, domains: Sequence[str]) -> None:
    organisation.domains.exclude(domain__in=domains).delete()
    OrganisationDomain.objects.bulk_create(
        [OrganisationDomain(organisation=organisation, domain=domain) for domain in domains],
        ignore_conflicts=True,
    )


def check_not_too_many(email: str) -> None:
    """Raise NotNow when an address was named often enough today: the form must not flood somebody."""
    today = Membership.objects.filter(
        referent_email=email, proposed_at__gt=timezone.now() - timedelta(days=1)
    )
    if today.count() >= PROPOSALS_A_DAY:
        raise NotNow(
            "too_many_proposals",
            _(
                "This address was named in several requests today. Open the mails already sent to it."
            ),
        )


def _next_reference(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
    start = f"A-{timezone.localtime(now).year}-"
    last = Membership.objects.filter(reference__startswith=start).order_by("-reference").first()
    number = int(last.reference.removeprefix(start)) + 1 if last else 1
    return f"{start}{number:04d}"
