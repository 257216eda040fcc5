"""Mails of the catalogue."""
