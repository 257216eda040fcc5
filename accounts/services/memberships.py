"""The steps of a membership: proposed, proved, accepted, reviewed, active."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts import eligibility, policies
from accounts.models import (
    LicenceText,
    MailedLink,
    Membership,
    MembershipEvent,
    Organisation,
    OrganisationDomain,
    Signature,
)
from accounts.services import (
    join_links,
    licences,
    links,
    proposals,
    referents,
    supervisions,
)
from accounts.services.licences import Circumstances
from accounts.services.proposals import MEMBERSHIP_FIELDS, ORGANISATION_FIELDS, Proposal
from accounts.states.membership import LIFE, PATIENCE, State
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.events import emit
from dinamis.lifecycle import advance
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
    _check_not_too_many(proposal)
    now = timezone.now()
    organisation = Organisation.objects.create(**_columns(proposal, ORGANISATION_FIELDS))
    _set_domains(organisation, proposal.domains)
    supervisions.set_names(organisation, proposal.supervisors)
    membership = Membership.objects.create(
        organisation=organisation,
        reference=_next_reference(now),
        language=language[:2],
        proposed_at=now,
        state_since=now,
        due_at=now + PATIENCE[State.AWAITING_REFERENT],
        **_columns(proposal, MEMBERSHIP_FIELDS),
    )
    MembershipEvent.objects.create(
        membership=membership, step="propose", target=membership.state, at=now, **by.columns()
    )
    join_links.promise(membership, MailedLink.Purpose.PROVE)
    return membership


@transaction.atomic
def prove(membership: Membership, *, by: Actor) -> Membership:
    """The referent's address is proved: the legal representative receives the link that accepts."""
    membership = _take(membership, "prove", by=by)
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
    membership = _locked(membership)
    LIFE.check("accept", membership.state)
    needed = {text.licence_id for text in licences.texts_at_joining(membership.language)}
    if missing := needed - {text.licence_id for text, _shown in accepted}:
        raise Invalid(
            "text_not_accepted",
            _("Every text must be accepted, one by one."),
            missing=sorted(missing),
        )
    membership = _take(membership, "accept", by=by)
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
    return _to_correct(_take(membership, "object", by=by, reason=reason))


@transaction.atomic
def send_back(membership: Membership, *, reason: str, by: Actor) -> Membership:
    """The desk sends the form back to the referent; the legal representative will confirm it anew."""
    return _to_correct(_take(membership, "send_back", by=by, reason=reason))


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
    membership = _locked(membership)
    LIFE.check("correct", membership.state)
    proposals.check(proposal, membership=membership)
    if proposal.referent_email != membership.referent_email:
        raise Invalid(
            "referent_changed",
            _("The referent's proved address cannot change here."),
            field="referent_email",
        )
    organisation = membership.organisation
    for field, value in _columns(proposal, ORGANISATION_FIELDS).items():
        setattr(organisation, field, value)
    organisation.save()
    _set_domains(organisation, proposal.domains)
    supervisions.set_names(organisation, proposal.supervisors)
    for field, value in _columns(proposal, MEMBERSHIP_FIELDS).items():
        setattr(membership, field, value)
    membership.legal_verified_how = ""
    membership.save()
    membership = _take(membership, "correct", by=by)
    join_links.promise(membership, MailedLink.Purpose.ACCEPT)
    return membership


