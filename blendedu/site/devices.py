"""Browsers in which somebody has signed in before: what others guess at an account does not count against them.

A limit per account lets anybody lock anybody out, by guessing wrong on purpose (trust.md F53). So wrong passwords count
per account and address, and a browser that has signed in to the account counts for itself (OWASP, "device cookies").
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

KEPT = timedelta(days=180)
_SALT = "blendedu.site.devices"


def remember(response: HttpResponse, login: str) -> None:
    """Let this browser be known as one in which this account was signed in to."""
    value = signing.dumps({"of": _mark(login), "id": uuid4().hex}, salt=_SALT)
    response.set_cookie(
        settings.BLENDEDU_DEVICE_COOKIE,
        value,
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def known_device(request: HttpRequest, login: str) -> str:
    """The number of this browser, if this account was signed in to in it before; else empty."""
    try:
        kept = signing.loads(request.COOKIES.get(settings.BLENDEDU_DEVICE_COOKIE, ""), salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        return ""
    return str(kept["id"]) if kept["of"] == _mark(login) else ""


def _mark(login: str) -> str:
    # Whoever reads the cookie does not read an address in it.
    return salted_hmac(_SALT, login.strip().lower()).hexdigest()[:16]
