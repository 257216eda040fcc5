"""What happens below and must act above: handlers registered by hand. No signals.

An app registers in its `ready()`: `on("affiliation.ended", handler)`. The layer below calls
`emit("affiliation.ended", affiliation=…, by=…)` inside its transaction; a handler that raises
undoes it all.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

# The whole list, with the facts each carries. A name outside it is a mistake, found at once.
EVENTS = {
    "membership.activated": ("organisation", "by"),
    # The rights of its people begin or end with it: approved, suspended, resumed, expired, left.
    "membership.changed": ("organisation", "by"),
    "affiliation.activated": ("affiliation", "by"),
    "affiliation.suspended": ("affiliation", "by"),
    "affiliation.resumed": ("affiliation", "by"),
    "affiliation.ended": ("affiliation", "by"),
    # An account is about to be erased: what ends with it ends now, under its person's name.
    "person.erasing": ("user", "by"),
    "organisation.merged": ("merger", "by"),
    "product.published": ("product", "by"),
    # Something was given or came back to a purse; an account of the ledger.
    "quota.came_back": ("accounts", "by"),
    "scene.completed": ("scene", "by"),
}

# How a room above names in words what a room below knows by a key such as `product:14`.
_names: dict[str, Callable[[str], str]] = {}
_handlers: dict[str, list[Callable[..., None]]] = defaultdict(list)


def on(event: str, handler: Callable[..., None]) -> None:
    """Call `handler` with the event's facts, in order of registration; twice is once."""
    if event not in EVENTS:
        raise KeyError(event)
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def names(kind: str, name: Callable[[str], str]) -> None:
    """Let `name` turn the key after `kind:` into words for a reader; "" for what it does not know."""
    _names[kind] = name


def name_of(subject: str) -> str:
    """A subject such as `product:14` in the words of the room it belongs to; itself where nobody knows."""
    kind, _colon, key = subject.partition(":")
    name = _names.get(kind)
    return (name(key) if name else "") or subject


def emit(event: str, **facts: Any) -> None:
    """Tell what happened, inside the transaction in which it happened."""
    if set(facts) != set(EVENTS[event]):
        raise TypeError(f"{event} carries {EVENTS[event]}, not {tuple(facts)}")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event} was told outside a transaction")
    for handler in tuple(_handlers[event]):
        handler(**facts)
