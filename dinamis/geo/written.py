"""Degrees and counts as a refusal writes them, with the separators of the reader's language."""

from decimal import Decimal

from django.utils.formats import number_format

DIGITS = 6  # after the point: a decimetre


def degrees(value: float) -> str:
    """A longitude or latitude without idle zeros: "−52,3" reads as "-52,3" in French."""
    exact = Decimal(f"{value:.{DIGITS}f}")
    return number_format(exact.to_integral() if exact == exact.to_integral() else exact.normalize())


def count(value: int) -> str:
    return number_format(value, force_grouping=True)
