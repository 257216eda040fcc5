"""Django's cache on Redis, keeping its client: a new one at each look costs as much as the look."""

from typing import Any

from django.core.cache.backends import redis


class _Client(redis.RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        index = self._get_connection_pool_index(write)
        if index not in self._kept:
            self._kept[index] = super().get_client(key, write=write)
        return self._kept[index]

    def count(self, key: str, seconds: int) -> int:
        steps = self.get_client(key, write=True).pipeline(transaction=False)
        return int(steps.incr(key).expire(key, seconds, nx=True).execute()[0])


class RedisCache(redis.RedisCache):
    """One a thread, as all of Django's caches are; the client's connections are pooled."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def count(self, key: str, seconds: int) -> int:
        """Count one more, in one way there and back; how many there are, for `seconds` from the first on."""
        return int(self._cache.count(self.make_and_validate_key(key), seconds))
