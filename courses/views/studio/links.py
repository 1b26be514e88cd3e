"""The connections of a card, beside the board: what is used in it, and what of it is used elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.access import Can, placement_for
from courses.connections import connections_of
from courses.forms.environments import CardLinkForm
from courses.queries.environments import environments_page
from courses.services import plan as services
from courses.views.environments import backwards_words
from courses.views.studio.shown import attempt, changed_page, done, page_of, panel_shown

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest
    from courses.models import Placement
    from courses.queries.studio import StudioPage
    from courses.views.studio.shown import Context


@require_http_methods(["GET", "POST"])
def placement_links(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """List the connections of a card, and add one."""
    found = placement_for(request.user, code, pk, to=Can.DESIGN if request.method == "POST" else Can.LOOK)
    page = page_of(request, found.design)
    if request.method == "GET":
        return panel_shown(request, page, **_about(page, found))
    form = CardLinkForm(environments_page(page.plan).weeks, request.POST)
    if not form.is_valid():
        return panel_shown(request, page, status=422, **_about(page, found, form))
    said = {name: form.cleaned_data[name] for name in ("target", "note", "version")}
    result = attempt(
        request,
        found.design,
        lambda: services.add_link(found.design, source=found.pk, **said, by=request.user, at=timezone.now()),
        panel=lambda fresh: _about(fresh, found, _again(form, fresh)),
    )
    if isinstance(result, HttpResponse):
        return result
    sentence = _("“%(title)s” is connected.") % {"title": found.activity.title}
    warning = backwards_words(result.plan, found.pk, said["target"])
    fresh = changed_page(request, result)
    return done(request, fresh, f"{sentence} {warning}".strip(), **_about(fresh, found), just_saved=True)


@require_POST
def placement_link_remove(request: AuthedRequest, code: str, pk: int, link: int) -> HttpResponse:
    """Take a connection of a card away."""
    found = placement_for(request.user, code, pk, to=Can.DESIGN)
    result = attempt(
        request,
        found.design,
        lambda: services.remove_link(found.design, link, by=request.user, at=timezone.now()),
        panel=lambda fresh: _about(fresh, found),
    )
    if isinstance(result, HttpResponse):
        return result
    fresh = changed_page(request, result)
    sentence = _("The connection is taken away.")
    return done(request, fresh, sentence, offer_undo=True, **_about(fresh, found), just_saved=True)


def _about(page: StudioPage, found: Placement, form: CardLinkForm | None = None) -> Context:
    links = connections_of(page.plan).links
    return {
        "panel": "links",
        "placement": found,
        "activity": found.activity,
        "links_out": [each for each in links if each.link.source == found.pk],
        "links_in": [each for each in links if each.link.target == found.pk],
        "link_form": form or CardLinkForm(environments_page(page.plan).weeks, initial={"version": page.plan.version}),
    }


def _again(form: CardLinkForm, page: StudioPage) -> CardLinkForm:
    """What was typed, drawn from the fresh plan."""
    typed = {name: form.data.get(name) for name in form.data}
    return CardLinkForm(environments_page(page.plan).weeks, typed | {"version": page.plan.version})
