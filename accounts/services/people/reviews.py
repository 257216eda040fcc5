"""The yearly review: opened by the clock, answered in acts that may be undone for 30 s, closed when all is said."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import Affiliation, Organisation, Review, ReviewAct, ReviewDecision
from accounts.services.people import affiliations
from accounts.states.affiliation import BELONGING
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotFound, NotNow
from dinamis.outbox import after_commit

UNDO = timedelta(seconds=30)
HERE = sorted(BELONGING)


@transaction.atomic
def open_for(organisation: Organisation) -> Review:
    """Open a review, or return the one that is open; its referents receive one mail."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    known = Review.objects.open().filter(organisation=organisation).first()
    if known is not None:
        return known
    now = timezone.now()
    due_at = now + timedelta(days=settings.REVIEW_ESCALATE_DAYS)
    review = Review.objects.create(organisation=organisation, opened_at=now, due_at=due_at)
    after_commit("accounts.tasks.tell_review", review.pk, "opened")
    return review


def close(organisation: Organisation) -> None:
    """End the open review of an organisation whose people went elsewhere."""
    Review.objects.open().filter(organisation=organisation).update(closed_at=timezone.now())


def open_due() -> int:
    """Open the reviews of members whose people were not looked at for REVIEW_EVERY_DAYS; return how many."""
    before = timezone.now() - timedelta(days=settings.REVIEW_EVERY_DAYS)
    lately = Review.objects.filter(organisation=OuterRef("pk"), opened_at__gt=before)
    old_enough = Affiliation.objects.active().filter(
        organisation=OuterRef("pk"), is_referent=False, activated_at__lte=before
    )
    due = Organisation.objects.members().filter(~Exists(lately), Exists(old_enough))
    rows = list(due.distinct())
    for organisation in rows:
        open_for(organisation)
    return len(rows)


def remind() -> int:
    """Remind the referents of reviews still open after REVIEW_REMIND_DAYS; return how many."""
    before = timezone.now() - timedelta(days=settings.REVIEW_REMIND_DAYS)
    late = Review.objects.open().filter(opened_at__lte=before, reminded_at=None)
    return _mark(late, "reminded_at", "reminded")


def escalate() -> int:
    """Tell the desk of reviews that are past their day; return how many."""
    late = Review.objects.open().filter(due_at__lte=timezone.now(), escalated_at=None)
    return _mark(late, "escalated_at", "escalated")


@transaction.atomic
def answer(
    review: Review, rows: Iterable[Affiliation], *, verdict: str, reason: str = "", by: Actor
) -> ReviewAct:
    """Answer for several people at once; it takes effect in 30 s unless undone.

    Raises NotAllowed for others than a referent of the organisation or the desk, and for oneself;
    NotFound for people of elsewhere, Invalid for nobody or an end without a reason, NotNow for a review
    that is closed or the organisation's last referent.
    """
    review = _locked(review)
    _check_may(by, review)
    people = list(rows)
    _check_people(review, people, verdict, by)
    if verdict == ReviewAct.Verdict.END and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the reason goes out by mail."), field="reason")
    now = timezone.now()
    act = ReviewAct.objects.create(
        review=review,
        verdict=verdict,
        reason=reason.strip(),
        at=now,
        applies_at=now + UNDO,
        **by.columns(),
    )
    ReviewDecision.objects.bulk_create([ReviewDecision(act=act, affiliation=row) for row in people])
    after_commit("accounts.tasks.apply_review_act", act.pk, due_at=act.applies_at)
    return act


@transaction.atomic
def undo(act: ReviewAct, *, by: Actor) -> ReviewAct:
    """Take an answer back while it has no effect yet; raises Gone after it, NotAllowed for others."""
    act = ReviewAct.objects.select_for_update(of=("self",)).select_related("review").get(pk=act.pk)
    if by.user is None or by.user.pk != act.by_user_id:
        raise NotAllowed("not_yours", _("An answer is undone by whoever gave it."))
    if act.undone_at:
        return act
    if act.applied_at or act.applies_at <= timezone.now():
        raise Gone("too_late", _("It is too late to undo this: it has taken effect."))
    act.undone_at = timezone.now()
    act.save(update_fields=["undone_at"])
    return act


