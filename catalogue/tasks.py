"""The room's work done later: each task takes ids, finds, calls one service, and may run twice."""

from celery import shared_task

from catalogue.models import PassingEvent, ProductFile
from catalogue.services import fixity, passing
from dinamis.storage import forget_unfinished


@shared_task(name="catalogue.tasks.tell_passing")
def tell_passing(pk: int) -> None:
    rows = PassingEvent.objects.select_related("passing__product__scene__platform")
    passing.tell(rows.get(pk=pk))


@shared_task(name="catalogue.tasks.clock")
def clock() -> None:
    """Every hour: what was passed on inside a public order ends with it."""
    passing.end_overdue()


@shared_task(name="catalogue.tasks.check_files")
def check_files() -> None:
    """Every hour: some of the stored files are read again, those unread for longest first."""
    forget_unfinished()
    fixity.check_some()


@shared_task(name="catalogue.tasks.check_file")
def check_file(pk: int) -> None:
    file = ProductFile.objects.filter(pk=pk).first()
    if file is not None:
        fixity.check(file)


@shared_task(name="catalogue.tasks.tell_damaged")
def tell_damaged(_found_at: str) -> None:
    fixity.tell()
