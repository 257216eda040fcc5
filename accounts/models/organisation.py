"""An organisation of the scheme: what it is, where, and the e-mail domains of its people."""

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from accounts.places import country_name
from accounts.states.membership import State as MembershipState


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def members(self) -> "OrganisationQuerySet":
        """Organisations whose membership is in force now; a constraint keeps it to one row each."""
        return self.filter(
            Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=timezone.localdate()),
            memberships__state=MembershipState.ACTIVE,
        )

    def matching(self, words: str) -> "OrganisationQuerySet":
        """Whose name, short name or domain contains these words, whatever the accents' case."""
        words = words.strip()
        return self.filter(
            Q(name__icontains=words)
            | Q(short_name__icontains=words)
            | Q(domains__domain__icontains=words.lower().removeprefix("@"))
        ).distinct()

    def with_absorbed(self) -> "OrganisationQuerySet":
        """These and every organisation that became part of them: whose evidence counts for them."""
        found = set(self.values_list("pk", flat=True))
        fresh = found
        while fresh:
            parts = Organisation.objects.filter(merger__successor__in=fresh)
            fresh = set(parts.values_list("pk", flat=True)) - found
            found |= fresh
        return Organisation.objects.filter(pk__in=found)

    def hold_still(self, pk: int) -> None:
        """Lock a row so that a merger waits until the transaction ends; others may hold it too.

        What was read of it before is read again by the caller: a merger may just have ended.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("an organisation is held still inside a transaction")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM accounts_organisation WHERE id = %s FOR SHARE", [pk])

    def of_address(self, email: str) -> "OrganisationQuerySet":
        """Whose declared domains cover this e-mail address, subdomains included."""
        labels = email.rpartition("@")[2].lower().split(".")
        ends = [".".join(labels[i:]) for i in range(len(labels))]
        return self.filter(domains__domain__in=ends).distinct()


class Organisation(models.Model):
    """A body that has joined, or asks to. Facts are those its legal representative confirmed."""

    class Sector(models.TextChoices):
        AGRICULTURE = "agriculture", _("agriculture and food")
        FOREST = "forest", _("forest and natural environments")
        COAST = "coast", _("coast and sea")
        WATER = "water", _("water, snow and ice")
        RISK = "risk", _("natural hazards and solid Earth")
        URBAN = "urban", _("town and country planning")
        HERITAGE = "heritage", _("archaeology and heritage")
        CLIMATE = "climate", _("climate and atmosphere")
        MAPPING = "mapping", _("mapping and reference data")
        TEACHING = "teaching", _("teaching")
        OTHER = "other", _("another sector")

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category)
    country = models.CharField(_("country"), max_length=2, default="FR")
    siret = models.CharField(_("SIRET"), max_length=14, null=True, blank=True)
    rnsr = models.CharField(_("RNSR"), max_length=10, null=True, blank=True)
    ror = models.CharField(_("ROR"), max_length=9, null=True, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector)
    made_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    admitted_at = models.DateTimeField(_("first admitted"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        # A proposal that was never admitted must not keep the true owner of an identifier out.
        constraints = [
            models.UniqueConstraint(
                fields=[field],
                condition=Q(admitted_at__isnull=False),
                name=f"organisation_{field}_once",
            )
            for field in ("siret", "rnsr", "ror")
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def is_member(self) -> bool:
        return Organisation.objects.members().filter(pk=self.pk).exists()

    @property
    def successor(self) -> "Organisation":
        """Who it is part of now, after any number of mergers; itself when it was never absorbed."""
        one = self
        while (merger := getattr(one, "merger", None)) is not None:
            one = merger.successor
        return one

    def covers(self, email: str) -> bool:
        """True when the address lies in one of the organisation's domains."""
        return Organisation.objects.of_address(email).filter(pk=self.pk).exists()


class OrganisationDomain(models.Model):
    """An e-mail domain of an organisation. Several laboratories may share one."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    domain = models.CharField(_("e-mail domain"), max_length=253, db_index=True)

    class Meta:
        ordering = ["domain"]
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "domain"], name="domain_once_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.domain
