"""What the matrix is walked in: two members, their people, and one of everything."""

import json
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from allauth.idp.oidc.models import Token
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from shapely.geometry import box

from accounts.emails.message import Message
from accounts.models import (
    Adviser,
    Affiliation,
    ApiKey,
    Licence,
    LicenceDraft,
    LinkedAccount,
    MailedLink,
    Membership,
    Notice,
    Partner,
    Program,
    User,
    WebhookCall,
)
from accounts.services import links
from accounts.services.licences import licence_drafts, licence_notices
from accounts.services.licences.licence_drafts import Wording
from accounts.services.membership import (
    certificates,
    changes,
    facts,
    join_links,
    memberships,
    opinions,
)
from accounts.services.notices import choices, telling
from accounts.services.people import duties, exports, invitations, reviews
from accounts.services.programs import api_keys, linked_accounts, linking, programs
from accounts.services.programs.programs import Facts
from accounts.services.webhooks import managing
from catalogue.models import Product, SavedArea, Scene, Sensor
from catalogue.services import (
    downloads,
    embargoes,
    passing,
    products,
    quicklooks,
    scene_imports,
    scenes,
    searches,
    withdrawing,
)
from catalogue.services.passing import Handing
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import Arrival, Attempt, Delivery, JointPart, JointRequest, Line, Pool
from orders.options import DEFAULTS
from orders.services.calendar import calendars
from orders.services.pools import draws, pools
from orders.services.projects import baskets, project_reports, project_years
from orders.services.purse import modulations, periods, quota_requests
from orders.services.purse.modulation_figures import Wish
from orders.services.rules import rulebook
from orders.services.rules.rules import version_in_force
from orders.services.tasking import acquisitions, standins, tasking
from orders.states import ArrivalState, DeliveryState
from tests import make as people
from tests.catalogue import lists, shelf
from tests.catalogue import make as catalogue_make
from tests.orders import make
from tests.orders import project_making as making
from tests.orders.journeys import proposal
from tests.suppliers import making as at_suppliers

# One pixel, so that pictures are pictures.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
    "789c6360000002000001e221bc330000000049454e44ae426082"
)
UNKNOWN_SCENE = "DS_PHR1B_201312011402555_FR1_PX_W053N04_0922_01804"


def world() -> SimpleNamespace:
    """Make it, in the transaction that is open."""
    made = SimpleNamespace(users={}, sessions={"anonymous": None})
    _people(made)
    _memberships(made)
    _own_things(made)
    _products(made)
    _quota(made)
    _orders(made)
    _projects(made)
    _rules(made)
    for role, user in made.users.items():
        client = Client()
        client.force_login(user)
        client.get(reverse("healthz"))  # the first request of a session notes when it began
        made.sessions[role] = client.cookies["session"].value
    made.sessions["adviser"] = _visited(reverse("join_proved", args=[made.tokens["foreign"]]))
    return made


def _visited(address: str) -> str | None:
    """The session, if any, of a browser without an account that opened a mailed link."""
    client = Client()
    assert client.get(address).status_code == 200
    return client.cookies["session"].value if "session" in client.cookies else None


def _people(w: SimpleNamespace) -> None:
    w.desk = people.officer("desk")
    w.laboratory = people.member("laboratory", desk=w.desk)
    w.park = people.member("park", desk=w.desk, category="public_body")
    led = Affiliation.objects.get(organisation=w.laboratory, is_referent=True)
    w.researcher = people.attached("researcher@laboratory.example", w.laboratory)
    w.affiliation = Affiliation.objects.get(user=w.researcher)
    w.request = people.request(people.person("waiting@laboratory.example"), w.laboratory)
    w.users = {
        "unaffiliated": people.person("unaffiliated@elsewhere.example"),
        "researcher": w.researcher,
        "other_researcher": people.attached("researcher@park.example", w.park),
        "referent": led.user,
        "other_referent": Affiliation.objects.get(organisation=w.park, is_referent=True).user,
        "desk": w.desk,
        "quota_administrator": people.officer("quota_administrator"),
        "administrator": people.officer("administrator"),
    }


