"""The fake twin: a partner in memory, which can be told to fail."""

from collections.abc import Iterator
from dataclasses import replace

from accounts.partners import Account, Away, PartnerFault, Person, Taken


class FakePartner:
    """Keeps its accounts; `faults` are raised one after the other, `loses_replies` acts and then fails."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.faults: list[PartnerFault] = []
        self.loses_replies = 0

    def find(self, person: Person, remote_id: str = "") -> Account | None:
        self._fail()
        if remote_id in self.accounts:
            return self.accounts[remote_id]
        for key in ("external_id", "email"):
            for account in self.accounts.values():
                if getattr(account, key) == getattr(person, key):
                    return account
        return None

    def create(self, person: Person) -> Account:
        self._fail()
        if any(account.email == person.email for account in self.accounts.values()):
            raise Taken("userName exists")
        remote_id = str(len(self.accounts) + 1)
        made = Account(remote_id, person.external_id, person.email, person.full_name, active=True)
        self.accounts[remote_id] = made
        if self.loses_replies:
            self.loses_replies -= 1
            raise Away("the reply was lost")
        return made

    def update(self, remote_id: str, person: Person) -> None:
        self._change(
            remote_id,
            external_id=person.external_id,
            email=person.email,
            full_name=person.full_name,
            active=True,
        )

    def reactivate(self, remote_id: str) -> None:
        self._change(remote_id, active=True)

    def deactivate(self, remote_id: str) -> None:
        self._change(remote_id, active=False)

    def everyone(self) -> Iterator[Account]:
        self._fail()
        yield from self.accounts.values()

    def _change(self, remote_id: str, **facts: object) -> None:
        self._fail()
        if remote_id in self.accounts:
            self.accounts[remote_id] = replace(self.accounts[remote_id], **facts)

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)
