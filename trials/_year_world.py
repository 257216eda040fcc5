"""Who is there before the year begins: members, their people, officers, an archive; and everybody's keys.

Run inside the site, which prints them as JSON; the rest of the year goes through the API.
"""

import json
import secrets
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from allauth.idp.oidc.models import Token
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.utils import timezone

from accounts.models import Affiliation, Membership, Organisation, Program, Signature, User
from accounts.services.licences import licences
from accounts.services.people import duties
from accounts.services.programs import api_keys, programs
from catalogue.models import Collection, Platform, Scene
from dinamis import geo
from dinamis.actors import Actor
from trials._year_played import CENTRE, SCENES, Keys, Member, scene

BY = Actor.system("trial")
CATEGORIES = ("research", "public_body", "association")
OFFICERS = {
    "desk": "desk",
    "administrator": "quota_administrator",
    "second": "quota_administrator",
}


@transaction.atomic
def made(organisations: int) -> Keys:
    """Make the world; return the keys of those who will act."""
    for number in range(SCENES):
        _scene(number)
    members = [_member(number) for number in range(organisations)]
    facts = programs.Facts("The desk's program", ["openid", "read", "order"])
    program, _secret = programs.register(facts, kind=Program.Kind.TOOL, by=BY)
    officers = {name: _officer(name, duty, program) for name, duty in OFFICERS.items()}
    return Keys(members=members, **officers)


def _member(number: int) -> Member:
    category = CATEGORIES[number % len(CATEGORIES)]
    organisation = Organisation.objects.create(
        name=f"Member {number:03}", category=category, sector="coast"
    )
    now = timezone.now()
    Membership.objects.create(
        organisation=organisation,
        reference=f"A-YEAR-{number:03}",
        state="active",
        language="en",
        referent_name="Referent",
        referent_email=f"referent{number}@example.org",
        referent_proved_at=now,
        legal_name="Head",
        legal_position="Head",
        legal_email=f"head{number}@example.org",
        legal_accepted_at=now,
        proposed_at=now,
        activated_at=now,
        state_since=now,
    )
    headers = _researcher(f"researcher{number}", organisation)
    return Member(organisation.pk, category, headers)


def _person(name: str) -> User:
    return User.objects.create(email=f"{name}@example.org", full_name=name, language="en")


def _researcher(name: str, organisation: Organisation) -> dict[str, str]:
    """A referent who signed the SPOT licence: the headers of a key that reads and orders."""
    user, now = _person(name), timezone.now()
    TOTP.activate(user, generate_totp_secret())
    Affiliation.objects.create(
        user=user,
        organisation=organisation,
        state="active",
        position="researcher",
        is_current=True,
        is_referent=True,
        requested_at=now,
        activated_at=now,
        state_since=now,
    )
    text = licences.text_in_force("spot67", "en")
    licences.sign(
        text,
        shown_sha256=text.sha256,
        by=Actor.of(user),
        capacity=Signature.Capacity.USER,
        circumstances=licences.Circumstances(ip="192.0.2.7", user_agent="trial"),
    )
    key, secret = api_keys.create(
        user, name="year", scopes=["read", "order"], organisation=organisation, by=Actor.of(user)
    )
    return {"access-key": key.access_key, "secret-key": secret}


def _officer(name: str, duty: str, program: Program) -> dict[str, str]:
    """Who holds a duty, with the second factor it demands. A key carries no duty: a token does."""
    user = _person(name)
    TOTP.activate(user, generate_totp_secret())
    duties.appoint(user, kind=duty, by=BY)
    value = secrets.token_urlsafe(32)
    token = Token(type=Token.Type.ACCESS_TOKEN, client_id=program.client_id, user=user)
    token.set_value(value)
    token.set_scopes(["read", "order"])
    token.expires_at = timezone.now() + timedelta(hours=12)
    token.save()
    return {"Authorization": f"Bearer {value}"}


def _scene(number: int) -> None:
    satellite = Platform.objects.get(code="PHR1A")
    lon, lat = CENTRE
    outline = geo.swath_footprint(
        lon + number / 2, lat, width_km=20, length_km=20, orientation_deg=0
    )
    Scene.objects.create(
        item_id=scene(number),
        platform=satellite,
        collection=Collection.objects.get(code=satellite.sensor_id),
        datetime=datetime(2019, 1, 1, 14, tzinfo=UTC) + timedelta(days=number),
        cloud_cover=4.0,
        incidence=12.0,
        resolution_m=satellite.resolution_m,
        footprint=geo.to_geos(outline, multi=True),
        footprint_source="supplier",
        completeness="complete",
    )


def tell(organisations: int) -> None:
    """Make the world and print its keys."""
    sys.stdout.write(json.dumps(asdict(made(organisations))))
