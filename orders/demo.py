"""The demonstration's quota and orders, one for each thing that can be seen, made through the services."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts.demo import LABORATORY, PEOPLE
from accounts.demo import PARK as PARK_BODY
from accounts.eligibility import Category
from accounts.models import Organisation, User
from catalogue.models import Platform, Scene, Sensor
from catalogue.samples.quicklooks import paint_quicklook
from catalogue.services import scenes
from catalogue.services.quicklooks import box_corners
from dinamis import geo
from dinamis.actors import Actor
from orders import demo_pools
from orders.ledger import services as ledger
from orders.models import Line, Order, Period, Quote
from orders.pricing.words import Kind
from orders.services.asking import quotes
from orders.services.asking.wishes import Production, Tasking
from orders.services.lines import lines, orders
from orders.services.projects import (
    project_decisions,
    project_parts,
    project_years,
    projects,
)
from orders.services.projects.projects import Facts, Wished
from orders.services.tasking import acquisitions, pictures, tasking
from orders.services.tasking import series as programmes
from orders.services.tasking.acquisitions import Proposal
from orders.services.tasking.rhythms import Every, Rhythm
from orders.services.tasking.series import Wanted

BY = Actor.system("demonstration")
REASON = "Jeu de démonstration"
# Sensor → budget, allotment of the laboratory, common share of each French category.
QUOTA = {"pleiades": (60_000, 1_500, 4_000), "spot67": (200, 12, 20)}
FRENCH = [
    Category.PUBLIC_BODY,
    Category.RESEARCH,
    Category.ASSOCIATION,
    Category.CONTRACTOR,
    Category.PRIVATE_RD,
]
DECK = (
    "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426",
    "DS_PHR1B_201312011402555_FR1_PX_W053N04_0922_01804",
)
# Well formed, and in no archive here: the desk completes it.
UNKNOWN = "DS_PHR1A_202208151411203_FR1_PX_W053N05_0203_01117"
MAHURY = (-52.29, 4.89)
MARAIS = (2.12, 50.76)
COAST = "Suivi du trait de côte guyanais : position du rivage et bancs de vase, chaque année."
PARK = "Inventaire des haies et des zones humides du parc, mis à jour pour la charte."


@transaction.atomic
def load() -> bool:
    """Open the year's quota and make the orders; return whether something was made.

    Raises ImproperlyConfigured when DEMO is off.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("DEMO is off: demonstration data are not loaded.")
    found = {role: User.objects.filter(email=email) for role, (email, _name) in PEOPLE.items()}
    people = {role: rows.get() for role, rows in found.items() if rows.exists()}
    laboratory = Organisation.objects.filter(name=LABORATORY.name).first()
    if laboratory and laboratory.is_member:
        by = Actor.of(people["quota_administrator"])
        for sensor in Sensor.objects.filter(code__in=QUOTA):
            _share(_year(sensor), laboratory, sensor.code, by=by)
    if Order.objects.filter(submission__startswith="demonstration-").exists():
        return False
    coast = _Story(people["researcher"], people["desk"])
    coast.coast()
    _Story(people["other_researcher"], people["desk"]).park()
    park = Organisation.objects.get(name=PARK_BODY.name)
    coast.together({laboratory: people["referent"], park: people["other_referent"]}, park)
    return True


def _year(sensor: Sensor) -> Period:
    return ledger.open_period(sensor, year=timezone.localdate().year, by=BY)


def _share(period: Period, laboratory: Organisation, sensor: str, *, by: Actor) -> None:
    """The budget, the laboratory's allotment, the common shares: each key books once."""
    budget, allotment, common = QUOTA[sensor]
    words: dict[str, Any] = {"by": by, "reason": REASON}
    mark = f"demonstration:{period.pk}"
    if ledger.booked(f"{mark}:budget"):
        return
    ledger.grant_budget(period, Decimal(budget), key=f"{mark}:budget", **words)
    account = ledger.account_of(period, "allotment", laboratory.pk)
    ledger.set_allotment(account, Decimal(allotment), key=f"{mark}:allotment", **words)
    for category in FRENCH:
        account = ledger.account_of(period, "common", category.value)
        ledger.set_allotment(account, Decimal(common), key=f"{mark}:{category.value}", **words)


