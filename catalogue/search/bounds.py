"""The figures of a scene that a question may bound: one row each, for the address, the form, SQL and CQL2."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Bound:
    """One number that a reader may give: `name` in the address, from `low` to `high` in `unit`.

    `sql` is an expression on `catalogue_scene s`, `asked` the property of a filter in CQL2. `is_least` says that a
    scene has at least so much, else at most; `is_size`, that the figure counts without its sign. `label` stands
    beside the field, `words` in a sentence, with the number as `figure`.
    """

    name: str
    sql: str
    asked: str
    low: float
    high: float
    unit: str
    label: Any
    words: Any
    is_least: bool = False
    is_size: bool = False
    step: str = "1"

    @property
    def condition(self) -> str:
        """With the number as the parameter that bears its name."""
        figure = f"abs({self.sql})" if self.is_size else self.sql
        return f"{figure} {'>=' if self.is_least else '<='} %(bound_{self.name})s"

    def in_cql2(self, number: float) -> dict[str, Any]:
        """The same limit as a filter. STAC's own angles have no sign, ours do."""
        asked = {"property": self.asked}
        if self.is_size and self.asked.startswith("dinamis:"):
            return {"op": "between", "args": [asked, -number, number]}
        return {"op": ">=" if self.is_least else "<=", "args": [asked, number]}

    def outside(self) -> str:
        """What is said of a number that is none of these."""
        return _("“%(label)s” is a number from %(low)s to %(high)s.") % {
            "label": self.label,
            "low": f"{self.low:g}",
            "high": f"{self.high:g}",
        }


BOUNDS = (
    Bound(
        "incidence", "s.incidence", "view:incidence_angle", 0, 60, "°",
        gettext_lazy("Incidence, at most"), gettext_lazy("at most %(figure)s° of incidence"),
        is_size=True,
    ),
    Bound(
        "along", "s.incidence_along", "dinamis:incidence_along", 0, 60, "°",
        gettext_lazy("Incidence along the track, at most"),
        gettext_lazy("at most %(figure)s° of incidence along the track"), is_size=True,
    ),
    Bound(
        "across", "s.incidence_across", "dinamis:incidence_across", 0, 60, "°",
        gettext_lazy("Incidence across the track, at most"),
        gettext_lazy("at most %(figure)s° of incidence across the track"), is_size=True,
    ),
    Bound(
        "viewing", "s.viewing", "view:off_nadir", 0, 60, "°",
        gettext_lazy("Viewing angle, at most"), gettext_lazy("viewed at %(figure)s° at most"),
        is_size=True,
    ),
    Bound(
        "sun", "s.sun_elevation", "view:sun_elevation", 0, 90, "°",
        gettext_lazy("Sun elevation, at least"), gettext_lazy("the sun at least %(figure)s° high"),
        is_least=True,
    ),
    Bound(
        "azimuth_from", "s.sun_azimuth", "view:sun_azimuth", 0, 360, "°",
        gettext_lazy("Sun azimuth, from"), gettext_lazy("sun azimuth from %(figure)s°"),
        is_least=True,
    ),
    Bound(
        "azimuth_to", "s.sun_azimuth", "view:sun_azimuth", 0, 360, "°",
        gettext_lazy("Sun azimuth, up to"), gettext_lazy("sun azimuth up to %(figure)s°"),
    ),
    Bound(
        "resolution", "s.resolution_m", "gsd", 0.1, 100, "m",
        gettext_lazy("Resolution, at most"), gettext_lazy("%(figure)s m of resolution or finer"),
        step="0.1",
    ),
    Bound(
        "snow", "s.snow_cover", "eo:snow_cover", 0, 100, "%",
        gettext_lazy("Snow in the scene, at most"), gettext_lazy("at most %(figure)s %% of snow"),
    ),
)  # fmt: skip
