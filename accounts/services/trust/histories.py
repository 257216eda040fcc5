"""The histories of this room for the trail: memberships, affiliations, signatures, accounts, entries."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import (
    Affiliation,
    AffiliationEvent,
    ChangeEvent,
    DelegationEvent,
    Erasure,
    Event,
    InvitationEvent,
    LinkedAccountEvent,
    MembershipEvent,
    PersonEvent,
    ReviewAct,
    Signature,
    WebhookEvent,
)
from dinamis import formats, trail
from dinamis.trail import History, Scope, said

BY = ("by_user__full_name", "by_link__name")
# What of an account concerns those it belongs to; the rest is the person's own.
KEYS = (PersonEvent.Kind.KEY_MADE, PersonEvent.Kind.KEY_REVOKED)


def while_belonging(rows: QuerySet[Any], scope: Scope, *, at: str = "at") -> QuerySet[Any]:
    """Rows of a table of people's acts: one's own, or those of the organisation's people in their time there."""
    if scope.person is not None:
        return rows.filter(user=scope.person)
    here = Affiliation.objects.filter(organisation=scope.organisation)
    belonged = here.filter(
        Q(ended_at=None) | Q(ended_at__gte=OuterRef(at)),
        user=OuterRef("user"),
        activated_at__lte=OuterRef(at),
    )
    # A list and a subquery of one row, never a join: the newest fifty are then read from the end of
    # the index by time, and the question of belonging is asked of those alone.
    people = list(here.order_by().values_list("user", flat=True).distinct())
    return rows.alias(belonged=Subquery(belonged.order_by().values("pk")[:1])).filter(
        user__in=people, belonged__isnull=False
    )


