"""Two officers decide the same at once, in two browsers: exactly one decides, the other is told so."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import (
    Affiliation,
    Change,
    ChangeEvent,
    Event,
    Licence,
    LicenceDraft,
    LicenceDraftEvent,
    LicenceText,
    Membership,
    MembershipEvent,
    User,
)
from accounts.services.licences import licence_drafts
from accounts.services.licences.licence_drafts import Wording
from accounts.services.membership import changes, facts, membership_steps
from accounts.services.people import duties
from dinamis.actors import Actor
from dinamis.models import Promise
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Contest:
    """What two people approve at once: who, where, with what, and how often it may stand written."""

    people: tuple[User, User]
    address: str
    sent: dict[str, str]
    written: Callable[[], int]
    # The function that locks the row, and the query that reads it without.
    module: Any
    name: str
    unlocked: Callable[[Any], Any]
    # What would refuse the second one even without the lock: put aside in the control.
    guard: str = ""


def two(duty: str) -> tuple[User, User]:
    second = make.second_factor(make.person(f"second-{duty}@dinamis.example"))
    duties.appoint(second, kind=duty, by=make.SYSTEM)
    return User.objects.filter(email=f"{duty}@dinamis.example").first() or make.officer(
        duty
    ), second


def a_membership() -> Contest:
    waiting = make.membership("candidate")
    steps = MembershipEvent.objects.filter(membership=waiting, step="approve")
    plain = Membership.objects.select_related("organisation")
    return Contest(
        two("desk"),
        reverse("desk_membership_step", args=[waiting.reference, "approve"]),
        {"legal_verified_how": "by telephone"},
        steps.count,
        membership_steps,
        "locked",
        lambda row: plain.get(pk=row.pk),
    )


def a_change() -> Contest:
    people = two("desk")
    laboratory = make.member("laboratory", desk=people[0])
    referent = Affiliation.objects.get(organisation=laboratory, is_referent=True).user
    wanted = facts.of(laboratory) | {"short_name": "LAB"}
    change = changes.ask_facts(laboratory, wanted, reason="So it is.", by=Actor.of(referent))
    plain = Change.objects.select_related("organisation")
    return Contest(
        people,
        reverse("desk_change_step", args=[change.pk, "approve"]),
        {},
        ChangeEvent.objects.filter(change=change, step="approve").count,
        changes,
        "_locked",
        lambda row: plain.get(pk=row.pk),
        guard="facts.put",
    )


def a_licence_version() -> Contest:
    people, writer = two("administrator"), make.person("writer@dinamis.example")
    duties.appoint(make.second_factor(writer), kind="administrator", by=make.SYSTEM)
    words = {name: f"{name} 2" for name in ("title_fr", "title_en", "body_fr", "body_en")}
    wording = Wording(
        version="2",
        effective_on=date(2100, 1, 1),
        markup="plain",
        is_placeholder=True,
        reason="Clearer.",
        **words,
    )
    draft = licence_drafts.write(Licence.objects.get(code="spot67"), wording, by=Actor.of(writer))
    draft = licence_drafts.take(draft, "propose", by=Actor.of(writer))
    plain = LicenceDraft.objects.select_related("licence")
    return Contest(
        people,
        reverse("licence_draft_step", args=[draft.pk, "approve"]),
        {},
        LicenceDraftEvent.objects.filter(draft=draft, step="approve").count,
        licence_drafts,
        "_locked",
        lambda row: plain.get(pk=row.pk),
        guard="_write_texts",
    )


CONTESTS = [a_membership, a_change, a_licence_version]


def at_once(contest: Contest) -> list[Any]:
    """Both post in the same instant; what each was answered."""
    clients = []
    for person in contest.people:
        person.refresh_from_db()
        client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        client.force_login(person)
        clients.append(client)
    ready = threading.Barrier(2)

    def post(client: Client) -> Any:
        try:
            ready.wait(timeout=20)
            return client.post(contest.address, contest.sent)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [one.result(timeout=60) for one in [pool.submit(post, each) for each in clients]]


@pytest.mark.parametrize("prepare", CONTESTS, ids=lambda one: one.__name__)
def test_of_two_approvals_at_once_one_stands_and_the_other_is_told_why(licences, prepare):
    contest = prepare()
    answers = sorted(at_once(contest), key=lambda one: one.status_code)
    assert [one.status_code for one in answers] == [302, 409]
    assert contest.written() == 1
    page = answers[1].content.decode()
    assert "is not possible now" in page
    assert Event.objects.get(kind=Event.Kind.REFUSED).code == "not_in_this_state"
    mail.outbox.clear()
    make.keep_promises()
    found = [(tuple(one.to), one.subject) for one in mail.outbox]
    assert len(found) == len(set(found))
    assert not Promise.objects.filter(done_at=None).exists()


@pytest.mark.parametrize("prepare", CONTESTS, ids=lambda one: one.__name__)
def test_without_the_lock_both_would_stand(licences, prepare, monkeypatch):
    """The control: both read the row before either writes, and the test above would fail."""
    contest, read = prepare(), threading.Barrier(2)
    waits = threading.local()

    def unlocked(row: Any) -> Any:
        found = contest.unlocked(row)
        if not getattr(waits, "over", False):
            waits.over = True
            read.wait(timeout=20)
        return found

    monkeypatch.setattr(contest.module, contest.name, unlocked)
    if contest.guard:
        name = f"{contest.module.__name__}.{contest.guard}"
        monkeypatch.setattr(name, lambda *_args, **_kwargs: None)
    answers = at_once(contest)
    assert [one.status_code for one in answers] == [302, 302]
    assert contest.written() == 2


def test_the_version_that_two_approve_is_written_once(licences):
    at_once(a_licence_version())
    assert LicenceText.objects.filter(licence="spot67", version="2").count() == 2
