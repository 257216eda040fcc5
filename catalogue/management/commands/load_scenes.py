"""Load footprints by the million from STAC or GeoJSON (one item a line or whole), CSV, GeoParquet."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.footprints.record import NotFootprints
from catalogue.services.loading import Counts, load
from catalogue.services.loading.loads import MAX_REFUSED
from dinamis.actors import Actor

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Load scenes from .ndjson, .geojson, .csv (each also .gz) or .parquet. Run again, it adds what is "
        "new, changes what differs and leaves the rest; what the desk corrected stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, nargs="+")
        parser.add_argument("--collection", help="the collection of every scene, whatever it says")
        parser.add_argument("--dry-run", action="store_true", help="try everything, write nothing")
        parser.add_argument(
            "--most-refused", type=int, default=MAX_REFUSED, help="stop after so many wrong records"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self.refused = 0
        for path in options["path"]:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        for path in options["path"]:
            self._load(path, options)
        if self.refused > SHOWN:
            self.stderr.write(f"… and {self.refused - SHOWN} more records like these.")
        if self.refused:
            raise CommandError(f"{self.refused} records were left out.")

    def _load(self, path: Path, options: dict[str, Any]) -> None:
        started = time.monotonic()
        try:
            counts = load(
                path,
                by=Actor.system("load_scenes"),
                tell=lambda number, sentence: self._tell(path, number, sentence),
                progress=lambda counts: self._progress(counts, started, options),
                collection=options["collection"],
                is_dry=options["dry_run"],
                most_refused=options["most_refused"],
            )
        except NotFootprints as fault:
            raise CommandError(f"{path.name}: {fault}.") from fault
        if options["json"]:
            self.stdout.write(json.dumps({"file": path.name, **asdict(counts)}))
            return
        told = ", ".join(f"{number} {name}" for name, number in asdict(counts).items() if number)
        dry = " (dry run: nothing was written)" if options["dry_run"] else ""
        self.stdout.write(f"{path.name}: {told or 'nothing in it'}{dry}.")

    def _tell(self, path: Path, number: int, sentence: str) -> None:
        """A file of the wrong kind does not fill the screen."""
        self.refused += 1
        if self.refused <= SHOWN:
            self.stderr.write(f"{path.name}, record {number}: {sentence}")

    def _progress(self, counts: Counts, started: float, options: dict[str, Any]) -> None:
        if options["verbosity"] > 1:
            rate = counts.read / max(time.monotonic() - started, 1e-9)
            self.stderr.write(
                f"{counts.read} read, {counts.new} new, {counts.changed} changed: {rate:,.0f}/s"
            )
