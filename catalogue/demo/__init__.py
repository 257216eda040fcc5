"""The demonstration's scenes: the two of the deck, exactly, and an archive invented around them."""

from catalogue.demo.load import load

__all__ = ["load"]
