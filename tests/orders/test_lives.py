"""Every step of every life of a line, and every pair of following steps, with what each does to the ledger."""

import pytest
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.lifecycle import LIVES
from orders.models import Line, LineEvent
from orders.policies.lines import ELSEWHERE, may_take, steps_open_to
from orders.services.lines import lines
from orders.services.tasking import standins
from orders.states import APPROVAL, LINE_LIVES, MONEY, SUPPLY, Money
from orders.states.approval import WAITING
from orders.states.supply import ONLY_FOR
from tests.following import each_undone, gathered
from tests.orders import make
from tests.orders.journeys import (
    TAKE,
    TO_APPROVAL,
    TO_SUPPLY,
    Cast,
    accept_by_rule,
    consumed,
    held,
    start,
    take,
)


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


def kind_of(*names: str) -> str:
    """The kind of line on which these steps exist together."""
    return next((ONLY_FOR[name] for name in names if name in ONLY_FOR), "production")


def check_ledger_agrees(line: Line) -> None:
    """What the quota holds is what the states say, and not a hundredth more."""
    if line.money == Money.HELD:
        assert held(line) + consumed(line) == line.quote.units
    else:
        assert held(line) == 0
    if line.money in {Money.NONE, Money.RELEASED}:
        assert consumed(line) == 0
    waiting = line.approval in WAITING or (
        line.approval == "accepted" and line.supply not in SUPPLY.final
    )
    settled = line.kind == "tasking" and line.supply == "in_production"
    assert (line.money == Money.HELD) == (waiting and not settled)


@pytest.mark.parametrize(("source", "name", "followings"), gathered(APPROVAL.pairs()))
def test_every_pair_of_steps_of_the_approval_moves_state_and_ledger_together(
    cast, source, name, followings
):
    line = take(start(cast, "production"), cast, *TO_APPROVAL[source])
    assert line.approval == source
    line = take(line, cast, name)
    assert line.approval == APPROVAL.steps[name].target
    check_ledger_agrees(line)
    for following in each_undone(followings):
        after = take(line, cast, following)
        assert after.approval == APPROVAL.steps[following].target, following
        check_ledger_agrees(after)


def supply_pairs() -> list[tuple[str, str, str, str]]:
    """The pairs that exist on one kind of line, each with that kind first."""
    pairs = []
    for source, name, following in SUPPLY.pairs():
        kind = kind_of(name, following)
        if "deliver" in (name, following) and source == "attempting":
            kind = "tasking"
        fitting = all(ONLY_FOR.get(step, kind) == kind for step in (name, following))
        if fitting and source in TO_SUPPLY[kind]:
            pairs.append((kind, source, name, following))
    return pairs


@pytest.mark.parametrize(("kind", "source", "name", "followings"), gathered(supply_pairs()))
def test_every_pair_of_steps_of_the_supply_moves_state_and_ledger_together(
    cast, kind, source, name, followings
):
    line = take(start(cast, kind), cast, *TO_SUPPLY[kind][source])
    assert line.supply == source
    line = take(line, cast, name)
    assert line.supply == SUPPLY.steps[name].target
    check_ledger_agrees(line)
    for following in each_undone(followings):
        after = take(line, cast, following)
        assert after.supply == SUPPLY.steps[following].target, following
        check_ledger_agrees(after)


def every_step_alone() -> list[tuple[str, str, str]]:
    alone = [
        ("production", source, name)
        for name, row in APPROVAL.steps.items()
        for source in sorted(row.sources)
    ]
    for name, row in SUPPLY.steps.items():
        kind = kind_of(name)
        alone += [(kind, source, name) for source in sorted(row.sources & set(TO_SUPPLY[kind]))]
    return alone


@pytest.mark.parametrize(("kind", "source", "name"), every_step_alone())
def test_every_step_writes_one_line_of_history_with_its_actor(cast, kind, source, name):
    path = TO_APPROVAL[source] if name in APPROVAL.steps else TO_SUPPLY[kind][source]
    line = take(start(cast, kind), cast, *path)
    before = line.events.filter(step=name).count()
    line = take(line, cast, name)
    event = LineEvent.objects.filter(line=line, step=name).latest("pk")
    assert line.events.filter(step=name).count() == before + 1
    assert (event.source, event.target) == (source, LINE_LIVES[event.life].steps[name].target)
    assert line.state_since >= event.at or event.life == "supply"
    check_ledger_agrees(line)


