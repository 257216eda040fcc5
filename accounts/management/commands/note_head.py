"""Note the head of the chain of signatures outside the database; a beat task does it every day."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.licences import heads


class Command(BaseCommand):
    help = "Note today's head of the chain of signatures in HEADS_URL, once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        noted = heads.note() or heads.newest()
        self.stdout.write(noted.line.strip() if noted else "Nothing is noted.")
