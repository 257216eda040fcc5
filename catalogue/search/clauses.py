"""Conditions of a search with their values, which never stand in the statement."""

from dataclasses import dataclass, field
from typing import Any

# What every search keeps. A scene known by its name alone has a 1° cell for a footprint: it is found by name.
SHOWN = ("s.completeness = 'complete'", "s.withdrawn_at IS NULL")


@dataclass(slots=True)
class Clauses:
    """Conditions on `catalogue_scene s`, with their values."""

    texts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, text: str, **values: Any) -> None:
        self.texts.append(text)
        self.values |= values

    def copy(self) -> "Clauses":
        return Clauses([*self.texts], {**self.values})

    def take(self, other: "Clauses", prefix: str) -> None:
        """These and the other's, whose values are renamed: two filters number theirs alike."""
        for text in other.texts:
            self.texts.append(text.replace("%(", f"%({prefix}"))
        self.values |= {f"{prefix}{name}": value for name, value in other.values.items()}

    def inside(self, statement: str) -> str:
        """The statement with these conditions where it says {where}. Values are never in it."""
        return statement.replace("{where}", " AND ".join(self.texts) or "TRUE")
