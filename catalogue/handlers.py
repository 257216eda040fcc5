"""What happens among people and must act here, in the same transaction."""

from accounts.models import Affiliation, Merger
from catalogue.models import Product
from catalogue.services import embargoes, passing, searches
from dinamis import formats
from dinamis.actors import Actor
from dinamis.events import names, on


def register() -> None:
    """Called once, when the apps are ready."""
    on("affiliation.ended", affiliation_ended)
    on("organisation.merged", organisation_merged)
    on("product.published", searches.published)
    names("product", product_named)


def affiliation_ended(*, affiliation: Affiliation, by: Actor) -> None:
    """Whoever leaves hands nothing over any more: what nobody signed yet is revoked."""
    passing.revoke_unsigned_of(affiliation)


def organisation_merged(*, merger: Merger, by: Actor) -> None:
    """What was passed on is the successor's to list and to revoke, what was kept for it the successor's to read."""
    passing.follow(merger)
    embargoes.follow(merger)


def product_named(key: str) -> str:
    """What a licence was signed for, in words; "" for one under an embargo, which not everybody may know."""
    known = Product.objects.filter(pk=key) if key.isdecimal() else Product.objects.none()
    product = known.exclude(pk__in=Product.objects.under_embargo()).first()
    return formats.dated(product.title) if product else ""
