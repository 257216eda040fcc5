"""No right without a membership: the nightly check finds each kind, in rows damaged by hand."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Affiliation, ApiKey, Duty, Invitation, MailedLink, Membership, User
from accounts.services.membership import memberships
from accounts.services.people import invitations, reminders
from accounts.services.people.invitations import Asked
from accounts.services.programs import api_keys
from accounts.services.trust import rights
from accounts.states import affiliation, membership
from accounts.tasks import check_rights
from dinamis.actors import Actor
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(researcher, referent, laboratory, park, other_researcher):
    """A key, an invitation, duties, sessions, two members: everything in order."""
    api_keys.create(researcher, name="x", scopes=["read"], by=Actor.of(researcher))
    asked = [Asked("new@laboratory.example", "New", "Engineer")]
    invitations.send(laboratory, asked, language="en", by=Actor.of(referent))
    for user in (researcher, referent):
        UserSession.objects.create(
            user=user, ip="192.0.2.1", user_agent="x", session_key=f"{user.pk:032}"
        )
    assert rights.strays() == []


def kinds() -> set[tuple[str, str]]:
    return {(stray.kind, stray.who) for stray in rights.strays()}


def test_a_key_of_somebody_who_left(world, researcher):
    Affiliation.objects.filter(user=researcher).update(state="ended", is_current=False)
    assert kinds() == {("api_key", "Researcher")}


def test_a_key_that_acts_for_another_organisation(world, park):
    ApiKey.objects.update(organisation=park)
    assert kinds() == {("api_key", "Researcher")}


def test_a_suspended_person_keeps_a_key_that_opens_nothing(world, researcher):
    Affiliation.objects.filter(user=researcher).update(state="suspended", is_current=False)
    assert kinds() == set()
    assert not ApiKey.objects.usable().exists()


def test_people_of_an_organisation_that_is_no_member(world, laboratory):
    Membership.objects.filter(organisation=laboratory).update(state="left")
    assert {kind for kind, _who in kinds()} == {"affiliation", "referent", "api_key", "invitation"}


def test_a_last_day_that_passed(world, researcher):
    yesterday = timezone.localdate() - timedelta(days=1)
    Affiliation.objects.filter(user=researcher).update(ends_on=yesterday)
    assert kinds() == {
        ("affiliation", "Researcher, The laboratory"),
        ("api_key", "Researcher"),
    }


def test_everything_of_a_closed_account(world, referent, researcher):
    Duty.objects.create(user=researcher, kind="desk", by_part="test")
    User.objects.filter(pk__in=[referent.pk, researcher.pk]).update(is_active=False)
    assert {kind for kind, _who in kinds()} == {
        "affiliation", "referent", "api_key", "duty", "session", "invitation", "organisation",
    }  # fmt: skip


def test_an_invitation_of_somebody_who_leads_nothing(world, other_researcher):
    Invitation.objects.update(by_user=other_researcher)
    assert kinds() == {("invitation", "new@laboratory.example, The laboratory")}


def test_a_link_that_nothing_waits_for(world):
    Invitation.objects.update(state="expired")
    assert MailedLink.objects.usable().exists()
    assert kinds() == {("mailed_link", "new@laboratory.example")}


def test_the_command_names_the_rows_and_fails(world, researcher):
    out = StringIO()
    call_command("check_rights", stdout=out)
    assert out.getvalue() == "No right without a membership.\n"
    Affiliation.objects.filter(user=researcher).update(state="ended", is_current=False)
    out = StringIO()
    with pytest.raises(CommandError, match="1 rights"):
        call_command("check_rights", "--json", stdout=out)
    key = ApiKey.objects.get()
    assert json.loads(out.getvalue()) == [
        {
            "kind": "api_key",
            "key": key.pk,
            "who": "Researcher",
            "why": "its person does not belong there",
        }
    ]


def test_the_night_reports_to_the_desk_and_says_nothing_of_nothing(world, researcher, settings):
    make.keep_promises()
    mail.outbox.clear()
    check_rights()
    assert mail.outbox == []
    Affiliation.objects.filter(user=researcher).update(state="ended", is_current=False)
    check_rights()
    assert [one.to for one in mail.outbox] == [[settings.DESK_EMAIL]]
    assert "Researcher" in mail.outbox[0].body


PARIS = ZoneInfo("Europe/Paris")
LAST_DAY = date(2027, 3, 27)  # the clocks change the night after
BEFORE_MIDNIGHT = datetime(2027, 3, 27, 23, 59, 59, tzinfo=PARIS)
AFTER_MIDNIGHT = datetime(2027, 3, 28, 0, 0, 1, tzinfo=PARIS)


def at(instant: datetime) -> time_machine.travel:
    """As in Paris; in UTC the day begins one hour later."""
    return time_machine.travel(instant, tick=False)


def checked() -> tuple[set[str], str]:
    """The kinds found, and what the command ends with."""
    try:
        call_command("check_rights", stdout=StringIO())
    except CommandError as error:
        return {kind for kind, _who in kinds()}, str(error)
    return {kind for kind, _who in kinds()}, ""


def test_a_persons_last_day_is_a_day_of_rights_to_its_last_second_in_paris(world, researcher):
    ApiKey.objects.update(expires_at=None)
    Invitation.objects.update(state="expired")
    Affiliation.objects.filter(user=researcher).update(ends_on=LAST_DAY)
    with at(BEFORE_MIDNIGHT):
        assert checked() == (set(), "")
        assert Affiliation.objects.in_force().filter(user=researcher).exists()
        assert ApiKey.objects.usable().exists()
        reminders.end_due()
        assert Affiliation.objects.get(user=researcher).state == "active"
    with at(AFTER_MIDNIGHT):
        assert checked() == ({"affiliation", "api_key"}, "2 rights without a membership.")
        assert not Affiliation.objects.in_force().filter(user=researcher).exists()
        assert not ApiKey.objects.usable().exists()
        reminders.end_due()
        assert checked() == (set(), "")
        assert Affiliation.objects.get(user=researcher).state == "ended"


def test_an_organisations_last_day_is_a_day_of_rights_too(world, laboratory, researcher, referent):
    ApiKey.objects.update(expires_at=None)
    Invitation.objects.update(state="expired")
    Membership.objects.filter(organisation=laboratory).update(ends_on=LAST_DAY)
    with at(BEFORE_MIDNIGHT):
        assert checked() == (set(), "")
        assert Affiliation.objects.in_force().filter(user=researcher).exists()
        memberships.expire_ended()
        assert Membership.objects.get(organisation=laboratory).state == "active"
    with at(AFTER_MIDNIGHT):
        assert checked()[0] == {"membership", "affiliation", "referent", "api_key"}
        assert not Affiliation.objects.in_force().filter(user=researcher).exists()
        memberships.expire_ended()
        assert "membership" not in checked()[0]
        assert Membership.objects.get(organisation=laboratory).state == "expired"


def test_the_states_that_stand_come_from_the_tables():
    assert set(affiliation.BELONGING) == {"active", "suspended"}
    assert set(membership.STANDING) == {"active", "suspended"}
    assert set(affiliation.OPEN) == {"requested", "active", "suspended"}
    for states in (affiliation, membership):
        standing = getattr(states, "BELONGING", None) or states.STANDING
        assert not standing & states.LIFE.final
