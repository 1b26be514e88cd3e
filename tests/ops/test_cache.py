"""A cache that is away makes the site slower, never wrong."""

import time

import pytest
import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from blendedu.kit.cache import ForgivingRedisCache, Json

AWAY = {
    "default": {
        "BACKEND": "blendedu.kit.cache.ForgivingRedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    }
}


@pytest.fixture
def _redis_is_away(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = AWAY
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)


@pytest.mark.usefixtures("_redis_is_away")
def test_every_question_to_an_absent_cache_has_the_answer_of_an_empty_one() -> None:
    cache = caches["default"]

    assert cache.get("key", "otherwise") == "otherwise"
    assert cache.get_many(["key"]) == {}
    assert cache.get_or_set("key", 5) == 5
    assert cache.add("key", 1) is True
    assert cache.incr("key") == 1
    assert cache.touch("key") is False
    assert cache.delete("key") is False
    assert "key" not in cache
    assert cache.set_many({"key": 1}) == ["key"]
    cache.set("key", 1)
    cache.delete_many(["key"])
    cache.clear()


@pytest.mark.usefixtures("_redis_is_away")
def test_an_absent_cache_is_asked_once_in_some_seconds_only() -> None:
    cache = caches["default"]
    cache.get("key")

    start = time.perf_counter()
    for _ in range(1000):
        cache.get("key")

    assert time.perf_counter() - start < 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_redis_is_away")
def test_people_sign_in_and_out_while_the_cache_is_away() -> None:
    get_user_model().objects.create_user(email="ada@example.org", password="a long password", name="Ada")
    client = Client(raise_request_exception=True)

    entered = client.post(reverse("account_login"), {"login": "ada@example.org", "password": "a long password"})
    again = client.get(reverse("account_login"))
    left = client.post(reverse("account_logout"))

    assert (entered.status_code, again.status_code, left.status_code) == (302, 302, 302)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("value", [0, 7, -3, True, None, 1.5, "1", "ë", [1.0, 2], {"key": ["value", None]}])
def test_a_value_comes_back_as_it_went_in(value: object) -> None:
    stored = Json().dumps(value)
    in_redis = str(stored).encode() if isinstance(stored, int) else stored

    back = Json().loads(in_redis)

    assert back == value
    assert type(back) is type(value)


def test_what_is_not_plain_data_is_refused() -> None:
    with pytest.raises(TypeError):
        Json().dumps(object())


@pytest.mark.services
def test_emptying_the_cache_leaves_what_is_not_ours() -> None:
    if not settings.REDIS_URL:
        pytest.skip("Needs Redis: REDIS_URL.")
    ours, theirs = caches["default"], redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    ours.set("mine", 1)
    theirs.set("somebody-elses", 1, ex=60)

    ours.clear()

    assert ours.get("mine") is None
    assert theirs.delete("somebody-elses") == 1
