"""The demonstration's people and organisations, made through the services. All are invented."""

import base64
import hashlib
from dataclasses import replace
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts import demo_directory, reference
from accounts.eligibility import Category
from accounts.models import Adviser, Duty, MailedLink, Membership, Organisation, Signature, User
from accounts.services.licences import licences
from accounts.services.licences.licences import Circumstances
from accounts.services.membership import memberships
from accounts.services.membership.proposals import Proposal
from accounts.services.people import affiliations, duties
from accounts.services.people.terms import needs_last_day
from dinamis.actors import Actor

PASSWORD = "mangrove-et-glacier"  # noqa: S105  stated to everybody, and refused outside loopback
BY = Actor.system("demonstration")

# role → (address, name); the first five are promised to scripts.
PEOPLE = {
    "researcher": ("lou.mascaret@ecologie-littorale.example", "Lou Mascaret"),
    "other_researcher": ("sacha.estran@marais-du-nord.example", "Sacha Estran"),
    "referent": ("alix.lagune@ecologie-littorale.example", "Alix Lagune"),
    "desk": ("guichet@dinamis.example", "Charlie Guichet"),
    "quota_administrator": ("budget@dinamis.example", "Dominique Cadran"),
    "other_referent": ("mae.cordon@marais-du-nord.example", "Maé Cordon"),
    "administrator": ("administration@dinamis.example", "Andrea Compas"),
    # A second of each: nobody approves their own text, nor reads an appeal against their own refusal.
    "second_officer": ("relais@dinamis.example", "Sasha Relais"),
    "second_administrator": ("boussole@dinamis.example", "Camille Boussole"),
    # What one quota administrator may not write alone, the other applies.
    "second_quota_administrator": ("jauge@dinamis.example", "Noor Jauge"),
    "newcomer": ("robin.paletuvier@ecologie-littorale.example", "Robin Palétuvier"),
}
DUTIES = {
    "desk": Duty.Kind.DESK,
    "quota_administrator": Duty.Kind.QUOTA_ADMINISTRATOR,
    "administrator": Duty.Kind.ADMINISTRATOR,
    "second_officer": Duty.Kind.DESK,
    "second_administrator": Duty.Kind.ADMINISTRATOR,
    "second_quota_administrator": Duty.Kind.QUOTA_ADMINISTRATOR,
}
# Two people who wait for the referent of the first organisation: one obvious, one to look at.
WAITING = (
    (
        "noa.vasiere@ecologie-littorale.example", "Noa Vasière", "Doctorante, jusqu’en septembre 2028",
        "Cartographie de la mangrove entre Cayenne et Kaw, thèse encadrée au laboratoire.",
    ),
    (
        "eden.sondeur@bureau-sondeur.example", "Eden Sondeur", "Ingénieure d’études, en mission",
        "Appui au suivi des bancs de vase, pour le laboratoire.",
    ),
)  # fmt: skip

LABORATORY = Proposal(
    name="Laboratoire d’écologie littorale tropicale",
    short_name="LELT",
    category=Category.RESEARCH,
    country="FR",
    sector=Organisation.Sector.COAST,
    domains=("ecologie-littorale.example",),
    rnsr="209912345T",
    referent_name="Alix Lagune",
    referent_email="alix.lagune@ecologie-littorale.example",
    legal_name="Morgane Amer",
    legal_position="Directrice",
    legal_email="direction@ecologie-littorale.example",
)
PARK = Proposal(
    name="Parc naturel régional des Marais du Nord",
    short_name="PNR Marais du Nord",
    category=Category.PUBLIC_BODY,
    country="FR",
    sector=Organisation.Sector.WATER,
    domains=("marais-du-nord.example",),
    referent_name="Maé Cordon",
    referent_email="mae.cordon@marais-du-nord.example",
    legal_name="Camille Roselière",
    legal_position="Président du syndicat mixte",
    legal_email="presidence@marais-du-nord.example",
)
# Waits for the desk: its legal representative writes from elsewhere, which has to be verified.
OBSERVATORY = replace(
    LABORATORY,
    name="Observatoire volcanologique des Îles",
    short_name="OVI",
    sector=Organisation.Sector.RISK,
    domains=("observatoire-iles.example",),
    rnsr=None,
    referent_name="Andrea Fumerolle",
    referent_email="andrea.fumerolle@observatoire-iles.example",
    legal_name="Yael Caldera",
    legal_position="Directeur",
    legal_email="direction@institut-physique.example",
)


