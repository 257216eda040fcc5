"""The checklist of a new person on the home page: from the account to the first image.

Computed from rows at each reading, and gone when all is done; nothing is remembered of it.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import is_desk, is_quota_administrator
from accounts.services.people import onboarding
from accounts.services.people.onboarding import OnboardingStep
from catalogue.models import Download, SavedArea
from orders.models import Line
from orders.states import Approval, Supply
from orders.states.approval import WAITING
from orders.states.supply import OVER


@dataclass(frozen=True, slots=True)
class Checklist:
    """The six steps in their order, done or not."""

    steps: list[OnboardingStep]

    @property
    def is_finished(self) -> bool:
        """True when every step is done; what is only offered may stay undone."""
        return all(step.state in ("done", "offered") for step in self.steps)

    @property
    def next(self) -> OnboardingStep | None:
        """The first step that is the reader's turn; without one, the first that waits for another."""
        return self._first("now") or self._first("wait")

    @property
    def offered(self) -> OnboardingStep | None:
        """The step that the reader may take and need not."""
        return self._first("offered")

    def _first(self, state: str) -> OnboardingStep | None:
        return next((step for step in self.steps if step.state == state), None)


def unfinished(user: Any) -> Checklist | None:
    """The checklist of a signed-in person, or None when all is done.

    A person of the desk or of the budget has none: there is no first image to get to.
    """
    if is_desk(user) or is_quota_administrator(user):
        return None
    found = checklist(user)
    return None if found.is_finished else found


def checklist(user: Any) -> Checklist:
    """The steps of a person: account, organisation, second factor, licence, first area, first image."""
    needed = onboarding.steps(user)
    may_search = needed[-1].state == "done"
    had = _had(user)
    # An order or an image of one's own was somewhere: the area is behind the person.
    has_area = had["area"] or had["ordered"] or had["image"]
    return Checklist(
        [
            *needed,
            _area(done=has_area, may_search=may_search),
            _image(
                done=had["image"],
                under_way=had["under_way"],
                may_take=may_search and has_area,
            ),
        ]
    )


def _had(user: Any) -> dict[str, bool]:
    """What this person has already: an area, an order, one under way, an image. One query."""
    asked = Line.objects.filter(order__requester=OuterRef("pk"))
    open_ = asked.filter(
        approval__in=[Approval.WAITING_QUOTA, *WAITING, Approval.ACCEPTED]
    ).exclude(supply__in=OVER)
    taken = Download.objects.filter(user=OuterRef("pk"))
    return (
        User.objects.filter(pk=user.pk)
        .values(
            area=Exists(SavedArea.objects.filter(owner=OuterRef("pk"))),
            ordered=Exists(asked),
            under_way=Exists(open_),
            image=Exists(taken) | Exists(asked.filter(supply=Supply.DELIVERED)),
        )
        .get()
    )


def _area(*, done: bool, may_search: bool) -> OnboardingStep:
    label = _("First area")
    if done:
        return OnboardingStep(label, "done")
    if not may_search:
        return OnboardingStep(label, "")
    sub = _("Draw an area, see every way to an image.")
    return OnboardingStep(label, "now", sub, reverse("catalogue"), _("Draw an area"))


def _image(*, done: bool, under_way: bool, may_take: bool) -> OnboardingStep:
    label = _("First image")
    if done:
        return OnboardingStep(label, "done")
    if under_way:
        sub = _("What you asked for is under way.")
        return OnboardingStep(label, "wait", sub, reverse("orders"), _("All orders"))
    if not may_take:
        return OnboardingStep(label, "")
    sub = _("Choose a way to an image, and take it.")
    return OnboardingStep(label, "now", sub, reverse("catalogue"), _("Search for images"))
