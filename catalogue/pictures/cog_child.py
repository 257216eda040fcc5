"""The child that makes cloud-optimised copies. Called through dinamis.sandbox.run_child; no Django."""

import warnings
from pathlib import Path

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rio_cogeo.cogeo import cog_translate, cog_validate
from rio_cogeo.profiles import cog_profiles

# By the name it was given: no other driver may open it, whatever its bytes are.
DRIVERS = {".jp2": "JP2OpenJPEG", ".tif": "GTiff", ".tiff": "GTiff"}

warnings.simplefilter("ignore", NotGeoreferencedWarning)


def answer(request: dict) -> dict:
    """Convert `source` into `out`, without loss; {"ok": {cols, rows, bands}} or {"refused": {code}}."""
    source, out = request["source"], request["out"]
    if not source.startswith("/") or source.startswith("/vsi"):
        raise ValueError("only a file that was handed over is opened")
    try:
        with rasterio.open(source, driver=DRIVERS[Path(source).suffix]) as opened:
            profile = cog_profiles.get("deflate") | {"blockxsize": 512, "blockysize": 512}
            profile |= {"predictor": 2} if "int" in opened.dtypes[0] else {}
            # Not quiet: it would open /dev/null, which the child may not; its bar goes to the trace.
            cog_translate(
                opened, out, profile, in_memory=False, quiet=False, nodata=opened.nodata,
                forward_band_tags=True, config={"GDAL_TIFF_INTERNAL_MASK": True},
            )  # fmt: skip
            told = {"cols": opened.width, "rows": opened.height, "bands": opened.count}
        is_valid, _errors, _warnings = cog_validate(out, quiet=True)
    except (RasterioError, ValueError, OSError):
        return {"refused": {"code": "unreadable"}}
    return {"ok": told} if is_valid else {"refused": {"code": "invalid"}}
