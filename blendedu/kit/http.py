"""The request as views know it once the person behind it has signed in."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    # Resolved by the type checker's plugin to AUTH_USER_MODEL: kit stays below people and never imports it.
    from django.contrib.auth.models import _User
    from django_htmx.middleware import HtmxDetails


class AuthedRequest(HttpRequest):
    """A request whose person is known, as the sign-in middleware guarantees for every page but the public ones."""

    user: "_User"
    htmx: "HtmxDetails"
