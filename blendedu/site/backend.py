"""Who is asking: the user behind a session, and behind an e-mail address and a password."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.db.models import Exists
from django.utils import timezone

from blendedu.kit.prepared import prepared
from blendedu.people.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.http import HttpRequest

# Whose session it is that get_user is asked about; Django passes only the number of the user.
_session: ContextVar[str] = ContextVar("session", default="")


@prepared
def _users(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


@prepared
def _signed_in(pk: int, session: str, at: datetime) -> QuerySet[User]:
    return User.objects.filter(Exists(Session.objects.filter(session_key=session, expire_date__gt=at)), pk=pk)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Sign-in as allauth does it; has_perm as Django does it."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, as long as the account is active and, where a page asks, the session is there."""
        # COST: every request of everybody asks.
        session = _session.get()
        user = _signed_in.first(user_id, session, timezone.now()) if session else _users.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def user_behind(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in, by what the database says now.

    SECURITY: what a session holds is read from the cache, which may have missed that somebody signed out: Redis was
    away then, or another request had just read it. So the question who this is, which every page asks, also asks
    whether the session is still there. See docs/decisions/0012-the-database-says-who-is-signed-in.md.
    """
    told = _session.set(request.session.session_key or "")
    try:
        user = auth.get_user(request)
    finally:
        _session.reset(told)
    if not user.is_authenticated and auth.SESSION_KEY in request.session:
        # As Django does it after a change of the password: nothing of that session is used, and the cookie goes.
        request.session.flush()
    return user
