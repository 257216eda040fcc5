"""Persons: attached, invited, reviewed, away, asleep, gone."""
