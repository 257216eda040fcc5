"""The yearly review on one screen, its history, and what the desk sees of reviews and requests left unanswered."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.forms.belonging import ReviewForm
from accounts.models import Affiliation, Organisation, Review, ReviewAct
from accounts.services.membership import evidence
from accounts.services.people import reviews, staff
from accounts.states.affiliation import BELONGING, LIFE
from accounts.views.referents import for_referents, page_of
from dinamis.actors import Actor
from dinamis.forms import form_status, tried


@require_http_methods(["GET", "HEAD", "POST"])
@for_referents
def organisation_review(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    review = organisation.reviews.open().first()
    people = _people(organisation)
    form = ReviewForm(request.POST or None, people=people)
    if request.method == "POST" and review and form.is_valid():
        ticked = [row for row in people if row.pk in form.cleaned_data["affiliation"]]
        facts = {"verdict": form.cleaned_data["verdict"], "reason": form.cleaned_data["reason"]}
        by = Actor.of(request.user)
        if tried(request, form, lambda: reviews.answer(review, ticked, by=by, **facts)):
            return redirect(page_of("organisation_review", organisation))
    page = {"organisation": organisation, "review": review, "form": form}
    if review:
        page |= _open(request, review, people)
    page["history"] = organisation.reviews.exclude(closed_at=None).prefetch_related(
        "acts__decisions"
    )
    return render(request, "accounts/organisation_review.html", page, status=form_status(form))


@require_POST
def review_open(request: HttpRequest, pk: int) -> HttpResponse:
    """A referent opens a review before its day."""
    organisation = get_object_or_404(policies.organisations_led_by(request.user), pk=pk)
    reviews.open_for(organisation)
    return redirect(page_of("organisation_review", organisation))


@require_POST
def review_undo(request: HttpRequest, pk: int) -> HttpResponse:
    led = policies.organisations_led_by(request.user)
    act = get_object_or_404(ReviewAct.objects.filter(review__organisation__in=led), pk=pk)
    reviews.undo(act, by=Actor.of(request.user))
    count = act.count
    said = ngettext("Undone for %(count)s person.", "Undone for %(count)s people.", count)
    messages.success(request, said % {"count": count})
    return redirect(page_of("organisation_review", act.review.organisation))


@require_safe
def desk_unanswered(request: HttpRequest) -> HttpResponse:
    """What referents have left unanswered: requests to decide, reviews to ask about."""
    policies.check_is_desk(request.user)
    late = Affiliation.objects.requested().exclude(escalated_at=None)
    waiting = [
        (row, evidence.of_affiliation(row)) for row in late.select_related("user", "organisation")
    ]
    open_reviews = Review.objects.open().exclude(escalated_at=None).select_related("organisation")
    page = {
        "waiting": waiting,
        "refuse": LIFE.steps["refuse"],
        "reviews": [(row, reviews.undecided(row).count()) for row in open_reviews],
    }
    return render(request, "accounts/desk_unanswered.html", page)


def _people(organisation: Organisation) -> list[Affiliation]:
    rows = staff.people_of(organisation).filter(state__in=sorted(BELONGING))
    return list(rows.order_by("user__full_name", "pk"))


def _open(request: HttpRequest, review: Review, people: list[Affiliation]) -> dict[str, object]:
    said = reviews.answers(review)
    asked = set(reviews.undecided(review).values_list("pk", flat=True))
    for row in people:
        row.flags = [staff.FLAGS[name] for name in staff.flags_of(row)]
        row.said = said.get(row.pk, "")
    undecided = [row for row in people if row.pk in asked]
    everybody = request.GET.get("tick") == "all"
    return {
        "undecided": undecided,
        "decided": [row for row in people if row.said],
        "ticked": {row.pk for row in undecided} if everybody else set(),
        "undo": reviews.can_undo(review, request.user),
        "title": _("Are these people still with you?"),
    }
