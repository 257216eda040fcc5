"""The ledger beside a model of a few Python dictionaries, driven by hypothesis; they never differ."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.ledger import services
from orders.ledger.check import faults
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account
from orders.ledger.summaries import quota_of, summary
from orders.ledger.sums import allotted

BY = Actor.system("model")
AMOUNTS = st.integers(1, 60_000).map(lambda cents: Decimal(cents) / 100)
QUOTAS = ("budget", "reserve", "common", "first", "second")


class LedgerMachine(RuleBasedStateMachine):
    """Random deeds; after each, every balance is what the model says and a retry changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model = dict.fromkeys((*QUOTAS, "held", "consumed"), Decimal(0))
        self.put_in = Decimal(0)
        self.lines: dict[str, dict[str, Decimal]] = {}  # line → purse → still held
        self.deeds = 0
        self.last: Any = None

    def teardown(self) -> None:
        try:
            assert faults() == []
            told = summary(self.period)
            assert (told.held, told.consumed) == (self.model["held"], self.model["consumed"])
            assert told.granted == self.put_in == told.free + told.held + told.consumed
            for row in told.rows:
                assert row == quota_of(row.account)
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        sensor = Sensor.objects.get_or_create(
            code="model", defaults={"name_fr": "M", "name_en": "M", "unit": "km2"}
        )[0]
        self.period = services.open_period(sensor, year=2200, by=BY)
        owners = {
            "budget": ("budget", ""),
            "reserve": ("reserve", ""),
            "common": ("common", "research"),
            "first": ("allotment", "1"),
            "second": ("allotment", "2"),
        }
        self.accounts = {
            name: services.account_of(self.period, *owner) for name, owner in owners.items()
        }

    def deed(self, verb: Any, *values: Any, **more: Any) -> Any:
        """Take a verb, and remember it for a retry. Return None when it was refused for lack of quota."""
        self.deeds += 1
        words = {"key": f"deed:{self.deeds}", "by": BY, "reason": "because", **more}
        try:
            done = verb(*values, **words)
        except QuotaTooSmall:
            return None
        if done:
            self.last = (verb, values, words, done)
        return done

    @rule(amount=AMOUNTS)
    def grant(self, amount: Decimal) -> None:
        self.deed(services.grant_budget, self.period, amount)
        self.model["budget"] += amount
        self.put_in += amount

    @rule(giver=st.sampled_from(QUOTAS), taker=st.sampled_from(QUOTAS), amount=AMOUNTS)
    def transfer(self, giver: str, taker: str, amount: Decimal) -> None:
        if giver == taker:
            return
        moved = self.deed(
            services.transfer, self.accounts[giver], amount, to_account=self.accounts[taker]
        )
        assert (moved is not None) == (amount <= self.model[giver])
        if moved:
            self.model[giver] -= amount
            self.model[taker] += amount

    @rule(name=st.sampled_from(QUOTAS[1:]), size=AMOUNTS)
    def resize(self, name: str, size: Decimal) -> None:
        more = size - allotted(self.accounts[name])
        room = self.model["budget"] if more > 0 else self.model[name]
        done = self.deed(services.set_allotment, self.accounts[name], size)
        assert (done is not None) == (abs(more) <= room)
        if done is not None:
            self.model["budget"] -= more
            self.model[name] += more

    @rule(
        line=st.sampled_from(["L-1", "L-2", "L-3"]),
        purses=st.permutations(QUOTAS[1:]),
        amount=AMOUNTS,
        split=st.booleans(),
    )
    def hold(self, line: str, purses: list[str], amount: Decimal, split: bool) -> None:
        accounts = [self.accounts[name] for name in purses]
        done = self.deed(services.hold, accounts, amount, line=line, split=split)
        able = [name for name in purses if self.model[name] >= amount]
        if not split:
            shares = {able[0]: amount} if able else {}
        else:
            shares, left = {}, amount
            for name in purses:
                part = min(left, self.model[name])
                left -= part
                if part:
                    shares[name] = part
            shares = {} if left else shares
        assert (done is not None) == bool(shares)
        for name, part in shares.items():
            self.model[name] -= part
            self.model["held"] += part
            mine = self.lines.setdefault(line, {})
            mine[name] = mine.get(name, Decimal(0)) + part

    @precondition(lambda self: any(self.lines.values()))
    @rule(data=st.data(), share=st.integers(0, 100))
    def settle(self, data: st.DataObject, share: int) -> None:
        line = data.draw(st.sampled_from(sorted(name for name in self.lines if self.lines[name])))
        total = sum(self.lines[line].values())
        captured = (total * share / 100).quantize(Decimal("0.01"))
        before = self.balances()
        self.deed(services.settle, line, captured=captured, consumer=1)
        back, after = Decimal(0), self.balances()
        for name in self.accounts:
            gained = after[name] - before[name]
            assert 0 <= gained <= self.lines[line].get(name, Decimal(0))
            self.model[name] += gained
            back += gained
        assert back == total - captured
        self.model["held"] -= total
        self.model["consumed"] += captured
        self.lines[line] = {}

    @precondition(lambda self: any(self.lines.values()))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(sorted(name for name in self.lines if self.lines[name])))
        self.deed(services.release, line)
        for name, part in self.lines[line].items():
            self.model[name] += part
            self.model["held"] -= part
        self.lines[line] = {}

    @precondition(lambda self: self.last)
    @rule()
    def retry(self) -> None:
        verb, values, words, done = self.last
        assert verb(*values, **words) == done

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        if not hasattr(self, "accounts"):
            return
        now = self.balances()
        for name in self.accounts:
            assert now[name] == self.model[name]
        held = {line: sum(mine.values()) for line, mine in self.lines.items()}
        rows = Account.objects.filter(period=self.period, kind="held")
        assert dict(rows.values_list("owner_key", "balance")) == held

    def balances(self) -> dict[str, Decimal]:
        ids = {account.pk: name for name, account in self.accounts.items()}
        rows = Account.objects.filter(pk__in=ids).values_list("pk", "balance")
        return {ids[pk]: balance for pk, balance in rows}
