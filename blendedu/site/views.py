"""Pages that belong to no app: the front door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest


def home(request: AuthedRequest) -> HttpResponse:
    """Send everybody to the page that they came for."""
    roles = request.user.roles
    if roles & {"lecturer", "coach"} or not roles:
        return redirect("courses:list")
    if "director" in roles:
        return redirect("programmes:list")
    if "administrator" in roles:
        return redirect("institution:policy")
    return redirect("courses:week")
