"""Every step, and every pair of following steps, of both lives, taken through the services."""

import pytest

from accounts.models import Affiliation, Membership, MembershipEvent, User
from accounts.services.membership import appeals, memberships, opinions
from accounts.services.people import affiliations, duties
from accounts.states import affiliation as belonging
from accounts.states import membership as joining
from dinamis.actors import Actor
from dinamis.errors import NotNow
from tests import make
from tests.following import each_undone, gathered

pytestmark = pytest.mark.django_db


def paths(life):
    """The shortest way to every state, as names of steps."""
    ways = {life.initial: ()}
    waiting = [life.initial]
    while waiting:
        state = waiting.pop(0)
        for name, row in life.open_from(state).items():
            if row.target not in ways:
                ways[row.target] = (*ways[state], name)
                waiting.append(row.target)
    return ways


def another_officer():
    """A second officer of the desk, who may read what the first refused."""
    known = User.objects.filter(email="another@dinamis.example").first()
    if known:
        return known
    officer = make.person("another@dinamis.example")
    duties.appoint(officer, kind="desk", by=make.SYSTEM)
    return officer


TO_JOIN, TO_BELONG = paths(joining.LIFE), paths(belonging.LIFE)


def join_step(made: Membership, name: str, desk) -> Membership:
    """Take one step of a membership as the person who may."""
    by = Actor.of(desk)
    if name == "submit":
        return make.submit(made)
    if name == "ask_opinions":
        return opinions.ask(made, by=by)
    if name == "note_opinions":
        return make.no_answer(made)
    if name == "appeal":
        return appeals.appeal(made, reason="Read again.", by=make.through(made, "appeal"))
    if name in ("grant", "dismiss"):
        return appeals.decide(made, name, reason="Read.", by=Actor.of(another_officer()))
    if name == "renew":
        return make.renew(made)
    if name == "prove":
        return memberships.prove(made, by=make.through(made, "prove"))
    if name == "accept":
        return make.accept(made)
    if name == "object":
        return memberships.object_to(made, reason="Wrong.", by=make.through(made, "accept"))
    if name == "send_back":
        return memberships.send_back(made, reason="Wrong.", by=by)
    if name == "correct":
        corrected = make.proposal(category="private_rd", referent_email=made.referent_email)
        return memberships.correct(made, corrected, by=make.through(made, "correct"))
    if name == "approve":
        if opinions.missing(made):
            made = make.answer_all(opinions.ask(made, by=by))
        return memberships.approve(made, by=by)
    by_clock = name in ("lapse", "expire")
    return memberships.take(made, name, reason="Because.", by=make.SYSTEM if by_clock else by)


def belong_step(row: Affiliation, name: str, referent) -> Affiliation:
    """Take one step of an affiliation as the person who may."""
    own = name in ("withdraw", "leave")
    words = {"reason": "Because."} if belonging.STEPS[name].needs_reason else {}
    return getattr(affiliations, name)(row, by=Actor.of(row.user if own else referent), **words)


@pytest.mark.parametrize(("state", "name", "followings"), gathered(joining.LIFE.pairs()))
def test_two_following_steps_of_a_membership(licences, advisers, desk, state, name, followings):
    made = make.draft(category="private_rd")
    for step in (*TO_JOIN[state], name):
        made = join_step(made, step, desk)
    for following in each_undone(followings):
        after = join_step(Membership.objects.get(pk=made.pk), following, desk)
        assert after.state == joining.STEPS[following].target
        last = MembershipEvent.objects.filter(membership=made).last()
        assert (last.step, last.target) == (following, after.state)
        assert (after.due_at is not None) == (after.state in joining.PATIENCE)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (s, n)
        for s in joining.State.values
        for n in joining.STEPS
        if s not in joining.STEPS[n].sources
    ],
)
def test_a_step_of_a_membership_that_is_not_in_the_table_is_refused(state, name):
    with pytest.raises(NotNow, match="not_in_this_state"):
        joining.LIFE.check(name, state)


@pytest.mark.parametrize(("state", "name", "followings"), gathered(belonging.LIFE.pairs()))
def test_two_following_steps_of_an_affiliation(
    laboratory, referent, stranger, state, name, followings
):
    row = make.request(stranger, laboratory)
    for step in (*TO_BELONG[state], name):
        row = belong_step(row, step, referent)
    for following in each_undone(followings):
        after = belong_step(Affiliation.objects.get(pk=row.pk), following, referent)
        assert after.state == belonging.STEPS[following].target
        assert after.events.last().step == following


@pytest.mark.parametrize("name", list(belonging.STEPS))
def test_every_step_of_an_affiliation(laboratory, referent, stranger, name):
    row = make.request(stranger, laboratory)
    for step in TO_BELONG[sorted(belonging.STEPS[name].sources)[0]]:
        row = belong_step(row, step, referent)
    row = belong_step(row, name, referent)
    assert row.state == belonging.STEPS[name].target


@pytest.mark.parametrize("state", ["refused", "withdrawn", "ended"])
def test_nothing_leaves_a_final_state(laboratory, referent, stranger, state):
    row = make.request(stranger, laboratory)
    for step in TO_BELONG[state]:
        row = belong_step(row, step, referent)
    before = row.events.count()
    for name in belonging.STEPS:
        with pytest.raises(NotNow):
            belong_step(row, name, referent)
    row.refresh_from_db()
    assert (row.state, row.events.count()) == (state, before)
