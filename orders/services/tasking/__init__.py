"""Attempts of a tasking line, and the images proposed out of them."""
