"""The Celery application; its options are in settings.py under CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinamis.settings")

app = Celery("dinamis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
