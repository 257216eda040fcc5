"""What is shared of the quota, in a browser: the waiting list, more quota, pools, what exists already."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dinamis.actors import Actor
from orders.services.lines import orders
from orders.services.pools import draws, joint, pools
from orders.services.purse import quota_requests
from tests.browser.axe import assert_accessible
from tests.orders import make


def enter(page, user) -> None:
    """Give the page's browser the session of a person who has signed in."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies(name=name)
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": name, "value": value, "url": origin}])


@pytest.fixture
def stage(transactional_db):
    """A laboratory short of quota, a neighbour, a pool, a request, a joint request, an existing image."""
    here, there = make.organisation(), make.organisation("Mountain Laboratory")
    alice, bob, mara = (make.person(name) for name in ("alice", "bob", "mara"))
    for user, home, leads in ((alice, here, False), (bob, here, True), (mara, there, True)):
        make.attached(user, home, is_referent=leads)
        make.signed(user)
    year, spot = make.period(), make.period("spot67", budget=100)
    for home in (here, there):
        make.allotment(home, 900, in_period=year)
        make.allotment(home, 30, in_period=spot)
    quota_requests.ask(
        year, here, Decimal(400), reason="The winter storms.", submission="a", by=Actor.of(bob)
    )
    pool = pools.propose(
        year,
        title="Storms of the Atlantic coast",
        aim="One campaign over the sites that both laboratories follow.",
        threshold=Decimal(400),
        ends_on=min(timezone.localdate() + timedelta(days=20), year.ends_on),
        rule="vote",
        submission="p",
        by=Actor.of(bob),
    )
    pools.pledge(pool, here, Decimal(250), submission="1", by=Actor.of(bob))
    pools.pledge(pool, there, Decimal(200), submission="2", by=Actor.of(mara))
    line = make.draft(alice, make.quote(alice, km2=300)).lines.get()
    draws.ask(pool, line, by=Actor.of(alice))
    make.placed(alice, make.quote(alice, km2=500))
    waiting = orders.submit(
        make.draft(alice, make.quote(alice, km2=300)), by=Actor.of(alice), wait=True
    ).lines.get()
    make.product(make.scene(km2=900, at=(2.0, 47.0)))
    area = make.square(400, at=(2.2, 47.0))
    covered = make.quote(alice, of=make.scene(km2=2500, at=(2.2, 47.0)), area=area)
    tasked = make.placed(alice, make.tasking_quote(alice, km2=2500))
    make.placed(mara, make.tasking_quote(mara, km2=3000))
    joint.find(tasked)
    return {
        "waiting": (alice, waiting.get_absolute_url()),
        "quota": (alice, reverse("quota")),
        "requests": (bob, reverse("quota_requests")),
        "at-desk": (make.person("dora", "desk"), reverse("desk_quota_requests")),
        "pools": (bob, reverse("pools")),
        "pool": (mara, pool.get_absolute_url()),
        "existing": (alice, reverse("quote", args=[covered.key])),
        "joint": (alice, tasked.get_absolute_url()),
    }


def test_every_page_is_clean_in_both_themes_and_widths(visit, shoot, stage):
    looks = [("light", 1280, "fr"), ("dark", 390, "en")]
    for theme, width, language in looks:
        page = visit("/", theme=theme, width=width, language=language)
        for name, (user, address) in stage.items():
            enter(page, user)
            page.goto(address)
            shoot(page, f"shared-{name}-{theme}-{width}-{language}")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (name, width)
            assert_accessible(page)
