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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blendedu.kit.fragment import SeeOther, fragment, wants_fragment
from blendedu.kit.numbers import number_in
from courses.queries.limits import layers_above
from courses.sources import PROGRAMME_RANK
from courses.views.limits import Owner, limit_page, limits_page
from programmes import queries, services
from programmes.access import Can, course_in, may_link, programme_for, programmes_for
from programmes.ceilings import ceiling_of
from programmes.drawing import HeavyWeek, draw
from programmes.forms import AimsForm, CeilingForm, LoadQuery, OutcomeForm
from programmes.load import could_move
from programmes.queries.map import aims_page, map_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from programmes.models import Programme
    from programmes.queries.map import CourseAims


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


def _map_shown(
    request: AuthedRequest, programme: Programme, *, status: int = 200, **extra: Any
) -> HttpResponse:  # Any: template contexts hold anything
    context = {
        "programme": programme,
        "tab": "map",
        "page": map_page(programme),
        "can_manage": Can.MANAGE in programme.rights,
        "form": OutcomeForm(auto_id="new_%s"),
        "edited": None,
        "edit_form": None,
        "asked_to_remove": None,
        **extra,
    }
    return render(request, "programmes/map.html", context, status=status)


@require_GET
def map_(request: AuthedRequest, code: str) -> HttpResponse:
    """Which course works towards which outcome; `?edit=` and `?remove=` open a row, for who manages the programme."""
    programme = programme_for(request.user, code, to=Can.LOOK)
    edit, remove = (number_in(request.GET.get(name, "")) for name in ("edit", "remove"))
    wanted = edit or remove
    row = programme.outcomes.filter(pk=wanted).first() if wanted and Can.MANAGE in programme.rights else None
    if row is None:
        return _map_shown(request, programme)
    if remove is not None:
        return _map_shown(request, programme, asked_to_remove=row.pk)
    form = OutcomeForm(initial={"text": row.text, "was": row.text})
    return _map_shown(request, programme, edited=row.pk, edit_form=form)


@require_POST
def outcome_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Add an outcome of the programme."""
    programme = programme_for(request.user, code, to=Can.MANAGE)
    form = OutcomeForm(request.POST, auto_id="new_%s")
    if not form.is_valid():
        return _map_shown(request, programme, status=422, form=form)
    try:
        outcome = services.add_outcome(programme, text=form.cleaned_data["text"], actor=request.user, at=timezone.now())
    except services.AimRefused as refused:
        form.add_error(None, str(refused))
        return _map_shown(request, programme, status=422, form=form)
    messages.success(request, _("PLO%(number)s is added.") % {"number": outcome.number})
    return SeeOther(reverse("programmes:map", args=[programme.code]))


@require_POST
def outcome_edit(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Change the words of an outcome of the programme."""
    programme = programme_for(request.user, code, to=Can.MANAGE)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _map_shown(request, programme, status=422, edited=pk, edit_form=form)
    try:
        services.edit_outcome(programme, pk, **form.cleaned_data, actor=request.user, at=timezone.now())
    except services.StaleAims:
        return _stale_outcome(request, programme, pk, form.cleaned_data["text"])
    messages.success(request, _("The outcome is saved."))
    return SeeOther(f"{reverse('programmes:map', args=[programme.code])}#plo-{pk}")


def _stale_outcome(request: AuthedRequest, programme: Programme, pk: int, typed: str) -> HttpResponse:
    now = programme.outcomes.filter(pk=pk).first()
    if now is None:
        problem = _("This outcome was removed meanwhile, so nothing was changed.")
        return _map_shown(request, programme, status=409, problem=problem)
    form = OutcomeForm({"text": typed, "was": now.text})
    form.add_error(
        None,
        _("Somebody wrote “%(text)s” meanwhile. What you typed is still here: check, and save.") % {"text": now.text},
    )
    return _map_shown(request, programme, status=409, edited=pk, edit_form=form)


@require_POST
def outcome_remove(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take an outcome of the programme out, with the links to it."""
    programme = programme_for(request.user, code, to=Can.MANAGE)
    try:
        services.remove_outcome(programme, pk, actor=request.user, at=timezone.now())
    except services.StaleAims:
        problem = _("This outcome was removed meanwhile, so nothing was changed.")
        return _map_shown(request, programme, status=409, problem=problem)
    messages.success(request, _("The outcome is removed."))
    return SeeOther(reverse("programmes:map", args=[programme.code]))


@require_http_methods(["GET", "POST"])
def aims(request: AuthedRequest, code: str, course: str) -> HttpResponse:
    """What the outcomes of a course work towards: for its lecturers, and for who manages the programme."""
    programme = programme_for(request.user, code, to=Can.LOOK)
    found = course_in(request.user, programme, course, to_change=request.method == "POST")
    page = aims_page(programme, found)
    if request.method == "GET":
        return _aims_shown(request, programme, page, AimsForm(page, initial={"seen": page.seen}))
    form = AimsForm(page, request.POST)
    if not form.is_valid():
        return _aims_shown(request, programme, page, form, status=422)
    seen = form.cleaned_data["seen"]
    try:
        services.set_aims(programme, found, form.wanted, seen=seen, actor=request.user, at=timezone.now())
    except services.StaleAims:
        fresh = aims_page(programme, found)
        form = AimsForm(fresh, {**request.POST.dict(), "seen": fresh.seen})
        form.add_error(
            None, _("Somebody changed these links meanwhile. What you chose is still here: check, and save.")
        )
        return _aims_shown(request, programme, fresh, form, status=409)
    except services.AimRefused as refused:
        form.add_error(None, str(refused))
        return _aims_shown(request, programme, page, form, status=422)
    messages.success(request, _("The links of %(course)s are saved.") % {"course": found.title})
    return SeeOther(reverse("programmes:map", args=[programme.code]))


def _aims_shown(
    request: AuthedRequest, programme: Programme, page: CourseAims, form: AimsForm, *, status: int = 200
) -> HttpResponse:
    may_edit = may_link(programme, page.course)
    context = {"programme": programme, "tab": "map", "page": page, "form": form, "may_edit": may_edit}
    return render(request, "programmes/aims.html", context, status=status)


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


# --- Limits of the review rules -------------------------------------------------------------------------------------


def _owner(request: AuthedRequest, code: str, *, to: Can) -> Owner:
    programme = programme_for(request.user, code, to=to)
    return Owner(
        what=programme,
        kind="programme",
        name=programme.title,
        rank=PROGRAMME_RANK,
        courses=queries.courses_of(programme),
        inherited=layers_above(programme.unit, with_own=True),
        may_set=Can.MANAGE in programme.rights,
        templates="programmes",
        list_url=reverse("programmes:limits", args=[code]),
        rule_url=lambda rule: reverse("programmes:limit", args=[code, rule]),
        context={"programme": programme, "tab": "limits"},
    )


@require_GET
def limits(request: AuthedRequest, code: str) -> HttpResponse:
    """The rules by which the courses of a programme are judged."""
    return limits_page(request, _owner(request, code, to=Can.LOOK))


@require_http_methods(["GET", "POST"])
def limit(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """The limits of one rule for the courses of a programme."""
    to = Can.MANAGE if request.method == "POST" else Can.LOOK
    return limit_page(request, _owner(request, code, to=to), rule)
