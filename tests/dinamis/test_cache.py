"""The cache makes its client once, and is what Django's own is."""

from unittest import mock

import redis
from django.core.cache import caches


def test_a_client_is_made_once_for_many_looks():
    cache = caches.create_connection("default")
    with mock.patch.object(
        redis.Redis, "__init__", autospec=True, side_effect=redis.Redis.__init__
    ) as made:
        cache.set("some", {"thing": 1}, 60)
        assert [cache.get("some"), cache.get("other", 2)] == [{"thing": 1}, 2]
        assert cache.add("some", 3) is False
        cache.delete("some")
    assert cache.get("some") is None
    assert made.call_count == 1
