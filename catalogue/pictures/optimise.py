"""One image as a cloud-optimised GeoTIFF, made in a child process that has little to lose."""

from pathlib import Path

from catalogue.pictures.draw import environment
from dinamis.errors import Invalid
from dinamis.said import gettext as _
from dinamis.sandbox import ChildFailed, run_child

CHILD = "catalogue.pictures.cog_child"
SECONDS = 500  # below a task's own limit
MEMORY_MB = 4000
FILE_MB = 64_000  # a copy is about as long as the image
DRIVERS_MORE = ("VRT",)  # rio-cogeo warps in memory through it; no file is opened with it


def optimise(source: Path, into: Path, *, shown: str) -> Path:
    """Write `into`/image.tif from a GeoTIFF or JPEG 2000; return its path.

    `shown` is what the image is called in sentences. Raises Invalid (not_converted).
    """
    env = environment()
    kept = [one for one in env["GDAL_SKIP"].split(",") if one not in DRIVERS_MORE]
    request = {"source": str(source.resolve()), "out": str(into.resolve() / "image.tif")}
    try:
        answer = run_child(
            CHILD,
            request,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
            readable=source,
            writable=into,
            env=env | {"GDAL_SKIP": ",".join(kept)},
            file_mb=FILE_MB,
        )
    except ChildFailed as failure:
        raise _failed(shown, failure.reason) from failure
    if "refused" in answer:
        raise _failed(shown, answer["refused"]["code"])
    return into / "image.tif"


def _failed(shown: str, why: str) -> Invalid:
    sentence = _("No optimised copy of %(file)s could be made (%(why)s).")
    return Invalid("not_converted", sentence % {"file": shown, "why": why}, why=why)
