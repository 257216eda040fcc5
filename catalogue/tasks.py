"""The room's work done later: each task takes ids, finds, calls one service, and may run twice."""

from celery import shared_task

from catalogue.models import PassingEvent
from catalogue.services import passing


@shared_task(name="catalogue.tasks.tell_passing")
def tell_passing(pk: int) -> None:
    rows = PassingEvent.objects.select_related("passing__product__scene__platform")
    passing.tell(rows.get(pk=pk))


@shared_task(name="catalogue.tasks.clock")
def clock() -> None:
    """Every hour: what was passed on inside a public order ends with it."""
    passing.end_overdue()
