"""Two organisations become one: a preview, and the merger itself, in one transaction.

What the rooms above own moves with it through the event `organisation.merged`. Signatures stay where
they were made: they are evidence, and count for the successor (`Organisation.objects.with_absorbed`).
"""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import (
    Affiliation,
    AffiliationEvent,
    ApiKey,
    Membership,
    Merger,
    Organisation,
    OrganisationDomain,
    Signature,
    Supervision,
    User,
    Webhook,
)
from accounts.services.membership import changes, memberships
from accounts.services.people import invitations, reviews
from accounts.states.affiliation import OPEN, State
from accounts.states.membership import OPEN as UNDER_WAY
from accounts.states.membership import State as MembershipState
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.events import emit
from dinamis.outbox import after_commit

# Every table that points at an organisation, and what a merger does with its rows; a test compares
# this with the models, so that a new table forces the question. "moved" by its own function below,
# "stays" is history or evidence, "follows" is moved by the room that owns it.
FATE = {
    "accounts.Affiliation.organisation": "moved",
    "accounts.ApiKey.organisation": "moved",
    "accounts.Webhook.organisation": "moved",
    "accounts.OrganisationDomain.organisation": "moved",
    "accounts.Supervision.organisation": "moved",
    "accounts.Supervision.body": "moved",
    "accounts.Membership.organisation": "stays",
    "accounts.Membership.order_body": "moved",
    "accounts.Membership.french_member": "moved",
    "accounts.MailedLink.organisation": "stays",
    "accounts.Signature.organisation": "stays",
    "accounts.Change.organisation": "stays",
    "accounts.Invitation.organisation": "stays",
    "accounts.Review.organisation": "stays",
    "accounts.Merger.absorbed": "stays",
    "accounts.Merger.successor": "stays",
    "catalogue.Passing.organisation": "follows",
    "catalogue.Product.embargo_for": "follows",
    "catalogue.StatedUse.organisation": "stays",
    "orders.Order.organisation": "follows",
    "orders.Project.organisation": "follows",
    "orders.ProjectPartner.organisation": "follows",
    "orders.Quote.organisation": "follows",
    "orders.Series.organisation": "follows",
    "orders.Standin.organisation": "follows",
    "orders.QuotaRequest.organisation": "stays",
    "orders.Reuse.organisation": "stays",
    "orders.Pool.keeper": "follows",
    "orders.Pledge.organisation": "follows",
    "orders.PoolVote.organisation": "stays",
    "orders.PoolEvent.organisation": "stays",
    "orders.Contribution.organisation": "stays",
    "orders.OrderPreference.organisation": "stays",
}


def preview(absorbed: Organisation, successor: Organisation) -> dict[str, int]:
    """What would move, by the names that `merge` counts; changes nothing."""
    there = _people_of(successor).values("user")
    leaving = _people_of(absorbed)
    domains = absorbed.domains.values_list("domain", flat=True)
    return {
        "people": leaving.exclude(user__in=there).count(),
        "collapsed": leaving.filter(user__in=there).count(),
        "referents": leaving.filter(is_referent=True).count(),
        "domains": len(set(domains) - set(successor.domains.values_list("domain", flat=True))),
        "keys": ApiKey.objects.living().filter(organisation=absorbed).count(),
        "laboratories": Supervision.objects.current().filter(body=absorbed).count(),
        "signatures": Signature.objects.filter(organisation=absorbed).count(),
    }


def check(absorbed: Organisation, successor: Organisation) -> None:
    """Raise NotNow when these two cannot be merged now, saying why."""
    if absorbed.pk == successor.pk:
        raise NotNow("merger_with_itself", _("An organisation cannot be merged into itself."))
    for one in (absorbed, successor):
        merger = Merger.objects.filter(absorbed=one).select_related("successor").first()
        if merger is not None:
            raise NotNow(
                "merged_already",
                _("%(name)s is part of %(successor)s already.")
                % {"name": one.name, "successor": merger.successor.name},
            )
    if not successor.is_member:
        raise NotNow(
            "successor_not_a_member",
            _("%(name)s is not an active member: the successor must be one.")
            % {"name": successor.name},
        )
    if absorbed.admitted_at is None or absorbed.memberships.filter(state__in=UNDER_WAY).exists():
        raise NotNow(
            "dossier_under_way",
            _("%(name)s was never a member, or has a request under way: decide it first.")
            % {"name": absorbed.name},
        )


