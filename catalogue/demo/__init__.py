"""The demonstration's scenes: the two of the deck, exactly, and an archive invented around them."""

from catalogue.demo.loading import load

__all__ = ["load"]
