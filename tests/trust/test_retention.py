"""Periods that end, and the register that says them: each rule forgets what is over, and no more."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import MailedLink, Membership, SignerFacts, User
from accounts.services import links
from accounts.services.licences import chain
from accounts.services.trust import register
from accounts.services.trust.retention import NOWHERE
from dinamis import personal_rows, retention
from dinamis.idempotency import IdempotentAnswer
from dinamis.outbox import Promise
from dinamis.tasks import forget
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ago(days: int):
    return timezone.now() - days * DAY


def test_promises_and_answers_are_forgotten_when_their_period_is_over():
    for days in (29, 31):
        Promise.objects.create(task="x", arguments=[days], done_at=ago(days))
    Promise.objects.create(task="x", arguments=["stuck"], made_at=ago(400))
    for days in (1, 3):
        made = IdempotentAnswer.objects.create(actor="user:1", key=str(days), status=201)
        IdempotentAnswer.objects.filter(pk=made.pk).update(made_at=ago(days))
    done = retention.apply()
    assert (done["promises"], done["answers"]) == (1, 1)
    assert [one.arguments for one in Promise.objects.all()] == [[29], ["stuck"]]
    assert [one.key for one in IdempotentAnswer.objects.all()] == ["1"]
    assert sum(retention.apply().values()) == 0


def test_a_period_is_a_setting(settings):
    settings.RETENTION = settings.RETENTION | {"promises": 10 * DAY}
    Promise.objects.create(task="x", done_at=ago(11))
    assert retention.apply()["promises"] == 1


def test_a_rule_that_fails_keeps_no_other_from_its_work(monkeypatch):
    monkeypatch.setitem(retention._rules, "answers", lambda most: 1 / 0)
    Promise.objects.create(task="x", done_at=ago(31))
    forget()
    assert Promise.objects.count() == 0


def test_more_than_a_batch_goes_in_one_night(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _turn in range(5):
        Promise.objects.create(task="x", done_at=ago(31))
    assert retention.apply()["promises"] == 5


def test_the_people_of_a_dossier_are_forgotten_a_year_after_its_end(licences, desk):
    ended = make.membership("school")
    living = make.membership("museum")
    for one, state in ((ended, "refused"), (living, "under_review")):
        Membership.objects.filter(pk=one.pk).update(state=state, state_since=ago(366))
    assert retention.apply()["dossiers"] == 1
    ended.refresh_from_db()
    living.refresh_from_db()
    assert (ended.referent_name, ended.legal_name, ended.legal_position) == ("", "", "")
    assert ended.referent_email.endswith(NOWHERE)
    assert ended.legal_email.endswith(NOWHERE)
    assert {str(link) for link in ended.links.all()} == {"erased person"}
    assert living.legal_name == "Legal"
    assert chain.verify() == []
    assert retention.apply()["dossiers"] == 0


def test_an_unused_link_forgets_whom_it_was_for_and_a_used_one_its_key_alone(licences):
    made = make.membership("school", until="awaiting_legal")
    make.token(made.links.get(purpose="prove"))
    token = make.token(made.links.get(purpose="accept"))
    MailedLink.objects.update(expires_at=ago(91))
    assert retention.apply()["links"] == 2
    used, unused = made.links.get(purpose="prove"), made.links.get(purpose="accept")
    assert (used.name, used.digest) == ("Referent", None)
    assert (unused.name, unused.digest, unused.email[-15:]) == ("", None, NOWHERE)
    assert not MailedLink.objects.with_token(token).exists()
    assert retention.apply()["links"] == 0


def test_the_facts_behind_a_signature_go_when_their_period_is_over(researcher, settings):
    kept = SignerFacts.objects.get(signature=make.signature(researcher))
    assert kept.keep_until == timezone.localdate() + timedelta(days=3653)
    settings.RETENTION = settings.RETENTION | {"evidence": -DAY}
    over = SignerFacts.objects.get(signature=make.signature(researcher, "pleiades", subject="x"))
    assert retention.apply()["signers"] == 1
    over.refresh_from_db()
    kept.refresh_from_db()
    assert (over.name, over.ip, bool(over.erased_at)) == ("", "", True)
    assert (kept.name, kept.erased_at) == ("Researcher", None)
    assert chain.verify() == []


def test_a_closed_account_is_erased_four_years_after_its_last_use():
    closed, used, open_one = (make.person(f"{name}@a.example") for name in ("one", "two", "three"))
    User.objects.update(joined_at=ago(3000), last_login=ago(1462), is_active=False)
    User.objects.filter(pk=used.pk).update(last_login=ago(1460))
    User.objects.filter(pk=open_one.pk).update(is_active=True)
    assert retention.apply()["accounts"] == 1
    erased = User.objects.exclude(erased_at=None)
    assert [one.pk for one in erased] == [closed.pk]


def test_the_mail_with_a_link_says_where_the_data_came_from(licences):
    made = make.membership("school", until="awaiting_legal")
    link = made.links.get(purpose="accept")
    text = " ".join(links.mail_of(link, make.token(link)).after)
    assert "were given to DINAMIS by the person who filled in the form" in text
    assert "/data/" in text


def test_every_word_of_the_classification_is_there_for_readers():
    for model in personal_rows.models():
        for line in personal_rows.lines_of(model).values():
            if line.category != "none":
                assert line.category in register.CATEGORIES
                assert line.retention in register.PERIODS, (model, line.retention)


def test_the_public_page_says_the_periods_that_the_settings_have(client, settings):
    settings.RETENTION = settings.RETENTION | {"exports": 5 * DAY}
    client.cookies["django_language"] = "en"
    page = client.get("/data/").content.decode()
    assert "5 days" in page
    assert "10 years from the signature" in page
    assert settings.PRIVACY_EMAIL in page
    with translation.override("en"):
        assert register.period_in_words("one year") == "1 year"
