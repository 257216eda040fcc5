"""The ground every other part of DINAMIS stands on; it imports none of them."""

from dinamis.celery import app as celery_app

__all__ = ["celery_app"]
