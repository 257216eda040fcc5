"""`./run manage import_scenes LIST`: what a supplier's list would do; with --write, do it; or undo one."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.lists.files import BYTES_MAX
from catalogue.models import SceneImport
from catalogue.services import scene_imports
from dinamis.actors import Actor
from dinamis.errors import Refused

BY = Actor.system("import_scenes")


class Command(BaseCommand):
    help = "Show what an export of a supplier's search (CSV, GeoJSON, KML, KMZ) would change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, nargs="?")
        parser.add_argument("--write", action="store_true", help="write it into the catalogue")
        parser.add_argument("--undo", metavar="KEY", help="take back the list of this key")
        parser.add_argument("--reason", default="", help="why it is taken back")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, path: Path | None, undo: str | None, **options: Any) -> None:
        if (path is None) == (undo is None):
            raise CommandError("Name a file, or a list to --undo.")
        try:
            if undo is not None:
                made = scene_imports.undo(_named(undo), reason=options["reason"], by=BY)
            else:
                made = scene_imports.read(path.name, _bytes(path), by=BY)
                made = scene_imports.write(made, by=BY) if options["write"] else made
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        self.tell(made, as_json=options["json"])

    def tell(self, made: SceneImport, *, as_json: bool) -> None:
        counts = {name: getattr(made, name) for name in ("new", "changed", "unchanged", "refused")}
        said = made.rows.exclude(sentence="").values_list("number", "item_id", "sentence")
        if as_json:
            rows = [{"line": line, "identifier": name, "why": why} for line, name, why in said]
            told = {"key": str(made.key), "state": made.state, **counts, "said": rows}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        figures = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"{made.key} ({made.get_state_display()}): {figures}")
        for line, name, why in said:
            self.stdout.write(f"  {line}: {name} {why}")


def _named(key: str) -> SceneImport:
    try:
        return SceneImport.objects.get(key=key)
    except (SceneImport.DoesNotExist, ValidationError) as error:
        raise CommandError(f"There is no list {key[:60]}.") from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(BYTES_MAX + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
