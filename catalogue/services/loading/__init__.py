"""Scenes by the million from a file of footprints: what is new is added, what differs changed, the rest left."""

from catalogue.services.loading.loads import Counts, load

__all__ = ["Counts", "load"]
