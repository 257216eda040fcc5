"""The Celery application; its options are in settings.py under CELERY_."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinamis.settings")

app = Celery("dinamis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def show_life(**facts: Any) -> None:
    """Let a new worker take a heartbeat at once: /readyz need not wait for beat's first."""
    app.send_task("dinamis.tasks.heartbeat")
