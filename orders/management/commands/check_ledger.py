"""Check the whole ledger and say what is wrong with it, row by row."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.ledger.check import examine


class Command(BaseCommand):
    help = "Check every movement and account of the quota ledger; exit 1 when one is not as booked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = examine()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        for fault in () if options["json"] else report.faults:
            self.stdout.write(f"{fault.sentence}.")
        size = f"{report.movements} movements, {report.accounts} accounts"
        if report.faults:
            raise CommandError(f"{size}: {len(report.faults)} faults", returncode=1)
        if not options["json"]:
            self.stdout.write(f"{size}: all balance")
