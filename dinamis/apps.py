"""The ground as a Django app: promises, idempotent answers, the demonstration's mail."""

from django.apps import AppConfig


class DinamisConfig(AppConfig):
    name = "dinamis"
    verbose_name = "DINAMIS"

    def ready(self) -> None:
        # The tables of the ground exist only once the apps are loaded.
        from dinamis import retention

        retention.register_ground()