def _memberships(w: SimpleNamespace) -> None:
    w.membership = Membership.objects.get(organisation=w.laboratory)
    certificates.certify(w.membership)
    w.candidate = people.membership("school")
    sent_back = memberships.send_back(
        people.membership("harbour"), reason="Which coast?", by=Actor.of(w.desk)
    )
    asked = {
        "prove": people.membership("museum", until="awaiting_referent"),
        "accept": people.membership("institute", until="awaiting_legal"),
        "correct": sent_back,
    }
    foreign = people.membership("harbourmaster", until="awaiting_referent")
    w.tokens = {
        purpose: people.token(people.through(one, purpose).link) for purpose, one in asked.items()
    }
    _dossiers(w)
    w.tokens["foreign"] = people.token(people.through(foreign, "prove").link)


def _dossiers(w: SimpleNamespace) -> None:
    """What is sent by a link after the first form: a draft, an answer to a refusal, a renewal, an opinion."""
    soon = timezone.localdate() + timedelta(days=30)
    Membership.objects.filter(pk=w.membership.pk).update(ends_on=soon)
    w.membership.refresh_from_db()
    Adviser.objects.update(email="opinions@adviser.example")
    refused = people.membership("garden")
    memberships.take(refused, "refuse", reason="Not public.", by=Actor.of(w.desk))
    join_links.promise(w.membership, "renew")
    asked = opinions.ask(people.membership("maker", category="private_rd"), by=Actor.of(w.desk))
    w.opinion = asked.opinions.get()
    sent = {
        "draft": people.through(people.draft("aquarium"), "draft"),
        "appeal": people.through(refused, "appeal"),
        "renew": people.through(w.membership, "renew"),
        "opinion": people.advising(w.opinion),
    }
    w.tokens |= {purpose: people.token(by.link) for purpose, by in sent.items()}


def _own_things(w: SimpleNamespace) -> None:
    w.key, _secret = api_keys.create(
        w.researcher, name="notebook", scopes=[ApiKey.Scope.READ], by=Actor.of(w.researcher)
    )
    w.copy = exports.ask(w.researcher, by=Actor.of(w.researcher))
    w.program = _program(w.researcher)
    w.linked = _linked(w.researcher)
    leader = Actor.of(w.users["referent"])
    asked = invitations.Asked("invited@laboratory.example", "Invited", "Engineer")
    [w.invitation] = invitations.send(w.laboratory, [asked], language="en", by=leader)
    w.tokens["invitation"] = people.token(MailedLink.objects.get(purpose="invitation"))
    review = reviews.open_for(w.laboratory)
    w.review_act = reviews.answer(review, [w.affiliation], verdict="keep", by=leader)
    # The walk is longer than the 30 seconds in which an answer may be undone.
    w.review_act.applies_at += timedelta(days=1)
    w.review_act.save(update_fields=["applies_at"])
    w.signature = people.signature(w.researcher, "spot67")
    w.draft = _draft()
    w.again = people.token(_accepts_again(w))
    _changes_asked(w)
    told = Message(
        to=w.researcher.email, language="en", subject="News", paragraphs=("It happened.",)
    )
    telling.tell([told], key="world:1", family="orders")
    w.notice = Notice.objects.get(key="world:1")
    w.webhook, _secret = managing.make(
        w.laboratory, url="https://hook.example.org/", name="Map", subjects=["lines"], by=leader
    )
    w.ping = managing.ping(w.webhook, by=leader)
    WebhookCall.objects.filter(pk=w.ping.pk).update(state="delivered", due_at=None)
    w.calendar = calendars.renew(w.researcher, by=Actor.of(w.researcher))
    # Nobody of the world has a digest: leaving one changes nothing.
    w.stop = choices.stop_token(w.users["unaffiliated"], "daily")


def _draft() -> LicenceDraft:
    """A version that waits for a second person, written by another administrator."""
    writer = people.person("writer@dinamis.example")
    duties.appoint(writer, kind="administrator", by=people.SYSTEM)
    by = Actor.of(writer)
    words = {f"{part}_{code}": "Words" for part in ("title", "body") for code in ("fr", "en")}
    wording = Wording(
        version="9", markup="plain", effective_on=timezone.localdate() + timedelta(days=9),
        is_placeholder=False, reason="Test.", **words,
    )  # fmt: skip
    draft = licence_drafts.write(Licence.objects.get(code="open"), wording, by=by)
    return licence_drafts.take(draft, "propose", by=by)


