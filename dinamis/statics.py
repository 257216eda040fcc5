"""Static files under names that carry their content: cached for ever, replaced at once."""

from typing import Any

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
