"""A life is a table: states, steps, who may take each, what it books, whose turn it is.

The services obey the table, the buttons come from it, `docs/states.md` is printed from it and the
tests walk it. A step that is not in the table does not exist.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.errors import NotNow


@dataclass(frozen=True, slots=True)
class Step:
    """One way from some states to another.

    `actors` are the roles that may take it (words of the app's policies); `books` names what it
    does to the ledger; `needs_reason` asks for words; `style` draws its button (primary, plain,
    stop).
    """

    label: Any
    sources: frozenset[str]
    target: str
    actors: frozenset[str]
    books: str = ""
    needs_reason: bool = False
    style: str = "plain"
    consequence: Any = ""


def step(
    *sources: str,
    to: str,
    by: str | tuple[str, ...],
    label: Any,
    books: str = "",
    needs_reason: bool = False,
    style: str = "plain",
    consequence: Any = "",
) -> Step:
    """Write one row of a table in one readable line."""
    actors = frozenset([by] if isinstance(by, str) else by)
    return Step(label, frozenset(sources), to, actors, books, needs_reason, style, consequence)


LIVES: dict[str, "Life"] = {}


@dataclass(frozen=True)
class Life:
    """The whole table of one life. Making one registers it, so that it is printed and tested."""

    name: str
    title: Any
    states: type[models.TextChoices]
    initial: str
    steps: Mapping[str, Step]
    # state → who must act: a role, or "" when nobody must
    turns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = set(self.states.values)
        for name, row in self.steps.items():
            if not row.sources | {row.target} <= known:
                raise ValueError(f"{self.name}: step {name} names an unknown state")
        if set(self.turns) != known:
            raise ValueError(f"{self.name}: every state says whose turn it is")
        LIVES[self.name] = self

    @property
    def final(self) -> frozenset[str]:
        """The states that nothing leaves."""
        return frozenset(self.states.values) - {
            s for row in self.steps.values() for s in row.sources
        }

    def open_from(self, state: str) -> dict[str, Step]:
        """The steps that leave a state, in the table's order."""
        return {name: row for name, row in self.steps.items() if state in row.sources}

    def check(self, name: str, state: str) -> Step:
        """Return the step; raise NotNow when it does not leave this state."""
        row = self.steps[name]
        if state not in row.sources:
            raise NotNow(
                "not_in_this_state",
                _("“%(step)s” is not possible now: this is %(state)s.")
                % {"step": row.label, "state": self.states(state).label.lower()},
                state=state,
                step=name,
            )
        return row

    def walks(self) -> Iterator[tuple[str, ...]]:
        """Every way from the initial state that takes no step twice, as names of steps."""

        def further(state: str, taken: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
            yield taken
            for name, row in self.open_from(state).items():
                if name not in taken:
                    yield from further(row.target, (*taken, name))

        yield from further(self.initial, ())

    def pairs(self) -> Iterator[tuple[str, str, str]]:
        """Every (state, step, following step) of the table."""
        for name, row in self.steps.items():
            for state in sorted(row.sources):
                for following in self.open_from(row.target):
                    yield state, name, following


class Living(models.Model):
    """The two instants every life keeps beside its state, written by the step."""

    state_since = models.DateTimeField(_("in this state since"))
    due_at = models.DateTimeField(_("expected by"), null=True, blank=True)

    class Meta:
        abstract = True


def advance(
    row: Any,
    life: Life,
    name: str,
    *,
    at: datetime,
    due_at: datetime | None = None,
    column: str = "state",
) -> Step:
    """Move a locked row one step along its life, in memory; the caller writes history and saves.

    Raises NotNow when the step does not leave the row's state.
    """
    taken = life.check(name, getattr(row, column))
    setattr(row, column, taken.target)
    row.state_since = at
    row.due_at = due_at
    return taken


def printed() -> str:
    """The whole of docs/states.md: a diagram and a table for each life."""
    how = "Printed from the tables by `./run manage states`; `./run check` fails when they differ."
    return "\n".join(
        [f"# The lives\n\n{how}\n", *(_printed(LIVES[name]) for name in sorted(LIVES))]
    )


def _printed(life: Life) -> str:
    lines = [f"## {life.title}\n", "```mermaid", "stateDiagram-v2", f"  [*] --> {life.initial}"]
    for name, row in life.steps.items():
        lines += [f"  {source} --> {row.target}: {name}" for source in sorted(row.sources)]
    lines += [f"  {state} --> [*]" for state in sorted(life.final)]
    lines += ["```\n", "| step | from | to | who | books |", "| --- | --- | --- | --- | --- |"]
    for name, row in life.steps.items():
        sources, actors = ", ".join(sorted(row.sources)), ", ".join(sorted(row.actors))
        lines.append(f"| {name} | {sources} | {row.target} | {actors} | {row.books or '–'} |")
    lines += ["", "| state | in words | whose turn |", "| --- | --- | --- |"]
    for state, turn in life.turns.items():
        lines.append(f"| {state} | {life.states(state).label} | {turn or 'nobody'} |")
    return "\n".join(lines) + "\n"
