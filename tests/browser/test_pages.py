"""Every main page of every role, walked in the demonstration: accessible, fitting, in one language."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import Membership, Organisation, User
from catalogue.demo import archive
from catalogue.models import Product, SavedArea
from orders.ledger.models import Period
from orders.models import Line, Quote
from orders.services.desk.desk import QUEUES
from tests.browser.axe import stand_by, violations

pytestmark = pytest.mark.django_db(transaction=True)

# Theme, width, language.
LOOKS = [("light", 1440, "fr"), ("dark", 390, "en")]
# The invented archive repeats itself; a few of its scenes draw the same pages in less time.
ENOUGH = 8
PEOPLE = {
    "newcomer": "robin.paletuvier@ecologie-littorale.example",
    "researcher": "lou.mascaret@ecologie-littorale.example",
    "other researcher": "sacha.estran@marais-du-nord.example",
    "referent": "alix.lagune@ecologie-littorale.example",
    "desk": "guichet@dinamis.example",
    "quota administrator": "budget@dinamis.example",
}
ACCOUNT = ("account", "attach", "api_keys", "licences", "account_email", "account_change_password",
           "mfa_index", "usersessions_list")  # fmt: skip
LED = ("organisation", "organisation_people", "organisation_invitations",
       "organisation_invite_list", "organisation_review", "organisation_facts", "ask_facts",
       "ask_legal", "ask_referent")  # fmt: skip

# Whose account is walked: of somebody attached to nobody, of a member, of who leads.
MORE = {"newcomer": ACCOUNT, "other researcher": ACCOUNT, "referent": (*ACCOUNT, *LED)}


@pytest.fixture
def demonstration(transactional_db) -> Iterator[None]:
    """The invented scheme, as `./run up` loads it, with less of an archive."""
    few = list(archive.scenes())[:ENOUGH]
    with override_settings(DEMO=True), mock.patch.object(archive, "scenes", return_value=few):
        call_command("load_demo", verbosity=0)
        yield


def named(*names: str) -> list[str]:
    return [reverse(name) for name in names]


def asking(address: str, **values: object) -> str:
    return address + "?" + "&".join(f"{key}={value}" for key, value in values.items())


def of_a_visitor() -> list[str]:
    pages = named("home", "catalogue", "join", "account_login", "account_signup",
                  "account_reset_password", "account_reset_password_done", "components")  # fmt: skip
    products = [product.get_absolute_url() for product in Product.objects.all()[:1]]
    return [*pages, *products, "/nowhere"]


def of_a_researcher(user: User) -> list[str]:
    lines = Line.objects.filter(order__requester=user).select_related("order", "scene")
    pages = named("home", "orders", "quota", "tasking_new")
    pages += [line.get_absolute_url() for line in lines]
    wished = lines.exclude(scene=None).first()
    if wished is None:
        return pages
    area = SavedArea.objects.create(
        owner=user, name="Area", geometry=wished.area, area_km2=wished.area_km2
    )
    unsent = Quote.objects.get(pk=wished.quote_id)
    unsent.pk, unsent.key, unsent.reference = None, area.key, f"D-{area.pk}"
    unsent.save()
    return [
        *pages,
        asking(reverse("catalogue"), area=area.key),
        asking(wished.scene.get_absolute_url(), area=area.key),
        asking(reverse("order_new"), scene=wished.scene.item_id, area=area.key),
        asking(reverse("tasking_new"), area=area.key),
        reverse("quote", args=[unsent.key]),
        reverse("charge", args=[unsent.key]),
        asking(reverse("compare"), area=area.key),
        reverse("licence_sign", args=["spot67"]),
    ]


def of_the_desk() -> list[str]:
    pages = named("home", "desk", "desk_memberships", "desk_deliveries", "desk_accounts",
                  "desk_scenes", "desk_unanswered", "desk_absences", "desk_mail")  # fmt: skip
    pages += named("desk_organisations", "desk_changes")
    pages += [reverse("desk_organisation", args=[one.pk]) for one in Organisation.objects.all()[:1]]
    pages += [reverse("desk_lines", args=[name]) for name in QUEUES if name != "decide"]
    pages += named("desk_orders", "desk_late")
    waiting = QUEUES["decide"].lines()[:2]
    pages += [reverse("desk_order", args=[one.reference]) for one in waiting]
    return pages + [
        reverse("desk_membership", args=[one.reference]) for one in Membership.objects.all()
    ]


def of_the_budget() -> list[str]:
    periods = [reverse("quota_period", args=[one.pk]) for one in Period.objects.all()]
    ahead = [reverse("period_forecast", args=[one.pk]) for one in Period.objects.all()[:1]]
    return ["/", *periods, *ahead, reverse("rules"), reverse("rules_version", args=["2026-01"])]


def pages_of(role: str, user: User) -> list[str]:
    if role == "desk":
        return of_the_desk()
    if role == "quota administrator":
        return of_the_budget()
    return of_a_researcher(user) + named(*MORE.get(role, ()))


def sign_in(page: Page, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": page.url}])


def wrong_with(page: Page, address: str, language: str) -> list[str]:
    """What a person would stumble on: a fault, a page too wide, another language, a barrier."""
    answer = page.goto(address)
    found = violations(page)
    if answer.status >= 500 or (answer.status != 200 and address != "/nowhere"):
        found.append(f"answered {answer.status}")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        found.append(f"{wide} px too wide")
    if page.locator("html").get_attribute("lang") != language:
        found.append("is in another language")
    empty = page.evaluate(
        "[...document.querySelectorAll('[data-map]')].filter((map) => map.checkVisibility()"
        " && map.clientHeight < 100).map((map) => `the map ${map.id} has no height`)"
    )
    return [f"{address}: {one}" for one in found + empty]


def opened(visit, **look: object) -> Page:
    page = visit("/", **look)
    stand_by(page)
    return page


def walk(visit, *, language: str, **look: object) -> list[str]:
    """Every page of everybody in one look."""
    page = opened(visit, language=language, **look)
    wrong = [one for address in of_a_visitor() for one in wrong_with(page, address, language)]
    for role, email in PEOPLE.items():
        user = User.objects.get(email=email)
        User.objects.filter(pk=user.pk).update(language=language)
        page = opened(visit, language=language, **look)
        sign_in(page, user)
        for address in pages_of(role, user):
            wrong += [f"{role} {one}" for one in wrong_with(page, address, language)]
    return wrong


@pytest.mark.long
def test_no_page_of_any_role_has_a_barrier_a_fault_or_a_line_too_long(visit, demonstration):
    """In both looks, one after the other: inventing the scheme takes as long as thirty of its pages."""
    for theme, width, language in LOOKS:
        wrong = walk(visit, theme=theme, width=width, language=language)
        assert not wrong, "\n".join([f"{theme}, {width} px, {language}:", *wrong])


def test_the_walk_sees_a_page_too_wide_and_a_picture_without_words(visit, transactional_db):
    """The walk must be able to fail: the same questions, of a page broken on purpose."""
    page = visit("/accounts/login/", width=390)
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        " const wide = document.createElement('img');"
        " wide.width = 900; wide.height = 5; document.body.append(wide); })"
    )
    wrong = "\n".join(wrong_with(page, "/accounts/login/", "fr"))
    assert "px too wide" in wrong
    assert "image-alt" in wrong
