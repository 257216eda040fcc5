"""Static files: those our pages load, under names that carry their content: cached for ever, replaced at once."""

from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, where our own modules import one another by their lasting names too.

    gzip alone: brotli saves a tenth of the size and took two minutes of every start.
    """

    support_js_module_import_aggregation = True
    # Ours alone: libraries carry imports of files that they do not ship.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def create_compressor(self, **options: Any) -> Compressor:
        return super().create_compressor(use_brotli=False, **options)


class NeededFilesConfig(StaticFilesConfig):
    """Django's, without what the packages of npm bring beside the files that our pages load: 28 MB of 64."""

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        "bootstrap*.rtl*",
        "bootstrap-*",
        "bootstrap*.js*",
        "countries-110m.json",
        "land-*.json",
        "leaflet-geoman.js*",
    )