@transaction.atomic
def merge(absorbed: Organisation, *, into: Organisation, reason: str, by: Actor) -> Merger:
    """Merge an organisation into another: people, domains, keys, orders and quotas move; nothing is lost.

    Raises NotAllowed for anybody but the desk, Invalid without a reason, NotNow when either is part of
    another already, or the successor is no member. Both rows are locked in order of id, so of two
    mergers at once the second sees the first.
    """
    policies.check_is_desk(by.user)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the reason goes out by mail."), field="reason")
    changes.withdraw_all(absorbed, reason=reason, by=by)
    invitations.withdraw_all(absorbed, by=by)
    rows = Organisation.objects.select_for_update(no_key=True).order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in=[absorbed.pk, into.pk])}
    absorbed, into = held[absorbed.pk], held[into.pk]
    check(absorbed, into)
    now = timezone.now()
    moved = Counter(preview(absorbed, into))
    _move_people(absorbed, into, at=now, by=by, reason=reason)
    _move_facts(absorbed, into)
    ApiKey.objects.filter(organisation=absorbed).update(organisation=into)
    Webhook.objects.filter(organisation=absorbed).update(organisation=into)
    reviews.close(absorbed)
    _end_membership(absorbed, into, reason=reason, by=by)
    merger = Merger.objects.create(
        absorbed=absorbed,
        successor=into,
        reason=reason.strip(),
        moved=dict(moved),
        at=now,
        **by.columns(),
    )
    emit("organisation.merged", merger=merger, by=by)
    after_commit("accounts.tasks.tell_merger", merger.pk)
    return merger


def _people_of(organisation: Organisation) -> QuerySet[Affiliation]:
    return Affiliation.objects.filter(organisation=organisation, state__in=OPEN)


def _move_people(
    absorbed: Organisation, into: Organisation, *, at: datetime, by: Actor, reason: str
) -> None:
    """Every open affiliation goes over; who belongs to both keeps one, the stronger of the two."""
    people = _people_of(absorbed)
    list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=people.values("user"))
        .order_by("pk")
    )
    there = {row.user_id: row for row in _people_of(into)}
    words = _("%(name)s became part of %(successor)s. %(reason)s") % {
        "name": absorbed.name,
        "successor": into.name,
        "reason": reason.strip(),
    }
    for row in people.select_related("user").order_by("pk"):
        other = there.get(row.user_id)
        if other is not None:
            row = _collapse(row, other, at=at, by=by, reason=words)
        source = row.state
        row.organisation = into
        row.save(update_fields=["organisation"])
        _note(row, source=source, at=at, by=by, reason=words)


def _collapse(
    row: Affiliation, other: Affiliation, *, at: datetime, by: Actor, reason: str
) -> Affiliation:
    """End the weaker of a person's two affiliations; the one kept has the duties of both.

    Not by the step `end`: nobody leaves, so no right, key or line of theirs stops.
    """
    rank = {State.ACTIVE: 2, State.SUSPENDED: 1, State.REQUESTED: 0}
    kept, ended = (row, other) if rank[row.state] > rank[other.state] else (other, row)
    was_current, was_referent = ended.is_current, ended.is_referent
    source, ended.state = ended.state, State.ENDED
    ended.state_since = ended.ended_at = at
    ended.due_at, ended.is_current, ended.is_referent = None, False, False
    ended.save()
    _note(ended, source=source, at=at, by=by, reason=reason)
    kept.is_current = kept.state == State.ACTIVE and (kept.is_current or was_current)
    kept.is_referent = kept.state == State.ACTIVE and (kept.is_referent or was_referent)
    kept.save(update_fields=["is_current", "is_referent"])
    return kept


def _note(row: Affiliation, *, source: str, at: datetime, by: Actor, reason: str) -> None:
    AffiliationEvent.objects.create(
        affiliation=row,
        step="merge",
        source=source,
        target=row.state,
        reason=reason,
        at=at,
        **by.columns(),
    )


def _move_facts(absorbed: Organisation, into: Organisation) -> None:
    """Domains, the laboratories supervised, and who was named as giving an order or co-operating: each once.

    The absorbed one keeps its own supervisors.
    """
    known = into.domains.values_list("domain", flat=True)
    absorbed.domains.filter(domain__in=list(known)).delete()
    OrganisationDomain.objects.filter(organisation=absorbed).update(organisation=into)
    Supervision.objects.filter(body=absorbed).exclude(organisation=into).update(body=into)
    mine = set(into.supervisions.current().values_list("name", flat=True))
    movable = absorbed.supervisions.current().exclude(name__in=mine).exclude(body=into)
    movable.update(organisation=into)
    for column in ("order_body", "french_member"):
        Membership.objects.filter(**{column: absorbed}).exclude(organisation=into).update(
            **{column: into}
        )


def _end_membership(absorbed: Organisation, into: Organisation, *, reason: str, by: Actor) -> None:
    living = Membership.objects.filter(
        organisation=absorbed, state__in=[MembershipState.ACTIVE, MembershipState.SUSPENDED]
    ).first()
    if living is not None:
        words = _("Merged into %(name)s. %(reason)s") % {
            "name": into.name,
            "reason": reason.strip(),
        }
        memberships.take(living, "leave", reason=words, by=by)