class _Story:
    """What one researcher asks, and what the desk makes of it."""

    def __init__(self, researcher: User, desk: User) -> None:
        self.researcher = researcher
        self.by, self.desk = Actor.of(researcher), Actor.of(desk)

    def coast(self) -> None:
        """The laboratory: its quota is an allotment."""
        first, second = (scenes.find(identifier) for identifier in DECK)
        self.draft("Embouchure du Mahury, état 2019", COAST, self.produce(first, 63.4))
        self.submit("Mahury avant les travaux du port", COAST, self.produce(second, 120))
        asked = self.submit("Bancs de vase, vasière nord", COAST, self.produce(first, 210))
        lines.ask_to_complete(
            asked, by=self.desk, reason="Le produit ortho ou primaire, pour votre corrélation ?"
        )
        refused = self.submit("Rivage, essai de stéréo", COAST, self.produce(second, 90))
        lines.refuse(refused, by=self.desk, reason="La même image est en production pour vous.")
        lines.accept(
            self.submit("Rivage de Rémire en 2013", COAST, self.produce(second, 140)), by=self.desk
        )
        self.with_supplier(
            self.submit("Rivage de Cayenne en 2019", COAST, self.produce(first, 160)), "SO-24017"
        )
        self.submit("Estuaire du Sinnamary", COAST, self.produce(_unknown(self.by), None))
        self.proposed(
            self.submit("Littoral guyanais, saison sèche", COAST, self.task("spot67", in_days=0))
        )
        self.programme()
        self.project(first)

    def project(self, scene: Scene) -> None:
        """One that is approved, for this year and the next, with an image asked under it; one at the desk."""
        words = {
            "abstract": "Comment la côte avance et recule entre deux bancs de vase.",
            "objectives": COAST,
            "method": "Un couple d’images par an, en saison sèche, et des relevés de terrain.",
            "expected": "Une carte du trait de côte par an, et un article.",
            "themes": ("coast",),
        }
        today = timezone.localdate()
        days = {"starts_on": today, "ends_on": today.replace(month=12, day=31, year=today.year + 1)}
        pleiades = Sensor.objects.get(code="pleiades")
        wishes = (Wished(pleiades, Kind.PRODUCTION, 3, Decimal(900)),)
        made = [
            projects.begin(Facts(title=title, wishes=wishes, **words, **days), by=self.by)
            for title in ("Bancs de vase de Guyane", "Mangroves et houle")
        ]
        for one in made:
            area = geo.check_area(_square(420, at=MAHURY))
            project_parts.add_area(one, area, name="Mahury", by=self.by)
            projects.submit(one, by=self.by)
        approved = project_decisions.approve(made[0], by=self.desk)
        reason = "La seconde saison sèche."
        project_years.plan(
            approved, pleiades, today.year + 1, Decimal(600), reason=reason, by=self.desk
        )
        wish = Production(scene, _square(130, at=MAHURY))
        quote = quotes.make(wish, by=self.by, project=approved)
        self.submit("Banc de vase sous le projet", COAST, quote)
        # More than is left of what the project was allotted.
        wide = quotes.make(self.wish("pleiades", km2=800), by=self.by, project=approved)
        demo_pools.waiting(wide, title="Toute la côte, de Cayenne à Kaw", purpose=COAST, by=self.by)

    def together(self, leaders: dict[Organisation, User], park: Organisation) -> None:
        """What organisations put together: one pool to pledge to, one to draw on."""
        laboratory, leader = next(iter(leaders.items()))
        pleiades, spot = (_year(Sensor.objects.get(code=code)) for code in QUOTA)
        demo_pools.mangroves(pleiades, laboratory, leader)
        pool = demo_pools.storms(spot, leaders, park)
        quote = quotes.make(self.wish("spot67", tries=1), by=self.by)
        words = {"title": "Rivage, après la tempête", "purpose": COAST}
        demo_pools.drawn(pool, quote, **words, by=self.by)

    def programme(self) -> None:
        """The same place each year: nothing is asked yet."""
        first = timezone.localdate() + timedelta(days=40)
        programmes.make(
            Wanted(Sensor.objects.get(code="spot67"), _square(700, at=MAHURY)),
            Rhythm(first, first + timedelta(days=60), 1, Every.YEARS, 4),
            title="Trait de côte, chaque année",
            purpose=COAST,
            submission="demonstration-programme",
            by=self.by,
        )

    def park(self) -> None:
        """The park: it has no allotment, so the common share of public bodies carries it."""
        self.submit("Marais au printemps", PARK, self.task("pleiades", at=MARAIS, km2=85))

    def produce(self, scene: Scene, km2: float | None) -> Quote:
        """A part of the image around its middle, or all of it."""
        area = None
        if km2 is not None:
            middle = scene.footprint.centroid
            area = _square(km2, at=(middle.x, middle.y))
        return quotes.make(Production(scene, area), by=self.by)

    def task(self, sensor: str, **more: Any) -> Quote:
        return quotes.make(self.wish(sensor, **more), by=self.by)

    def wish(
        self,
        sensor: str,
        *,
        at: tuple[float, float] = MAHURY,
        km2: float = 950,
        in_days: int = 2,
        **more: Any,
    ) -> Tasking:
        starts_on = timezone.localdate() + timedelta(days=in_days)
        return Tasking(
            sensor=Sensor.objects.get(code=sensor),
            area=_square(km2, at=at),
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=120),
            **more,
        )

    def draft(self, title: str, purpose: str, quote: Quote) -> Order:
        form = f"demonstration-{quote.reference}"
        return orders.draft([quote], title=title, purpose=purpose, submission=form, by=self.by)

    def submit(self, title: str, purpose: str, quote: Quote) -> Line:
        return orders.submit(self.draft(title, purpose, quote), by=self.by).lines.get()

    def with_supplier(self, line: Line, reference: str) -> Line:
        lines.accept(line, by=self.desk)
        return lines.place(line, by=self.desk, supplier_reference=reference)

    def proposed(self, line: Line) -> None:
        """One cloudy attempt, then one whose image waits for the researcher."""
        self.with_supplier(line, "SO-24051")
        spot = Platform.objects.get(code="SPOT6")
        for cloud in (71.0, 16.2):
            planned = tasking.plan(line, planned_at=timezone.now(), by=self.desk, platform=spot)
            made = tasking.attempted(planned, by=self.desk)
            if cloud > line.max_cloud * 2:
                tasking.cloudy(made, by=self.desk, cloud_cover=cloud)
            else:
                acquisitions.propose(made, _image(spot, cloud), by=self.desk)


def _image(platform: Platform, cloud: float) -> Proposal:
    shape = geo.swath_footprint(
        MAHURY[0] - 0.12, MAHURY[1], width_km=60, length_km=60, orientation_deg=192
    )
    ring = list(shape.exterior.coords)
    picture, bounds = paint_quicklook(ring, seed=2026, cloud=cloud / 100, side=420)
    return Proposal(
        acquired_at=timezone.now(),
        platform=platform,
        cloud_cover=cloud,
        cloud_over_area=7.6,
        incidence=14.8,
        footprint=shape,
        quicklook=pictures.store(picture),
        quicklook_corners=[list(corner) for corner in box_corners(*bounds)],
    )


def _unknown(by: Actor) -> Scene:
    return scenes.from_identifier(UNKNOWN, by=by)


def _square(km2: float, *, at: tuple[float, float]) -> GEOSGeometry:
    side = km2**0.5
    shape = geo.swath_footprint(*at, width_km=side, length_km=side, orientation_deg=20)
    return geo.to_geos(shape, multi=True)
