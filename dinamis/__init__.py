"""The ground every other part of DINAMIS stands on; it imports none of them."""

import gc
import os

# Starting makes three hundred thousand things that stay: looking for garbage among them took nearly half of every
# start (ADR 47). It is looked for again from `DinamisConfig.ready` on.
gc.disable()
# Each core has a process of ours already: more threads of NumPy's wait for one another, and take its time doing so.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dinamis.celery import app as celery_app  # noqa: E402 (after it, for it imports most)

__all__ = ["celery_app"]
