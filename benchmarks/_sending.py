"""Settings of the application with two addresses more: one file without the decision who may have it."""

from dinamis.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks._sending_urls"