def _memberships(scope: Scope) -> QuerySet[Any]:
    rows = MembershipEvent.objects.select_related("membership", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(by_user=scope.person)
    return rows.filter(membership__organisation=scope.organisation)


def _changes(scope: Scope) -> QuerySet[Any]:
    rows = ChangeEvent.objects.select_related("change", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(by_user=scope.person)
    return rows.filter(change__organisation=scope.organisation)


def _change(row: ChangeEvent) -> str:
    return said(capfirst(row.change.get_kind_display()), row.label, row.reason)


def _erasures(scope: Scope) -> QuerySet[Any]:
    """What this person erased for others; one's own erasure stands in the history of the account."""
    rows = Erasure.objects.select_related("by_user", "by_link")
    if scope.person is None:
        return rows.none()
    return rows.filter(by_user=scope.person).exclude(user=scope.person)


def _erasure(row: Erasure) -> str:
    text = _("Account %(number)s erased at its person's request") % {"number": row.user_id}
    return _with_reason(text, row.reason)


def _affiliations(scope: Scope) -> QuerySet[Any]:
    rows = AffiliationEvent.objects.select_related(
        "affiliation__user", "affiliation__organisation", "by_user", "by_link"
    )
    if scope.person is not None:
        return rows.filter(Q(affiliation__user=scope.person) | Q(by_user=scope.person))
    return rows.filter(affiliation__organisation=scope.organisation)


def _invitations(scope: Scope) -> QuerySet[Any]:
    rows = InvitationEvent.objects.select_related("invitation", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(Q(by_user=scope.person) | Q(invitation__affiliation__user=scope.person))
    return rows.filter(invitation__organisation=scope.organisation)


def _review_acts(scope: Scope) -> QuerySet[Any]:
    rows = ReviewAct.objects.select_related("review__organisation", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(by_user=scope.person)
    return rows.filter(review__organisation=scope.organisation)


def _invitation(row: InvitationEvent) -> str:
    return said(row.invitation.email, row.label)


def _review_act(row: ReviewAct) -> str:
    text = said(row.label, row.count)
    return _with_reason(
        _("%(text)s (undone)") % {"text": text} if row.undone_at else text, row.reason
    )


def _signatures(scope: Scope) -> QuerySet[Any]:
    rows = Signature.objects.select_related("user", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(user=scope.person)
    return rows.filter(organisation=scope.organisation)


def _accounts(scope: Scope) -> QuerySet[Any]:
    rows = PersonEvent.objects.select_related("user", "by_user", "by_link")
    rows = while_belonging(rows, scope)
    return rows if scope.person is not None else rows.filter(kind__in=KEYS)


def _partners(scope: Scope) -> QuerySet[Any]:
    """One's own alone: what a person has elsewhere is no matter of the organisation's."""
    rows = LinkedAccountEvent.objects.select_related("account__partner", "by_user", "by_link")
    return rows.filter(account__user=scope.person) if scope.person is not None else rows.none()


def _entries(scope: Scope) -> QuerySet[Any]:
    return while_belonging(Event.objects.select_related("user"), scope)


def _entry(row: Event) -> str:
    """The rule that said no, by its code and the page's name: never an address that carries a token."""
    if row.kind != Event.Kind.REFUSED:
        what = capfirst(row.get_kind_display())
        through = {"what": what, "name": row.code}
        return _("%(what)s through %(name)s") % through if row.code else what
    return _("Refused: %(code)s, on %(page)s") % {"code": row.code, "page": row.route}


def _with_reason(text: str, reason: str) -> str:
    return f"{text} — {reason}" if reason else text


def _membership(row: MembershipEvent) -> str:
    return said(row.membership.reference, row.label, row.reason)


def _affiliation(row: AffiliationEvent) -> str:
    one = row.affiliation
    return said(f"{one.user}, {one.organisation}", row.label, row.reason)


def _signature(row: Signature) -> str:
    return _("%(licence)s %(version)s signed, number %(number)s") % {
        "licence": row.licence_code,
        "version": row.version,
        "number": row.number,
    }


def _account(row: PersonEvent) -> str:
    text = said(row.user, row.get_kind_display())
    return f"{text}, {row.about}" if row.about else text


def _partner(row: LinkedAccountEvent) -> str:
    return said(row.account.partner, row.label, row.reason)


def _delegations(scope: Scope) -> QuerySet[Any]:
    """Of those concerned and of whoever named them; no organisation's matter."""
    rows = DelegationEvent.objects.select_related(
        "delegation__giver", "delegation__receiver", "by_user", "by_link"
    )
    if scope.person is None:
        return rows.none()
    mine = Q(delegation__giver=scope.person) | Q(delegation__receiver=scope.person)
    return rows.filter(mine | Q(by_user=scope.person))


def _delegation(row: DelegationEvent) -> str:
    named = _("%(receiver)s decides in the place of %(giver)s, %(from)s to %(to)s")
    ended = _("%(receiver)s no longer decides in the place of %(giver)s")
    one = row.delegation
    words = {
        "receiver": one.receiver,
        "giver": one.giver,
        "from": formats.day(one.starts_on),
        "to": formats.day(one.ends_on),
    }
    return _with_reason((named if row.step == "named" else ended) % words, row.reason)


def _webhooks(scope: Scope) -> QuerySet[Any]:
    rows = WebhookEvent.objects.select_related("webhook", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(by_user=scope.person)
    return rows.filter(webhook__organisation=scope.organisation)


def _webhook(row: WebhookEvent) -> str:
    return f"{row.facts.get('name', row.webhook)}: {row.get_step_display()}"


def _by(row: Any) -> str:
    return row.by_name


def _person(row: Any) -> str:
    return str(row.user)


def register() -> None:
    """Called once, when the app is ready."""
    for history in (
        History("membership", gettext_lazy("Membership"), _memberships, _by, _membership,
                BY, ("membership__reference", "reason", "step")),
        History("change", gettext_lazy("Changes of the organisation"), _changes, _by, _change,
                BY, ("change__kind", "reason", "step")),
        History("affiliation", gettext_lazy("Affiliations"), _affiliations, _by, _affiliation,
                (*BY, "affiliation__user__full_name"), ("affiliation__user__full_name", "reason")),
        History("invitation", gettext_lazy("Invitations"), _invitations, _by, _invitation,
                BY, ("invitation__email", "step")),
        History("review", gettext_lazy("Yearly reviews"), _review_acts, _by, _review_act,
                BY, ("reason", "verdict")),
        History("signature", gettext_lazy("Signatures"), _signatures, _by, _signature,
                BY, ("licence_code", "version"), at="signed_at"),
        History("account", gettext_lazy("Accounts and keys"), _accounts, _by, _account,
                (*BY, "user__full_name"), ("about", "kind")),
        History("webhook", gettext_lazy("Webhooks"), _webhooks, _by, _webhook,
                BY, ("webhook__name", "step")),
        History("absence", gettext_lazy("Absences"), _delegations, _by, _delegation,
                BY, ("reason", "step")),
        History("erasure", gettext_lazy("Erasures"), _erasures, _by, _erasure, BY, ("reason",)),
        History("partner", gettext_lazy("Partner accounts"), _partners, _by, _partner,
                (*BY, "account__partner__name"), ("account__partner__name", "reason")),
        History("entry", gettext_lazy("Sign-ins and refusals"), _entries, _person, _entry,
                ("user__full_name",), ("code", "route")),
    ):  # fmt: skip
        trail.register(history)
