"""What happens below and must act here, in the same transaction: people leave, images appear, scenes are completed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Affiliation, Merger, Organisation, User
from accounts.services.trust import rights
from catalogue import holders
from catalogue.models import Product, Scene
from catalogue.services import uses
from dinamis import geo
from dinamis.actors import Actor
from dinamis.events import on
from orders.models import Account, Delivery, Line, Project
from orders.services.asking import scenes
from orders.services.lines import erasure, lines, merging
from orders.services.projects import project_leads
from orders.services.purse import serving
from orders.states import Approval, ProjectState
from orders.states.approval import WAITING

ORDERS = Actor.system("orders")


def register() -> None:
    """Called once, when the apps are ready."""
    on("affiliation.ended", affiliation_ended)
    on("person.erasing", person_erasing)
    on("organisation.merged", organisation_merged)
    rights.register("lines", lines_without_right)
    uses.register(projects_to_name)
    uses.register_suggestion(purpose_of_the_order)
    holders.register(products_made_for)
    on("product.published", product_published)
    on("scene.completed", scene_completed)
    on("quota.came_back", quota_came_back)


def products_made_for(user: User) -> QuerySet[Any]:
    """What came with the deliveries of a requester's lines: several products, of which a line names one."""
    of_deliveries = Delivery.products.through.objects
    theirs = of_deliveries.filter(delivery__products__lines__order__requester=user)
    return theirs.values("product_id")


def affiliation_ended(*, affiliation: Affiliation, by: Actor) -> None:
    """Whoever leaves takes along no quota, and leaves projects that want another lead.

    What the supplier does not have yet is withdrawn.
    """
    project_leads.ask_for_another(affiliation.user, affiliation.organisation, by=ORDERS)
    theirs = Line.objects.filter(
        order__requester=affiliation.user, order__organisation=affiliation.organisation
    )
    drafts = theirs.filter(approval=Approval.DRAFT)
    for line in (theirs.waiting() | drafts).order_by("pk"):
        lines.withdraw(line, by=ORDERS, reason=_("The affiliation with the organisation ended."))


def person_erasing(*, user: User, by: Actor) -> None:
    """Drafts and programmes end with the account, as its person was told."""
    erasure.end(user, by=by)


def organisation_merged(*, merger: Merger, by: Actor) -> None:
    """Orders, quotes and free quota go over to the successor."""
    merging.follow(merger, by=by)


def projects_to_name(user: User, organisation: Organisation) -> list[uses.ProjectOption]:
    """The running projects, led or joined, that a download may be for."""
    today = timezone.localdate()
    running = Project.objects.of_person(user).filter(
        Q(organisation=organisation) | Q(partners__user=user), state=ProjectState.APPROVED
    )
    return [
        uses.ProjectOption(one.reference, one.title, tuple(theme.pk for theme in one.themes.all()))
        for one in running.distinct().prefetch_related("themes").order_by("pk")
        if one.is_running(today)
    ]


def purpose_of_the_order(user: User, product: Product) -> uses.Suggestion | None:
    """Whoever ordered the product has said why: theme and use begin with the order's words."""
    line = (
        Line.objects.filter(order__requester=user, product=product)
        .select_related("order__project")
        .order_by("-pk")
        .first()
    )
    if line is None:
        return None
    project = line.order.project
    theme = project.themes.first() if project else None
    return uses.Suggestion(
        use=line.order.purpose,
        project=project.reference if project else "",
        theme=theme.pk if theme else "",
    )


def lines_without_right() -> Iterator[rights.Stray]:
    """Lines that could still proceed, of somebody who no longer belongs to the organisation."""
    behind = rights.belongs(user="order__requester", organisation="order__organisation")
    of_nobody = ~Exists(behind) | Q(order__requester__is_active=False)
    for line in Line.objects.waiting().filter(of_nobody).order_by("pk"):
        yield rights.Stray("line", line.pk, line.reference, "its requester does not belong there")


def product_published(*, product: Product, by: Actor) -> None:
    """Lines that wait over the same place are offered the image that now exists."""
    sensor = product.scene.platform.sensor
    near = Line.objects.waiting().filter(sensor=sensor, area__intersects=product.footprint)
    for line in near.order_by("pk"):
        overlap = geo.overlap_km2(line.area, product.footprint)
        if overlap:
            lines.offer(line, product=product, overlap_km2=overlap, by=ORDERS)


def scene_completed(*, scene: Scene, by: Actor) -> None:
    """Provisional quotes over the scene are worked out again."""
    undecided = [Approval.DRAFT, Approval.WAITING_QUOTA, *WAITING]
    provisional = Line.objects.filter(scene=scene, quote__is_provisional=True)
    for line in provisional.filter(approval__in=undecided).order_by("pk"):
        scenes.requote(line, by=ORDERS)


def quota_came_back(*, accounts: list[Account], by: Actor) -> None:
    """Whoever waits for these purses is served once this is committed."""
    serving.came_back(accounts)
