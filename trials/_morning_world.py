"""Who is there before the morning begins: members and their people, two officers, an archive, one image.

Run inside the site, which prints keys and sessions as JSON; the rest goes through pages and the API.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Affiliation, Organisation, User
from accounts.services.programs import api_keys, programs
from catalogue.models import Product, Scene
from dinamis import geo
from dinamis.actors import Actor
from orders.models import Project
from trials import _year_world as world
from trials._morning_played import EXISTING
from trials._year_played import CENTRE, scene

MEMBERS = 4
SCENES = 3


@transaction.atomic
def made() -> dict[str, Any]:
    """Make the world; return the keys and sessions of those who will act."""
    for number in range(SCENES):
        world._scene(number)
    _product(Scene.objects.get(item_id=scene(EXISTING)))
    members = [world._member(number) for number in range(MEMBERS)]
    program, _secret = programs.register(
        programs.Facts("The desk's program", ["openid", "read", "order"]),
        kind=world.Program.Kind.TOOL,
        by=world.BY,
    )
    officers = {name: world._officer(name, duty, program) for name, duty in world.OFFICERS.items()}
    world._officer("colleague", "desk", program)
    home = Organisation.objects.get(pk=members[0].organisation)
    away = User.objects.get(email="researcher0@example.org")
    stand_in, officer = world._person("standin"), User.objects.get(email="desk@example.org")
    for user in (stand_in, officer):
        _attach(user, home)
    names = ("desk@example.org", "colleague@example.org", away.email, stand_in.email)
    stranger = "researcher1@example.org"
    return {
        "members": [
            {"organisation": one.organisation, "headers": one.headers, "category": one.category}
            for one in members
        ],
        "administrator": officers["administrator"],
        "program": officers["desk"],
        "own": _key(officer, home),
        "project": _project(away, home).reference,
        "stand_in": stand_in.pk,
        "sessions": {name.partition("@")[0]: _session(name) for name in (*names, stranger)},
    }


def _attach(user: User, home: Organisation) -> None:
    now = timezone.now()
    Affiliation.objects.create(
        user=user,
        organisation=home,
        state="active",
        position="researcher",
        is_current=True,
        requested_at=now,
        activated_at=now,
        state_since=now,
    )


def _key(user: User, home: Organisation) -> dict[str, str]:
    key, secret = api_keys.create(
        user, name="own", scopes=["read", "order"], organisation=home, by=Actor.of(user)
    )
    return {"access-key": key.access_key, "secret-key": secret}


def _session(email: str) -> str:
    """The cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _project(lead: User, home: Organisation) -> Project:
    """A project that was approved, and runs."""
    now, today = timezone.now(), timezone.localdate()
    return Project.objects.create(
        reference="P-MORNING",
        lead=lead,
        organisation=home,
        title="The coast",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=700),
        state="approved",
        made_at=now,
        submitted_at=now,
        approved_at=now,
        state_since=now,
    )


def _product(of: Scene) -> None:
    """An image that a member received: the western half of a scene."""
    lon, lat = CENTRE
    half = geo.swath_footprint(
        lon + EXISTING / 2 - 0.045, lat, width_km=10, length_km=20, orientation_deg=0
    )
    footprint = geo.to_geos(half, multi=True)
    Product.objects.create(
        scene=of,
        title="Western half",
        delivery_key="morning",
        level="ortho",
        footprint=footprint,
        area_km2=geo.area_km2(footprint),
        licence_id="pleiades",
        published_at=timezone.now(),
        **world.BY.columns(),
    )


def tell() -> None:
    """Make the world and print its keys."""
    sys.stdout.write(json.dumps(made()))
