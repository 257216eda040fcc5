"""From another house's word to the request to be attached: the buttons, the way there and back, the account."""

import re

import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import Page, expect

from accounts.models import Affiliation, Organisation, User
from tests import make
from tests.accounts import outside_peer, saml_idp
from tests.accounts.outside_peer import set_up
from tests.browser.walking import Walker
from tests.make import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), outside_peer.LATE]


@pytest.fixture
def peer(settings, live_server):
    settings.SITE_URL = live_server.url
    with outside_peer.running() as peer:
        peer.knows("ada", name="Ada Person", email="ada@laboratory.example", email_verified=True)
        set_up(settings, peer.entry(trusted_domains=["laboratory.example"]))
        yield peer


@pytest.fixture
def elsewhere(visit, faults: list[str]):
    """The other house is another origin, which these tests mean to visit; its own pages are its own."""
    yield
    faults[:] = [fault for fault in faults if not _is_theirs(fault)]


def _is_theirs(fault: str) -> bool:
    asked = re.search(r" asked (http://127\.0\.0\.1:\d+)/", fault)
    return bool(asked) or "/oauth2/" in fault or "/sso" in fault


def sign_in_there(page: Page, who: str) -> None:
    """The other house's own page: any name is an account there."""
    expect(page).to_have_url(re.compile("/oauth2/authorize"))
    page.locator("input[name=sub]").fill(who)
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.usefixtures("elsewhere")
def test_somebody_comes_by_the_word_of_the_laboratory_and_asks_to_be_attached(
    visit, peer, laboratory: Organisation
) -> None:
    walker = Walker(visit, language="fr", path="/accounts/signup/")
    walker.check()
    walker.page.get_by_role("button", name="The Lab").click()
    sign_in_there(walker.page, "ada")
    expect(walker.page).to_have_url(re.compile("/$"))
    walker.go("/account/")
    assert walker.page.locator("[name=full_name]").input_value() == "Ada Person"
    walker.go("/account/attach/")
    walker.sees("The laboratory")
    walker.page.locator("main a[href*='/account/attach/']").first.click()
    walker.fill(position="Engineer", statement="Mangroves.")
    walker.page.locator("main form button.btn-primary").click()
    expect(walker.page).to_have_url(re.compile("/account/attach/$"))
    assert Affiliation.objects.get(user__email="ada@laboratory.example").state == "requested"


@pytest.mark.usefixtures("elsewhere")
def test_somebody_connects_an_identity_and_takes_it_off(visit, peer) -> None:
    user = make.person("lou@elsewhere.example", language="en")
    walker = Walker(visit, language="en", path="/accounts/login/", width=390)
    walker.sign_in(user.email)
    walker.go("/accounts/3rdparty/")
    walker.check()
    walker.page.get_by_role("button", name="The Lab").click()
    walker.fill(password=PASSWORD)
    walker.page.locator("main form[action*=reauthenticate] button[type=submit]").first.click()
    sign_in_there(walker.page, "ada")
    expect(walker.page).to_have_url(re.compile("/accounts/3rdparty/$"))
    walker.sees("ada@laboratory.example")
    walker.check()
    assert SocialAccount.objects.get().user == user
    walker.page.locator("main form:has([name=account]) button").click()
    expect(walker.page.locator("main [name=account]")).to_have_count(0)
    assert SocialAccount.objects.count() == 0


@pytest.mark.usefixtures("elsewhere")
def test_an_identity_without_account_is_told_what_to_do(visit, peer) -> None:
    peer.knows("eve", name="Eve")
    walker = Walker(visit, language="en", path="/accounts/login/")
    walker.page.get_by_role("button", name="The Lab").click()
    sign_in_there(walker.page, "eve")
    walker.sees("“The Lab” knows you", "Sign in, then connect it", "Make an account")
    walker.check()
    assert User.objects.count() == 0


@pytest.mark.usefixtures("elsewhere")
def test_an_institution_is_chosen_among_many_and_signs_in_by_saml(
    visit, settings, live_server
) -> None:
    settings.SITE_URL = live_server.url
    with saml_idp.running() as idp:
        long = "An Institute of Research for the Coasts, the Reefs and the Mangroves of all Seas"
        names = ["Port", "Observatory", "Museum", long, "The University"]
        ids = ["port", "observatory", "museum", "school", "univ"]
        set_up(
            settings,
            *(idp.entry(id=one, name=name) for one, name in zip(ids, names, strict=True)),
        )
        walker = Walker(visit, language="en", path="/accounts/login/", width=390)
        walker.check()
        walker.page.get_by_role("link", name="Sign in through my institution").click()
        walker.check()
        walker.fill(q="univ")
        walker.press("Search")
        expect(walker.page.locator("main .outside button")).to_have_count(1)
        idp.read_ours(walker.page.request.get("/accounts/saml/univ/metadata/").body())
        walker.page.get_by_role("button", name="The University").click()
        walker.page.locator("form button").click()  # the institution's own page
        expect(walker.page).to_have_url(re.compile(f"{live_server.url}/$"))
        walker.go("/account/")
        assert User.objects.get().email == "ada@univ.example"
