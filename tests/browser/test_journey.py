"""The whole journey once, in Chromium: from an organisation that joins to an account of every km²."""

import hashlib
import json
import re
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, expect
from shapely.geometry import Polygon, mapping

from accounts import reference as accounts_reference
from accounts.models import Affiliation, Membership, Organisation, Signature, User
from catalogue import demo
from catalogue import reference as catalogue_reference
from catalogue.demo import loading
from catalogue.models import Product, Scene
from catalogue.samples.delivery import make_delivery
from orders import reference as orders_reference
from orders.ledger import services as ledger
from orders.models import Acquisition, Delivery, Line, Movement, Period
from tests import make as people
from tests.browser.walking import Walker, last_mail, link_in
from tests.catalogue.make import MAHURY
from tests.catalogue.test_scenes import picture
from tools import totp

pytestmark = pytest.mark.django_db(transaction=True)

DECK = "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426"
UNKNOWN = "DS_PHR1B_202003151405123_FR1_PX_W053N04_0922_01111"
SHOT = "DS_SPOT6_202612141415240_FR1_FR1_SV1_SV1_W053N04_03414"
DOMAIN = "mangrove.example"
REFERENT, LEGAL, RESEARCHER = (f"{who}@{DOMAIN}" for who in ("referent", "direction", "lou"))
DESK, BUDGET = "desk@dinamis.example", "quota_administrator@dinamis.example"
# What the deck says of its first scene, to the last digit.
FIGURES = (
    "Oct. 28, 2019 14:10:11.9", "4.161692", "17.19367394801767", "16.8079401811563",
    "3.838481690020273", "179.9704153472904", "139.243370338304", "66.18729682080073",
    "15.45470597682735", "15.41465088864424", "1.167692584352411",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _references(transactional_db, tmp_path, settings, monkeypatch) -> None:
    """Rules, licences, the deck's scenes and an archive of four, in a store of this test's own."""
    settings.STORAGE_URL = f"file://{tmp_path / 'store'}"
    settings.STAGING_DIR = tmp_path / "staging"
    settings.DESK_UNDO_SECONDS = 0  # the moment to undo has a test of its own: test_desk_morning
    for room in (accounts_reference, catalogue_reference, orders_reference):
        room.load()
    some = list(loading.archive.scenes())[:4]
    monkeypatch.setattr(loading.archive, "scenes", lambda: iter(some))
    monkeypatch.setattr(
        loading, "painted", lambda rows: ((one, (picture(), one.footprint.bounds)) for one in rows)
    )
    demo.load()
    for duty in ("desk", "quota_administrator"):
        people.officer(duty)
    User.objects.update(language="fr")


@pytest.mark.long
def test_from_nothing_to_an_image_in_hand(visit, shoot, tmp_path, live_server):
    """The seven steps in their order, by the people who take them."""
    desk = Walker(visit, language="fr")
    desk.sign_in(DESK)
    join(visit, desk)
    belong(visit, shoot)
    administrator = Walker(visit, language="fr")
    administrator.sign_in(BUDGET)
    share_out(administrator)
    # The page asks for whole seconds: the next one is after the last allotment, before any order.
    before = timezone.now() + timedelta(seconds=1)
    researcher = Walker(visit, language="en")
    researcher.sign_in(RESEARCHER)
    line = produce(researcher, desk, ask(researcher, tmp_path), shoot)
    order_unknown(researcher, desk)
    task(visit, researcher, desk, shoot)
    product = deliver(desk, line, tmp_path)
    take(visit, product, tmp_path)
    account_for(administrator, researcher, before, shoot)
    call_command("check_ledger")
    call_command("check_signatures")


def join(visit, desk: Walker) -> None:
    """An organisation is proposed, proved, accepted once by its head, and approved by the desk."""
    visitor = Walker(visit, language="fr", path="/join/")
    visitor.fill(
        name="Laboratoire de la mangrove", short_name="LM", rnsr="209912345T", sector="coast",
        domains=DOMAIN, referent_name="Rose Palétuvier", referent_email=REFERENT,
        legal_name="Morgane Amer", legal_position="Directrice", legal_email=LEGAL,
    )  # fmt: skip
    visitor.page.locator("[name=category][value=research]").check()
    visitor.press("Propose the organisation")
    visitor.page.wait_for_url("**/join/sent/**")
    visitor.check()
    membership = Membership.objects.get()

    visitor.go(link_in(last_mail(REFERENT), "/join/proved/"))
    membership.refresh_from_db()
    assert membership.state == "awaiting_referent"
    visitor.press("Confirm my address")
    visitor.page.wait_for_url("**/join/done/**")

    head = Walker(visit, language="fr")
    asked = last_mail(LEGAL)
    assert "À vous" in asked.subject
    door = link_in(asked, "/join/legal/")
    for _scanner in range(2):
        head.go(door)
    membership.refresh_from_db()
    assert membership.state == "awaiting_legal"
    head.check()
    second = head.page.context.new_page()
    second.goto(door)
    for page in (head.page, second):
        for tick in page.locator("main input[type=checkbox]").all():
            tick.check()
    head.press("Accept for the organisation")
    head.page.wait_for_url("**/join/done/**")
    accepted = Signature.objects.count()
    assert accepted >= 3
    second.get_by_role("button", name=head.word("Accept for the organisation")).click()
    expect(second.locator("main h1")).to_be_visible()
    assert "/join/done/" not in second.url
    assert Signature.objects.count() == accepted

    desk.go(f"/desk/memberships/{membership.reference}/")
    desk.check()
    with desk.page.expect_navigation():
        desk.press("Approve")
    membership.refresh_from_db()
    assert membership.state == "active"
    attached = last_mail(LEGAL).attachments
    number = membership.certificate_number
    assert [one[0] for one in attached] == [f"{number}.pdf", f"{number}-charter.pdf"]
    assert all(one[1].startswith(b"%PDF-") for one in attached)


def belong(visit, shoot) -> None:
    """The referent and a researcher make accounts; the referent accepts on a phone; a licence is signed."""
    referent = sign_up(visit, "Rose Palétuvier", REFERENT, language="fr", width=390)
    enrol(referent)
    referent.go("/organisation/")
    assert Affiliation.objects.get(user__email=REFERENT).is_referent

    researcher = sign_up(visit, "Lou Mascaret", RESEARCHER, language="en")
    researcher.go("/account/attach/")
    researcher.check()
    researcher.page.locator("main a[href*='/account/attach/']").filter(
        has_text="Laboratoire de la mangrove"
    ).click()
    researcher.fill(
        position="Doctoral student",
        ends_on=(timezone.localdate() + timedelta(days=700)).isoformat(),
        statement="To follow the mangrove of the Mahury.",
    )
    researcher.press("Ask to be attached")
    assert Affiliation.objects.get(user__email=RESEARCHER).state == "requested"
    assert last_mail(REFERENT).subject.count("Lou Mascaret") == 1

    referent.go("/organisation/")
    referent.sees("Lou Mascaret", "Doctoral student")
    referent.check()
    shoot(referent.page, "journey-referent-390-fr")
    referent.press("Accept")
    expect(referent.page.locator("main h1")).to_contain_text(referent.word("Nothing waits for you"))
    assert Affiliation.objects.get(user__email=RESEARCHER).state == "active"

    researcher.go("/licences/spot67/")
    researcher.check()
    researcher.page.locator("main [name=accept]").check()
    researcher.press("Sign")
    researcher.go("/licences/spot67/")
    researcher.sees("You have signed this.")
    assert Signature.objects.filter(by_user__email=RESEARCHER).count() == 1


def enrol(referent: Walker) -> None:
    """Who decides for others is led to a second factor, and to nothing else before it."""
    referent.go("/organisation/")
    referent.page.wait_for_url("**/account/second-factor/")
    referent.check()
    referent.page.locator("main a[href*=totp]").click()
    referent.fill(password=people.PASSWORD)
    referent.page.locator("main form button[type=submit]").first.click()
    secret = referent.page.locator("#authenticator_secret").input_value()
    referent.check()
    referent.fill(code=totp.code(secret))
    referent.page.locator("main form button[type=submit]").first.click()
    expect(referent.page.locator("main [name=code]")).to_have_count(0)
    referent.check()


def sign_up(visit, name: str, email: str, **how: object) -> Walker:
    """A new account: nothing can be done before its address is proved by a button, not by a look."""
    person = Walker(visit, path="/accounts/signup/", **how)
    person.fill(full_name=name, email=email, password1=people.PASSWORD)
    person.page.locator("main form button[type=submit]").first.click()
    expect(person.page.locator("main [name=password1]")).to_have_count(0)
    address = User.objects.get(email=email).emailaddress_set.get()
    assert not address.verified
    person.go(link_in(last_mail(email), "/accounts/confirm-email/"))
    address.refresh_from_db()
    assert not address.verified
    person.page.locator("main form button[type=submit]").first.click()
    person.page.wait_for_url("**/accounts/login/**")
    address.refresh_from_db()
    assert address.verified
    person.sign_in(email)
    return person


def share_out(administrator: Walker) -> None:
    """Both sensors' years are opened and filled; the laboratory gets an allotment of each."""
    for sensor, budget, part in (("pleiades", "10000", "1500"), ("spot67", "100", "12")):
        administrator.go("/quota/budget/")
        opening = administrator.page.locator(f"main form[action$='/open/{sensor}']")
        opening.locator("[name=year]").fill(str(timezone.localdate().year))
        opening.locator("button").click()
        administrator.page.wait_for_url(re.compile(r"/quota/budget/\d+/$"))
        write(administrator, "budget", amount=budget, reason="Budget de l’État")
        write(administrator, "organisation", amount=part, reason="Thèse sur la mangrove")
        administrator.sees(f"{int(budget) - int(part):,}".replace(",", "\u202f"))
    # What cannot be is refused where it was typed, and the page that comes back stands there.
    form = administrator.page.locator("form[action$='/budget']")
    administrator.page.locator("details", has=form).locator("summary").click()
    for name, value in (("amount", "5"), ("reason", "Trop peu")):
        form.locator(f"[name='budget-{name}']").fill(value)
    form.locator("button").click()
    expect(form.locator("[data-refused]")).to_be_focused()
    administrator.check()
    assert Movement.objects.count() == 4


def write(administrator: Walker, what: str, **fields: str) -> None:
    """Set a size on the budget page, with its reason."""
    form = administrator.page.locator(f"form[action$='/{what}']")
    administrator.page.locator("details", has=form).locator("summary").click()
    if what == "organisation":
        member = Organisation.objects.get(name="Laboratoire de la mangrove")
        form.locator("select").select_option(str(member.pk))
    for name, value in fields.items():
        form.locator(f"[name='{what}-{name}']").fill(value)
    form.locator("button").click()
    administrator.sees(fields["reason"])


def ask(researcher: Walker, tmp_path: Path) -> str:
    """The deck's scene is found by its name with every figure; an area is sent. The area's address."""
    researcher.go("/catalogue/")
    researcher.page.locator("[data-pill=names]").click()
    researcher.page.locator("#ask-names").fill(DECK)
    researcher.page.locator("[data-names-form] button").click()
    row = researcher.page.locator(f"[data-scene='{DECK}']")
    expect(row).to_be_visible()
    researcher.go(row.get_attribute("href"))
    researcher.sees(*FIGURES)
    researcher.check()

    file = tmp_path / "mahury.geojson"
    file.write_text(json.dumps(mapping(Polygon(MAHURY))))
    researcher.go("/catalogue/")
    researcher.page.locator("[data-pill=area]").click()
    researcher.page.locator("#area-file").set_input_files(file)
    researcher.page.locator("[data-area-form=file] button").click()
    expect(researcher.page.locator(".area-card .kpi")).to_contain_text("63.4")
    expect(researcher.page).to_have_url(re.compile(r"area=[0-9a-f-]{36}"))
    expect(researcher.page.locator(f"[data-scene='{DECK}']")).to_be_visible()
    return re.search(r"area=([0-9a-f-]{36})", researcher.page.url)[1]


def produce(researcher: Walker, desk: Walker, area: str, shoot) -> Line:
    """A quote explained line by line, sent twice in one click, held; accepted and placed."""
    researcher.go(f"/catalogue/scenes/{DECK}/?area={area}")
    researcher.page.locator("main a[href*='/orders/new']").first.click()
    researcher.press("See the quote")
    researcher.page.wait_for_url("**/orders/quotes/**")
    researcher.sees("63.4", "100 km²", "1,500", "1,400")
    researcher.check()
    shoot(researcher.page, "journey-quote-en")
    researcher.fill(title="Mahury in 2019", purpose="Following the mangrove, year by year.")
    researcher.button("Send the request").first.dblclick()
    # The second click may abort the first one's navigation: only where it ends is asked.
    expect(researcher.page).to_have_url(re.compile(r"/orders/C-\d{4}-\d{4}/"))
    researcher.page.wait_for_load_state()
    line = Line.objects.get()
    assert (line.quote.units, ledger.held(line.reference)) == (Decimal(100), Decimal(100))
    assert line.reference in last_mail(RESEARCHER).subject

    desk.go("/desk/lines/decide/")
    desk.sees("Mahury in 2019")
    desk.check()
    decide(desk, line, "accept")
    line.refresh_from_db()
    assert (line.approval, line.supply) == ("accepted", "to_place")
    desk.go(f"/desk/lines/place/?line={line.reference}")
    desk.fill(supplier_reference="SO-24017")
    step(desk, line, "place")
    line.refresh_from_db()
    assert (line.supply, line.supplier_reference) == ("placed", "SO-24017")
    return line


def decide(desk: Walker, line: Line, verb: str) -> None:
    """Take a decision of the desk in the file of a line."""
    desk.go(f"/desk/orders/{line.reference}/")
    with desk.page.expect_navigation():
        desk.page.locator(f"[data-verb={verb}] button").last.click()


def step(walker: Walker, line: Line, name: str) -> None:
    """Press the button of one step of a line and wait for what it leads to."""
    form = walker.page.locator(f"main form[action$='/lines/{line.number}/{name}']").last
    with walker.page.expect_navigation():
        form.locator("button").last.click()


def order_unknown(researcher: Walker, desk: Walker) -> None:
    """A name nobody knows is ordered all the same; the desk sees that it must be completed."""
    researcher.go("/catalogue/")
    researcher.page.locator("[data-pill=names]").click()
    researcher.page.locator("#ask-names").fill(UNKNOWN)
    researcher.page.locator("[data-names-form] button").click()
    note = researcher.page.locator(".scene-note")
    expect(note).to_contain_text(UNKNOWN[:20])
    note.locator("a").click()
    researcher.sees("We only know the name of this image.")
    assert not Scene.objects.filter(item_id=UNKNOWN).exists()  # looking adds nothing
    researcher.press("See the quote")
    researcher.sees("A provisional quote.")
    scene = Scene.objects.get(item_id=UNKNOWN)
    assert (scene.completeness, scene.footprint_source) == ("to_complete", "cell")
    researcher.fill(title="The same in 2020", purpose="To compare.")
    researcher.press("Send the request")
    researcher.page.wait_for_url(re.compile(r"/orders/C-\d{4}-\d{4}/"))
    desk.go("/desk/lines/decide/")
    desk.sees(desk.word("Complete the image"))
    line = Line.objects.get(order__title="The same in 2020")
    step(researcher, line, "withdraw")
    line.refresh_from_db()
    assert (line.approval, ledger.held(line.reference)) == ("withdrawn", Decimal(0))


def task(visit, researcher: Walker, desk: Walker, shoot) -> None:
    """SPOT 6: a cloudy attempt counts, the next image is accepted on a phone, the rest comes back."""
    researcher.go("/catalogue/")
    researcher.page.locator("[data-pill=area]").click()
    researcher.page.locator("#area-text").fill("-52.5, 4.7, -52.1, 5.0")
    researcher.page.locator("[data-area-form=text] button").click()
    expect(researcher.page).to_have_url(re.compile(r"area=[0-9a-f-]{36}"))
    area = re.search(r"area=([0-9a-f-]{36})", researcher.page.url)[1]
    researcher.go(f"/orders/tasking?sensor=spot67&area={area}")
    researcher.check()
    today = timezone.localdate()  # a pass is made at once
    researcher.fill(tries="4", max_cloud="15", starts_on=today.isoformat())
    researcher.press("See the quote")
    researcher.page.wait_for_url("**/orders/quotes/**")
    researcher.fill(title="Guiana in the dry season", purpose="A whole view of the coast.")
    researcher.press("Send the request")
    researcher.page.wait_for_url(re.compile(r"/orders/C-\d{4}-\d{4}/"))
    line = Line.objects.get(order__title="Guiana in the dry season")
    assert ledger.held(line.reference) == Decimal(4)

    desk.go(f"/desk/lines/decide/?line={line.reference}")
    decide(desk, line, "accept")
    desk.go(f"/desk/lines/place/?line={line.reference}")
    desk.fill(supplier_reference="SO-24051")
    step(desk, line, "place")
    cloudy = attempt(desk, line).locator("form[action$='/cloudy']")
    cloudy.locator("[name=cloud_cover]").fill("82")
    with desk.page.expect_navigation():
        cloudy.locator("button").click()
    attempt(desk, line).locator("a[href$='/propose']").click()
    desk.check()
    desk.fill(cloud_cover="9", cloud_over_area="3", incidence="12", identifier=SHOT)
    desk.page.locator("[name=quicklook]").set_input_files(
        {"name": "quicklook.webp", "mimeType": "image/webp", "buffer": picture((120, 120))}
    )
    desk.press("Propose the image")
    desk.page.wait_for_url("**/desk/lines/**")
    assert line.reference in last_mail(RESEARCHER).subject

    answer_on_a_phone(visit, line, shoot)


def answer_on_a_phone(visit, line: Line, shoot) -> None:
    """The requester, away from the desk and in French, looks at the image and accepts it."""
    phone = Walker(visit, language="fr", width=390)
    phone.sign_in(RESEARCHER)
    phone.go(f"/orders/{line.order.reference}/")
    expect(phone.page.locator("img.leaflet-image-layer")).to_have_count(1)
    phone.check()
    shoot(phone.page, "journey-proposed-390-fr")
    phone.press("Accept")
    phone.sees(phone.word("Image accepted; what was not used went back to the quota."))
    line.refresh_from_db()
    assert (line.supply, Acquisition.objects.get().state) == ("in_production", "accepted")
    moved = Movement.objects.filter(from_account__owner_key=line.reference)
    assert ledger.held(line.reference) == 0
    assert sorted((one.kind, one.amount) for one in moved) == [
        ("capture", Decimal(1)), ("capture", Decimal(1)), ("release", Decimal(2)),
    ]  # fmt: skip


def attempt(desk: Walker, line: Line) -> Locator:
    """The desk plans an attempt and says that the satellite tried; the page of the line."""
    page = desk.page.locator("main")
    desk.go(f"/desk/lines/attempts/?line={line.reference}")
    planning = page.locator("form[action$='/attempts']")
    planning.locator("[name=planned_at]").fill(f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    planning.locator("[name=platform]").select_option("SPOT6")
    with desk.page.expect_navigation():
        planning.locator("button").click()
    with desk.page.expect_navigation():
        page.locator("form[action$='/made'] button").click()
    return page


def deliver(desk: Walker, line: Line, tmp_path: Path) -> Product:
    """A delivery is handed in as a zip, read by the worker, published; the line is delivered and counted."""
    root = make_delivery(tmp_path / "in", identifier=DECK, centre=(-52.2948, 4.8921), pixels=256)
    archive = shutil.make_archive(str(tmp_path / "delivery"), "zip", root.parent, root.name)
    desk.go(f"/desk/deliveries/?order={line.reference}")
    desk.check()
    desk.page.locator("[name=archive]").set_input_files(archive)
    desk.press("Hand it in")
    desk.sees(desk.word("Being read"))
    news = last_mail(RESEARCHER)
    line.refresh_from_db()
    assert Delivery.objects.get().state == "published", Delivery.objects.get().reason
    assert (line.supply, line.money) == ("delivered", "captured")
    assert line.reference in news.subject
    counted = Movement.objects.get(from_account__owner_key=line.reference, kind="capture")
    assert counted.amount == Decimal(100)
    desk.go("/desk/deliveries/")
    expect(desk.page.locator(f"main a[href='{line.product.get_absolute_url()}']")).to_be_visible()
    return line.product


def take(visit, product: Product, tmp_path: Path) -> None:
    """A stranger of another member finds the image, gets no byte, signs, downloads every byte, resumes."""
    park = people.member("park", desk=User.objects.get(email=DESK), category="public_body")
    people.attached("sacha@park.example", park)
    other = Walker(visit, language="en")
    other.sign_in("sacha@park.example")
    other.go("/catalogue/")
    other.page.locator("[data-pill=names]").click()
    other.page.locator("#ask-names").fill(DECK.removeprefix("DS_"))
    other.page.locator("[data-names-form] button").click()
    row = other.page.locator(f"[data-scene='{DECK}']")
    expect(row).to_contain_text(other.word("Available"))
    other.go(product.get_absolute_url())
    other.check()
    file = product.files.filter(role="image").first()
    address = f"{product.get_absolute_url()}files/{file.pk}"
    for path in (address, f"{product.get_absolute_url()}archive"):
        refused = other.page.request.get(path, max_redirects=0)
        assert refused.status in (403, 409), (path, refused.status)
        assert refused.body()[:4] not in (b"PK\x03\x04", b"II*\x00", b"\x00\x00\x00\x0c")
    assert product.downloads.count() == 0

    other.page.locator("main a[href*='/licences/pleiades/']").click()
    other.check()
    other.page.locator("main [name=accept]").check()
    other.press("Sign")
    other.page.wait_for_url(f"**{product.get_absolute_url()}*")
    # Theme and use are asked once, before the first file.
    asked = other.page.request.get(address, max_redirects=0)
    assert asked.status == 409
    other.page.locator("main a[href$='/use']").first.click()
    other.check()
    other.page.locator("main [name=theme]").select_option("coast")
    other.page.locator("main [name=use]").fill("To map the mangrove.")
    other.press("Go on to the files")
    other.page.wait_for_url(f"**{product.get_absolute_url()}")
    other.sees("To map the mangrove.")
    with other.page.expect_download() as begun:
        other.page.locator(f"main a[href$='/files/{file.pk}']").click()
    got = Path(shutil.copy(begun.value.path(), tmp_path / "got")).read_bytes()
    assert (len(got), hashlib.sha256(got).hexdigest()) == (file.size, file.sha256)
    half = file.size // 2
    rest = other.page.request.get(address, headers={"Range": f"bytes={half}-"})
    assert rest.status == 206
    assert rest.headers["content-range"] == f"bytes {half}-{file.size - 1}/{file.size}"
    assert got[:half] + rest.body() == got


def account_for(administrator: Walker, researcher: Walker, before: datetime, shoot) -> None:
    """Every movement stands in the statements, and a past instant gives the figures of then."""
    for sensor, free, consumed, moved in (
        ("pleiades", "1 400", "100", 6),
        ("spot67", "10", "2", 6),
    ):
        period = Period.objects.get(sensor=sensor)
        address = f"/quota/budget/{period.pk}/"
        administrator.go(address)
        assert administrator.page.locator("main table").last.locator("tbody tr").count() == moved
        row = administrator.page.locator("main table").first.locator("tr", has_text="mangrove")
        assert cells(row)[1:] == [cells(row)[1], free, "0", consumed]
        administrator.check()
        shoot(administrator.page, f"journey-budget-{sensor}-fr")
        administrator.page.locator("[name=at]").fill(
            f"{timezone.localtime(before):%Y-%m-%dT%H:%M:%S}"
        )
        administrator.press("Show")
        administrator.page.wait_for_url("**?at=*")
        assert administrator.page.locator("main table").last.locator("tbody tr").count() == 2
        row = administrator.page.locator("main table").first.locator("tr", has_text="mangrove")
        assert cells(row)[1:] == [cells(row)[1], cells(row)[1], "0", "0"]
    assert Movement.objects.count() == 12
    researcher.go("/quota/")
    researcher.sees("1,400", "Thèse sur la mangrove")
    researcher.check()


def cells(row: Locator) -> list[str]:
    """The texts of a row of a table, with plain spaces."""
    return [" ".join(one.split()) for one in row.locator("td").all_inner_texts()]
