"""Late, whose and by how much: the page, the queue and one mail on a working day."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from dinamis import outbox, workdays
from dinamis.actors import Actor
from dinamis.outbox import Promise
from orders.models import LateMail, Line, OrderPreference, TargetRow
from orders.services.desk import lateness
from orders.services.lines import lines
from tests.orders import make

MONDAY = datetime(2026, 9, 7, 9, tzinfo=UTC)


def since(line: Line, days: int) -> Line:
    """As if the line had come into its state so many days ago."""
    Line.objects.filter(pk=line.pk).update(state_since=timezone.now() - timedelta(days=days))
    line.refresh_from_db()
    return line


def test_a_request_is_late_after_the_working_days_of_its_target_and_says_by_how_many(
    researcher, year
):
    line = make.placed(researcher)
    known = lateness.targets()
    assert known["decide", ""] == 10
    assert lateness.late_by(line, known) == 0
    since(line, 40)
    due = workdays.after(timezone.localdate(line.state_since), 10)
    assert lateness.due_on(line, known) == due
    assert lateness.late_by(line, known) == workdays.between(due, timezone.localdate()) > 0
    assert list(lateness.late_lines("decide", known)) == [line]


def test_the_day_itself_is_not_late_and_the_next_working_day_is(researcher, year):
    line = make.placed(researcher)
    known = {("decide", ""): 10}
    start = timezone.localdate(line.state_since)
    due = workdays.after(start, 10)
    for day, late in ((due, False), (workdays.after(due, 1), True)):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        with time_machine.travel(noon, tick=False):
            assert (lateness.late_by(line, known) > 0) == late
            assert lateness.late_lines("decide", known).exists() == late


def test_each_stage_has_a_target_of_its_own_and_a_service_may_have_another(
    researcher, laboratory, desk, year, spot_year
):
    place = since(lines.accept(make.placed(researcher), by=Actor.of(desk)), 40)
    tasking = since(make.placed(researcher, make.tasking_quote(researcher)), 20)
    OrderPreference.objects.create(organisation=laboratory, referent_approves=True)
    referent = since(make.placed(researcher), 40)
    whose = {one.line: one.stage for one in lateness.everything_late()}
    assert whose == {place: "place", referent: "referent", tasking: "decide"}
    with make.rules_opened():
        version = TargetRow.objects.first().version
        TargetRow.objects.create(version=version, stage="decide", kind="tasking", days=60)
    assert tasking not in {one.line for one in lateness.everything_late()}
    assert lateness.count_late() == 2


def test_without_a_target_nobody_is_late(researcher, year):
    since(make.placed(researcher), 400)
    with make.rules_opened():
        TargetRow.objects.all().delete()
    assert lateness.everything_late() == []
    assert lateness.count_late() == 0


def test_the_desk_is_told_once_a_working_day_and_never_on_another(researcher, year, settings):
    with time_machine.travel(MONDAY, tick=False):
        since(make.placed(researcher), 0)
    mail.outbox.clear()
    with time_machine.travel(MONDAY + timedelta(days=27), tick=False):  # a Sunday
        assert not lateness.promise_mail()
    with time_machine.travel(MONDAY + timedelta(days=28), tick=False):
        assert lateness.promise_mail()
        assert not lateness.promise_mail()
        for promise in Promise.objects.filter(task="orders.tasks.tell_late"):
            outbox.keep(promise.pk)
    told = [one for one in mail.outbox if one.to == [settings.DESK_EMAIL]]
    assert len(told) == 1
    assert LateMail.objects.get().count == 1


def test_the_page_says_who_is_late_and_links_to_where_it_is_decided(client, desk, researcher, year):
    line = since(make.placed(researcher), 60)
    client.force_login(desk)
    page = client.get(reverse("desk_late"), headers={"accept-language": "en"}).content.decode()
    assert reverse("desk_order", args=[line.reference]) in page
    assert "the desk&#x27;s decision" in page
    queue = client.get(reverse("desk_orders") + "?late=1", headers={"accept-language": "en"})
    assert f'value="{line.pk}"' in queue.content.decode()
    fresh = make.placed(researcher)
    queue = client.get(reverse("desk_orders") + "?late=1", headers={"accept-language": "en"})
    assert f'value="{fresh.pk}"' not in queue.content.decode()
