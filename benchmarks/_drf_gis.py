"""Settings of the page as one would write it first: DRF-gis serializers over a plain query of our own table.

All else is ours: the same middleware, the same keys, scopes and rates, the same gate (`visible_to`).
"""

from dinamis.settings import *  # noqa: F403
from dinamis.settings import INSTALLED_APPS as OURS

ROOT_URLCONF = "benchmarks._drf_gis_urls"
INSTALLED_APPS = [*OURS, "rest_framework_gis"]
