"""What a project is made of beside its words: areas, partners, the images it wishes for."""

from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Sensor
from dinamis.lifecycle import Living
from orders.models.project import Project
from orders.pricing.words import Kind, Unit
from orders.states.partner import OPEN, PartnerState


class ProjectArea(models.Model):
    """One place that a project works on."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="areas")
    name = models.CharField(_("name"), max_length=120, blank=True)
    geometry = models.MultiPolygonField(_("area"), srid=4326)
    area_km2 = models.DecimalField(_("area, in km²"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("area of a project")
        verbose_name_plural = _("areas of a project")
        constraints = [
            models.CheckConstraint(condition=Q(area_km2__gt=0), name="project_area_is_not_empty")
        ]

    def __str__(self) -> str:
        return self.name or f"{self.project} {self.pk}"


class ProjectWish(models.Model):
    """Images wished for: how many, over how many km² together, and what the desk offers of it.

    `offered` is in the unit of the sensor's quota; null until the desk decides.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="wishes")
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    images = models.PositiveSmallIntegerField(_("number of images"))
    km2 = models.DecimalField(_("km² in all"), max_digits=10, decimal_places=2)
    offered = models.DecimalField(
        _("offered"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("wish of a project")
        verbose_name_plural = _("wishes of a project")
        constraints = [
            models.CheckConstraint(
                condition=Q(images__gt=0, km2__gt=0), name="project_wish_is_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(offered=None) | Q(offered__gte=0),
                name="project_wish_offer_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.kind} × {self.images}"

    @property
    def units(self) -> Decimal:
        """What it asks of the quota: km², attempts, or nothing where the archive is free within means."""
        if self.sensor.unit == Unit.KM2:
            return self.km2
        return Decimal(self.images if self.kind == Kind.TASKING else 0)


class ProjectPartnerQuerySet(models.QuerySet["ProjectPartner"]):
    def open(self) -> "ProjectPartnerQuerySet":
        """Invited, or taking part."""
        return self.filter(state__in=OPEN)

    def to_answer(self, user: Any) -> "ProjectPartnerQuerySet":
        """Invitations that this person may answer: sent to an address that they have proved.

        With them, those accepted by a link before there was an account.
        """
        proved = EmailAddress.objects.filter(user=user, verified=True)
        addresses = proved.annotate(plain=Lower("email")).values("plain")
        waiting = Q(state=PartnerState.INVITED) | Q(state=PartnerState.ACCEPTED, user=None)
        return self.filter(waiting, email__in=addresses).select_related(
            "project__organisation", "project__lead"
        )


class ProjectPartner(Living):
    """One person of another organisation, or of the same. `user` is set when they answer with an account."""

    class Role(models.TextChoices):
        CO_LEAD = "co_lead", _("co-leads the project")
        SCIENCE = "science", _("scientific partner")
        FIELD = "field", _("knows the field")
        USER = "user", _("user of the results")
        FUNDER = "funder", _("funds the project")
        STUDENT = "student", _("student")

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("member organisation"),
    )  # fmt: skip
    body = models.CharField(_("organisation, if it is not a member"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="fr"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SCIENCE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="partnerships", null=True, blank=True
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PartnerState, default=PartnerState.INVITED
    )

    objects = ProjectPartnerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("partner of a project")
        verbose_name_plural = _("partners of a project")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "email"], name="project_partner_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(body=""),
                name="project_partner_has_a_body",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def belongs_to(self) -> Any:
        """Where the partner works, in words."""
        return self.organisation or self.body
