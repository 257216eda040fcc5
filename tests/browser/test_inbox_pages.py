"""The inbox and the stored files at the desk, as an officer sees them: clean, in every theme and width."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from catalogue.models import ProductFile
from orders.models import Arrival, ArrivalEvent, InboxLook
from tests.browser.axe import assert_accessible
from tests.browser.test_look import overflow
from tests.catalogue import shelf
from tests.orders import make

LOOKS = [("light", 1280, "en"), ("dark", 1280, "fr"), ("light", 390, "fr"), ("dark", 390, "en")]


@pytest.fixture
def officer(as_, licences):
    desk = make.person("dora", "desk")
    return as_(desk)


@pytest.fixture
def filled(officer, settings):
    settings.INBOX_URL = "file:///srv/dinamis/inbox"
    now = timezone.now()
    for name, state, reason, error in (
        ("SO21009288-7_DS_PHR1A_202109171410285_FR1_PX_W053N04_0908_01377.zip", "arriving", "", ""),
        ("SO22010377-1", "taken", "", "Read-only file system (/srv/dinamis/inbox/airbus)"),
        ("SO22010378-1.zip", "refused", "The archive is damaged.", ""),
        ("SO22010379-1", "done", "", ""),
    ):
        one = Arrival.objects.create(
            supplier="airbus",
            name=name,
            path=f"airbus/{name}",
            mark="0" * 64,
            mark_since=now,
            size=14_700_000_000,
            files=38,
            state=state,
            reason=reason,
            error=error,
            state_since=now,
        )
        ArrivalEvent.objects.create(
            arrival=one, step="take", source="arriving", target="taken", at=now, by_part="inbox"
        )
    InboxLook.objects.create(
        place="file:///srv/dinamis/inbox",
        looked_at=now,
        error="Permission denied (/srv/dinamis/inbox/airbus)",
        failing_since=now,
    )
    image = shelf.product(
        names=("IMG_PHR1A_PMS_001/IMG_PHR1A_PMS_202109171410285_R1C1.TIF", "V.XML")
    )
    ProductFile.objects.filter(product=image, name__startswith="IMG").update(
        fault="altered", fault_at=now, looked_at=now
    )


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
@pytest.mark.parametrize("path", ["/desk/inbox/", "/desk/files/", "/desk/deliveries/"])
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_what_is_delivered_are_clean(
    visit, shoot, officer, filled, path, theme, width, language
):
    page = visit("/accounts/login/", theme=theme, width=width, language=language)
    session = officer.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}]
    )
    page.goto(path)
    expect(page.locator("h1")).to_have_count(1)
    shoot(page, f"{path.strip('/').replace('/', '-')}-{theme}-{width}-{language}")
    assert overflow(page) <= 0
    assert_accessible(page)