@transaction.atomic
def approve(membership: Membership, *, legal_verified_how: str = "", by: Actor) -> Membership:
    """The desk approves: the membership takes effect, the certificate and the mails are promised.

    Raises NotNow when an opinion is missing, an identifier was taken meanwhile, or the legal
    representative's address lies outside the organisation's domains and nothing says how it was
    verified.
    """
    membership = _locked(membership)
    LIFE.check("approve", membership.state)
    _check_verified(membership, legal_verified_how)
    _check_opinions(membership)
    proposals.check_still_free(membership.organisation)
    membership.activated_at = timezone.now()
    membership.legal_verified_how = legal_verified_how.strip()
    membership.certificate_number = f"{membership.reference}-{get_random_string(8, CLEAR)}"
    membership = _take(
        membership,
        "approve",
        by=by,
        also=("activated_at", "legal_verified_how", "certificate_number"),
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
    """Take one of the steps that only change the state: opinions, refusal, suspension, lapse, leaving."""
    if name not in PLAIN:
        raise KeyError(name)
    return _take(membership, name, by=by, reason=reason)


PLAIN = frozenset(
    {"ask_opinions", "note_opinions", "refuse", "lapse", "suspend", "resume", "expire", "leave"}
)


def lapse_overdue() -> int:
    """Let dossiers lapse whose wait is over, so that they stand in nobody's way; return how many."""
    waiting = [State.AWAITING_REFERENT, State.AWAITING_LEGAL, State.SENT_BACK]
    late = Membership.objects.filter(state__in=waiting, due_at__lt=timezone.now())
    for membership in late:
        take(membership, "lapse", by=Actor.system("clock"))
    return len(late)


def _take(
    membership: Membership, name: str, *, by: Actor, reason: str = "", also: Sequence[str] = ()
) -> Membership:
    """Lock, check, write the history, change; `also` names columns the caller has set beside it."""
    changes = {column: getattr(membership, column) for column in also}
    membership = _locked(membership)
    row = LIFE.check(name, membership.state)
    policies.check_may_take(by, row, policies.roles_in_membership(by, membership))
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the reason goes out by mail."), field="reason")
    now, source = timezone.now(), membership.state
    if by.link is not None:
        links.use(by.link, at=now)
    advance(membership, LIFE, name, at=now, due_at=_due(row.target, now))
    event = MembershipEvent.objects.create(
        membership=membership,
        step=name,
        source=source,
        target=membership.state,
        reason=reason.strip(),
        at=now,
        **by.columns(),
    )
    for column, value in changes.items():
        setattr(membership, column, value)
    membership.save(update_fields=["state", "state_since", "due_at", *also])
    if State.ACTIVE in {source, membership.state}:
        emit("membership.changed", organisation=membership.organisation, by=by)
    after_commit("accounts.tasks.tell_membership", event.pk)
    return membership


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation").get(pk=membership.pk)


def _due(state: str, now: datetime) -> datetime | None:
    patience = PATIENCE.get(State(state))
    return now + patience if patience else None


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


def _check_opinions(membership: Membership) -> None:
    organisation = membership.organisation
    needed = eligibility.ruling(organisation.category, organisation.country).opinions
    if needed and not opinions_noted(membership):
        names = ", ".join(str(eligibility.Opinion(opinion).label) for opinion in sorted(needed))
        raise NotNow(
            "opinion_missing",
            _("An opinion must be asked and noted first: %(names)s.") % {"names": names},
            opinions=sorted(needed),
        )


def opinions_noted(membership: Membership) -> bool:
    """True when opinions were noted since the legal representative last accepted."""
    noted = membership.events.filter(step="note_opinions")
    if membership.legal_accepted_at:
        noted = noted.filter(at__gte=membership.legal_accepted_at)
    return noted.exists()


def _columns(proposal: Proposal, fields: Sequence[str]) -> dict[str, Any]:
    return {field: getattr(proposal, field) for field in fields}


def _set_domains(organisation: Organisation, domains: Sequence[str]) -> None:
    organisation.domains.exclude(domain__in=domains).delete()
    OrganisationDomain.objects.bulk_create(
        [OrganisationDomain(organisation=organisation, domain=domain) for domain in domains],
        ignore_conflicts=True,
    )


def _check_not_too_many(proposal: Proposal) -> None:
    today = Membership.objects.filter(
        referent_email=proposal.referent_email, proposed_at__gt=timezone.now() - timedelta(days=1)
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
