"""`./run manage reconcile_suppliers [KEY…]`: compare our orders with theirs now, and print what differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dinamis.actors import Actor
from orders.models import Supplier
from orders.services.supplying import reconciling


class Command(BaseCommand):
    help = "Compare our orders with the suppliers' and print what differs; 1 when something does."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("keys", nargs="*", help="suppliers' keys; all active ones without")

    def handle(self, *args: Any, keys: list[str], **options: Any) -> None:
        found = Supplier.objects.by_program()
        if keys:
            found = found.filter(key__in=keys)
            missing = set(keys) - set(found.values_list("key", flat=True))
            if missing:
                raise CommandError(f"No active supplier by program: {', '.join(sorted(missing))}")
        strange = sum(self._one(supplier) for supplier in found)
        if strange:
            raise CommandError(f"{strange} not the same on both sides", returncode=1)

    def _one(self, supplier: Supplier) -> int:
        made = reconciling.run(reconciling.ask(supplier, by=Actor.system("command")))
        if made.failed:
            self.stdout.write(f"{supplier.key}: {made.failed}")
            return 1
        self.stdout.write(f"{supplier.key}: {made.ours} here, {made.theirs} there")
        rows = list(reconciling.rows(made))
        for row in rows[1:]:
            self.stdout.write("  " + " · ".join(str(cell) for cell in row if cell))
        return len(rows) - 1
