"""The ground as a Django app: promises, idempotent answers, the demonstration's mail."""

from django.apps import AppConfig


class DinamisConfig(AppConfig):
    name = "dinamis"
    verbose_name = "DINAMIS"
