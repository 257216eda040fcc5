"""Find every right without a membership behind it; name each row, and fail when there is one."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.trust import rights


class Command(BaseCommand):
    help = "Find keys, links, invitations, lines, referents and duties that nothing stands behind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = rights.strays()
        if options["json"]:
            self.stdout.write(json.dumps(rights.as_rows()))
        else:
            for stray in found:
                self.stdout.write(f"{stray.kind} {stray.key}, {stray.who}: {stray.why}")
        if found:
            raise CommandError(f"{len(found)} rights without a membership.")
        if not options["json"]:
            self.stdout.write("No right without a membership.")
