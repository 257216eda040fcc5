"""What comes of a project: reports of activity, and publications."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.models.project import Project
from orders.states.report import ReportState


class ProjectReport(Living):
    """One report asked of the lead. `asked_again_at` and `escalated_at` say what was mailed."""

    class Kind(models.TextChoices):
        FIRST = "first", _("after the first images")
        FINAL = "final", _("at the end")

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.ASKED
    )
    text = models.TextField(_("report"), max_length=8000, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_again_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("desk told"), null=True, blank=True)
    given_at = models.DateTimeField(_("given"), null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("report on a project")
        verbose_name_plural = _("reports on a project")
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="project_report_once_a_kind"),
            models.CheckConstraint(
                condition=Q(state="given", given_at__isnull=False) & ~Q(text="")
                | ~Q(state="given") & Q(given_at=None),
                name="project_report_given_has_its_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.kind}"


class Publication(ActedBy):
    """A publication made with the images of a project, known by its DOI."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="publications")
    doi = models.CharField(_("DOI"), max_length=220)
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"))
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["project", "doi"],
                condition=Q(removed_at=None),
                name="publication_once_a_project",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1980, year__lte=2200), name="publication_has_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.doi

    @property
    def url(self) -> str:
        return f"https://doi.org/{self.doi}"
