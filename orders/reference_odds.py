"""Reference rows of the odds: a cloud table and how the satellites go.

The cloud figures are assumptions of ours, in tens of per cent, from what is generally known of the
world's climates (dry tropics, trade winds, monsoons, mid-latitude winters); none was measured. A real
grid, such as the monthly MODIS frequencies of Wilson and Jetz (2016), replaces them row by row in the
admin. A smaller box wins over a larger one.
"""

from catalogue.models import Sensor
from orders.models import CloudClimate, OddsSetting

CLOUDS = "Our own assumption in steps of 5 %, not measured: replace by a measured climatology."
ORBIT = (
    "Orbit of 694 km, 14 + 15/26 turns a day: the makers' public figures. The share of passes that"
    " are tried, the weight and the sharpness are our own assumptions."
)

# code: (name, (west, south, east, north), mean cloud of the months in %)
CLIMATES = {
    "arctic": ("The Arctic", (-180, 66, 180, 90), (60, 60, 60, 65, 75, 80, 80, 85, 85, 80, 70, 65)),
    "north": (
        "Northern mid-latitudes",
        (-180, 40, 180, 66),
        (75, 70, 70, 65, 65, 60, 60, 60, 60, 65, 75, 75),
    ),
    "north-subtropics": (
        "Northern subtropics",
        (-180, 20, 180, 40),
        (55, 55, 55, 50, 50, 45, 45, 45, 45, 45, 50, 55),
    ),
    "tropics": (
        "The tropics",
        (-180, -20, 180, 20),
        (60, 60, 65, 65, 65, 65, 65, 65, 65, 65, 65, 60),
    ),
    "south-subtropics": (
        "Southern subtropics",
        (-180, -40, 180, -20),
        (50, 50, 50, 45, 45, 45, 40, 40, 45, 50, 50, 50),
    ),
    "south": (
        "Southern mid-latitudes",
        (-180, -66, 180, -40),
        (75, 75, 75, 75, 75, 75, 75, 75, 75, 75, 75, 75),
    ),
    "antarctic": (
        "The Antarctic",
        (-180, -90, 180, -66),
        (65, 65, 65, 60, 60, 60, 60, 60, 60, 65, 65, 65),
    ),
    "mediterranean": (
        "Around the Mediterranean",
        (-10, 30, 37, 45),
        (60, 60, 55, 50, 45, 30, 20, 20, 35, 50, 60, 60),
    ),
    "alps": (
        "The Alps",
        (5, 43.5, 16, 48.5),
        (60, 60, 60, 65, 65, 60, 55, 55, 55, 55, 65, 65),
    ),
    "sahara-arabia": (
        "Sahara and Arabia",
        (-17, 15, 60, 30),
        (30, 30, 30, 25, 25, 20, 20, 25, 20, 20, 25, 30),
    ),
    "sahel": ("The Sahel", (-17, 10, 40, 17), (25, 25, 30, 35, 45, 55, 65, 70, 60, 40, 25, 20)),
    "central-africa": (
        "Central Africa",
        (8, -6, 32, 6),
        (70, 70, 75, 75, 75, 75, 75, 80, 80, 80, 80, 70),
    ),
    "amazon-guianas": (
        "The Guianas and the north of Amazonia",
        (-65, -3, -48, 9),
        (75, 75, 75, 80, 85, 75, 65, 55, 45, 50, 60, 75),
    ),
    "south-asia": (
        "Southern Asia",
        (68, 6, 98, 30),
        (25, 25, 25, 30, 40, 65, 80, 80, 65, 40, 30, 25),
    ),
    "himalaya": (
        "Himalaya and Karakoram",
        (72, 27, 98, 37),
        (45, 50, 55, 50, 50, 60, 70, 70, 55, 35, 30, 35),
    ),
    "southeast-asia": (
        "South-east Asia and its islands",
        (95, -10, 150, 15),
        (75, 70, 70, 70, 70, 70, 70, 70, 70, 75, 75, 75),
    ),
    "antilles": (
        "The Antilles",
        (-75, 10, -58, 22),
        (40, 40, 40, 45, 55, 55, 55, 55, 55, 55, 55, 45),
    ),
    "mascarenes": (
        "Réunion, Mauritius, Mayotte",
        (43, -24, 60, -11),
        (65, 65, 60, 50, 45, 45, 45, 45, 40, 40, 45, 60),
    ),
    "australia": (
        "Inner Australia",
        (115, -33, 148, -18),
        (40, 40, 35, 30, 30, 30, 25, 20, 20, 25, 35, 40),
    ),
}

# sensor: (height in km, turns a day, share tried, weight in attempts, sharpness)
SETTINGS = {
    "pleiades": (694.0, 14.577, 0.25, 6.0, 0.8),
    "spot67": (694.0, 14.577, 0.25, 6.0, 0.8),
}


def load() -> None:
    """Create what is missing; what an administrator changed stays."""
    for code, (name, (west, south, east, north), months) in CLIMATES.items():
        box = {"west": west, "south": south, "east": east, "north": north}
        facts = {"name": name, "months": list(months), "source": CLOUDS, **box}
        CloudClimate.objects.get_or_create(code=code, defaults=facts)
    names = ("height_km", "turns_a_day", "tried_share", "prior_weight", "cloud_sharpness")
    for sensor in Sensor.objects.filter(code__in=SETTINGS):
        facts = dict(zip(names, SETTINGS[sensor.code], strict=True))
        OddsSetting.objects.get_or_create(sensor=sensor, defaults=facts | {"source": ORBIT})
