"""Areas that people upload, read by a child process: the web process never parses their files."""

from dinamis.uploads.reading import ACCEPTED, MAX_BYTES, NamedArea, read_area

__all__ = ["ACCEPTED", "MAX_BYTES", "NamedArea", "read_area"]
