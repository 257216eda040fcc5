"""The suppliers that the scheme has: Airbus by hand, as today, and OneAtlas, off until it is proved.

An administrator changes them in the admin; a row that exists is left as it is.
"""

from datetime import date

from catalogue.models import Sensor
from orders.models import Supplier
from orders.pricing.words import Kind

SERVED_FROM = date(2013, 1, 1)
ROWS = {
    "airbus": {
        "name": "Airbus Defence and Space",
        "kind": Supplier.Kind.DESK,
        "is_active": True,
        "preference": 10,
    },
    "oneatlas": {
        "name": "OneAtlas",
        "kind": Supplier.Kind.ONEATLAS,
        "base_url": "https://order.api.oneatlas.airbus.com",
        "credentials": "oneatlas",
        "is_active": False,
        "is_experimental": True,
        "preference": 50,
        "rate_per_second": "0.90",
        "settle_seconds": 900,
    },
}
# OneAtlas is asked for taskings alone (ADR 25).
SERVICES = {"airbus": list(Kind), "oneatlas": [Kind.TASKING]}


def load() -> None:
    for key, facts in ROWS.items():
        supplier, new = Supplier.objects.get_or_create(key=key, defaults=facts)
        if not new:
            continue
        for service in SERVICES[key]:
            for sensor in Sensor.objects.filter(code__in=["pleiades", "spot67"]):
                supplier.services.create(service=service, sensor=sensor, starts_on=SERVED_FROM)
