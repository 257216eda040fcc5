"""A desk officer's morning: requests decided in the browser, mostly by keyboard, some of them undone."""

import os
import time
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Decision, Line, ReasonText
from orders.services.lines import clock
from tests import make as people
from tests.browser.walking import Walker, work
from tests.orders import make

pytestmark = pytest.mark.django_db(transaction=True)
# How many requests wait in the morning; MORNING_REQUESTS=40 is the one of docs/trials.md.
REQUESTS = int(os.environ.get("MORNING_REQUESTS", "8"))
DESK = "desk@dinamis.example"
# J and R in one breath: how many decisions of the file that is left were opened.
HASTY = """() => {
  for (const key of ["j", "r"]) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
  return document.querySelectorAll(".decide details[open]").length;
}"""


@pytest.fixture
def waiting(transactional_db, settings) -> list[Line]:
    """Requests of every sort: some similar to an image of a member, some large, some small."""
    settings.DESK_UNDO_SECONDS = 30
    laboratory = make.organisation("Laboratoire du littoral")
    asker = make.person("lou")
    make.attached(asker, laboratory)
    make.signed(asker)
    make.allotment(laboratory, 90_000, in_period=make.period(budget=100_000))
    people.officer("desk")
    make.product(make.scene(), km2=100)
    scene = make.scene(km2=900)
    return [
        make.placed(asker, make.quote(asker, of=scene, km2=150 + 10 * number))
        for number in range(REQUESTS)
    ]


def opened(page: Page) -> str:
    """The reference of the line whose file is open."""
    return page.locator("#file .small a").first.inner_text()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def decide(page: Page, *keys: str, words: str = "") -> None:
    """Decide on the file that is open, by keyboard; the next one opens."""
    before = opened(page)
    press(page, keys[0])
    if words:
        page.keyboard.type(words)
        press(page, "Tab")
    with page.expect_navigation():
        press(page, "Enter")
    assert opened(page) != before


def test_the_morning_is_decided_by_keyboard_and_nothing_leaves_before_its_moment_is_over(
    visit, waiting, shoot
):
    desk = Walker(visit, language="en")
    desk.sign_in(DESK)
    work()
    mail.outbox.clear()
    page = desk.page
    desk.go("/desk/orders/")
    expect(page.locator("[data-row]")).to_have_count(min(REQUESTS, 50))
    desk.check()
    shoot(page, "desk-morning-en")
    # A key that is pressed while the next file is on its way does nothing to the old one.
    with page.expect_navigation():
        assert page.evaluate(HASTY) == 0
    desk.go("/desk/orders/")
    began = time.monotonic()

    decide(page, "r", words="Not this year.")
    decide(page, "e", words="Which year?")
    press(page, "p")
    page.locator("[name=offer_part-without]").check()
    page.locator("[name=offer_part-reason]").fill("The rest exists.")
    with page.expect_navigation():
        page.locator("[data-verb=offer_part] details .btn").last.click()
    for _ in range(REQUESTS - 5):
        decide(page, "a")
    # The first of the two left is decided by mistake, and undone.
    wrong = opened(page)
    decide(page, "a")
    press(page, "z")
    with page.expect_navigation():
        press(page, "Enter")
    assert opened(page) == wrong
    # Both are then accepted together, from one preview.
    desk.go("/desk/orders/?tick=accept")
    for box in page.locator("[name=line]").all():
        box.check()
    page.locator(".together [value=accept]").click()
    desk.sees("What would become of each")
    desk.check()
    with page.expect_navigation():
        page.locator("main form .btn-primary").last.click()
    desk.sees("Undo all")
    desk.check()
    spent = time.monotonic() - began
    print(f"{REQUESTS} requests decided in {spent:.1f} s, {spent / REQUESTS:.2f} s each")  # noqa: T201

    # Whatever is still within its moment has not happened, for all that the worker does.
    work()
    young = Decision.objects.pending().filter(takes_effect_at__gt=timezone.now())
    assert set(young.values_list("line__approval", flat=True)) <= {"submitted"}
    taken = Decision.objects.filter(state="taken").count()
    assert len([one for one in mail.outbox if "lou@example.org" in one.to]) == taken
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        work()
        clock.tick()
        work()
    states = sorted(Line.objects.values_list("approval", flat=True))
    told = ["offered", "refused", "to_complete"]
    assert states == sorted(["accepted"] * (REQUESTS - 3) + told)
    assert Decision.objects.filter(state="undone").count() == 1
    assert len([one for one in mail.outbox if "lou@example.org" in one.to]) == REQUESTS


def test_on_a_phone_and_without_javascript_a_request_is_decided_and_undone(
    browser, waiting, live_server, visit
):
    signed = Walker(visit, language="fr", width=390)
    signed.sign_in(DESK)
    cookies = signed.page.context.cookies()
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        locale="fr-FR",
    )
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/desk/orders/")
    page.locator("[data-row] a").first.click()
    form = page.locator("[data-verb=refuse]")
    form.locator("summary").click()
    form.locator("select").select_option(ReasonText.objects.get(code="emergency").pk)
    form.locator("button").last.click()
    decision = Decision.objects.get()
    assert (decision.verb, decision.state) == ("refuse", "pending")
    assert decision.reason.startswith("DINAMIS does not serve emergencies")
    page.locator("[data-undo]").first.click()
    decision.refresh_from_db()
    assert decision.state == "undone"
    context.close()
