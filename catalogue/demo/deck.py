"""The two archive scenes of DINAMIS's own presentation, with every figure it gives and no other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from catalogue.services.scenes import Figures


@dataclass(frozen=True, slots=True)
class DeckScene:
    """One scene as the deck shows it; its footprint is not given there."""

    item_id: str
    acquired_at: datetime
    figures: Figures


SCENES = (
    DeckScene(
        item_id="DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426",
        acquired_at=datetime(2019, 10, 28, 14, 10, 11, 900_000, tzinfo=UTC),
        figures=Figures(
            cloud_cover=4.161692,
            snow_cover=0.0,
            incidence=17.19367394801767,
            incidence_across=-16.8079401811563,
            incidence_along=-3.838481690020273,
            viewing=15.45470597682735,
            viewing_across=15.41465088864424,
            viewing_along=1.167692584352411,
            orientation=179.9704153472904,
            sun_azimuth=139.243370338304,
            sun_elevation=66.18729682080073,
            resolution_m=0.5,
        ),
    ),
    DeckScene(
        item_id="DS_PHR1B_201312011402555_FR1_PX_W053N04_0922_01804",
        acquired_at=datetime(2013, 12, 1, 14, 2, 55, 500_000, tzinfo=UTC),
        figures=Figures(
            cloud_cover=6.63,
            incidence=10.80417,
            orientation=180.0467126398,
            sun_azimuth=145.76224803757,
            sun_elevation=57.380766080337,
            resolution_m=0.5,
            centre_lon=Decimal("-52.294848738901337"),
            centre_lat=Decimal("4.8920860973005116"),
        ),
    ),
)
