"""Who is told what, and how: once each, as they chose, in a list that is theirs alone."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail, signing
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import families
from accounts.emails.message import Message
from accounts.families import Channel
from accounts.models import Digest, Notice, NoticeChoice
from accounts.services.notices import choices, digests, reading, telling
from dinamis import outbox
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed
from dinamis.outbox import Promise
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A browser that asks for English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def ana():
    return make.person("ana@laboratory.example")


def news(to: str, subject: str = "Something happened", **facts) -> Message:
    usual = {"language": "en", "paragraphs": ("Here is what.",), "path": "/orders/"}
    return Message(to=to, subject=subject, **usual | facts)


def choose(user, **ways: str) -> None:
    choices.choose(user, ways, by=Actor.of(user))


class TestTelling:
    def test_news_is_listed_and_mailed_once_however_often_the_task_runs(self, ana):
        for _again in range(3):
            telling.tell([news(ana.email)], key="line:1", family="orders")
        assert [sent.to for sent in mail.outbox] == [[ana.email]]
        [notice] = Notice.objects.visible_to(ana)
        assert (notice.title, notice.text) == ("Something happened", "Here is what.")
        assert notice.mailed_at is not None

    def test_a_mail_that_failed_leaves_when_the_task_runs_again(self, ana, monkeypatch):
        def refuse(*args, **kwargs):
            raise OSError("the server of mail is away")

        with monkeypatch.context() as away:
            away.setattr(telling, "send", refuse)
            with pytest.raises(OSError, match="away"):
                telling.tell([news(ana.email)], key="line:1", family="orders")
        assert Notice.objects.get().mailed_at is None
        assert telling.tell([news(ana.email)], key="line:1", family="orders") == 1
        assert len(mail.outbox) == 1
        assert telling.tell([news(ana.email)], key="line:1", family="orders") == 0

    def test_whoever_chose_the_list_gets_no_mail(self, ana):
        choose(ana, orders=Channel.LIST)
        telling.tell([news(ana.email)], key="line:1", family="orders")
        assert mail.outbox == []
        assert reading.unread_count(ana) == 1

    def test_what_has_legal_effect_comes_by_mail_whatever_row_there_is(self, ana):
        NoticeChoice.objects.create(user=ana, family="licences", channel=Channel.LIST)
        telling.tell([news(ana.email)], key="receipt:1", family="licences")
        assert len(mail.outbox) == 1

    def test_files_come_by_mail(self, ana):
        choose(ana, orders=Channel.WEEKLY)
        said = news(ana.email, attachments=(("a.txt", b"a", "text/plain"),))
        telling.tell([said], key="line:1", family="orders")
        assert mail.outbox[0].attachments

    def test_the_desk_s_shared_address_is_nobody_s_list(self, settings):
        officer = make.person(settings.DESK_EMAIL.lower())
        choose(officer, orders=Channel.LIST)
        telling.tell([news(settings.DESK_EMAIL)], key="line:1", family="orders")
        assert [sent.to for sent in mail.outbox] == [[settings.DESK_EMAIL]]
        assert not Notice.objects.visible_to(officer).exists()

    def test_somebody_without_an_account_is_told_once_too(self):
        for _again in range(2):
            telling.tell([news("legal@laboratory.example")], key="merger:1", family="membership")
        assert len(mail.outbox) == 1

    def test_an_erased_person_is_not_written_to(self):
        assert telling.tell([news("erased-1@erased.invalid")], key="x:1", family="orders") == 0
        assert not Notice.objects.exists()

    def test_a_family_that_no_room_registered_is_a_mistake(self, ana):
        with pytest.raises(KeyError):
            telling.tell([news(ana.email)], key="x:1", family="weather")

    def test_the_database_refuses_to_tell_twice(self, ana):
        telling.tell([news(ana.email)], key="line:1", family="orders")
        facts = Notice.objects.values("person", "key", "family", "language", "channel").get()
        facts["person_id"] = facts.pop("person")
        with pytest.raises(Exception, match="notice_told_once_to_a_person"):
            Notice.objects.create(**facts)


class TestChoosing:
    def test_what_is_fixed_cannot_be_chosen_and_says_why(self, ana):
        with pytest.raises(Invalid):
            choose(ana, deadlines=Channel.LIST)
        assert all(str(one.why_fixed) for one in families.every() if one.code == "deadlines")

    def test_nobody_chooses_for_another(self, ana):
        with pytest.raises(NotAllowed):
            choices.choose(ana, {"orders": "list"}, by=Actor.of(make.person("bo@park.example")))
        assert not NoticeChoice.objects.exists()

    def test_the_page_keeps_what_was_chosen_and_shows_the_rest(self, client, ana):
        client.force_login(ana)
        page = client.get(reverse("notice_choices"))
        fields = set(page.context["form"].fields)
        assert "deadlines" not in fields
        assert b"Without an answer in time something is lost" in page.content
        sent = dict.fromkeys(fields, "daily")
        assert client.post(reverse("notice_choices"), sent).status_code == 302
        assert set(ana.notice_choices.values_list("family", "channel")) == {
            (code, "daily") for code in fields
        }
        assert client.post(reverse("notice_choices"), {"orders": "never"}).status_code == 422


def at(day: int, hour: int = 12) -> time_machine.travel:
    return time_machine.travel(datetime(2026, 3, day, hour, tzinfo=UTC), tick=False)


def morning(day: int) -> list[mail.EmailMessage]:
    """What leaves when the clock of that morning has ticked twice."""
    mail.outbox.clear()
    with at(day, 6):
        digests.promise()
        digests.promise()
        for promise in Promise.objects.open():
            assert outbox.keep(promise.pk)
    return list(mail.outbox)


class TestDigests:
    def told(self, user, day: int, key: str, **facts) -> Notice:
        with at(day):
            telling.tell([news(user.email, **facts)], key=key, family="orders")
        return Notice.objects.get(key=key)

    def test_a_day_s_news_comes_in_one_mail_of_the_next_morning(self, ana):
        choose(ana, orders=Channel.DAILY)
        self.told(ana, 3, "line:1", subject="First thing")
        self.told(ana, 3, "line:2", subject="Second thing")
        self.told(ana, 4, "line:3", subject="Of the day itself")
        assert morning(3) == []
        [sent] = morning(4)
        assert sent.to == [ana.email]
        assert "First thing" in sent.body
        assert "Second thing" in sent.body
        assert "Of the day itself" not in sent.body
        assert morning(4) == []
        assert ["Of the day itself" in one.body for one in morning(5)] == [True]
        assert Digest.objects.count() == 2

    def test_what_was_read_on_the_site_is_not_told_again_and_no_mail_is_empty(self, ana):
        choose(ana, orders=Channel.DAILY)
        notice = self.told(ana, 3, "line:1")
        reading.read(notice, by=Actor.of(ana))
        assert morning(4) == []

    def test_a_week_s_news_comes_on_monday_or_later_when_nobody_worked(self, ana):
        choose(ana, orders=Channel.WEEKLY)
        self.told(ana, 3, "line:1")
        assert morning(6) == []
        assert len(morning(10)) == 1  # Tuesday: the workers were away on Monday the 9th
        assert morning(11) == []

    def test_a_digest_is_in_the_language_of_its_reader(self, ana):
        ana.language = "fr"
        ana.save()
        choose(ana, orders=Channel.DAILY)
        self.told(ana, 3, "line:1")
        [sent] = morning(4)
        assert sent.extra_headers["Content-Language"] == "fr"

    def test_a_digest_that_failed_leaves_the_next_time(self, ana, monkeypatch):
        choose(ana, orders=Channel.DAILY)
        self.told(ana, 3, "line:1")

        def refuse(*args, **kwargs):
            raise OSError("away")

        with at(4, 6):
            digests.promise()
            digest = Digest.objects.get()
            with monkeypatch.context() as away:
                away.setattr(digests.mail, "send", refuse)
                with pytest.raises(OSError, match="away"):
                    digests.send(digest)
            assert digests.send(digest) == 1
            digest.refresh_from_db()
            assert digests.send(digest) == 0

    def test_a_mail_program_leaves_the_digest_in_one_click_and_opening_the_page_does_not(self, ana):
        choose(ana, orders=Channel.DAILY, images=Channel.WEEKLY)
        self.told(ana, 3, "line:1")
        [sent] = morning(4)
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = sent.extra_headers["List-Unsubscribe"].strip("<>")
        path = address[address.index("/notices/") :]
        strict = Client(enforce_csrf_checks=True)
        assert strict.get(path).status_code == 200
        assert NoticeChoice.objects.get(user=ana, family="orders").channel == "daily"
        for _again in range(2):
            assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert NoticeChoice.objects.get(user=ana, family="orders").channel == "list"
        assert NoticeChoice.objects.get(user=ana, family="images").channel == "weekly"

    @pytest.mark.parametrize(
        "token", ["nonsense", signing.dumps([1, "daily"], salt="another")], ids=["nonsense", "salt"]
    )
    def test_a_token_that_is_not_ours_leaves_nothing(self, ana, token):
        with pytest.raises(Gone):
            choices.stop(token)


class TestTheList:
    def test_it_is_one_s_own_alone(self, client, ana, desk):
        telling.tell([news(ana.email)], key="line:1", family="orders")
        notice = Notice.objects.get()
        client.force_login(desk)
        assert b"Something happened" not in client.get(reverse("notices")).content
        assert client.post(reverse("notice_open", args=[notice.pk])).status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_opening_one_reads_it_and_leads_to_the_thing(self, client, ana):
        telling.tell([news(ana.email)], key="line:1", family="orders")
        client.force_login(ana)
        page = client.get(reverse("notices"))
        assert b"Notices, 1 unread" in page.content
        answer = client.post(reverse("notice_open", args=[Notice.objects.get().pk]))
        assert (answer.status_code, answer["Location"]) == (302, "/orders/")
        assert b"unread" not in client.get("/").content
        assert client.post(reverse("notice_mark", args=[Notice.objects.get().pk, "unread"]))
        assert reading.unread_count(ana) == 1

    def test_it_filters_by_kind_and_by_what_is_unread(self, client, ana):
        telling.tell([news(ana.email, "One")], key="line:1", family="orders")
        telling.tell([news(ana.email, "Two")], key="report:1", family="projects")
        client.force_login(ana)
        client.post(reverse("notices_read"), {"family": "orders"})
        shown = client.get(reverse("notices"), {"family": "orders"}).content
        assert (b">One<" in shown, b">Two<" in shown) == (True, False)
        shown = client.get(reverse("notices"), {"show": "unread"}).content
        assert (b">One<" in shown, b">Two<" in shown) == (False, True)

    def test_the_bell_costs_one_question(self, client, ana):
        client.force_login(ana)
        counting = Counting()
        with connection.execute_wrapper(counting):
            client.get(reverse("notice_choices"))
        assert counting.asked == 1

    def test_programs_read_and_mark_page_by_page(self, client, ana):
        for number in range(3):
            telling.tell([news(ana.email, f"N{number}")], key=f"line:{number}", family="orders")
        client.force_login(ana)
        first = client.get("/api/v1/notices?limit=2&unread=true").json()
        assert [one["title"] for one in first["notices"]] == ["N2", "N1"]
        assert first["unread"] == 3
        rest = client.get(first["next"].partition("testserver")[2] or first["next"]).json()
        assert [one["title"] for one in rest["notices"]] == ["N0"]
        assert rest["next"] is None
        ids = [one["id"] for one in first["notices"]]
        kind = {"content_type": "application/json"}
        assert client.post("/api/v1/notices/read", {"ids": ids}, **kind).json() == {"marked": 2}
        assert client.post("/api/v1/notices/read", {"ids": ids}, **kind).json() == {"marked": 0}
        assert client.post("/api/v1/notices/read", {}, **kind).json() == {"marked": 1}


class Counting:
    """Counts the questions about notices."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, execute, sql, params, many, context):
        self.asked += 'accounts_notice"' in sql and "count(" in sql.lower()
        return execute(sql, params, many, context)
