"""Products kept back until a day: for one organisation meanwhile, or for nobody; then everybody's."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Merger, Organisation
from accounts.policies import check_is_desk
from catalogue.models import Product, SceneEvent
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.events import emit

SYSTEM = Actor.system("embargoes")


@transaction.atomic
def put(
    product: Product, *, until: date, reason: str, by: Actor, kept_for: Organisation | None = None
) -> Product:
    """Keep a published product back until a day, or move that day.

    Raises NotAllowed, Invalid (embargo_over, reason_missing), NotNow (product_withdrawn).
    """
    check_is_desk(by.user)
    if until <= timezone.localdate():
        raise Invalid("embargo_over", _("An embargo ends on a day to come."))
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: it stands in the history of the scene."))
    product = _locked(product)
    if product.state != Product.State.PUBLISHED:
        raise NotNow("product_withdrawn", _("This product was withdrawn."))
    product.embargo_until, product.embargo_for = until, kept_for
    product.save(update_fields=["embargo_until", "embargo_for"])
    _note(product, by=by, until=until.isoformat(), reason=reason.strip()[:300])
    return product


@transaction.atomic
def lift(product: Product, *, by: Actor) -> Product:
    """End an embargo now: the product is everybody's, and lines that wait are offered it.

    Raises NotAllowed, NotNow (no_embargo).
    """
    if not by.part:
        check_is_desk(by.user)
    product = _locked(product)
    if product.embargo_until is None:
        raise NotNow("no_embargo", _("This product is under no embargo."))
    product.embargo_until, product.embargo_for = None, None
    product.save(update_fields=["embargo_until", "embargo_for"])
    _note(product, by=by, until="")
    if product.is_published:
        emit("product.published", product=product, by=by)
    return product


def follow(merger: Merger) -> None:
    """What is kept for an absorbed organisation is kept for its successor, in the caller's transaction."""
    kept = Product.objects.filter(embargo_for=merger.absorbed)
    kept.update(embargo_for=merger.successor)


def end_overdue() -> int:
    """Lift those whose day has come; return how many."""
    over = Product.objects.filter(embargo_until__lte=timezone.localdate()).order_by("pk")
    for product in over:
        lift(product, by=SYSTEM)
    return len(over)


def _note(product: Product, *, by: Actor, **facts: str) -> None:
    written = {"product": product.pk, **facts}
    SceneEvent.objects.create(
        scene=product.scene, kind=SceneEvent.Kind.EMBARGOED, facts=written, **by.columns()
    )


def _locked(product: Product) -> Product:
    rows = Product.objects.select_related("scene").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=product.pk)
