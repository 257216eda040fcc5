"""Several deeds in one transaction: each person is told of each thing once; the mails are counted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.models import Affiliation, LinkedAccount, Partner
from accounts.services.membership import changes, memberships, mergers
from accounts.services.people import affiliations, erasure
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.outbox import Promise
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def theia(db) -> Partner:
    return Partner.objects.create(
        code="theia", name="THEIA", base_url="https://theia.example/scim", trusted=True
    )


def own(user: Any) -> Affiliation:
    return Affiliation.objects.get(user=user)


def settle(deed: Callable[[], Any]) -> Any:
    """Do a deed in one transaction; what was promised before it is kept before it."""
    make.keep_promises()
    mail.outbox.clear()
    Promise.objects.all().delete()
    with transaction.atomic():
        return deed()


def told(deed: Callable[[], Any]) -> Counter[str]:
    """How many mails each address receives of a deed."""
    settle(deed)
    make.keep_promises()
    return Counter(address for one in mail.outbox for address in one.to)


def promised(task: str) -> list[Any]:
    return [one.arguments for one in Promise.objects.filter(task=f"accounts.tasks.{task}")]


def test_who_is_named_referent_hears_it_once_and_the_former_one_too(
    laboratory, referent, researcher, desk
):
    change = changes.ask_referent(
        own(researcher), in_place_of=own(referent), reason="New lead.", by=Actor.of(referent)
    )
    assert told(lambda: changes.approve(change, by=Actor.of(desk))) == {
        researcher.email: 1,
        referent.email: 1,
    }
    assert {one.subject for one in mail.outbox} == {
        "You are a referent of The laboratory",
        "You are no longer a referent of The laboratory",
    }


def test_a_second_referent_is_told_of_once_to_each(laboratory, referent, researcher, desk):
    change = changes.ask_referent(own(researcher), reason="Two of us.", by=Actor.of(referent))
    assert told(lambda: changes.approve(change, by=Actor.of(desk))) == {
        researcher.email: 1,
        referent.email: 1,
    }


def test_a_merger_is_told_once_to_everybody_it_concerns(
    laboratory, park, referent, researcher, desk
):
    found = told(lambda: mergers.merge(laboratory, into=park, reason="One.", by=Actor.of(desk)))
    assert found == {
        "legal@laboratory.example": 1,
        "legal@park.example": 1,
        referent.email: 1,
        researcher.email: 1,
    }
    assert {one.subject for one in mail.outbox} == {"The laboratory is now part of The park"}


def test_a_member_that_leaves_without_a_merger_is_told_as_before(laboratory, desk):
    membership = laboratory.memberships.get()
    found = told(lambda: memberships.take(membership, "leave", reason="Over.", by=Actor.of(desk)))
    assert (found["legal@laboratory.example"], found["referent@laboratory.example"]) == (1, 1)


def test_an_approval_and_the_end_of_a_person_with_keys_tell_each_once(
    laboratory, researcher, referent, desk
):
    waiting = make.membership("third")
    by_desk = Actor.of(desk)
    assert told(lambda: memberships.approve(waiting, legal_verified_how="x", by=by_desk)) == {
        "legal@third.example": 1,
        "referent@third.example": 1,
    }
    for name in ("one", "two"):
        api_keys.create(researcher, name=name, scopes=["read"], by=Actor.of(researcher))
    ended = told(lambda: affiliations.end(own(researcher), reason="Gone.", by=Actor.of(referent)))
    assert ended == {researcher.email: 1}


def test_two_deeds_that_call_for_the_same_work_promise_it_once(
    laboratory, park, researcher, desk, theia
):
    """One person leaves two organisations at once; an organisation is suspended and resumed at once."""
    affiliations.accept(make.request(researcher, park), by=Actor.of(desk))
    make.keep_promises()
    account = LinkedAccount.objects.get_or_create(
        user=researcher, partner=theia, defaults={"state_since": timezone.now()}
    )[0]
    both = Affiliation.objects.filter(user=researcher)
    system = Actor.system("test")
    settle(lambda: affiliations.end_all(both, reason="Closed.", by=system))
    assert promised("link_account").count([account.pk]) <= 1
    membership = laboratory.memberships.get()

    def pause() -> None:
        memberships.take(membership, "suspend", reason="To look.", by=Actor.of(desk))
        memberships.take(membership, "resume", by=Actor.of(desk))

    settle(pause)
    assert promised("settle_people") == [[laboratory.pk]]


def test_an_erased_account_is_told_once(researcher):
    for name in ("one", "two"):
        api_keys.create(researcher, name=name, scopes=["read"], by=Actor.of(researcher))
    address = researcher.email
    assert told(lambda: erasure.erase(researcher, by=Actor.of(researcher))) == {address: 1}
