"""Make the index of places that the workbench looks names up in: at the first question it would be waited for."""

from typing import Any

from django.core.management.base import BaseCommand

from catalogue.places import index


class Command(BaseCommand):
    help = "Make the index of the world's places from their package, where there is none yet."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(str(index.ready()))
