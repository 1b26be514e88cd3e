"""The request as views know it once the person behind it has signed in."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone

if TYPE_CHECKING:
    # Resolved by the type checker's plugin to AUTH_USER_MODEL: kit stays below people and never imports it.
    from django.contrib.auth.models import _User
    from django_htmx.middleware import HtmxDetails


class AuthedRequest(HttpRequest):
    """A request whose person is known, as the sign-in middleware guarantees for every page but the public ones."""

    user: "_User"
    htmx: "HtmxDetails"


# SECURITY: so long may a file take that began in time. A request that is kept open longer moves no deadline.
LONGEST_UPLOAD = timedelta(minutes=15)


def arrived_at(request: HttpRequest) -> datetime:
    """The moment that counts for what was sent: for a file the one at which it began to arrive, otherwise now.

    A student who sends a large file in time over a slow line is in time (trust.md F19). Behind a proxy that keeps
    bodies back until they are complete, it begins when the proxy passes it on.
    """
    began: datetime | None = getattr(request, "began_at", None)
    if began is None or request.content_type != "multipart/form-data":
        return timezone.now()
    request.POST  # noqa: B018 -- reads what is still under way, so that the clock below has stopped
    now = timezone.now()
    return now if now - began > LONGEST_UPLOAD else began
