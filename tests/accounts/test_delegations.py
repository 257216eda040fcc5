"""Who decides while somebody is away: from a day to a day, in the trail, and never a second pair of eyes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, DelegationEvent, User
from accounts.policies import is_administrator, is_desk, is_second_person, must_have_second_factor
from accounts.services.people import delegations, duties
from dinamis import trail
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.services.rules import rulebook
from orders.services.rules.rules import version_in_force
from tests import make as people
from tests.orders import make

DAY = timedelta(days=1)


@pytest.fixture
def officer(db) -> User:
    return make.person("dora", "desk")


@pytest.fixture
def deputy(db) -> User:
    user = make.person("denis")
    people.second_factor(user)
    return user


def name(giver, receiver, *, by=None, kind="desk", first=0, last=7, reason="On leave."):
    today = timezone.localdate()
    return delegations.name_deputy(
        giver,
        receiver,
        kind=kind,
        starts_on=today + first * DAY,
        ends_on=today + last * DAY,
        reason=reason,
        by=Actor.of(by or giver),
    )


def again(user: User) -> User:
    """The person as another request reads them."""
    return User.objects.get(pk=user.pk)


def test_the_deputy_has_the_duty_from_the_first_day_to_the_last_and_no_other(officer, deputy):
    name(officer, deputy, first=1, last=3)
    held = []
    for offset in range(6):
        with time_machine.travel(timezone.now() + offset * DAY, tick=False):
            held.append((is_desk(again(deputy)), is_administrator(again(deputy))))
    assert held == [(False, False), *[(True, False)] * 3, (False, False), (False, False)]


def test_it_ends_at_once_when_it_is_ended_or_the_holder_loses_the_duty(officer, deputy):
    made = name(officer, deputy)
    assert is_desk(again(deputy))
    assert must_have_second_factor(deputy)
    delegations.end(made, by=Actor.of(deputy))
    assert not is_desk(again(deputy))
    assert not must_have_second_factor(deputy)
    name(officer, deputy)
    assert is_desk(again(deputy))
    duties.relieve(officer, kind="desk", by=make.BY)
    assert not is_desk(again(deputy))


def test_holders_name_for_themselves_and_administrators_for_others(officer, deputy):
    other, adele = make.person("odile", "desk"), make.person("adele", "administrator")
    with pytest.raises(NotAllowed):
        name(officer, deputy, by=other)
    assert not Delegation.objects.exists()
    assert name(officer, deputy, by=adele).by_user == adele


def test_what_is_lent_is_not_given_on(officer, deputy):
    name(officer, deputy)
    third = make.person("theo")
    people.second_factor(third)
    with pytest.raises(Invalid) as refused:
        name(again(deputy), third)
    assert refused.value.code == "duty_not_held"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"first": -1}, "starts_in_the_past"),
        ({"last": 92}, "days_out_of_range"),
        ({"first": 3, "last": 2}, "days_out_of_range"),
        ({"reason": " "}, "reason_missing"),
        ({"kind": "administrator"}, "duty_not_held"),
        ({"kind": "nothing"}, "duty_not_held"),
    ],
)
def test_days_and_duty_are_checked_and_nothing_is_kept(officer, deputy, more, code):
    with pytest.raises(Invalid) as refused:
        name(officer, deputy, **more)
    assert refused.value.code == code
    assert not Delegation.objects.exists()


def test_the_deputy_is_another_person_with_a_second_factor_who_lacks_the_duty(officer):
    for receiver, code in (
        (officer, "another_person"),
        (make.person("paul"), "second_factor_missing"),
        (make.person("odile", "desk"), "holds_already"),
    ):
        with pytest.raises(Invalid) as refused:
            name(officer, receiver)
        assert refused.value.code == code


def test_one_person_is_named_for_a_day(officer, deputy):
    name(officer, deputy, first=2, last=5)
    with pytest.raises(NotNow):
        name(officer, deputy, first=5, last=8)
    assert name(officer, deputy, first=6, last=8)


def test_whoever_is_away_and_whoever_decides_meanwhile_are_one_person_where_two_are_needed(deputy):
    adele, basile = (make.person(who, "administrator") for who in ("adele", "basile"))
    today = timezone.localdate()
    draft = rulebook.copy(version_in_force(), code="next", effective_from=today, by=Actor.of(adele))
    proposed = rulebook.propose(draft, by=Actor.of(adele), reason="For next year.")
    name(adele, deputy, kind="administrator")
    standing_in = again(deputy)
    assert is_administrator(standing_in)
    assert not rulebook.is_second_for(proposed, standing_in)
    assert not is_second_person(proposed, Actor.of(standing_in))
    with pytest.raises(NotAllowed) as refused:
        rulebook.approve(proposed, by=Actor.of(standing_in))
    assert refused.value.code == "second_person_needed"
    assert rulebook.approve(proposed, by=Actor.of(basile)).state == "approved"


def test_what_the_deputy_wrote_is_not_approved_by_the_holder_meanwhile(deputy):
    adele = make.person("adele", "administrator")
    name(adele, deputy, kind="administrator")
    today = timezone.localdate()
    by = Actor.of(again(deputy))
    draft = rulebook.copy(version_in_force(), code="next", effective_from=today, by=by)
    proposed = rulebook.propose(draft, by=by, reason="For next year.")
    with pytest.raises(NotAllowed):
        rulebook.approve(proposed, by=Actor.of(adele))
    other = make.person("basile", "administrator")
    assert rulebook.approve(proposed, by=Actor.of(other)).state == "approved"


def test_it_is_in_the_trail_of_both_and_never_changed(officer, deputy):
    made = name(officer, deputy)
    delegations.end(made, by=Actor.of(officer))
    assert list(made.events.values_list("step", flat=True)) == ["named", "ended"]
    absences = next(one for one in trail.histories() if one.name == "absence")
    for person in (officer, deputy):
        assert absences.rows(trail.Scope(person=person)).count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        DelegationEvent.objects.update(step="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.update(receiver=officer)


def test_the_page_names_somebody_shows_it_and_ends_it(client, officer, deputy):
    client.force_login(officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    today = timezone.localdate()
    sent = {
        "duty": officer.duties.get().pk,
        "email": deputy.email,
        "starts_on": today.isoformat(),
        "ends_on": (today + DAY).isoformat(),
        "reason": "On leave.",
    }
    address = reverse("desk_absences")
    assert client.post(address, sent | {"email": "nobody@example.org"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    page = client.get(address).content.decode()
    assert "In force" in page
    assert "On leave." in page
    client.force_login(again(deputy))
    assert client.get(reverse("desk_orders")).status_code == 200
    client.post(reverse("desk_absence_end", args=[Delegation.objects.get().pk]))
    assert client.get(reverse("desk_orders")).status_code == 403
