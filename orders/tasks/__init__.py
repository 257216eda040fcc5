"""What workers do for orders: tell, and keep the clock."""

from celery import shared_task

from orders.models import LineEvent
from orders.services import clock as clockwork
from orders.services import notices


@shared_task(name="orders.tasks.tell")
def tell(event_id: int) -> None:
    notices.tell(LineEvent.objects.get(pk=event_id))


@shared_task(name="orders.tasks.clock")
def clock() -> None:
    clockwork.tick()