@transaction.atomic
def apply(act: ReviewAct) -> bool:
    """Let an answer take effect, once; False when it was undone or applied already.

    Rights are asked again: a referent who may no longer decides nothing, and whoever has left or
    changed meanwhile stays as they are.
    """
    review = _locked(act.review)
    act = ReviewAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if act.undone_at or act.applied_at or act.applies_at > timezone.now():
        return False
    by = Actor.of(act.by_user)
    if not _may(by, review):
        act.undone_at = timezone.now()
        act.save(update_fields=["undone_at"])
        return False
    if act.verdict == ReviewAct.Verdict.END:
        for decision in act.decisions.select_related("affiliation").order_by("affiliation"):
            if decision.affiliation.state in HERE:
                affiliations.end(decision.affiliation, reason=act.reason, by=by)
    act.applied_at = timezone.now()
    act.save(update_fields=["applied_at"])
    if not undecided(review).exists():
        review.closed_at = timezone.now()
        review.save(update_fields=["closed_at"])
    return True


def undecided(review: Review) -> QuerySet[Affiliation]:
    """The people of whom nothing is said yet. Whoever arrived after the opening is not asked about."""
    said = ReviewDecision.objects.filter(
        act__review=review, act__undone_at=None, affiliation=OuterRef("pk")
    )
    return Affiliation.objects.filter(
        ~Exists(said),
        organisation=review.organisation,
        state__in=HERE,
        is_referent=False,
        activated_at__lte=review.opened_at,
    )


def answers(review: Review) -> dict[int, str]:
    """Affiliation's key → the answer that stands."""
    said = ReviewDecision.objects.filter(act__review=review, act__undone_at=None)
    return dict(said.order_by("act__at").values_list("affiliation", "act__verdict"))


def can_undo(review: Review, user: object) -> ReviewAct | None:
    """The newest answer of this person that may still be undone."""
    mine = review.acts.standing().filter(by_user=user, applied_at=None)
    return mine.filter(applies_at__gt=timezone.now()).first()


def _check_people(review: Review, people: list[Affiliation], verdict: str, by: Actor) -> None:
    if not people:
        raise Invalid("nobody_chosen", _("Tick at least one person."), field="affiliation")
    if any(row.organisation_id != review.organisation_id for row in people):
        raise NotFound("person_unknown", _("One of these people is not of your organisation."))
    if any(by.user is not None and row.user_id == by.user.pk for row in people):
        raise NotAllowed("not_on_oneself", _("Nobody decides on themselves."))
    if any(row.state not in HERE for row in people):
        raise NotNow("not_active", _("One of these people has left already."))
    referents = [row for row in people if row.is_referent]
    if verdict == ReviewAct.Verdict.END and referents:
        raise NotNow(
            "referent_stays",
            _("%(person)s is a referent: the DINAMIS desk takes that back first.")
            % {"person": referents[0].user},
        )


def _may(by: Actor, review: Review) -> bool:
    return policies.is_desk(by.user) or policies.is_referent_of(by.user, review.organisation)


def _check_may(by: Actor, review: Review) -> None:
    if not _may(by, review):
        policies.check_is_referent_of(by.user, review.organisation)
    if review.closed_at:
        raise NotNow("review_closed", _("This review is closed."))


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation").get(pk=review.pk)


def _mark(late: QuerySet[Review], column: str, what: str) -> int:
    told = 0
    for pk in list(late.values_list("pk", flat=True)):
        with transaction.atomic():
            if late.order_by().filter(pk=pk).update(**{column: timezone.now()}):
                after_commit("accounts.tasks.tell_review", pk, what)
                told += 1
    return told
