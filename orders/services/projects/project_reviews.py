"""Reviews of projects: people named by the desk, asked by mail, answered once on a mailed page."""

from collections.abc import Mapping
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Affiliation, MailedLink, Organisation
from accounts.policies import check_is_desk, check_may_take
from accounts.services import links
from accounts.states.affiliation import OPEN as BELONGING
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, NotNow
from dinamis.lifecycle import advance
from orders.emails import project_reviews as mails
from orders.models import (
    Criterion,
    Project,
    ProjectReview,
    ProjectReviewEvent,
    ReviewScore,
)
from orders.policies.projects import roles_in_review
from orders.services.projects.project_steps import locked, note, step
from orders.states.partner import OPEN as PARTNERS
from orders.states.project import ProjectState
from orders.states.review import PATIENCE, REMIND, REVIEW, ReviewState

PURPOSE = "project_review"
BY_CLOCK = Actor.system("projects")
MOST_REVIEWERS = 12


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the desk names."""

    name: str
    email: str
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a reviewer says: criterion → score, an advice, words for the desk and for the lead."""

    scores: Mapping[str, int]
    advice: str
    for_desk: str
    for_lead: str = ""


@transaction.atomic
def ask(project: Project, named: Named, *, by: Actor) -> ProjectReview:
    """Ask one person, who receives a mailed link; the first one asked puts the project in review.

    Raises NotAllowed, NotNow (not in review, asked already, too many), Invalid (conflict_of_interest).
    """
    check_is_desk(by.user)
    project = locked(project)
    email = named.email.strip().lower()
    if conflict := conflict_of(project, email):
        raise Invalid("conflict_of_interest", conflict, field="email")
    if project.reviews.filter(email=email).exists():
        raise NotNow("asked_already", _("This person is asked already."))
    if project.reviews.count() >= MOST_REVIEWERS:
        raise NotNow(
            "too_many_reviewers", _("At most %(most)s reviewers.") % {"most": MOST_REVIEWERS}
        )
    now = timezone.now()
    if project.state != ProjectState.IN_REVIEW:
        step(project, "ask_reviews", by=by, due_at=now + PATIENCE)
    review = ProjectReview.objects.create(
        project=project,
        name=named.name.strip()[:150],
        email=email,
        body=named.body.strip()[:200],
        language=named.language,
        asked_at=now,
        state_since=now,
        due_at=now + PATIENCE,
    )
    _note(review, "ask", source="", reason="", by=by)
    note(project, "name_reviewer", by=by, review=review.pk)
    promise(review)
    return review


def conflict_of(project: Project, email: str) -> str:
    """Why a person may not review a project, in a sentence, or "".

    The lead, a partner, and anybody of an organisation that leads or takes part: by their account's
    affiliation, or by the domain of their address.
    """
    parties = Organisation.objects.filter(
        pk__in=[project.organisation_id, *_partner_organisations(project)]
    ).with_absorbed()
    people = EmailAddress.objects.filter(email__iexact=email, verified=True)
    belonging = Affiliation.objects.filter(
        user__in=people.values("user"), state__in=BELONGING, organisation__in=parties
    ).select_related("organisation")
    named = project.partners.filter(email=email, state__in=PARTNERS).exists()
    if named or people.filter(user=project.lead_id).exists():
        return _("This person takes part in the project.")
    if found := belonging.first():
        return _("This person belongs to %(name)s, which takes part in the project.") % {
            "name": found.organisation
        }
    if organisation := parties.of_address(email).first():
        return _("This address is of %(name)s, which takes part in the project.") % {
            "name": organisation
        }
    return ""


def _partner_organisations(project: Project) -> list[int]:
    taking_part = project.partners.filter(state__in=PARTNERS, organisation__isnull=False)
    return list(taking_part.values_list("organisation_id", flat=True))


@transaction.atomic
def give(review: ProjectReview, given: Given, *, by: Actor) -> ProjectReview:
    """The reviewer answers, once. Raises Invalid (a score missing, no words), NotNow, Gone."""
    project, review = _both(review)
    criteria = list(Criterion.objects.of_track(project.track))
    for criterion in criteria:
        value = given.scores.get(criterion.code)
        if value is None or not 1 <= value <= 5:
            raise Invalid(
                "score_missing", _("Score every question from 1 to 5."), field=criterion.code
            )
    if given.advice not in ProjectReview.Advice.values:
        raise Invalid("advice_missing", _("Say what you advise."), field="advice")
    if not given.for_desk.strip():
        raise Invalid("words_missing", _("Say why, in a few words."), field="for_desk")
    review.advice = given.advice
    review.for_desk, review.for_lead = given.for_desk.strip(), given.for_lead.strip()
    _step(review, "give", by=by)
    ReviewScore.objects.bulk_create(
        ReviewScore(review=review, criterion=one, value=given.scores[one.code], weight=one.weight)
        for one in criteria
    )
    _conclude(project)
    return review


