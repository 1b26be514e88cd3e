"""Taking steps back on the pages about a design beside the Studio; each returns to where it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from blendedu.kit.fragment import SeeOther, wants_fragment
from courses.access import Can, design_for
from courses.services import plan as services
from courses.views import assessment, environments, outcomes
from courses.views.design_pages import Refused, changed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest

PAGES = {"outcomes": outcomes.shown, "assessment": assessment.shown, "environments": environments.shown}


@require_POST
def step_undo(request: AuthedRequest, code: str, page: str) -> HttpResponse:
    """Take your latest step back."""
    return _step(request, code, page, back=True)


@require_POST
def step_redo(request: AuthedRequest, code: str, page: str) -> HttpResponse:
    """Make the step again that you took back last."""
    return _step(request, code, page, back=False)


def _step(request: AuthedRequest, code: str, page: str, *, back: bool) -> HttpResponse:
    design = design_for(request.user, code, to=Can.DESIGN)
    if page not in PAGES:
        raise Http404
    act = services.undo if back else services.redo
    try:
        result = changed(request, design, lambda: act(design, by=request.user, at=timezone.now()))
    except Refused as refused:
        return PAGES[page](request, refused.design, status=refused.status, problem=refused.problem)
    words = _("Undone: %(step)s.") if back else _("Done again: %(step)s.")
    messages.success(request, words % {"step": result.label})
    address = reverse(f"courses:{page}", args=[code])
    return HttpResponseClientRedirect(address) if wants_fragment(request) else SeeOther(address)
