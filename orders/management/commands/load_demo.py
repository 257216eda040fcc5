"""`./run manage load_demo`: an invented scheme in full work, to be tried. Refused where DEMO is off."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

# In this order: people, scenes, quota and orders, delivered products.
ROOMS = ("accounts.demo", "catalogue.demo", "orders.demo", "orders.demo_deliveries")


class Command(BaseCommand):
    help = "Load the demonstration: people, images, quota, orders. Loading it again adds nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: demonstration data are not loaded.")
        call_command("load_reference", stdout=self.stdout)
        for room in ROOMS:
            if find_spec(room) is not None:
                import_module(room).load()
        self.stdout.write("The demonstration is loaded.")
