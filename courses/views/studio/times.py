"""Time on cards: what was understood while somebody types, the estimator, and what students report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from blendedu.kit.forms import DurationField
from blendedu.kit.templatetags.kit import minutes as written
from courses import workload
from courses.access import Can, course_for, design_for, placement_for
from courses.forms.estimate import FORMS, PREFIX, EstimateForm, offered, opened
from courses.forms.plan import VersionForm
from courses.queries.plan import fingerprint, hour_of, levels_in, outcome_ids_of
from courses.queries.times import basis_of, inputs_for, known_of, shown, way_for
from courses.services import plan as services
from courses.views.studio.pages import asked_design
from courses.views.studio.shown import STUDIO, attempt, changed_page, done, page_of, panel_shown, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from blendedu.kit.http import AuthedRequest
    from courses.forms.plan import ActivityForm
    from courses.models import Placement
    from courses.queries.studio import StudioPage
    from courses.views.studio.shown import Context

ESTIMATE = "courses/studio/estimate.html"


@require_GET
def time_read(request: AuthedRequest, code: str) -> HttpResponse:
    """A time as it was understood: `60-90` is 60 to 90 minutes and counts as 1 h 15."""
    course = course_for(request.user, code, to=Can.DESIGN)
    field = DurationField(required=False, teaching_hour=hour_of(course))
    said: Context
    try:
        said = {"duration": field.clean(request.GET.get("minutes", ""))}
    except ValidationError as error:
        said = {"problem": error.messages[0]}
    return render(request, f"{STUDIO}#time_read", said)


@require_http_methods(["GET", "POST"])
def placement_estimate(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """How long an activity takes, reckoned from what is in it. GET only reckons; POST plans the result."""
    found = placement_for(request.user, code, pk, to=Can.DESIGN)
    page = page_of(request, found.design)
    if not page.can_edit:
        return refused(request, page, _("This version is no draft, so it cannot be changed."), status=409)
    asked = request.POST if request.method == "POST" else request.GET
    way = asked.get("way", "")
    way = way if way in FORMS else way_for(found.activity)
    if request.method == "POST":
        return _use(request, page, found, FORMS[way](request.POST))
    form = FORMS[way](request.GET) if _has_inputs(asked) else opened(way, inputs_for(found.activity, way))
    said = _estimator(found, form)
    if getattr(request, "htmx", None) and request.htmx.target == "estimate-result":
        return render(request, f"{ESTIMATE}#result", {"course": page.course, "view": asked.get("view", ""), **said})
    return panel_shown(request, page, **said)


def _use(request: AuthedRequest, page: StudioPage, found: Placement, form: EstimateForm) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if not form.is_valid():
        return panel_shown(request, page, status=422, **(_estimator(found, form) | {"seen": seen}))
    result = attempt(
        request,
        found.design,
        lambda: services.use_estimate(
            found, method=form.method, inputs=form.inputs, seen=seen, by=request.user, at=page.at
        ),
        panel=lambda fresh: _estimator(_again(found), form),
    )
    if isinstance(result, HttpResponse):
        return result
    now = next(row for row in result.placements if row.pk == found.pk)
    sentence = _("“%(title)s” is planned with %(minutes)s.") % {
        "title": now.activity.title,
        "minutes": written(now.activity.minutes),
    }
    return done(request, changed_page(request, result), sentence, **_estimator(now, form), just_used=True)


def _estimator(found: Placement, form: EstimateForm) -> Context:
    """What the panel shows: the ways, the form of one of them, and its result as soon as there is one."""
    activity = found.activity
    valid = form.is_bound and form.is_valid()
    # What a service has just read again says itself what it serves.
    served = levels_in(found) if hasattr(found, "served") else outcome_ids_of(found)
    return {
        "panel": "estimate",
        "placement": found,
        "activity": activity,
        "form": form,
        "ways": [(key, _(way.title)) for key, way in workload.WAYS.items()],
        "result": shown(form.estimate, form.method, form.inputs) if valid else None,
        "inputs": [(f"{PREFIX}-{name}", value) for name, value in form.inputs.items()] if valid else [],
        "in_use": valid and activity.estimate.get("minutes") == form.estimate.minutes == activity.minutes,
        "basis": basis_of(activity),
        "seen": fingerprint(activity, served),
    }


def offer_for(form: ActivityForm, sent: Mapping[str, str]) -> Context:
    """What the add form offers while nobody has said a time: the estimate of type, settings and a few numbers."""
    offer = offered(form.kind.estimated_by, known_of(form.kind, form.settings_so_far), sent)
    valid = offer.is_valid()
    estimated = "estimated" in sent and valid
    return {
        "offer": offer,
        "offer_result": shown(offer.estimate, offer.method, offer.inputs) if valid else None,
        "time_said": _time_said(form, usual=None if estimated else form.kind.defaults.minutes),
        "estimated": estimated,
    }


def _time_said(form: ActivityForm, *, usual: int | None) -> bool:
    """Whether the time is somebody's own; what every activity of a type begins with is nobody's."""
    field, value = form.fields["minutes"], form["minutes"].value()
    try:
        said = field.clean(field.prepare_value(value))
    except ValidationError:
        return True
    return said is not None and (said.is_range or said.minutes != usual)


def _has_inputs(asked: QueryDict) -> bool:
    return any(name.startswith(f"{PREFIX}-") for name in asked)


def _again(found: Placement) -> Any:  # Any: a placement, as it is now
    found.refresh_from_db()
    return found


# --- What students report -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def times_reported(request: AuthedRequest, code: str) -> HttpResponse:
    """What students of all runs report beside what is planned; POST plans with it, all that was chosen as one step."""
    if request.method == "GET":
        return panel_shown(request, page_of(request, asked_design(request, code, to=Can.LOOK)), "reported")
    design = design_for(request.user, code, to=Can.DESIGN)
    version = VersionForm(request.POST)
    page = page_of(request, design)
    known = {row.value: row for row in page.reported if row.can_use}
    wanted = request.POST.getlist("card")
    chosen = [known[value] for value in wanted if value in known]
    if not wanted:
        problem = _("Choose the activities whose reported time you want to plan.")
        return refused(request, page, problem, status=422, panel="reported")
    if len(chosen) != len(wanted):
        problem = _("Students have reported more since this list was drawn. You see it as it is now.")
        return refused(request, page, problem, status=409, panel="reported")
    result = attempt(
        request,
        design,
        lambda: services.use_reported(
            design,
            {row.pk: (row.reported or 0, row.count) for row in chosen},
            by=request.user,
            version=version.cleaned_data["version"] if version.is_valid() else -1,
            at=page.at,
        ),
        panel=lambda fresh: {"panel": "reported"},
    )
    if isinstance(result, HttpResponse):
        return result
    sentence = ngettext(
        "%(count)s activity is planned with the time that students report.",
        "%(count)s activities are planned with the time that students report.",
        len(chosen),
    ) % {"count": len(chosen)}
    return done(request, changed_page(request, result), sentence, offer_undo=True, panel="reported", just_used=True)
