"""Take in one delivery, a folder or an archive, here and now; or with --bulk a directory of them."""

import json
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.models import Delivery
from orders.services.delivering import bulk, deliveries
from orders.services.delivering.bulk import How, Progress
from orders.states import DeliveryState

BY = Actor.system("ingest")
COUNTS = ("total", "known", "published", "waiting", "handed_over", "refused", "failed")


class Command(BaseCommand):
    help = "Read, check, store and publish a delivery; without a line it waits at the desk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--order", default="", help="our reference of the order or line")
        parser.add_argument("--licence", default="", help="another licence; publishes at once")
        parser.add_argument(
            "--embargo", type=_day, metavar="DAY",
            help="until that day, such as 2027-01-31, only the order's requester has it",
        )  # fmt: skip
        parser.add_argument(
            "--without-pixels", action="store_true", help="take the metadata; tiles may be empty"
        )
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--bulk",
            action="store_true",
            help="each folder and archive in PATH; goes on where it stopped",
        )
        parser.add_argument(
            "--publish", action="store_true",
            help="bulk: publish what no line waits for, under its collection's licence",
        )  # fmt: skip
        parser.add_argument(
            "--again", action="store_true", help="bulk: take what was refused again"
        )
        parser.add_argument(
            "--hand-over", action="store_true", help="bulk: leave the work to the workers"
        )

    def handle(self, *args: Any, path: Path, order: str, licence: str, **options: Any) -> None:
        path = path.resolve()
        if not path.exists():
            raise CommandError(f"There is nothing at {path}.")
        try:
            if options["bulk"]:
                self.many(path, licence, options)
                return
            delivery = deliveries.receive(
                path,
                name=path.name,
                order=order,
                licence=licence,
                embargo_until=options["embargo"],
                without_pixels=options["without_pixels"],
                by=BY,
            )
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        delivery = deliveries.work_through(delivery)
        self.tell(delivery, as_json=options["json"])
        if delivery.state == DeliveryState.REFUSED:
            raise CommandError(delivery.reason_told)

    def many(self, path: Path, licence: str, options: dict[str, Any]) -> None:
        """A directory: a line for each delivery on a terminal, the sums at its end."""
        told = 0

        def tell(progress: Progress) -> None:
            nonlocal told
            for name, sentence in progress.said[told:]:
                self.stderr.write(f"  {name}: {sentence}")
            told = len(progress.said)
            left = progress.seconds_left
            if left is not None and not options["json"]:
                self.stdout.write(f"{progress.done}/{progress.total}, {_duration(left)} to go")

        switches = {
            name: options[name] for name in ("without_pixels", "publish", "again", "hand_over")
        }
        progress = bulk.run(
            path,
            How(licence=licence, embargo_until=options["embargo"], **switches),
            by=BY,
            tell=tell,
        )
        counts = {name: getattr(progress, name) for name in COUNTS}
        if options["json"]:
            said = [{"name": name, "why": why} for name, why in progress.said]
            self.stdout.write(json.dumps({**counts, "said": said}, ensure_ascii=False))
        else:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        if progress.refused or progress.failed:
            raise CommandError(f"{progress.refused} refused, {progress.failed} failed; see above.")

    def tell(self, delivery: Delivery, *, as_json: bool) -> None:
        line = str(delivery.line) if delivery.line else ""
        made = [{"id": product.pk, "title": product.title} for product in delivery.products.all()]
        if as_json:
            facts = {"state": delivery.state, "line": line, "products": made}
            self.stdout.write(
                json.dumps({**facts, "notes": delivery.notes_told}, ensure_ascii=False)
            )
            return
        self.stdout.write(f"{delivery}: {delivery.get_state_display()}{line and f', for {line}'}")
        for product in made:
            self.stdout.write(f"  {product['title']}")
        for note in delivery.notes_told:
            self.stdout.write(f"  note: {note['sentence']}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text[:40]} is no day such as 2027-01-31") from error


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60:02d} min" if hours else f"{rest // 60} min {rest % 60:02d} s"
