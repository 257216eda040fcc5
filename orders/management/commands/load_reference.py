"""`./run manage load_reference`: the rows the scheme stands on. Run as often as wanted."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import reference as accounts
from catalogue import reference as catalogue
from orders import reference as orders


class Command(BaseCommand):
    help = "Create the reference rows that are missing: licences, sensors, satellites, rules."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for room in (accounts, catalogue, orders):
            room.load()
        self.stdout.write("Reference rows are in place.")
