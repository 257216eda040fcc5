"""Quota put together: pools, contributors' offers, draws, joint requests."""
