"""`./run manage group_stereo`: stereo pairs and triplets among scenes that came in by the million."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.services import stereo


class Command(BaseCommand):
    help = "Group scenes taken in one pass over one place; load_scenes does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", help="only scenes added since this day, such as 2026-11-30")

    def handle(self, *args: Any, since: str | None, **options: Any) -> None:
        try:
            day = datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None
        except ValueError as error:
            raise CommandError(f"{since[:40]} is no day such as 2026-11-30.") from error
        looked, changed = stereo.group_all(since=day)
        self.stdout.write(f"{looked} looked at, {changed} changed")
