"""Take in one delivery, a folder or an archive, here and now."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.models import Delivery
from orders.services.delivering import deliveries
from orders.states import DeliveryState


class Command(BaseCommand):
    help = "Read, check, store and publish a delivery; without a line it waits at the desk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--order", default="", help="our reference of the order or line")
        parser.add_argument("--licence", default="", help="another licence; publishes at once")
        parser.add_argument(
            "--without-pixels", action="store_true", help="take the metadata; tiles may be empty"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, path: Path, order: str, licence: str, **options: Any) -> None:
        path = path.resolve()
        if not path.exists():
            raise CommandError(f"There is nothing at {path}.")
        try:
            delivery = deliveries.receive(
                path,
                name=path.name,
                order=order,
                licence=licence,
                without_pixels=options["without_pixels"],
                by=Actor.system("ingest"),
            )
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        delivery = deliveries.work_through(delivery)
        self.tell(delivery, as_json=options["json"])
        if delivery.state == DeliveryState.REFUSED:
            raise CommandError(delivery.reason)

    def tell(self, delivery: Delivery, *, as_json: bool) -> None:
        line = str(delivery.line) if delivery.line else ""
        made = [{"id": product.pk, "title": product.title} for product in delivery.products.all()]
        if as_json:
            facts = {"state": delivery.state, "line": line, "products": made}
            self.stdout.write(json.dumps({**facts, "notes": delivery.notes}, ensure_ascii=False))
            return
        self.stdout.write(f"{delivery}: {delivery.get_state_display()}{line and f', for {line}'}")
        for product in made:
            self.stdout.write(f"  {product['title']}")
        for note in delivery.notes:
            self.stdout.write(f"  note: {note['sentence']}")
