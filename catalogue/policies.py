"""Who may do what in the catalogue: pure questions about a person and a thing."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.policies import check_is_desk, current_affiliation, is_desk, is_referent_of
from catalogue import states
from catalogue.models import Passing, Product
from catalogue.rights import OPEN_LICENCE, category_may_download
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotFound


def is_offered_to(user: Any, product: Product) -> bool:
    """Published, and under no embargo that keeps it from this reader."""
    if product.is_published or product.state != Product.State.PUBLISHED:
        return product.is_published
    return Product.objects.visible_to(user).filter(pk=product.pk).exists()


def may_download(user: Any, product: Product) -> bool:
    """True for a signed-in person when the product is open, or when their category may have it.

    The person's current affiliation must be active in an organisation that is a member. Signatures
    are another question: see accounts.services.licences.licences.check_signed.
    """
    if not user.is_authenticated or not is_offered_to(user, product):
        return False
    if product.licence_id == OPEN_LICENCE:
        return True
    affiliation = current_affiliation(user)
    return affiliation is not None and category_may_download(
        affiliation.organisation.category, product.licence_id
    )


def check_may_download(user: Any, product: Product) -> None:
    """Raise NotFound for a product that is not offered, NotAllowed where may_download says no."""
    if not is_offered_to(user, product):
        raise NotFound("product_unknown", _("This product is not in the catalogue."))
    if may_download(user, product):
        return
    if not user.is_authenticated:
        raise NotAllowed("sign_in_to_download", _("Files are for people who are signed in."))
    if current_affiliation(user) is None:
        raise NotAllowed(
            "no_active_affiliation",
            _("Files are for people attached to a member organisation, and you are not yet."),
        )
    raise NotAllowed(
        "category_may_not_download",
        _("Products under this licence are not open to your organisation's category."),
        licence=product.licence_id,
    )


def roles_in_passing(by: Actor, passing: Passing) -> frozenset[str]:
    """The words of the table that this actor answers to, for this product passed on."""
    if by.part:
        return frozenset({states.SYSTEM})
    if by.user is None:
        return frozenset()
    roles = {states.DESK} if is_desk(by.user) else set()
    if by.user.pk == passing.by_user_id:
        roles.add(states.GIVER)
    if is_referent_of(by.user, passing.organisation):
        roles.add(states.REFERENT)
    return frozenset(roles)


def may_complete_scenes(user: Any) -> bool:
    """True for the desk: it finds footprint and figures of what is known by its name alone."""
    return is_desk(user)


def check_may_complete_scenes(user: Any) -> None:
    """Raise NotAllowed for anybody but the desk."""
    check_is_desk(user)


def check_may_complete_scenes_as(by: Actor) -> None:
    """As check_may_complete_scenes, for an actor: a part of the system may, a mailed link may not."""
    if not by.part:
        check_may_complete_scenes(by.user)
