"""Alive, ready, and counted: /healthz, /readyz, /metrics."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from dinamis import figures
from dinamis.tasks import HEARTBEAT

SILENT_AFTER = 120.0  # seconds without a worker's heartbeat


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, broker, storage and workers answer; else 503 naming which do not."""
    results = {name: _answers(check) for name, check in CHECKS.items()}
    status = 200 if all(results.values()) else 503
    words = {name: "ok" if fine else "down" for name, fine in results.items()}
    return JsonResponse(
        {"status": "ready" if status == 200 else "not ready", **words}, status=status
    )


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, from loopback (no proxy in between) or with the token."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = settings.METRICS_TOKEN and constant_time_compare(token, settings.METRICS_TOKEN)
    direct = "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers
    if not known and not (direct and request.META.get("REMOTE_ADDR") in settings.LOOPBACK):
        return JsonResponse({"status": "not allowed"}, status=403)
    answer = ExportToDjangoView(request)
    answer.content += figures.text().encode()
    return answer


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 whatever the fault, the answer is "down"
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT postgis_lib_version()")
        return bool(cursor.fetchone())


def _broker() -> bool:
    mark = uuid.uuid4().hex
    cache.set(f"ready:{mark}", mark, timeout=10)
    return cache.get(f"ready:{mark}") == mark


def _storage() -> bool:
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)
    return True


def _workers() -> bool:
    seen = cache.get(HEARTBEAT)
    return seen is not None and timezone.now().timestamp() - seen < SILENT_AFTER


CHECKS = {"database": _database, "broker": _broker, "storage": _storage, "workers": _workers}