@transaction.atomic
def decline(review: ProjectReview, *, reason: str, by: Actor) -> ProjectReview:
    """The reviewer declares a conflict of interest, or has no time."""
    project, review = _both(review)
    _step(review, "decline", by=by, reason=reason)
    _conclude(project)
    return review


@transaction.atomic
def withdraw(review: ProjectReview, *, by: Actor) -> ProjectReview:
    """The desk waits for this person no more."""
    project, review = _both(review)
    _step(review, "withdraw", by=by)
    links.stop(PURPOSE, subject_key=str(review.pk))
    _conclude(project)
    return review


def withdraw_all(project: Project) -> None:
    """Ask nobody any more: the project, locked by the caller, was withdrawn or decided."""
    waiting = project.reviews.filter(state__in=[ReviewState.ASKED, ReviewState.SILENT])
    for review in waiting.select_for_update(of=("self",), no_key=True).order_by("pk"):
        _step(review, "withdraw", by=BY_CLOCK)
        links.stop(PURPOSE, subject_key=str(review.pk))


def fall_silent_overdue(most: int) -> int:
    """Go on without the reviews whose time is over; return how many."""
    late = ProjectReview.objects.filter(state=ReviewState.ASKED, due_at__lt=timezone.now())
    return sum(_fall_silent(review) for review in late.order_by("pk")[:most])


@transaction.atomic
def _fall_silent(review: ProjectReview) -> bool:
    project, review = _both(review)
    if review.state != ReviewState.ASKED:
        return False
    _step(review, "fall_silent", by=BY_CLOCK)
    _conclude(project)
    return True


def remind(most: int) -> int:
    """Ask those again whose time is nearly over, once each; return how many."""
    soon = timezone.now() + REMIND
    waiting = ProjectReview.objects.filter(
        state=ReviewState.ASKED, reminded_at=None, due_at__lt=soon, due_at__gt=timezone.now()
    )
    return sum(_remind(review) for review in waiting.order_by("pk")[:most])


@transaction.atomic
def _remind(review: ProjectReview) -> bool:
    _project, review = _both(review)
    if review.state != ReviewState.ASKED or review.reminded_at:
        return False
    review.reminded_at = timezone.now()
    review.save(update_fields=["reminded_at"])
    promise(review)
    return True


def promise(review: ProjectReview) -> MailedLink:
    """Promise the reviewer a link that answers, until the time to answer is over."""
    return links.promise(
        PURPOSE,
        to=links.Person(review.name, review.email, review.language),
        subject_key=str(review.pk),
        until=review.due_at,
    )


def of_link(link: MailedLink) -> ProjectReview:
    """The review that a link was sent for; raises NotFound."""
    rows = ProjectReview.objects.select_related("project__organisation", "project__lead")
    found = rows.filter(pk=link.subject_key or None).first()
    if link.purpose != PURPOSE or found is None:
        raise NotFound("link_unknown", _("This link is not one of ours. Was it copied whole?"))
    return found


def register() -> None:
    """Called once, when the app is ready."""
    links.register(
        links.Purpose(
            code=PURPOSE,
            page="project_review",
            lives=PATIENCE,
            is_needed=_is_needed,
            mail=lambda link, path: mails.asked(link, of_link(link), path),
            nothing_left=gettext_lazy("This review is given, or not asked any more."),
            lock=lambda link: locked(of_link(link).project),
            renew=lambda link: promise(of_link(link)),
        )
    )


def _is_needed(link: MailedLink) -> bool:
    review = of_link(link)
    return review.state == ReviewState.ASKED and review.due_at > timezone.now()


def _both(review: ProjectReview) -> tuple[Project, ProjectReview]:
    """Lock the project before the review: of two answers at once, the second finds that none is open."""
    project = locked(review.project)
    rows = ProjectReview.objects.select_for_update(of=("self",), no_key=True)
    return project, rows.select_related("project__organisation", "project__lead").get(pk=review.pk)


def _step(review: ProjectReview, name: str, *, by: Actor, reason: str = "") -> None:
    row = REVIEW.check(name, review.state)
    check_may_take(by, row, roles_in_review(by, review))
    reason = reason.strip()
    if row.needs_reason and not reason:
        raise Invalid("words_missing", _("Say why, in a few words."), field="reason")
    now, source = timezone.now(), review.state
    if by.link is not None:
        links.use(by.link, at=now)
    advance(review, REVIEW, name, at=now)
    review.answered_at = now if name in ("give", "decline") else None
    review.save()
    _note(review, name, source=source, reason=reason, by=by)


def _note(review: ProjectReview, name: str, *, source: str, reason: str, by: Actor) -> None:
    ProjectReviewEvent.objects.create(
        review=review,
        step=name,
        source=source,
        target=review.state,
        reason=reason,
        at=timezone.now(),
        **by.columns(),
    )


def _conclude(project: Project) -> None:
    """Let the desk decide once no review is open."""
    waits = project.state == ProjectState.IN_REVIEW
    if waits and not project.reviews.filter(state=ReviewState.ASKED).exists():
        step(project, "note_reviews", by=BY_CLOCK)
