"""The ground as a Django app: promises, idempotent answers, the demonstration's mail."""

import gc

from django.apps import AppConfig

# New things before the youngest are looked at, and how many looks before the next older are.
GARBAGE = (10_000, 20, 20)


class DinamisConfig(AppConfig):
    name = "dinamis"
    verbose_name = "DINAMIS"

    def ready(self) -> None:
        # The tables of the ground exist only once the apps are loaded.
        from dinamis import retention

        retention.register_ground()
        _look_for_garbage()


def _look_for_garbage() -> None:
    """Look for garbage from now on, but not among what starting made, and less often than for a small program.

    A full look at it stopped a request for a tenth of a second; processes that are forked share its pages
    as long as nobody touches them.
    """
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()
