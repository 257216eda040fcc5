"""The catalogue's reference rows: sensors, satellites with their dates of service, collections."""

from datetime import date
from decimal import Decimal

from catalogue.models import Collection, Platform, Sensor, Theme

# One scene-equivalent attempt is one 60 km × 60 km SPOT scene (domain.md, section 6).
SCENE_EQUIVALENT_KM2 = Decimal(3600)

SENSORS = {
    "pleiades": {
        "name_fr": "Pléiades",
        "name_en": "Pléiades",
        "family": "pleiades",
        "unit": Sensor.Unit.KM2,
        "order": 10,
    },
    "spot67": {
        "name_fr": "SPOT 6-7",
        "name_en": "SPOT 6-7",
        "family": "spot67",
        "unit": Sensor.Unit.ATTEMPT,
        "scene_equivalent_km2": SCENE_EQUIVALENT_KM2,
        "order": 20,
    },
}

# Swath and resolution: Airbus's user guides. In service: from the launch to the last contact.
PLATFORMS = {
    "PHR1A": ("pleiades", "Pléiades 1A", 0.5, 20.0, date(2011, 12, 17), None),
    "PHR1B": ("pleiades", "Pléiades 1B", 0.5, 20.0, date(2012, 12, 2), None),
    "SPOT6": ("spot67", "SPOT 6", 1.5, 60.0, date(2012, 9, 9), None),
    "SPOT7": ("spot67", "SPOT 7", 1.5, 60.0, date(2014, 6, 30), date(2023, 3, 17)),
}

COLLECTIONS = {
    "pleiades": {
        "title_fr": "Archive Pléiades",
        "title_en": "Pléiades archive",
        "description_fr": "Images Pléiades 1A et 1B, à 50 cm, depuis décembre 2011.",
        "description_en": "Pléiades 1A and 1B images, 50 cm, since December 2011.",
        "credit": "© CNES, distribution Airbus DS",
    },
    "spot67": {
        "title_fr": "Archive SPOT 6-7",
        "title_en": "SPOT 6-7 archive",
        "description_fr": "Images SPOT 6 et SPOT 7, à 1,5 m, depuis septembre 2012.",
        "description_en": "SPOT 6 and SPOT 7 images, 1.5 m, since September 2012.",
        "credit": "© Airbus DS",
    },
}

# What images are for: the deck names uses and no closed list, so these are ours to begin with.
THEMES = (
    ("coast", "Littoral et mer", "Coast and sea"),
    ("biodiversity", "Biodiversité et habitats", "Biodiversity and habitats"),
    ("forest", "Forêt", "Forest"),
    ("agriculture", "Agriculture et alimentation", "Agriculture and food"),
    ("water", "Eau et zones humides", "Water and wetlands"),
    ("snow", "Neige et glaciers", "Snow and glaciers"),
    ("urban", "Ville et aménagement", "Towns and planning"),
    ("risks", "Risques et catastrophes", "Risks and disasters"),
    ("solid-earth", "Terre solide et volcans", "Solid earth and volcanoes"),
    ("land-cover", "Occupation des sols", "Land cover"),
    ("heritage", "Archéologie et patrimoine", "Archaeology and heritage"),
    ("health", "Santé et environnement", "Health and environment"),
    ("method", "Méthodes et étalonnage", "Methods and calibration"),
    ("teaching", "Enseignement", "Teaching"),
    ("other", "Autre", "Other"),
)


def load() -> None:
    """Create the rows that are missing; those an administrator has changed stay as they are."""
    for code, facts in SENSORS.items():
        Sensor.objects.get_or_create(code=code, defaults=facts)
    for code, (sensor, name, resolution, swath, begins_on, ends_on) in PLATFORMS.items():
        Platform.objects.get_or_create(
            code=code,
            defaults={
                "sensor_id": sensor,
                "name": name,
                "resolution_m": resolution,
                "swath_km": swath,
                "in_service_from": begins_on,
                "in_service_to": ends_on,
            },
        )
    for code, facts in COLLECTIONS.items():
        Collection.objects.get_or_create(code=code, defaults=facts)
    for rank, (code, french, english) in enumerate(THEMES, start=1):
        Theme.objects.get_or_create(
            code=code, defaults={"name_fr": french, "name_en": english, "order": 10 * rank}
        )


def collection_of(platform: Platform) -> Collection:
    """The supplier's archive that a satellite's scenes belong to."""
    return Collection.objects.get(code=platform.sensor_id)
