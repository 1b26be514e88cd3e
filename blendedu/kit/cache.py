"""A cache that may be away: the site gets slower without it, never broken."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class Json:
    """How a value lies in Redis.

    SECURITY: never as a pickle, which would run the code of whoever can write there.
    """

    def dumps(self, value: Any) -> bytes | int:
        # Plain numbers stay as they are, because Redis counts with them.
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return json.dumps(value, separators=(",", ":")).encode()

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)


class KeptClient(RedisCacheClient):
    """Django's way to Redis, which makes a new client of the library for every call; this one keeps them."""

    # COST: every request reads its session here. Connections stay in a pool, which knows of threads and forks.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class ForgivingRedisCache(RedisCache):
    """Redis, as long as it answers; an empty cache for some seconds after it did not.

    Sessions are read from the database then. Rate limits are not counted: signing in stays possible, which matters
    more in the minutes of an outage than a guessed password's chance in them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._class = KeptClient

    # COST: without a pause, every cache call of every request would wait for the time-out of a Redis that hangs.
    _away_until = 0.0

    def _try(self, action: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < ForgivingRedisCache._away_until:
            return otherwise
        try:
            return action()
        except RedisError as error:
            ForgivingRedisCache._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache does not answer; going on without it: %s", error)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).add(*args, **kwargs), otherwise=True)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).get(key, default, version), otherwise=default)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).set(*args, **kwargs), otherwise=None)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs), otherwise=False)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs), otherwise=False)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).has_key(*args, **kwargs), otherwise=False)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).get_many(*args, **kwargs), otherwise={})

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).set_many(data, *args, **kwargs), otherwise=list(data))

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).delete_many(*args, **kwargs), otherwise=None)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), otherwise=delta)

    def clear(self) -> Any:
        """Empty our own part only: a Redis may be shared, and Django's own way would empty all of it."""
        return self._try(self._clear_own_part, otherwise=False)

    def _clear_own_part(self) -> bool:
        client = self._cache.get_client(None, write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1000))
        if keys:
            client.unlink(*keys)
        return True
