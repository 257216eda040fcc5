"""A quote as a quotation: the shares of who carries what, and the same page as a PDF."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.services import documents
from orders.models import Quote, RuleVersion
from orders.options import told


@dataclass(frozen=True, slots=True)
class Share:
    """Who carries a part of a quote: units of the quote's unit, and euros."""

    kind: str
    label: str
    units: Decimal
    eur: Decimal


def shares(quote: Quote) -> list[Share]:
    """The free share, the co-funded and the paid one; their units make the quote's, their euros its price.

    The units of a co-funded quote are told beside the requester's euros; the co-funder's share has
    euros alone.
    """
    free, zero = quote.units - quote.paid_units, Decimal("0.00")
    found = [
        Share("free", _("Free share"), free, zero),
        Share("cofunded", _("Co-funded share"), Decimal(0), quote.cofunded_eur),
        Share("paid", _("Paid share"), quote.paid_units, quote.price_eur),
    ]
    return [one for one in found if one.units or one.eur or one.kind == "free"]


def newer_version(quote: Quote) -> RuleVersion | None:
    """The version that holds today, where it is not the one that the quote was made under."""
    now = RuleVersion.objects.today()
    return now if now is not None and now.pk != quote.rule_version_id else None


def pdf(quote: Quote, *, language: str) -> bytes:
    """The quotation as PDF/A, in one language: what the page says, and the terms."""
    return documents.pdf("quotation", context(quote), language)


def context(quote: Quote) -> dict[str, Any]:
    """What the document's template reads."""
    check = f"{settings.SITE_URL}{reverse('charge', args=[quote.key])}"
    return {"quote": quote, "check": check, "page": _Page(quote)}


class _Page:
    """What depends on the language: read by the template, once its language is active."""

    def __init__(self, quote: Quote) -> None:
        self._quote = quote

    @property
    def rows(self) -> Any:
        return self._quote.rows

    @property
    def shares(self) -> list[Share]:
        return shares(self._quote)

    @property
    def options(self) -> Any:
        return told(self._quote.options)
