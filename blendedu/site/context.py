"""What the frame around every page needs: menu, unread notices, the institution and its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property

from blendedu.demo import accounts
from blendedu.journal.queries import unread_count
from blendedu.site import navigation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest


class Frame:
    """Computed when the header asks for it, once: a fragment without a header costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def menu(self) -> Sequence[navigation.Entry]:
        return navigation.entries(self._request.user) if self._request.user.is_authenticated else ()

    @cached_property
    def current(self) -> navigation.Entry | None:
        return navigation.current(self.menu, self._request.path)

    @cached_property
    def unread(self) -> int:
        return unread_count(self._request.user) if self._request.user.is_authenticated else 0

    @property
    def institution(self) -> str:
        return str(settings.BLENDEDU_INSTITUTION)

    @property
    def zone(self) -> str:
        """The zone that every time on the page is in, as people say it: Europe/Brussels (UTC+1)."""
        offset = timezone.localtime().strftime("%z")
        hours, minutes = int(offset[:3]), offset[3:]
        return f"{settings.TIME_ZONE} (UTC{hours:+d}{'' if minutes == '00' else ':' + minutes})"


def frame(request: HttpRequest) -> dict[str, Any]:  # a template context holds anything
    """Values for base.html."""
    # Asked for by the sign-in page only, so only that page pays for it.
    demo_accounts = SimpleLazyObject(accounts)
    return {"frame": Frame(request), "demo": settings.BLENDEDU_DEMO, "demo_accounts": demo_accounts}
