"""Every name an image may be asked by: one table, written without DS_ and in capitals."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.product import Product
from catalogue.models.scene import Scene

PREFIX = "DS_"


def bare(text: str) -> str:
    """The form in which an identifier is kept and looked up: no blanks, capitals, no DS_."""
    return "".join(text.split()).upper().removeprefix(PREFIX)


class IdentifierQuerySet(models.QuerySet["Identifier"]):
    def written(self, *texts: str) -> "IdentifierQuerySet":
        """Those written so, with or without DS_, in capitals or not."""
        return self.filter(value__in={bare(text) for text in texts})


class Identifier(models.Model):
    """One name of one scene, or of one product."""

    value = models.CharField(_("identifier, without DS_"), max_length=120)
    scene = models.ForeignKey(
        Scene, models.CASCADE, related_name="identifiers", null=True, blank=True
    )
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        related_name="identifiers",
        null=True,
        blank=True,
        db_index=False,
    )

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        ordering = ["value"]
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        indexes = [
            # Of nearly all names none: an index of them all would be as large as that of scenes.
            models.Index(
                fields=["product"], condition=Q(product__isnull=False), name="identifier_of_product"
            )
        ]
        constraints = [
            # Not unique=True: that would add a second index, for LIKE, over as many names as scenes.
            models.UniqueConstraint(fields=["value"], name="identifier_once"),
            models.CheckConstraint(
                condition=Q(scene__isnull=False, product=None)
                | Q(scene=None, product__isnull=False),
                name="identifier_names_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(value__regex=r"^[^a-z\s]+$") & ~Q(value__startswith=PREFIX),
                name="identifier_is_written_one_way",
            ),
        ]

    def __str__(self) -> str:
        return self.value
