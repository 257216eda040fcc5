"""Changes of an organisation: asked by a referent or the desk, reviewed, accepted, applied. The membership goes on.

Three kinds have one life (`accounts.states.change`): the facts, the legal representative, the referents.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import (
    Affiliation,
    Change,
    ChangeEvent,
    LicenceText,
    Membership,
    Organisation,
    Signature,
)
from accounts.services import links
from accounts.services.licences import licences
from accounts.services.licences.licences import Circumstances
from accounts.services.membership import facts, legal_links
from accounts.services.people import affiliations
from accounts.states.change import LIFE, PATIENCE, State
from accounts.states.membership import STANDING
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

Kind = Change.Kind


@transaction.atomic
def ask_facts(
    organisation: Organisation, wanted: dict[str, Any], *, reason: str, by: Actor
) -> Change:
    """Ask that facts change: `wanted` is field → value, as `facts.of` writes them. The desk decides.

    Raises Invalid when nothing differs or a value is not right, NotNow while another is under way.
    """
    _check_may_ask(organisation, by)
    facts.check(organisation, wanted)
    held = facts.of(organisation)
    after = {name: value for name, value in wanted.items() if held[name] != value}
    if not after:
        raise Invalid("nothing_changed", _("Nothing differs from what is kept."))
    before = {name: held[name] for name in after}
    return _ask(organisation, Kind.FACTS, before, after, reason=reason, by=by)


@transaction.atomic
def ask_referent(
    affiliation: Affiliation, *, in_place_of: Affiliation | None = None, reason: str, by: Actor
) -> Change:
    """Ask that a person of the organisation be its referent too, or in the place of another."""
    organisation = affiliation.organisation
    _check_may_ask(organisation, by)
    others = [in_place_of] if in_place_of else []
    if any(one.organisation_id != organisation.pk for one in others):
        raise Invalid("not_of_the_organisation", _("Both belong to the same organisation."))
    if affiliation.is_referent or affiliation.state != "active":
        raise Invalid("not_to_be_named", _("This person is a referent already, or not active."))
    before = {"referent": str(in_place_of.user) if in_place_of else ""}
    after = {
        "referent": str(affiliation.user),
        "affiliation": affiliation.pk,
        "in_place_of": in_place_of.pk if in_place_of else None,
    }
    return _ask(organisation, Kind.REFERENT, before, after, reason=reason, by=by)


@transaction.atomic
def ask_legal(
    organisation: Organisation, person: dict[str, str], *, how: str = "", reason: str, by: Actor
) -> Change:
    """Ask for another legal representative: `person` has name, position and email.

    The person is written to at once when the address lies in the organisation's domains, or the desk
    says `how` it verified it; otherwise the desk looks first. The one until now is told.
    """
    _check_may_ask(organisation, by)
    membership = _membership(organisation)
    after = {f"legal_{name}": value.strip() for name, value in person.items()}
    after["legal_email"] = after["legal_email"].lower()
    if after["legal_email"] in (membership.referent_email, membership.legal_email):
        raise Invalid(
            "legal_address_taken",
            _("The legal representative needs an address of their own, other than the referent's."),
            field="email",
        )
    before = {name: getattr(membership, name) for name in after}
    change = _ask(organisation, Kind.LEGAL, before, after, reason=reason, by=by)
    verified = how.strip() if policies.is_desk(by.user) else ""
    if verified or organisation.covers(after["legal_email"]):
        return send_on(change, how=verified, by=Actor.system("changes"))
    return change


@transaction.atomic
def send_on(change: Change, *, how: str = "", by: Actor) -> Change:
    """Write to the new legal representative; raises NotNow when an address outside the domains has no note."""
    change = _locked(change)
    if not how.strip() and not change.organisation.covers(change.after.get("legal_email", "")):
        raise NotNow(
            "legal_address_unverified",
            _("The address lies outside the organisation's domains: note how you verified it."),
            field="verified_how",
        )
    _check_kind(change, Kind.LEGAL)
    change.verified_how = how.strip()
    change.save(update_fields=["verified_how"])
    change = _take(change, "send_on", by=by)
    legal_links.promise(change, _membership(change.organisation))
    return change


@transaction.atomic
def accept(
    change: Change,
    *,
    accepted: Sequence[tuple[LicenceText, str]],
    circumstances: Circumstances,
    by: Actor,
) -> Change:
    """The new legal representative confirms the facts and accepts every text, as evidence of their own.

    Raises Invalid when a text is missing; then nothing is signed and the old one stays.
    """
    change = _locked(change)
    LIFE.check("accept", change.state)
    licences.check_all_accepted(accepted, change.organisation)
    change = _take(change, "accept", by=by)
    membership = _membership(change.organisation)
    for name, value in change.after.items():
        setattr(membership, name, value)
    membership.legal_verified_how = change.verified_how
    membership.save(update_fields=[*change.after, "legal_verified_how"])
    # The signer of the chain is whom the membership names: the new person, from this line on.
    by.link.membership.refresh_from_db()
    for text, shown in accepted:
        licences.sign(
            text,
            subject=f"change:{change.pk}",
            shown_sha256=shown,
            by=by,
            circumstances=circumstances,
            capacity=Signature.Capacity.LEGAL_REPRESENTATIVE,
        )
    return change


@transaction.atomic
def decline(change: Change, *, reason: str, by: Actor) -> Change:
    return _take(change, "decline", reason=reason, by=by)


@transaction.atomic
def approve(change: Change, *, by: Actor) -> Change:
    """The desk approves facts or a referent: they change now.

    Raises NotNow when what stood there has changed since it was asked, or an identifier is taken.
    """
    change = _locked(change)
    LIFE.check("approve", change.state)
    if change.kind == Kind.LEGAL:
        raise NotNow("legal_accepts", _("The new legal representative decides this, by mail."))
    policies.check_is_desk(by.user)
    if change.kind == Kind.FACTS:
        facts.put(change.organisation, before=change.before, after=change.after)
    else:
        _name_referent(change, by=by)
    return _take(change, "approve", by=by)


@transaction.atomic
def refuse(change: Change, *, reason: str, by: Actor) -> Change:
    return _take(change, "refuse", reason=reason, by=by)


@transaction.atomic
def withdraw(change: Change, *, reason: str = "", by: Actor) -> Change:
    """Take a change back; a link already mailed stops working."""
    change = _take(change, "withdraw", reason=reason, by=by)
    legal_links.withdraw(change)
    return change


def withdraw_all(organisation: Organisation, *, reason: str, by: Actor) -> None:
    """Take back whatever is under way, inside the caller's transaction: the organisation is to end.

    Called before the organisation is locked: an approval locks the change first, then the organisation.
    """
    for change in organisation.changes.open().order_by("pk"):
        withdraw(change, reason=reason, by=by)


def lapse_overdue() -> int:
    """Let changes lapse that nobody accepted in time; return how many."""
    late = Change.objects.filter(state=State.AWAITING_LEGAL, due_at__lt=timezone.now())
    return sum(_lapse(late, pk) for pk in list(late.values_list("pk", flat=True)))


@transaction.atomic
def _lapse(late: QuerySet[Change], pk: int) -> bool:
    """Whoever withdraws or accepts at this very moment is first: the row is found again under its lock."""
    change = late.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if change is not None:
        _take(change, "lapse", by=Actor.system("clock"))
    return change is not None


def last_applied(organisation: Organisation, *, after: datetime | None) -> Change | None:
    """The last change that took effect since an instant, for whoever reads an older certificate."""
    if after is None:
        return None
    applied = organisation.changes.filter(state=State.APPLIED, state_since__gt=after)
    return applied.exclude(kind=Kind.REFERENT).order_by("-state_since").first()


def _ask(
    organisation: Organisation,
    kind: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    reason: str,
    by: Actor,
) -> Change:
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the desk reads it."), field="reason")
    now = timezone.now()
    try:
        with transaction.atomic():
            change = Change.objects.create(
                organisation=organisation,
                kind=kind,
                before=before,
                after=after,
                asked_at=now,
                state_since=now,
                due_at=now + PATIENCE[State.UNDER_REVIEW],
            )
    except IntegrityError as error:
        if "one_open_change_of_a_kind" not in str(error):
            raise
        raise NotNow(
            "change_under_way", _("A change of this kind is under way: withdraw it first.")
        ) from error
    _note(change, "ask", source="", at=now, reason=reason, by=by)
    return change


def _take(change: Change, name: str, *, by: Actor, reason: str = "") -> Change:
    """Lock, check, write the history, change, promise the mail."""
    change = _locked(change)
    row = LIFE.check(name, change.state)
    policies.check_may_take(by, row, policies.roles_in_change(by, change))
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the reason goes out by mail."), field="reason")
    now, source = timezone.now(), change.state
    if by.link is not None:
        links.use(by.link, at=now)
    patience = PATIENCE.get(State(row.target))
    advance(change, LIFE, name, at=now, due_at=now + patience if patience else None)
    change.save(update_fields=["state", "state_since", "due_at"])
    _note(change, name, source=source, at=now, reason=reason, by=by)
    return change


def _note(
    change: Change, step: str, *, source: str, at: datetime, reason: str, by: Actor
) -> ChangeEvent:
    event = ChangeEvent.objects.create(
        change=change,
        step=step,
        source=source,
        target=change.state,
        reason=reason.strip(),
        at=at,
        **by.columns(),
    )
    after_commit("accounts.tasks.tell_change", event.pk)
    return event


def _name_referent(change: Change, *, by: Actor) -> None:
    people = Affiliation.objects.filter(organisation=change.organisation)
    named = people.filter(pk=change.after["affiliation"]).first()
    if named is None:
        raise NotNow("changed_meanwhile", _("This person is no longer of the organisation."))
    affiliations.make_referent(named, by=by)
    replaced = people.filter(pk=change.after["in_place_of"], is_referent=True).first()
    if replaced is not None:
        affiliations.unmake_referent(replaced, by=by)


def _check_may_ask(organisation: Organisation, by: Actor) -> None:
    if not policies.is_desk(by.user):
        policies.check_is_referent_of(by.user, organisation)


def _check_kind(change: Change, kind: str) -> None:
    if change.kind != kind:
        raise NotNow("not_this_kind", _("This change is decided in another way."))


def _membership(organisation: Organisation) -> Membership:
    """The living membership, which names the legal representative; raises NotNow when there is none."""
    membership = organisation.memberships.filter(state__in=sorted(STANDING)).first()
    if membership is None:
        raise NotNow("not_a_member", _("This organisation is not a member now."))
    return membership


def _locked(change: Change) -> Change:
    rows = Change.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation").get(pk=change.pk)