def _accepts_again(w: SimpleNamespace) -> MailedLink:
    """A link by which the laboratory's legal representative would accept a changed text."""
    person = links.Person(w.membership.legal_name, w.membership.legal_email, "en")
    return links.promise(licence_notices.PURPOSE, to=person, membership=w.membership)


def _changes_asked(w: SimpleNamespace) -> None:
    """A change that the desk decides, and one that a new legal representative would accept."""
    wanted = facts.of(w.laboratory) | {"short_name": "LAB"}
    by = Actor.of(w.users["referent"])
    w.change = changes.ask_facts(w.laboratory, wanted, reason="A short name.", by=by)
    head = {"name": "Head", "position": "Director", "email": "head@park.example"}
    changes.ask_legal(w.park, head, reason="Elected.", by=Actor.of(w.desk))
    w.tokens["new_legal"] = people.token(MailedLink.objects.get(purpose="new_legal"))


def _program(owner: User) -> Program:
    """A site that signs people in, to which the researcher granted something."""
    facts = Facts("THEIA", ["openid"], ["https://theia.example/callback"])
    program, _secret = programs.register(facts, kind="site", by=people.SYSTEM)
    Token.objects.create(type="at", hash="x", client_id=program.client_id, user=owner)
    return program


def _linked(owner: User) -> LinkedAccount:
    """The researcher's account with a partner that has no token yet: it failed."""
    partner = Partner.objects.create(code="theia", name="THEIA", base_url="https://theia.example/")
    linked = linked_accounts.ask(owner, partner, by=Actor.of(owner))
    linking.perform(linked.pk)
    return linked


def _products(w: SimpleNamespace) -> None:
    w.product = shelf.product("pleiades")
    picture = default_storage.save("routes/quicklook.png", ContentFile(PICTURE))
    Product.objects.filter(pk=w.product.pk).update(quicklook=picture, thumbnail=picture)
    w.product.refresh_from_db()
    w.scene = w.product.scene
    Scene.objects.filter(pk=w.scene.pk).update(quicklook=picture)
    default_storage.save(quicklooks.thumbnail_name(picture), ContentFile(PICTURE))
    w.file = w.product.files.get()
    w.href = f"http://testserver/catalogue/products/{w.product.pk}/files/{w.file.pk}"
    w.open = shelf.product("open")
    w.open_file = w.open.files.get()
    w.withdrawn = products.withdraw(
        shelf.product("open"), reason="Delivered twice.", by=Actor.of(w.desk)
    )
    w.kept_product = embargoes.put(
        shelf.product("open"),
        until=date(2999, 1, 1),
        reason="A thesis is under way.",
        by=Actor.of(w.desk),
    )
    w.lone_scene = catalogue_make.scene(lon=9.1, lat=42.1)
    w.withdrawn_scene = withdrawing.withdraw(
        catalogue_make.scene(lon=9.5, lat=41.5), reason="Never taken.", by=Actor.of(w.desk)
    )
    listed = lists.geojson(lists.feature())
    w.scene_list = scene_imports.read("search.geojson", listed, by=Actor.of(w.desk))
    w.unknown_scene = scenes.from_identifier(UNKNOWN_SCENE, by=Actor.of(w.researcher))
    reader: User = shelf.signed(w.users["other_researcher"], w.product)
    handing = Handing(
        "public_actor", "The harbour", "Ines", "ines@harbour.example", "en", "To see the quays."
    )
    w.passing = passing.hand(w.product, handing, by=Actor.of(reader))
    w.receives = people.token(MailedLink.objects.get(purpose=passing.PURPOSE))
    w.handing = {name: getattr(handing, name) or "" for name in Handing.__slots__}
    w.handing["email"] = "another@harbour.example"
    w.link = downloads.make_link(reader, w.file).url.rsplit("/", 2)[1:]


