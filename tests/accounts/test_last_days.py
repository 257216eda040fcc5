"""A last day, an unanswered request, an account nobody uses: what time does, once, at its hour."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core import mail
from django.utils import timezone

from accounts import policies
from accounts.models import Affiliation, ApiKey, Duty, PersonalDomain, User
from accounts.services.people import affiliations, duties, reminders, sleeping, staff, terms
from accounts.services.programs import api_keys
from accounts.states.affiliation import State
from accounts.tasks import belonging_clock
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db


def test_every_button_of_the_people_page_opens_the_sheet_that_it_names(referent, researcher, as_):
    page = as_(referent).get("/organisation/people/").content.decode()
    names = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(names) == sorted(set(names))
    asked = re.findall(r'popovertarget="((?:end|suspend)-\d+)"', page)
    assert len(asked) == 2
    assert all(re.search(rf'<div class="why" id="{one}" popover', page) for one in asked)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def later(days: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def subjects(to: str) -> list[str]:
    make.keep_promises()
    return [one.subject for one in mail.outbox if one.to == [to]]


@pytest.mark.parametrize(
    ("position", "needs"),
    [
        ("Doctorante, 2e année", True),
        ("PhD student", True),
        ("Post-doc", True),
        ("Ingénieure d’études, en mission", True),
        ("Prestataire", True),
        ("Subcontractor", True),
        ("CDD", True),
        ("Stagiaire", True),
        ("Chargé de mission", False),
        ("Directrice de recherche", False),
        ("Ingénieur", False),
        ("Doctor of geology", False),
    ],
)
def test_a_position_that_ends_some_day_is_known_by_its_words(position, needs):
    assert terms.needs_last_day(position) is needs


def test_a_doctoral_student_says_until_when(stranger, laboratory, as_):
    browser = as_(stranger)
    sent = {"position": "Doctoral student", "statement": "Coast."}
    page = browser.post(f"/account/attach/{laboratory.pk}/", sent)
    assert page.status_code == 422
    assert "give the last day" in page.content.decode()
    assert not Affiliation.objects.filter(user=stranger).exists()
    sent["ends_on"] = in_days(900).isoformat()
    assert browser.post(f"/account/attach/{laboratory.pk}/", sent).status_code == 302
    assert Affiliation.objects.get(user=stranger).ends_on == in_days(900)


@pytest.mark.parametrize(
    ("ends_on", "code"),
    [(-1, "last_day_past"), (3000, "last_day_too_far"), (None, "last_day_missing")],
)
def test_a_last_day_that_cannot_be_is_refused(researcher, referent, ends_on, code):
    own = policies.current_affiliation(researcher)
    Affiliation.objects.filter(pk=own.pk).update(position="Contractor")
    asked = None if ends_on is None else in_days(ends_on)
    with pytest.raises(Invalid, match=code):
        affiliations.set_last_day(own, ends_on=asked, by=Actor.of(referent))
    assert Affiliation.objects.get(pk=own.pk).ends_on is None
    assert not own.events.filter(step="set_end").exists()


def test_the_last_day_is_the_referents_never_the_persons(researcher, other_referent, referent):
    own = policies.current_affiliation(researcher)
    for stranger in (researcher, other_referent):
        with pytest.raises(NotAllowed, match="referent_only"):
            affiliations.set_last_day(own, ends_on=in_days(9), by=Actor.of(stranger))
    affiliations.set_last_day(own, ends_on=in_days(9), by=Actor.of(referent))
    own.refresh_from_db()
    assert (own.ends_on, own.events.last().reason) == (in_days(9), in_days(9).isoformat())


def test_person_and_referent_are_told_thirty_and_seven_days_before_once(researcher, referent):
    own = policies.current_affiliation(researcher)
    affiliations.set_last_day(own, ends_on=in_days(40), by=Actor.of(referent))
    ends = f"Your affiliation with The laboratory ends on {in_days(40):%b. %-d, %Y}"
    for days, told in ((9, 0), (10, 1), (20, 1), (33, 2), (39, 2)):
        with later(days):
            reminders.announce_ends()
            reminders.announce_ends()
            to_person = [one for one in subjects(researcher.email) if "ends on" in one]
            assert len(to_person) == told, days
    assert to_person[0].startswith(ends[:40])
    to_referent = [one for one in subjects(referent.email) if "unless you prolong" in one]
    assert len(to_referent) == 2


def test_it_ends_the_day_after_the_last_in_paris_and_rights_never_wait_for_the_clock(
    researcher, referent
):
    """30 September ends at 22:00 UTC, midnight in Paris."""
    own = policies.current_affiliation(researcher)
    with time_machine.travel(datetime(2027, 9, 1, tzinfo=UTC), tick=False):
        affiliations.set_last_day(own, ends_on=date(2027, 9, 30), by=Actor.of(referent))
        key, secret = api_keys.create(
            researcher, name="x", scopes=["read"], by=Actor.of(researcher)
        )
    with time_machine.travel(datetime(2027, 9, 30, 21, 59, tzinfo=UTC), tick=False):
        assert reminders.end_due() == 0
        assert policies.current_affiliation(researcher) == own
    with time_machine.travel(datetime(2027, 9, 30, 22, 1, tzinfo=UTC), tick=False):
        assert policies.current_affiliation(researcher) is None
        assert api_keys.find(key.access_key, secret) is None
        assert (reminders.end_due(), reminders.end_due()) == (1, 0)
    own.refresh_from_db()
    assert (own.state, own.events.last().by_part) == (State.ENDED, "clock")
    assert not ApiKey.objects.living().exists()
    with time_machine.travel(datetime(2027, 10, 1, tzinfo=UTC), tick=False):
        assert "You are no longer attached to The laboratory" in subjects(researcher.email)


def test_one_click_prolongs_by_a_year_and_reminders_begin_anew(researcher, referent, as_):
    own = policies.current_affiliation(researcher)
    affiliations.set_last_day(own, ends_on=in_days(20), by=Actor.of(referent))
    reminders.announce_ends()
    answer = as_(referent).post(f"/organisation/affiliations/{own.pk}/last-day/", {"prolong": "1"})
    assert answer.status_code == 302
    own.refresh_from_db()
    assert (own.ends_on, own.end_told_days) == (in_days(20 + 365), None)


def test_an_unanswered_request_is_reminded_then_escalated_each_once(
    stranger, laboratory, referent, desk, as_, settings
):
    asked = make.request(stranger, laboratory)
    for days, reminded, escalated in ((6, 0, 0), (8, 1, 0), (9, 1, 0), (15, 1, 1), (20, 1, 1)):
        with later(days):
            belonging_clock()
            made = [one for one in subjects(referent.email) if one.startswith("Reminder")]
            told = [one for one in subjects(settings.DESK_EMAIL) if "Stranger" in one]
            assert (len(made), len(told)) == (reminded, escalated), days
    browser = as_(desk)
    assert "Stranger" in browser.get("/desk/unanswered/").content.decode()
    step = f"/organisation/affiliations/{asked.pk}/accept/"
    answer = browser.post(step, {"next": "/desk/unanswered/"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/unanswered/")
    assert browser.get("/desk/unanswered/").context["waiting"] == []


def test_an_answered_request_reminds_nobody(stranger, laboratory, referent):
    asked = make.request(stranger, laboratory)
    affiliations.refuse(asked, reason="No.", by=Actor.of(referent))
    with later(20):
        assert (reminders.remind_requests(), reminders.escalate_requests()) == (0, 0)


def test_the_list_of_people_is_found_flagged_sorted_and_exported(
    researcher, referent, laboratory, as_
):
    person = make.person("=cmd@gmail.com", name="=HYPERLINK(1)")
    affiliations.accept(make.request(person, laboratory), by=Actor.of(referent))
    own = Affiliation.objects.get(user=person)
    affiliations.set_last_day(own, ends_on=in_days(5), by=Actor.of(referent))
    browser = as_(referent)

    def names(**asked: str) -> list[str]:
        page = browser.get("/organisation/people/", asked).context["page"]
        return [row.user.full_name for row in page]

    assert names() == ["=HYPERLINK(1)", "Referent of laboratory", "Researcher"]
    assert names(flag="personal") == names(flag="ending") == names(q="GMAIL") == ["=HYPERLINK(1)"]
    assert names(flag="asleep") == []
    assert names(sort="end")[0] == "=HYPERLINK(1)"
    assert names(view="ended", sort="nonsense", flag="nonsense") == []
    PersonalDomain.objects.filter(domain="gmail.com").delete()
    assert names(flag="personal") == []
    said = browser.get("/organisation/people.csv").getvalue().decode()
    assert said.startswith("\ufeffName,")
    assert "'=HYPERLINK(1),'=cmd@gmail.com" in said
    assert len(said.splitlines()) == 4
    with later(400):
        User.objects.filter(pk=researcher.pk).update(last_login=timezone.now())
        rows = staff.people_of(laboratory)
        asleep = staff.flagged(rows, "asleep").values_list("user__full_name", flat=True)
        assert set(asleep) == {"=HYPERLINK(1)", "Referent of laboratory"}


def test_a_sleeping_account_is_warned_then_closed_after_two_years(researcher, referent, laboratory):
    """Warned 30 days before; a sign-in starts the two years anew."""
    User.objects.exclude(pk=researcher.pk).update(last_login=timezone.now() + timedelta(days=800))
    key, secret = api_keys.create(researcher, name="x", scopes=["read"], by=Actor.of(researcher))
    duties.appoint(researcher, kind="quota_administrator", by=make.SYSTEM)
    UserSession.objects.create(
        user=researcher, ip="192.0.2.1", user_agent="x", session_key="a" * 32
    )
    with later(699):
        assert (sleeping.warn(), sleeping.close_sleeping()) == (0, 0)
    with later(701):
        assert (sleeping.warn(), sleeping.warn(), sleeping.close_sleeping()) == (1, 0, 0)
        warned = [one for one in subjects(researcher.email) if "closes on" in one]
        assert len(warned) == 1
        User.objects.filter(pk=researcher.pk).update(last_login=timezone.now())
    with later(733):
        assert (sleeping.warn(), sleeping.close_sleeping()) == (0, 0)
    with later(701 + 731):
        User.objects.exclude(pk=researcher.pk).update(last_login=timezone.now())
        assert (sleeping.close_sleeping(), sleeping.warn()) == (0, 1)  # never without warning
    with later(701 + 731 + 31):
        assert (sleeping.close_sleeping(), sleeping.close_sleeping()) == (1, 0)
        assert api_keys.find(key.access_key, secret) is None
        assert "Your DINAMIS account is closed" in subjects(researcher.email)
    researcher.refresh_from_db()
    assert (researcher.is_active, researcher.closed_at is not None) == (False, True)
    assert Affiliation.objects.get(user=researcher).state == State.ENDED
    assert not Duty.objects.current().filter(user=researcher).exists()
    assert not UserSession.objects.filter(user=researcher).exists()


def test_an_affiliation_that_is_over_has_no_last_day_to_move(researcher, referent):
    own = policies.current_affiliation(researcher)
    affiliations.end(own, reason="Left.", by=Actor.of(referent))
    with pytest.raises(NotNow, match="not_active"):
        affiliations.set_last_day(own, ends_on=in_days(9), by=Actor.of(referent))
