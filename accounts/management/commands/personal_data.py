"""Print the register of personal data into docs/personal-data.md, or check that the page is up to date."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.trust.register import printed


class Command(BaseCommand):
    help = (
        "Print the register into docs/personal-data.md; with --check, fail when the page differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "personal-data.md"
        if not check:
            page.write_text(printed(), encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != printed():
            raise CommandError(
                "docs/personal-data.md is not what the classification says: ./run manage personal_data"
            )