def _quota(w: SimpleNamespace) -> None:
    w.period = make.period()
    w.spot_period = make.period("spot67", budget=100)
    w.allotment = make.allotment(w.laboratory, 4000, in_period=w.period)
    make.allotment(w.laboratory, 40, in_period=w.spot_period)
    sensor = Sensor.objects.get(code="pleiades")
    w.past_period = ledger.open_period(sensor, year=timezone.localdate().year - 1, by=make.BY)
    second = Actor.of(people.second_officer("quota_administrator"))
    periods.propose(w.past_period, seen="", by=second)
    w.modulation = modulations.propose(
        Wish(w.period, "budget", amount=Decimal(5000)),
        reason="More for the coast.",
        seen="",
        submission="routes",
        by=second,
    )
    w.quota_request = quota_requests.ask(
        w.spot_period,
        w.laboratory,
        Decimal(5),
        reason="A second season.",
        submission="world",
        by=Actor.of(w.users["referent"]),
    )


def _joint(w: SimpleNamespace) -> JointPart:
    """The researcher's part of a request that is not answered yet."""
    now, today = timezone.now(), timezone.localdate()
    made = JointRequest.objects.create(
        sensor=w.line.sensor, mode="mono", unit="km2", units=Decimal(100), starts_on=today,
        ends_on=today, made_at=now, state_since=now,
    )  # fmt: skip
    other = w.users["other_researcher"]
    for line in (w.line, make.draft(other, make.quote(other)).lines.get()):
        JointPart.objects.create(joint=made, line=line, share=Decimal(50), alone=Decimal(100))
    return made.parts.get(line=w.line)


def _pools(w: SimpleNamespace) -> None:
    """One that is being pledged to, and one that is reached and asked for a line."""
    leader = Actor.of(w.users["referent"])

    def pool(name: str, threshold: int, rule: str) -> Pool:
        return pools.propose(
            w.period,
            title=name,
            aim="The winter storms.",
            threshold=Decimal(threshold),
            ends_on=w.period.ends_on,
            rule=rule,
            submission=name,
            by=leader,
        )

    w.pool = pool("Open", 500, "share")
    w.pledge = pools.pledge(w.pool, w.laboratory, Decimal(20), submission="one", by=leader)
    reached = pool("Reached", 300, "keeper")
    pools.pledge(reached, w.laboratory, Decimal(300), submission="two", by=leader)
    line = make.draft(w.researcher, make.quote(w.researcher)).lines.get()
    w.draw = draws.ask(reached, line, by=Actor.of(w.researcher))


def _rules(w: SimpleNamespace) -> None:
    """A draft of the administrator's own."""
    by = Actor.of(w.users["administrator"])
    day = timezone.localdate() + timedelta(days=30)
    w.draft_rules = rulebook.copy(version_in_force(), code="draft", effective_from=day, by=by)


def _projects(w: SimpleNamespace) -> None:
    """One being written, with a place and a partner asked by a link; one that the desk has."""
    w.project_draft = making.draft(w.researcher)
    w.project_area = w.project_draft.areas.get()
    by = Actor.of(w.researcher)
    w.basket_item = baskets.put(w.project_draft, w.scene, area=w.area, by=by)
    w.partner = making.partner(w.project_draft)
    w.invited = making.partner(w.project_draft, "unaffiliated@elsewhere.example")
    w.project = making.submitted(w.researcher)
    link = making.link_of(w.partner, "project_partner")
    w.tokens["project_partner"] = people.token(link)
    w.in_review = making.submitted(w.researcher)
    w.review = making.reviewer(w.in_review, w.desk)
    w.tokens["project_review"] = people.token(making.link_of(w.review, "project_review"))
    w.approved = making.approved(w.researcher, w.desk)
    w.share = project_years.plan(
        w.approved,
        Sensor.objects.get(code="spot67"),
        w.approved.ends_on.year,
        Decimal(2),
        reason="The second winter.",
        by=Actor.of(w.desk),
    )
    now = timezone.now()
    w.report = w.approved.reports.create(
        kind="first", asked_at=now, state_since=now, due_at=now + timedelta(days=60)
    )
    w.publication = project_reports.publish(
        w.approved, doi="10.5555/coast", title="The coast", year=2026, by=Actor.of(w.researcher)
    )


