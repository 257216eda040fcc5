"""Partners' lists of accounts: the Protocol, its words, its faults. No models here; two twins, one test suite."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """What a partner is told: our opaque identifier, the address that names the account, the full name."""

    external_id: str
    email: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Account:
    """What a partner says: its own identifier, and ours as it knows it ("" when it does not)."""

    remote_id: str
    external_id: str
    email: str
    full_name: str
    active: bool


class PartnerFault(Exception):
    """The partner did not do it. `lasting`: asking again will not help until a person has looked.

    `retry_after` is what the partner asked for, in seconds.
    """

    lasting = False

    def __init__(self, say: str, *, retry_after: int | None = None) -> None:
        super().__init__(say)
        self.retry_after = retry_after


class Away(PartnerFault):
    """No answer, an answer that is no answer, or one that says "later" (network, time-out, 5xx, 429)."""


class NotLetIn(PartnerFault):
    """Our token is missing or refused (401, 403)."""

    lasting = True


class Taken(PartnerFault):
    """An account of this address exists there and is somebody else's (409, or another identifier)."""

    lasting = True


class Declined(PartnerFault):
    """The partner understood and said no (any other 4xx)."""

    lasting = True


class Partner(Protocol):
    """One partner's list. Every call has a time limit and may be repeated."""

    def find(self, person: Person, remote_id: str = "") -> Account | None:
        """The account it named `remote_id`, else the one that carries our identifier, else the one
        of this address; else None.
        """
        ...

    def create(self, person: Person) -> Account:
        """Make an account. Raises Taken when one of this address exists."""
        ...

    def update(self, remote_id: str, person: Person) -> None:
        """Give the account this name, address and our identifier, and let it in."""
        ...

    def reactivate(self, remote_id: str) -> None: ...

    def deactivate(self, remote_id: str) -> None:
        """Keep the account out; one that is gone is kept out already."""
        ...

    def everyone(self) -> Iterator[Account]:
        """Every account of the list, to compare."""
        ...
