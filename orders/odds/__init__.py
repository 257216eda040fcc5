"""The odds of a tasking before it is asked: passes, clouds and attempts as plain figures; no models here."""