@pytest.mark.parametrize("source", sorted(TO_APPROVAL))
def test_a_step_that_does_not_leave_the_state_is_refused_and_changes_nothing(cast, source):
    line = take(start(cast, "production"), cast, *TO_APPROVAL[source])
    closed = set(APPROVAL.steps) - set(APPROVAL.open_from(source)) - {"ask_to_confirm", "convert"}
    events, kept = line.events.count(), (held(line), line.money)
    taken = TAKE | {
        "accept": lambda line, cast: lines.accept(line, by=cast.by_desk),
        "accept_by_rule": lambda line, cast: accept_by_rule(line),
        "offer_part": lambda line, cast: lines.offer_part(
            line, quote=line.quote, by=cast.by_desk, reason="Less."
        ),
    }
    by_turn = {"serve", "serve_to_referent", "set_aside"}  # serving.serve looks at the list alone
    for name in sorted(closed - {"submit", "submit_to_referent"} - by_turn):
        with pytest.raises(NotNow) as refused:
            taken[name](Line.objects.get(pk=line.pk), cast)
        assert refused.value.status == 409
    after = Line.objects.get(pk=line.pk)
    assert (after.approval, after.events.count()) == (source, events)
    assert (held(after), after.money) == kept


def test_only_the_actors_of_the_table_may_take_a_step(cast, stranger):
    line = start(cast, "production")
    colleague, today = make.person("erin"), timezone.localdate()
    make.attached(colleague, line.order.organisation)
    standins.name(colleague, starts_on=today, ends_on=today, by=cast.by_owner)
    people = {
        "owner": cast.owner,
        "delegate": colleague,
        "referent": cast.referent,
        "desk": cast.desk,
        "stranger": stranger,
    }
    for life in LINE_LIVES.values():
        for name, row in life.steps.items():
            allowed = {
                role for role, who in people.items() if may_take(Actor.of(who), name, row, line)
            }
            assert allowed == row.actors - {"system"}, name
            assert may_take(Actor.system("clock"), name, row, line) == ("system" in row.actors)


def test_a_step_of_another_is_refused_and_changes_nothing(cast, stranger):
    line = make.placed(cast.owner)
    before = line.events.count()
    for user in (cast.owner, cast.referent, stranger):
        with pytest.raises(NotAllowed) as refused:
            lines.accept(line, by=Actor.of(user))
        assert refused.value.code == "step_is_not_yours"
    line.refresh_from_db()
    assert (line.approval, line.events.count()) == ("submitted", before)


def test_the_buttons_are_the_steps_of_the_tables(cast):
    draft = start(cast, "production")
    assert [step.name for step in steps_open_to(cast.owner, draft)] == ["submit", "withdraw"]
    line = take(draft, cast, "submit")
    assert [step.name for step in steps_open_to(cast.desk, line)] == ["ask_to_complete", "refuse"]
    assert [step.name for step in steps_open_to(cast.referent, line)] == ["refuse"]
    assert [step.name for step in steps_open_to(cast.owner, line)] == ["withdraw"]
    line = take(line, cast, "accept", "place")
    assert [step.name for step in steps_open_to(cast.owner, line)] == []
    assert [step.name for step in steps_open_to(cast.desk, line)] == ["start_production", "fail"]


def test_the_supplier_once_has_it_and_it_cannot_be_withdrawn(cast):
    line = take(start(cast, "production"), cast, *TO_SUPPLY["production"]["placed"])
    kept = held(line)
    with pytest.raises(NotNow) as refused:
        lines.withdraw(line, by=cast.by_owner)
    assert refused.value.code == "already_placed"
    line.refresh_from_db()
    assert (line.approval, line.money, held(line)) == ("accepted", "held", kept)


def test_every_life_of_what_is_ordered_is_registered_for_printing_and_says_whose_turn_it_is():
    for name in ("line_approval", "line_supply", "line_money", "attempt", "acquisition"):
        assert set(LIVES[name].turns) == set(LIVES[name].states.values)
    assert MONEY.final == {"captured", "refunded"}


def test_every_button_is_a_step_that_a_button_can_take():
    of_people = {
        name for life in LINE_LIVES.values() for name, row in life.steps.items()
        if row.actors - {"system"}
    }  # fmt: skip
    assert of_people - {*lines.VERBS} == ELSEWHERE
