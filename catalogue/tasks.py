"""The room's work done later: each task takes ids, finds, calls one service, and may run twice."""

from celery import shared_task
from django.db import transaction

from catalogue.models import (
    Conversion,
    PassingEvent,
    Product,
    ProductFile,
    SavedSearch,
    SceneImport,
)
from catalogue.services import (
    conversions,
    embargoes,
    fixity,
    passing,
    searches,
    searching,
)
from dinamis.leases import free_at, held
from dinamis.outbox import after_commit
from dinamis.storage import forget_unfinished


@shared_task(name="catalogue.tasks.tell_passing")
def tell_passing(pk: int) -> None:
    rows = PassingEvent.objects.select_related("passing__product__scene__platform")
    passing.tell(rows.get(pk=pk))


@shared_task(name="catalogue.tasks.clock")
def clock() -> None:
    """Every hour: what was passed on inside a public order ends with it, embargoes on their day."""
    passing.end_overdue()
    embargoes.end_overdue()


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


@shared_task(name="catalogue.tasks.work_on_conversion")
def work_on_conversion(pk: int) -> None:
    """One image, then the promise of the next: a worker that dies costs one image."""
    row = Conversion.objects.get(pk=pk)
    with held(row) as ours:
        due_at = None if ours else free_at(row)
        more = conversions.work(row) if ours else True
    if more:
        with transaction.atomic():
            after_commit("catalogue.tasks.work_on_conversion", pk, due_at=due_at)


@shared_task(name="catalogue.tasks.search_oneatlas")
def search_oneatlas(pk: int) -> None:
    searching.answer(SceneImport.objects.get(pk=pk))


@shared_task(name="catalogue.tasks.match_searches")
def match_searches() -> None:
    """Every hour and after each load: saved searches are asked about what came in."""
    searches.match_all()
    searches.forget()


@shared_task(name="catalogue.tasks.match_product")
def match_product(pk: int) -> None:
    product = Product.objects.filter(pk=pk).first()
    if product is not None and product.is_published:
        searches.match_product(product)


@shared_task(name="catalogue.tasks.tell_search")
def tell_search(pk: int) -> None:
    search = SavedSearch.objects.filter(pk=pk).select_related("owner").first()
    if search is not None:
        searches.tell(search)
