"""What people and programs are told, as it is seen: the list, the choices, a webhook with its log, the calendar."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.emails.message import Message
from accounts.models import Affiliation, User, Webhook, WebhookAttempt, WebhookCall
from accounts.services.notices import telling
from accounts.services.webhooks import managing
from accounts.services.webhooks.telling import emit
from dinamis.actors import Actor
from orders.services.calendar import calendars
from tests import make
from tests.browser.axe import violations

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [("light", 1440, "fr"), ("dark", 390, "en")]
NEWS = (
    ("orders", "D-2026-00012-1 · The DINAMIS desk has it since 2 March.", "100 km² are held."),
    ("images", "D-2026-00010-1 · Delivered on 1 March.", "It is now free for every member."),
    ("projects", "The project Coastline of Awala is approved", "Nothing is expected of you."),
)


@pytest.fixture
def leader(transactional_db, licences) -> User:
    laboratory = make.member("laboratory", desk=make.officer("desk"))
    leader = Affiliation.objects.get(organisation=laboratory, is_referent=True).user
    for number, (family, title, text) in enumerate(NEWS):
        said = Message(
            to=leader.email, language="en", subject=title, paragraphs=(text,), path="/orders/"
        )
        telling.tell([said], key=f"seen:{number}", family=family)
    calendars.renew(leader, by=Actor.of(leader))
    _webhook(leader)
    return leader


def _webhook(leader: User) -> None:
    """One that fails, with a call that was taken and one that is tried again."""
    organisation = leader.affiliations.get().organisation
    managing.make(
        organisation, url="https://map.laboratory.example/hook", name="Map server",
        subjects=["lines", "projects"], by=Actor.of(leader),
    )  # fmt: skip
    with transaction.atomic():
        for number, step in enumerate(("accepted", "delivered")):
            emit(organisation, subject="lines", type=f"line.supply.{step}", key=str(number),
                 data={"order": "D-2026-00012", "line": "D-2026-00012-1"})  # fmt: skip
    taken, waiting = WebhookCall.objects.order_by("pk")
    WebhookAttempt.objects.create(call=taken, status=204, milliseconds=83)
    WebhookAttempt.objects.create(
        call=waiting, status=503, milliseconds=1204, answer="Down for maintenance"
    )
    WebhookAttempt.objects.create(call=waiting, fault="slow", milliseconds=10_012)
    soon = timezone.now() + timedelta(minutes=30)
    WebhookCall.objects.filter(pk=taken.pk).update(state="delivered", due_at=None)
    WebhookCall.objects.filter(pk=waiting.pk).update(attempts=2, due_at=soon)
    Webhook.objects.update(failing_since=timezone.now(), failures=2)


def sign_in(page: Page, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": page.url}
    page.context.add_cookies([cookie])


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS, ids=lambda one: str(one))
def test_what_is_told_is_accessible_and_fits_in_both_looks(
    visit, shoot, leader, theme, width, language
):
    leader.language = language
    leader.save()
    page = visit("/", theme=theme, width=width, language=language)
    sign_in(page, leader)
    webhook = Webhook.objects.get()
    for name, path in {
        "notices": "/notices/",
        "nothing": "/notices/?family=quota",
        "choices": "/account/notices/",
        "webhooks": "/organisation/webhooks/",
        "webhook": f"/organisation/webhooks/{webhook.pk}/",
        "calendar": "/calendar/",
    }.items():
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        shoot(page, f"told-{name}-{theme}-{width}-{language}")
        assert violations(page) == [], path
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, path


def test_a_notice_is_read_by_following_it_and_the_bell_counts_down(visit, leader):
    page = visit("/", language="en")
    sign_in(page, leader)
    page.goto("/notices/")
    expect(page.locator("a.bell .count")).to_have_text("3")
    page.get_by_role("button", name="Delivered on 1 March").first.click()
    expect(page).to_have_url(re.compile(r"/orders/$"))
    expect(page.locator("a.bell .count")).to_have_text("2")
    page.goto("/notices/")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator("a.bell .count")).to_have_count(0)
