"""The supervising bodies of a laboratory: written whole, the ended ones kept with their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Organisation, Supervision


@dataclass(frozen=True, slots=True)
class Body:
    """One line of the list: who supervises, how, since when and until when."""

    name: str
    kind: str = Supervision.Kind.SUPERVISOR
    since: date | None = None
    until: date | None = None


def set_names(organisation: Organisation, names: Sequence[str]) -> None:
    """The list of a form that only names them, inside the caller's transaction."""
    held = {row.name: row for row in organisation.supervisions.current()}
    set_bodies(
        organisation,
        [
            Body(name, held[name].kind, held[name].since, held[name].until)
            if name in held
            else Body(name)
            for name in names
        ],
    )


def set_bodies(organisation: Organisation, bodies: Sequence[Body]) -> None:
    """Make the list what is given: new rows added, changed ones changed, those left out ended yesterday."""
    today = timezone.localdate()
    held = {row.name: row for row in organisation.supervisions.current()}
    given = {body.name: body for body in bodies}
    for name, row in held.items():
        if name not in given:
            if organisation.admitted_at is None or (row.since and row.since >= today):
                row.delete()  # it never was: the dossier was only being written
                continue
            row.until = today - timedelta(days=1)
            row.save(update_fields=["until"])
    for name, body in given.items():
        row = held.get(name) or Supervision(organisation=organisation, name=name)
        row.kind, row.since, row.until = body.kind, body.since, body.until
        row.body = _known(name, organisation)
        row.save()


def _known(name: str, besides: Organisation) -> Organisation | None:
    """The organisation of the scheme that has this name or short name, when there is exactly one."""
    admitted = Organisation.objects.filter(admitted_at__isnull=False).exclude(pk=besides.pk)
    found = list(admitted.filter(name__iexact=name)[:2]) or list(
        admitted.filter(short_name__iexact=name)[:2]
    )
    return found[0] if len(found) == 1 else None


def laboratories_of(body: Organisation) -> list[Supervision]:
    """What a body supervises now, in order of name; members and former members only."""
    rows = Supervision.objects.current().over(body).select_related("organisation")
    return list(rows.filter(organisation__admitted_at__isnull=False).order_by("organisation__name"))
