"""Which tables are histories: their rows are only ever added, and PostgreSQL sees to it."""

import pgtrigger
from django.db.models import Model


def is_append_only(model: type[Model]) -> bool:
    """True where a trigger refuses every change and every removal of a row."""
    refused = {
        str(trigger.operation)
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, pgtrigger.Protect) and trigger.condition is None
    }
    return {"UPDATE", "DELETE"} <= {word for one in refused for word in one.split(" OR ")}
