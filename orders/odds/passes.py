"""How often a satellite of a sun-synchronous orbit can look at a place within an angle of incidence."""

import math
from dataclasses import dataclass

EARTH_KM = 6371.0
EQUATOR_KM = 40_075.0
# Beyond this the tracks crowd together and every orbit sees the place: the formula ends, not the passes.
HIGHEST_LATITUDE = 80.0


@dataclass(frozen=True, slots=True)
class Orbit:
    """Height in km, turns around the Earth in a day, and the share of usable passes that are tried."""

    height_km: float
    turns_a_day: float
    tried_share: float


def reach_km(height_km: float, incidence: float) -> float:
    """Ground distance, in km, from the track to a point seen under an angle of incidence (degrees)."""
    seen = math.radians(incidence)
    off_nadir = math.asin(math.sin(seen) * EARTH_KM / (EARTH_KM + height_km))
    return (seen - off_nadir) * EARTH_KM


def passes_a_day(orbit: Orbit, *, latitude: float, incidence: float) -> float:
    """Daylight passes of one satellite per day that see the place within the incidence, in the mean.

    Neighbouring daylight tracks are spread evenly along the parallel: the width that is seen, over
    the width between two tracks.
    """
    parallel = EQUATOR_KM * math.cos(math.radians(min(abs(latitude), HIGHEST_LATITUDE)))
    between = parallel / orbit.turns_a_day
    return min(2 * reach_km(orbit.height_km, incidence) / between, orbit.turns_a_day)


def attempts_a_day(orbit: Orbit, *, latitude: float, incidence: float) -> float:
    """The attempts of one satellite to be expected in a day: passes, less those given to others."""
    return passes_a_day(orbit, latitude=latitude, incidence=incidence) * orbit.tried_share
