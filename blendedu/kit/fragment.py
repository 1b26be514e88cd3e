"""One answer for both ways of asking: a fragment for htmx, a whole page or a redirect for everyone else."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


class SeeOther(HttpResponseRedirectBase):
    """Look there now, with GET: the answer to a form that was sent and accepted."""

    status_code = 303


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a piece of the page. A boosted link or a restored page wants the whole."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


def fragment(
    request: HttpRequest,
    template: str,
    name: str,
    context: Mapping[str, Any],  # template contexts hold anything
    *,
    status: int = 200,
    page: str | None = None,
) -> HttpResponse:
    """Render the part `name` of a page for htmx; send everyone else by 303 to `page`.

    Without htmx, an answer that has no `page` to go to (a form with mistakes, a stale board) is the page itself, with
    the same context and status: so a caller whose fragment can fail gives the context of the whole page.
    """
    if wants_fragment(request):
        response = render(request, f"{template}#{name}", dict(context), status=status)
    elif page is not None and status < 400:
        response = SeeOther(page)
    else:
        response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