def _orders(w: SimpleNamespace) -> None:
    w.area = _area(w.researcher)
    w.search = searches.save({"q": "pleiades"}, name="Pléiades", by=Actor.of(w.researcher))
    w.quote = make.quote(w.researcher)
    w.line = make.placed(w.researcher)
    _pools(w)
    w.joint_part = _joint(w)
    w.covering = make.product(make.scene(km2=400, at=(2.0, 47.0)), km2=None)
    away = make.square(150, at=(2.1, 47.05))
    w.covered = make.quote(w.researcher, of=make.scene(km2=900, at=(2.1, 47.05)), area=away)
    w.tasking, w.planned = _tasked(w)
    _line, attempt = _tasked(w)
    tasking.attempted(attempt, by=Actor.of(w.desk))
    due_at = timezone.now() + timedelta(days=2)
    shown = proposal(quicklook=w.product.quicklook)
    w.image = acquisitions.propose(attempt, shown, by=Actor.of(w.desk), due_at=due_at)
    today = timezone.localdate()
    w.standin = standins.name(
        w.users["referent"],
        starts_on=today + timedelta(days=1),
        ends_on=today + timedelta(days=9),
        by=Actor.of(w.researcher),
    )
    w.delivery, w.settled = (
        Delivery.objects.create(
            name="delivery.zip",
            state=state,
            reason="Not ours.",
            state_since=timezone.now(),
            by_part="test",
        )
        for state in (DeliveryState.WAITING, DeliveryState.REFUSED)
    )
    w.arrived, w.bounced = (
        Arrival.objects.create(
            name="one.zip",
            path=f"{state}/one.zip",
            mark="0" * 64,
            mark_since=timezone.now(),
            size=1,
            files=1,
            state=state,
            reason=reason,
            state_since=timezone.now(),
        )
        for state, reason in ((ArrivalState.TAKEN, ""), (ArrivalState.REFUSED, "Not ours."))
    )
    _suppliers(w)
    starts_on = timezone.localdate() + timedelta(days=2)
    w.options = {**DEFAULTS, "mode": "mono"}
    w.window = {
        "sensor": "spot67",
        "starts_on": starts_on.isoformat(),
        "ends_on": (starts_on + timedelta(days=60)).isoformat(),
    }
    w.rhythm = {"every": "1", "unit": "years", "times": "3", "title": "Coast", "purpose": "To see.",
                "submission": "routes"}  # fmt: skip
    area: dict[str, Any] = json.loads(w.area.geometry.geojson)
    window = {name: w.window[name] for name in ("starts_on", "ends_on")}
    w.programme = {
        "title": "Coast",
        "purpose": "To see.",
        "rhythm": {"every": 1, "unit": "years", "times": 3},
        "wish": {"kind": "tasking", "sensor": "spot67", "area": area, "window": window},
    }
    w.series = make.series(w.researcher)
    w.wish = {"kind": "production", "scene": w.scene.item_id, "area": area}


def _suppliers(w: SimpleNamespace) -> None:
    """One that is asked by program, with a call that waits and a comparison."""
    w.supplier = at_suppliers.supplier()
    w.call = at_suppliers.sent(w.researcher, w.desk, w.supplier)
    w.reconciliation = w.supplier.reconciliations.create(
        began_at=timezone.now(), ended_at=timezone.now(), by_part="test"
    )


def _tasked(w: SimpleNamespace) -> tuple[Line, Attempt]:
    """A tasking line that is being attempted, and the attempt that is planned."""
    line = make.with_supplier(w.researcher, w.desk, make.tasking_quote(w.researcher))
    attempt = tasking.plan(line, planned_at=timezone.now(), by=Actor.of(w.desk))
    line.refresh_from_db()
    return line, attempt


def _area(owner: User) -> SavedArea:
    """Where the scenes of the catalogue's makers lie."""
    return shelf.make.area(box(-52.35, 4.85, -52.25, 4.95), owner=owner, name="The coast")
