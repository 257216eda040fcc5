"""Print every life into docs/states.md, or check that the page is up to date."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from dinamis.lifecycle import printed


class Command(BaseCommand):
    help = "Print the lives into docs/states.md; with --check, fail when the page differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "states.md"
        with translation.override("en"):
            text = printed()
        if not check:
            page.write_text(text, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != text:
            raise CommandError("docs/states.md is not what the tables say: ./run manage states")
