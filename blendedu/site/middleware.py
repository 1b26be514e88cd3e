"""What happens to every request before a view sees it."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from blendedu.kit.numbers import number_in
from blendedu.site.backend import user_behind

GetResponse = Callable[[HttpRequest], HttpResponseBase]

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
FORM_ROOM = 1024 * 1024  # What the other fields and the boundaries of a form may take beside its file.


class RequestId:
    """Give every request a number, the proxy's if it sent one, and write it on every log line and the response.

    Also note when it began to arrive: a file on a slow line is counted by that (kit.http.arrived_at).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        request.began_at = timezone.now()  # type: ignore[attr-defined] # before anything reads the body
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class BodyLimit:
    """Refuse a body that is larger than any upload may be, before anything reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = number_in(str(request.META.get("CONTENT_LENGTH") or "0"))
        if length is None or length > settings.BLENDEDU_UPLOAD_MAX_BYTES + FORM_ROOM:
            most = filesizeformat(settings.BLENDEDU_UPLOAD_MAX_BYTES)
            message = _("This is larger than %(most)s, the most that can be uploaded at once.") % {"most": most}
            if request.headers.get("HX-Request") == "true" or "html" not in request.headers.get("Accept", ""):
                return HttpResponse(message, status=413, content_type="text/plain; charset=utf-8")
            # What was sent is not read, so nobody knows yet who sent it: a page that needs no person.
            return render(request, "413.html", {"message": message}, status=413)
        return self.get_response(request)


class Authentication(AuthenticationMiddleware):
    """Say who is asking, once somebody wants to know: the session is in the database, whatever a cache remembers."""

    def process_request(self, request: HttpRequest) -> None:
        # SECURITY: no `auser`: Django's own would believe the cache. Nothing here is asynchronous.
        request.user = SimpleLazyObject(lambda: user_behind(request))  # type: ignore[assignment] # a proxy of it


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks who you are, unless its view says `@login_not_required`.

    A fragment must not be replaced by a whole sign-in page, and unsaved work must stay on the screen: htmx gets 401
    and the event `signedOut`, and the page itself offers the way back in.
    """

    def handle_no_permission(  # type: ignore[override] # a refusal, where the parent always redirects
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        response = HttpResponse(
            _("You are signed out. Sign in again to go on; what you typed is still here."),
            status=401,
            content_type="text/plain; charset=utf-8",
        )
        login = resolve_url(self.get_login_url(view_func))
        return trigger_client_event(response, "signedOut", {"login": login})
