"""A supplier's list of scenes: read and shown first, then written, dropped, or undone as a whole."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import policies
from catalogue.lists import files
from catalogue.lists.names import Listed
from catalogue.models import SceneImport, SceneImportEvent, SceneImportRow
from catalogue.services import listed_rows, listed_writing
from catalogue.states import IMPORT
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit

Outcome = SceneImportRow.Outcome
SEARCH = "catalogue.tasks.search_oneatlas"


def read(name: str, data: bytes, *, by: Actor) -> SceneImport:
    """Read a file and keep what it would do; nothing of the catalogue is touched.

    Raises NotAllowed, and what catalogue.lists.files.read raises.
    """
    policies.check_may_complete_scenes_as(by)
    kind, listed = files.read(name, data)
    return take(listed, name=name, kind=kind, digest=hashlib.sha256(data).hexdigest(), by=by)


@transaction.atomic
def take(
    listed: Sequence[Listed], *, name: str, kind: str, by: Actor, digest: str = ""
) -> SceneImport:
    """Keep a list that was read: one row for each of its lines, judged against the catalogue."""
    policies.check_may_complete_scenes_as(by)
    made = SceneImport.objects.create(
        kind=kind, name=name[:255], digest=digest, state_since=timezone.now(), **by.columns()
    )
    SceneImportEvent.objects.create(
        scene_import=made, step="read", source=made.state, target=made.state, **by.columns()
    )
    return fill(made, listed)


def fill(made: SceneImport, listed: Sequence[Listed]) -> SceneImport:
    """The lines of a list that has none yet, inside its transaction."""
    rows = listed_rows.judged(listed)
    counted = Counter(row.outcome for row in rows)
    for outcome in Outcome.values:
        setattr(made, outcome, counted[outcome])
    made.save(update_fields=list(Outcome.values))
    for row in rows:
        row.scene_import = made
    SceneImportRow.objects.bulk_create(rows, batch_size=500)
    return made


@transaction.atomic
def write(made: SceneImport, *, by: Actor) -> SceneImport:
    """Write a list that was seen into the catalogue. Raises NotAllowed, NotNow (not_in_this_state).

    A line whose scene changed since it was seen is left out and says so.
    """
    made = step(made, "write", by=by)
    listed_writing.write(made, by=by)
    return made


@transaction.atomic
def drop(made: SceneImport, *, by: Actor) -> SceneImport:
    """Put a list away; nothing of it was or will be written."""
    return step(made, "drop", by=by)


@transaction.atomic
def undo(made: SceneImport, *, reason: str, by: Actor) -> SceneImport:
    """Take back what a list wrote: new scenes are withdrawn, changed ones become what they were.

    What was touched since, or is stood on by a product or an order, stays and its line says so.
    Raises NotAllowed, NotNow (not_in_this_state), Invalid (reason_missing).
    """
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: it stands in the history of each scene."))
    made = step(made, "undo", by=by, reason=reason.strip()[:500])
    listed_writing.undo(made, reason=reason.strip(), by=by)
    return made


@transaction.atomic
def ask_again(made: SceneImport, *, by: Actor) -> SceneImport:
    """Have a search that was not answered asked once more."""
    made = step(made, "ask_again", by=by)
    made.error = ""
    made.save(update_fields=["error"])
    after_commit(SEARCH, made.pk)
    return made


def act(made: SceneImport, name: str, *, reason: str = "", by: Actor) -> SceneImport:
    """Take a step by its name in the table."""
    if name == "undo":
        return undo(made, reason=reason, by=by)
    return {"write": write, "drop": drop, "ask_again": ask_again}[name](made, by=by)


def step(made: SceneImport, name: str, *, by: Actor, reason: str = "") -> SceneImport:
    """Take one step along the table, with its line of history. Raises NotAllowed, NotNow."""
    policies.check_may_complete_scenes_as(by)
    rows = SceneImport.objects.select_for_update(of=("self",), no_key=True)
    made = rows.get(pk=made.pk)
    source = made.state
    advance(made, IMPORT, name, at=timezone.now())
    made.save(update_fields=["state", "state_since", "due_at"])
    SceneImportEvent.objects.create(
        scene_import=made,
        step=name,
        source=source,
        target=made.state,
        reason=reason,
        **by.columns(),
    )
    return made


def shown(made: SceneImport, outcome: str) -> Any:
    """Its lines, those of one outcome when it is named."""
    rows = made.rows.select_related("scene")
    return rows.filter(outcome=outcome) if outcome in Outcome.values else rows
