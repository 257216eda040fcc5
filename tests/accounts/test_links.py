"""A mailed link of any purpose: registered, promised, opened without effect, used once, sent again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.emails.message import Message
from accounts.models import MailedLink
from accounts.services import links
from dinamis.errors import Gone, NotNow
from tests import make

pytestmark = pytest.mark.django_db

SOMEBODY = links.Person("Ada", "ada@elsewhere.example", "en")


@pytest.fixture
def waiting(monkeypatch):
    """A purpose of a room above: the keys in the set are those whose act still waits."""
    keys = {"invoice:7"}
    monkeypatch.setattr(links, "_purposes", dict(links._purposes))
    links.register(
        links.Purpose(
            code="countersign",
            page="join_proved",
            lives=timedelta(days=2),
            is_needed=lambda link: link.subject_key in keys,
            mail=lambda link, path: Message(
                to=link.email, language="en", subject="Sign", paragraphs=(), path=path
            ),
            nothing_left="It is signed.",
        )
    )
    return keys


def promise(**facts) -> MailedLink:
    with transaction.atomic():
        return links.promise("countersign", to=SOMEBODY, **facts)


def test_a_purpose_of_another_room_is_mailed_and_used_once(waiting):
    link = promise(subject_key="invoice:7")
    make.keep_promises()
    assert [(m.to, m.subject) for m in mail.outbox] == [(["ada@elsewhere.example"], "Sign")]
    found = links.find(make.token(link), "countersign")
    assert found.subject == {
        "membership_id": None, "organisation_id": None, "subject_key": "invoice:7"
    }  # fmt: skip
    links.use(found, at=timezone.now())
    with pytest.raises(Gone, match="link_gone"):
        links.use(found, at=timezone.now())


def test_a_newer_link_replaces_only_that_of_its_own_subject(waiting):
    first, other = promise(subject_key="invoice:7"), promise(subject_key="invoice:8")
    second = promise(subject_key="invoice:7")
    for link in (first, other, second):
        link.refresh_from_db()
    assert [link.is_usable for link in (first, other, second)] == [False, True, True]


def test_a_link_ends_with_the_wait_when_that_comes_first(waiting):
    soon = timezone.now() + timedelta(hours=1)
    assert promise(subject_key="invoice:7", until=soon).expires_at == soon
    later = promise(subject_key="invoice:7", until=soon + timedelta(days=30))
    assert later.expires_at == later.made_at + timedelta(days=2)


def test_a_new_one_is_sent_to_the_same_person_while_the_act_waits(waiting):
    token = make.token(promise(subject_key="invoice:7"))
    MailedLink.objects.update(expires_at=timezone.now())
    again = links.ask_again(token, "countersign")
    assert (again.email, again.subject_key) == ("ada@elsewhere.example", "invoice:7")
    waiting.clear()
    with pytest.raises(NotNow) as refused:
        links.ask_again(token, "countersign")
    assert str(refused.value.sentence) == "It is signed."
    assert MailedLink.objects.count() == 2


def test_at_most_five_leave_in_a_day(waiting):
    token = make.token(promise(subject_key="invoice:7"))
    for _time in range(links.LINKS_A_DAY - 1):
        links.ask_again(token, "countersign")
    with pytest.raises(NotNow, match="too_many_links"):
        links.ask_again(token, "countersign")


def test_a_link_is_about_one_thing(waiting, laboratory):
    with pytest.raises(IntegrityError, match="mailed_link_has_one_subject"), transaction.atomic():
        promise(subject_key="invoice:7", organisation=laboratory)
    with pytest.raises(IntegrityError, match="mailed_link_has_one_subject"), transaction.atomic():
        promise()


def test_two_purposes_of_one_name_are_a_mistake(waiting):
    with pytest.raises(ValueError, match="countersign"):
        links.register(
            links.Purpose(
                "countersign",
                "join_legal",
                timedelta(1),
                lambda link: True,
                lambda link, path: None,
            )
        )
