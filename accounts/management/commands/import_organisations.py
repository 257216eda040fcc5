"""Fill the directory from a public register's file: RNSR, higher education, ROR, university domains."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.registers.entry import Line
from accounts.registers.files import NotARegister
from accounts.registers.formats import FORMATS, format_of, lines
from accounts.services import directory

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Put the organisations of a register's file in the directory, from which the joining form is "
        "filled by typing. Run again, it changes only what the register changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--format", choices=sorted(FORMATS), help="found out when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        self.told = 0
        try:
            register = options["format"] or format_of(path)
            counts = directory.fill(lines(path, register), tell=self.tell)
        except NotARegister as error:
            raise CommandError(f"{path.name}: {error}.") from error
        if self.told > SHOWN:
            self.stderr.write(f"… and {self.told - SHOWN} more lines of this kind.")
        self.stdout.write(
            f"{register}: {counts.new} new, {counts.updated} updated, "
            f"{counts.unchanged} unchanged, {counts.refused} refused."
        )

    def tell(self, line: Line) -> None:
        """Say what was refused or left out; a file of the wrong kind does not fill the screen."""
        self.told += 1
        if self.told <= SHOWN:
            how = "refused" if line.problem else "kept"
            self.stderr.write(f"line {line.number} {how}: {line.problem or line.remark}")
