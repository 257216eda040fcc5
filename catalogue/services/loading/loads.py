"""One load: its file part by part, each in a transaction of its own, so that a load cut short is begun again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from catalogue.footprints import files
from catalogue.footprints.facts import Known, Satellite, plain
from catalogue.footprints.record import NotFootprints
from catalogue.models import Collection, Platform, SceneLoad
from catalogue.services.loading import grouping, merging, staging
from dinamis.actors import Actor
from dinamis.outbox import after_commit

PART = 20_000  # scenes of one transaction
MAX_REFUSED = 1_000


class TooManyRefused(NotFootprints):
    """The file is of another kind than it seems: it was left where it stood."""


@dataclass(slots=True)
class Counts:
    """What a load came to; `repeated` are records of an image that its part tells of again,
    `grouped` the scenes whose stereo group was found or changed."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    repeated: int = 0
    grouped: int = 0
    refused: int = 0


def load(
    path: Path,
    *,
    by: Actor,
    tell: staging.Tell,
    progress: Callable[[Counts], None] = lambda counts: None,
    collection: str | None = None,
    is_dry: bool = False,
    most_refused: int = MAX_REFUSED,
) -> Counts:
    """Load a file of footprints; `tell` hears (line, sentence) of each record that is left out.

    A scene that stands as the file has it costs one look into an index. Dry: every part is tried and
    undone. Raises NotFootprints for a file that cannot be read, TooManyRefused past `most_refused`;
    what earlier parts wrote stays in both cases, and the load says how far it came.
    """
    kind = files.kind_of(path)
    sites = known(collection)
    counts = Counts()

    def refused(number: int, sentence: str) -> None:
        counts.refused += 1
        tell(number, sentence)

    row = None
    if not is_dry:
        row = SceneLoad.objects.create(
            source=path.name[:200], kind=kind, sha256=_sha256(path), **by.columns()
        )
    try:
        for part in staging.parts(files.records(path, kind), PART):
            before = counts.refused
            rows = staging.judged(part, sites, refused)
            counts.read += len(part)
            counts.repeated += len(part) - len(rows) - (counts.refused - before)
            _merge(rows, counts, load=row.pk if row else 0, by=by, is_dry=is_dry)
            progress(counts)
            if counts.refused > most_refused:
                raise TooManyRefused(f"more than {most_refused} records are wrong")
    finally:
        if row is not None:
            _note(row, counts)
    return counts


def _merge(rows: list, counts: Counts, *, load: int, by: Actor, is_dry: bool) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            staging.copy(cursor, rows)
            merged = merging.merge(cursor, len(rows), load=load, by=by)
            counts.grouped += grouping.group(cursor) if merged.new or merged.changed else 0
        if is_dry:
            transaction.set_rollback(True)
    for name in ("new", "changed", "unchanged", "kept"):
        setattr(counts, name, getattr(counts, name) + getattr(merged, name))


def _note(row: SceneLoad, counts: Counts) -> None:
    """The load's own row, once it is over: to its end, or to where it was stopped."""
    row.ended_at = timezone.now()
    for name in ("read", "new", "changed", "unchanged", "kept", "refused"):
        setattr(row, name, getattr(counts, name))
    with transaction.atomic():
        row.save()
        if counts.new:
            after_commit("catalogue.tasks.match_searches")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known(collection: str | None) -> Known:
    """What records are held against; `collection` is that of every record, whatever it says."""
    satellites = {}
    for row in Platform.objects.all():
        one = Satellite(row.code, row.in_service_from, row.in_service_to)
        satellites |= {plain(name): one for name in (row.name, row.code)}
    collections = frozenset(Collection.objects.values_list("code", flat=True))
    if collection is not None and collection not in collections:
        raise NotFootprints(f"there is no collection “{collection}”")
    return Known(satellites, collections, timezone.now().date(), collection)
