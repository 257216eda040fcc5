"""A project (dossier): why images are needed, by whom, where, until when, and what was decided of it."""

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Affiliation, Organisation
from accounts.policies import is_desk, organisations_led_by
from accounts.states.affiliation import BELONGING
from catalogue.models import Theme
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.states.partner import PartnerState
from orders.states.project import LED, PROJECT, SENT, ProjectState


class Track(models.TextChoices):
    """Who reads the project, and who pays beyond the quota."""

    DINAMIS = "dinamis", _("DINAMIS")
    COFUNDED = "cofunded", _("CNES co-funding (ISIS)")


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> "ProjectQuerySet":
        """One's own, those of an organisation one is referent of, and at the desk all that were sent."""
        if not user.is_authenticated:
            return self.none()
        if is_desk(user):
            mine = Q(pk__in=self.model.objects.of_person(user).values("pk"))
            return self.filter(mine | Q(state__in=SENT))
        return self.around(user)

    def around(self, user: Any) -> "ProjectQuerySet":
        """One's own, and those of the organisations that one leads, whatever one's duties."""
        mine = Q(pk__in=self.model.objects.of_person(user).values("pk"))
        return self.filter(mine | Q(organisation__in=organisations_led_by(user).values("pk")))

    def of_person(self, user: Any) -> "ProjectQuerySet":
        """Those that a person leads, or takes part in."""
        takes_part = Q(partners__user=user, partners__state=PartnerState.ACCEPTED)
        return self.filter(Q(lead=user) | takes_part).distinct()

    def leaderless(self) -> "ProjectQuerySet":
        """Those that want a lead, and whose lead is not attached to their organisation any more."""
        attached = Affiliation.objects.filter(
            user=OuterRef("lead"), organisation=OuterRef("organisation"), state__in=BELONGING
        )
        return self.filter(~Exists(attached), state__in=LED)

    def unanswered(self, at: datetime) -> "ProjectQuerySet":
        """Drafts, questions and offers that their lead left too long."""
        left = [ProjectState.DRAFT, ProjectState.TO_COMPLETE, ProjectState.OFFERED]
        return self.filter(state__in=left, due_at__lt=at).order_by("pk")

    def running(self, on: date) -> "ProjectQuerySet":
        """Approved, and within its dates on a day."""
        return self.filter(state=ProjectState.APPROVED, starts_on__lte=on, ends_on__gte=on)


class Project(Living):
    """One project. Its allotments in the ledger are owned by its key, `("project", pk)`."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="projects")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="projects", verbose_name=_("lead")
    )
    track = models.CharField(_("track"), max_length=10, choices=Track, default=Track.DINAMIS)
    title = models.CharField(_("title"), max_length=200)
    abstract = models.TextField(_("abstract"), max_length=4000, blank=True)
    objectives = models.TextField(_("objectives"), max_length=4000, blank=True)
    method = models.TextField(_("method"), max_length=4000, blank=True)
    expected = models.TextField(_("expected results"), max_length=4000, blank=True)
    themes = models.ManyToManyField(Theme, related_name="projects", blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    # Others who want the same place may be told, and the cost be shared, unless the project opts out.
    joins_requests = models.BooleanField(_("open to joint requests"), default=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ProjectState, default=ProjectState.DRAFT
    )
    made_at = models.DateTimeField(_("made at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        indexes = [models.Index(fields=["state", "state_since"], name="project_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="project_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(starts_on__isnull=False, ends_on__isnull=False, submitted_at__isnull=False),
                name="project_sent_has_its_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "closed"]) | Q(approved_at__isnull=False),
                name="project_approved_has_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.reference])

    @property
    def turn(self) -> str:
        """The role that must act now, or an empty string."""
        return PROJECT.turns[ProjectState(self.state)]

    def is_running(self, on: date) -> bool:
        """True when images may be ordered under it on this day."""
        if self.state != ProjectState.APPROVED or self.starts_on is None or self.ends_on is None:
            return False
        return self.starts_on <= on <= self.ends_on


class ProjectEvent(ActedBy):
    """One step of a project's life: who, when, why. Only ever added."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from"), max_length=12, choices=ProjectState, blank=True)
    target = models.CharField(_("to"), max_length=12, choices=ProjectState)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a project")
        verbose_name_plural = _("events of a project")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="project_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.step}"
