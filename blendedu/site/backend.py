"""Who is asking: the user behind a session, and behind an e-mail address and a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend

from blendedu.kit.prepared import prepared
from blendedu.people.models import User

if TYPE_CHECKING:
    from django.db.models import QuerySet


@prepared
def _users(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Sign-in as allauth does it; has_perm as Django does it."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, as long as the account is active."""
        # COST: every request of everybody asks.
        user = _users.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
