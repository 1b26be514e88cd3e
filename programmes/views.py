"""The pages of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther, fragment, wants_fragment
from programmes import queries, services
from programmes.access import Can, programme_for, programmes_for
from programmes.ceilings import ceiling_of
from programmes.drawing import HeavyWeek, draw
from programmes.forms import CeilingForm, LoadQuery
from programmes.load import could_move

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from programmes.models import Programme


@require_GET
def programme_list(request: AuthedRequest) -> HttpResponse:
    """The programmes that this person has to do with."""
    programmes = queries.with_sizes(programmes_for(request.user))
    return render(request, "programmes/list.html", {"programmes": programmes})


@require_GET
def overview(request: AuthedRequest, code: str) -> HttpResponse:
    """The courses of a programme, term by term."""
    programme = programme_for(request.user, code, to=Can.LOOK)
    terms = queries.courses_by_term(programme, on=timezone.localdate())
    return render(request, "programmes/overview.html", {"programme": programme, "tab": "overview", "terms": terms})


@require_GET
def load(request: AuthedRequest, code: str) -> HttpResponse:
    """Study load per week over the parallel courses; with a week in the address, what makes its hours."""
    programme = programme_for(request.user, code, to=Can.LOOK)
    page = load_page(programme, request.GET)
    if wants_fragment(request):
        return fragment(request, "programmes/load.html", "table", page)
    return render(request, "programmes/load.html", page)


@require_POST
def ceiling_change(request: AuthedRequest, code: str) -> HttpResponse:
    """Set the hours that the programme agreed on."""
    programme = programme_for(request.user, code, to=Can.MANAGE)
    form = CeilingForm(request.POST)
    if not form.is_valid():
        return render(request, "programmes/load.html", {**load_page(programme, {}), "form": form}, status=422)
    services.change_ceiling(programme, hours=form.cleaned_data["hours"], actor=request.user, at=timezone.now())
    messages.success(request, _("The ceiling is %(hours)s h a week now.") % form.cleaned_data)
    return SeeOther(reverse("programmes:load", args=[programme.code]))


def load_page(programme: Programme, query: Mapping[str, Any]) -> dict[str, Any]:  # Any: request data, template context
    """The context of the study load page; Http404 for a term, cohort, week or course that is not in it."""
    asked = LoadQuery(query)
    if not asked.is_valid():
        raise Http404
    today = timezone.localdate()
    ceiling = ceiling_of(programme, on=today)
    term, cohort, week, course = (asked.cleaned_data[name] for name in ("term", "cohort", "week", "course"))
    try:
        found = queries.load_of(programme, on=today, ceiling=ceiling, term_id=term, cohort_id=cohort)
        choice = found.choice_of(week, course)
    except queries.NotThere:
        raise Http404 from None
    heavy = [HeavyWeek(week, could_move(found.items_of(week.monday), week.excess)) for week in found.table.over]
    return {
        "programme": programme,
        "tab": "load",
        "found": found,
        "ceiling": ceiling,
        "picture": draw(found.table, heavy),
        "choice": choice,
        "address": _address(found),
        "coachless_count": sum(1 for row in found.table.rows if not row.course.has_coach),
        "form": CeilingForm(initial={"hours": programme.week_hours_max}),
        "can_manage": Can.MANAGE in programme.rights,
    }


def _address(found: queries.TermLoad) -> str:
    """The query that leads back to this term and cohort."""
    parts = {"term": found.term, "cohort": found.cohort}
    return urlencode({name: each.pk for name, each in parts.items() if each is not None})
