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

# Swath and resolution: the operators' user guides. In service: from the launch to the last image.
# Those without a sensor are kept and given out, never ordered.
PLATFORMS = {
    "PHR1A": ("pleiades", "pleiades", "Pléiades 1A", 0.5, 20.0, date(2011, 12, 17), None),
    "PHR1B": ("pleiades", "pleiades", "Pléiades 1B", 0.5, 20.0, date(2012, 12, 2), None),
    "SPOT6": ("spot67", "spot67", "SPOT 6", 1.5, 60.0, date(2012, 9, 9), None),
    "SPOT7": ("spot67", "spot67", "SPOT 7", 1.5, 60.0, date(2014, 6, 30), date(2023, 3, 17)),
    "PNEO3": (None, "pneo", "Pléiades Neo 3", 0.3, 14.0, date(2021, 4, 29), None),
    "PNEO4": (None, "pneo", "Pléiades Neo 4", 0.3, 14.0, date(2021, 8, 17), None),
    "SPOT1": (None, "swh", "SPOT 1", 10.0, 60.0, date(1986, 2, 22), date(2003, 11, 28)),
    "SPOT2": (None, "swh", "SPOT 2", 10.0, 60.0, date(1990, 1, 22), date(2009, 7, 30)),
    "SPOT3": (None, "swh", "SPOT 3", 10.0, 60.0, date(1993, 9, 26), date(1996, 11, 14)),
    "SPOT4": (None, "swh", "SPOT 4", 10.0, 60.0, date(1998, 3, 24), date(2013, 6, 29)),
    "SPOT5": (None, "swh", "SPOT 5", 2.5, 60.0, date(2002, 5, 4), date(2015, 9, 11)),
    "RE1": (None, "rapideye", "RapidEye 1", 5.0, 77.0, date(2008, 8, 29), date(2020, 3, 31)),
    "RE2": (None, "rapideye", "RapidEye 2", 5.0, 77.0, date(2008, 8, 29), date(2020, 3, 31)),
    "RE3": (None, "rapideye", "RapidEye 3", 5.0, 77.0, date(2008, 8, 29), date(2020, 3, 31)),
    "RE4": (None, "rapideye", "RapidEye 4", 5.0, 77.0, date(2008, 8, 29), date(2020, 3, 31)),
    "RE5": (None, "rapideye", "RapidEye 5", 5.0, 77.0, date(2008, 8, 29), date(2020, 3, 31)),
    "TSX1": (None, "terrasar-x", "TerraSAR-X", 1.0, 30.0, date(2007, 6, 15), None),
    "TDX1": (None, "terrasar-x", "TanDEM-X", 1.0, 30.0, date(2010, 6, 21), None),
    "CSKS1": (None, "cosmo-skymed", "COSMO-SkyMed 1", 1.0, 40.0, date(2007, 6, 8), None),
    "CSKS2": (None, "cosmo-skymed", "COSMO-SkyMed 2", 1.0, 40.0, date(2007, 12, 9), None),
    "CSKS3": (None, "cosmo-skymed", "COSMO-SkyMed 3", 1.0, 40.0, date(2008, 10, 25), None),
    "CSKS4": (None, "cosmo-skymed", "COSMO-SkyMed 4", 1.0, 40.0, date(2010, 11, 6), None),
    "ALOS2": (None, "kalideos", "ALOS-2", 3.0, 50.0, date(2014, 5, 24), None),
}

# The licence of a collection's products when a delivery names no other (design rule 5). Where the
# terms are not known none is written down: an administrator gives it, or the delivery names it.
COLLECTIONS = {
    "pleiades": {
        "title_fr": "Archive Pléiades",
        "title_en": "Pléiades archive",
        "description_fr": "Images Pléiades 1A et 1B, à 50 cm, depuis décembre 2011.",
        "description_en": "Pléiades 1A and 1B images, 50 cm, since December 2011.",
        "credit": "© CNES, distribution Airbus DS",
        "licence_id": "pleiades",
    },
    "spot67": {
        "title_fr": "Archive SPOT 6-7",
        "title_en": "SPOT 6-7 archive",
        "description_fr": "Images SPOT 6 et SPOT 7, à 1,5 m, depuis septembre 2012.",
        "description_en": "SPOT 6 and SPOT 7 images, 1.5 m, since September 2012.",
        "credit": "© Airbus DS",
        "licence_id": "spot67",
    },
    "pneo": {
        "title_fr": "Pléiades Neo",
        "title_en": "Pléiades Neo",
        "description_fr": "Images Pléiades Neo confiées à DINAMIS, à 30 cm, depuis avril 2021.",
        "description_en": "Pléiades Neo images entrusted to DINAMIS, 30 cm, since April 2021.",
        "credit": "© Airbus DS",
    },
    "swh": {
        "title_fr": "Spot World Heritage",
        "title_en": "Spot World Heritage",
        "description_fr": "Images SPOT 1 à 5 du patrimoine du CNES, de 1986 à 2015.",
        "description_en": "SPOT 1 to 5 images of the CNES heritage programme, from 1986 to 2015.",
        "credit": "CNES, Spot World Heritage Programme",
        "licence_id": "open",
    },
    "rapideye": {
        "title_fr": "RapidEye",
        "title_en": "RapidEye",
        "description_fr": "Couvertures RapidEye achetées par GEOSUD, à 5 m.",
        "description_en": "RapidEye coverages bought by GEOSUD, 5 m.",
    },
    "terrasar-x": {
        "title_fr": "TerraSAR-X",
        "title_en": "TerraSAR-X",
        "description_fr": "Images radar en bande X de TerraSAR-X et TanDEM-X.",
        "description_en": "X-band radar images of TerraSAR-X and TanDEM-X.",
    },
    "cosmo-skymed": {
        "title_fr": "COSMO-SkyMed",
        "title_en": "COSMO-SkyMed",
        "description_fr": "Images radar en bande X de COSMO-SkyMed.",
        "description_en": "X-band radar images of COSMO-SkyMed.",
    },
    "kalideos": {
        "title_fr": "Kalideos",
        "title_en": "Kalideos",
        "description_fr": "Images des sites d’étude Kalideos du CNES, optiques et radar.",
        "description_en": "Images of the CNES Kalideos study sites, optical and radar.",
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
    for code, facts in COLLECTIONS.items():
        Collection.objects.get_or_create(code=code, defaults=facts)
    for code, row in PLATFORMS.items():
        sensor, collection, name, resolution, swath, begins_on, ends_on = row
        Platform.objects.get_or_create(
            code=code,
            defaults={
                "sensor_id": sensor,
                "collection_id": collection,
                "name": name,
                "resolution_m": resolution,
                "swath_km": swath,
                "in_service_from": begins_on,
                "in_service_to": ends_on,
            },
        )
    for rank, (code, french, english) in enumerate(THEMES, start=1):
        Theme.objects.get_or_create(
            code=code, defaults={"name_fr": french, "name_en": english, "order": 10 * rank}
        )


def collection_of(platform: Platform) -> Collection:
    """The supplier's archive that a satellite's scenes belong to."""
    return platform.collection
