"""A product that appeared while a line waited over the same place: conversion is offered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from orders.models.line import Line


class Offer(models.Model):
    """One existing product offered in place of one waiting line."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="offers")
    product = models.ForeignKey(Product, models.PROTECT, related_name="offers")
    overlap_km2 = models.DecimalField(_("covered, in km²"), max_digits=12, decimal_places=2)
    made_at = models.DateTimeField(_("offered at"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("offer of an existing image")
        verbose_name_plural = _("offers of existing images")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "product"], name="offer_once_a_line_and_product"
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} ← {self.product_id}"