# Whose duty demands a second factor, and may not wait for a telephone in a demonstration.
WITH_FACTOR = ("referent", "other_referent", *DUTIES)


def logins() -> list[dict[str, str]]:
    """Role, address and password of each demonstration account, and the secret of its codes."""
    return [
        {"role": role, "email": email, "password": PASSWORD}
        | ({"totp_secret": totp_secret(role)} if role in WITH_FACTOR else {})
        for role, (email, _n) in PEOPLE.items()
    ]


def totp_secret(role: str) -> str:
    """The same for ever, in base32: whoever reads this file knows it, hence only where DEMO is on."""
    digest = hashlib.sha256(f"DINAMIS demonstration: {role}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


@transaction.atomic
def load() -> bool:
    """Make everything, or nothing when it is there already; return whether something was made.

    Whatever was done with it since (an account erased, an organisation merged) stays done; officers
    that are missing come back, and those of a later version come to it.
    Raises ImproperlyConfigured when DEMO is off.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("DEMO is off: demonstration data are not loaded.")
    reference.load()
    demo_directory.load()
    known = set(User.objects.values_list("email", flat=True))
    stands = any(email in known for email, _name in PEOPLE.values())
    people = {
        role: person(email, name)
        for role, (email, name) in PEOPLE.items()
        if email not in known and (role in DUTIES or not stands)
    }
    for role in people.keys() & set(WITH_FACTOR):
        TOTP.activate(people[role], totp_secret(role))
    for role in people.keys() & DUTIES.keys():
        duties.appoint(people[role], kind=DUTIES[role], by=BY)
    if stands:
        return False
    for adviser in Adviser.objects.filter(email=""):
        adviser.email = f"avis@{adviser.code}.example"
        adviser.save(update_fields=["email"])
    desk = Actor.of(people["desk"])
    laboratory = admit(LABORATORY, desk=desk)
    park = admit(PARK, desk=desk)
    _attach(people["researcher"], laboratory, "Chargée de recherche", by=people["referent"])
    _attach(people["newcomer"], laboratory, "Post-doctorante", by=people["referent"])
    _attach(people["other_researcher"], park, "Chargé de mission", by=people["other_referent"])
    _sign_spot(people["researcher"])
    accepted(OBSERVATORY)
    for email, name, position, statement in WAITING:
        affiliations.request(
            laboratory,
            position=position,
            statement=statement,
            ends_on=_last_day(),
            by=Actor.of(person(email, name)),
        )
    return True


def person(email: str, name: str) -> User:
    """An account whose address is proved."""
    user = User.objects.create_user(email, PASSWORD, full_name=name, language="fr")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def admit(proposal: Proposal, *, desk: Actor) -> Organisation:
    """A member, through every step."""
    return memberships.approve(accepted(proposal), by=desk).organisation


def accepted(proposal: Proposal) -> Membership:
    """A membership that waits for the desk, through every step before."""
    membership = memberships.propose(proposal, language="fr", by=BY)
    proof = membership.links.get(purpose=MailedLink.Purpose.PROVE)
    memberships.prove(membership, by=Actor.through(proof))
    link = membership.links.get(purpose=MailedLink.Purpose.ACCEPT)
    return memberships.accept(
        membership,
        accepted=[
            (text, text.sha256) for text in licences.texts_at_joining("fr", membership.organisation)
        ],
        circumstances=Circumstances(),
        by=Actor.through(link),
    )


def _attach(user: User, organisation: Organisation, position: str, *, by: User) -> None:
    asked = affiliations.request(
        organisation,
        position=position,
        statement="Suivi du littoral.",
        ends_on=_last_day() if needs_last_day(position) else None,
        by=Actor.of(user),
    )
    affiliations.accept(asked, by=Actor.of(by))


def _last_day() -> date:
    """Two years from today: a contract, a thesis."""
    return timezone.localdate() + timedelta(days=730)


def _sign_spot(user: User) -> None:
    text = licences.text_in_force("spot67", "fr")
    licences.sign(
        text,
        shown_sha256=text.sha256,
        by=Actor.of(user),
        capacity=Signature.Capacity.USER,
        circumstances=Circumstances(),
    )
