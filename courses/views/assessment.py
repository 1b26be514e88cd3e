"""The plan of assessment and feedback: rows that are edited in place, weights, and the longest stretch without any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from blendedu.kit.fragment import fragment, wants_fragment
from blendedu.kit.numbers import number_in
from courses.access import Can, design_for, placement_for
from courses.forms.assessment import AssessmentForm, NewAssessmentForm, initial_row
from courses.queries.assessment import assessment_page, calendar_for
from courses.queries.plan import fingerprint, outcome_ids_of
from courses.services import plan as services
from courses.views.design_pages import Refused, changed, design_or_start, framed

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest
    from courses.facts import Plan
    from courses.models import Design, Placement

PAGE = "courses/assessment.html"
NEW_ID = "new_%s"  # an open row and the form for a new one stand on one page


def shown(
    request: AuthedRequest,
    design: Design,
    *,
    status: int = 200,
    plan: Plan | None = None,
    page: str | None = None,
    focus: str = "",
    edited: Placement | None = None,
    form: AssessmentForm | None = None,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    """The page; for htmx only its body. `edited` is the card whose row is open, with what was typed in `form`."""
    context = framed(request, design, "assessment", plan)
    known: Plan = context["plan"]
    calendar = calendar_for(design.course, known, on=timezone.localdate())
    if edited is not None and form is None:
        served = outcome_ids_of(edited)
        seen = fingerprint(edited.activity, served)
        form = AssessmentForm(known, initial=initial_row(edited, edited.activity, served, seen))
    drawn = assessment_page(known, calendar)
    # What is on the shelf, or not assessed (any more), has no row to be opened in.
    has_row = edited is not None and any(row.activity.placement_id == edited.pk for row in drawn.rows)
    context |= {
        "page": drawn,
        "apart": edited.activity.title if edited is not None and not has_row else "",
        "edited": edited.pk if edited is not None else None,
        "form": form,
        "new_form": NewAssessmentForm(
            known, initial={"version": known.version, "assessment": "summative"}, auto_id=NEW_ID
        ),
    } | extra
    response = fragment(request, PAGE, "body", context, status=status, page=page)
    if focus and wants_fragment(request):
        trigger_client_event(response, "focusOn", {"id": focus}, after="settle")
    return response


@require_GET
def assessment(request: AuthedRequest, code: str) -> HttpResponse:
    """What is assessed in the newest design, or in the one that `?design=` names; `?edit=` opens a row."""
    design = design_or_start(request, code)
    if isinstance(design, HttpResponse):
        return design
    edit = number_in(request.GET.get("edit", ""))
    if edit is None or Can.DESIGN not in design.rights or not design.is_editable:
        return shown(request, design)
    found = placement_for(request.user, code, edit, to=Can.DESIGN)
    return shown(request, design, edited=found if found.design_id == design.pk else None, focus="id_assessment")


@require_POST
def assessment_edit(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Save a row: how it is assessed, what it weighs, where it stands, who says something about it."""
    found = placement_for(request.user, code, pk, to=Can.DESIGN)
    design = found.design
    plan: Plan = framed(request, design, "assessment")["plan"]
    form = AssessmentForm(plan, request.POST)
    if not form.is_valid():
        return shown(request, design, status=422, plan=plan, edited=found, form=form)

    def edit() -> services.Changed:
        return services.update_activity(
            found,
            values=form.values,
            outcomes=form.outcome_ids,
            seen=form.cleaned_data["seen"],
            move=form.move,
            by=request.user,
            at=timezone.now(),
        )

    try:
        result = changed(request, design, edit)
    except services.BadActivity as bad:
        form.take_problems(bad.problems)
        return shown(request, design, status=422, plan=plan, edited=found, form=form)
    except Refused as refused:
        return _refused_row(request, refused, form, found)
    return _done(request, result, focus=f"edit-{pk}")


def _refused_row(request: AuthedRequest, refused: Refused, form: AssessmentForm, found: Placement) -> HttpResponse:
    plan: Plan = framed(request, refused.design, "assessment")["plan"]
    if not any(activity.placement_id == found.pk for activity in plan.activities):
        problem = _("This activity was removed meanwhile, so nothing was changed.")
        return shown(request, refused.design, status=refused.status, plan=plan, problem=problem)
    if refused.stale:
        # What was typed stays; sending it again is now a decision made with the fresh page in sight.
        now = placement_for(request.user, refused.design.course.code, found.pk, to=Can.DESIGN)
        served = outcome_ids_of(now)
        fresh = initial_row(now, now.activity, served, fingerprint(now.activity, served))
        data = request.POST.copy()
        data["seen"], data["at"] = fresh["seen"], fresh["at"]
        form = AssessmentForm(plan, data)
    form.add_error(None, refused.problem)
    return shown(request, refused.design, status=refused.status, plan=plan, edited=found, form=form)


@require_POST
def assessment_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Add something that is assessed."""
    design = design_for(request.user, code, to=Can.DESIGN)
    plan: Plan = framed(request, design, "assessment")["plan"]
    form = NewAssessmentForm(plan, request.POST, auto_id=NEW_ID)
    if not form.is_valid():
        return shown(request, design, status=422, plan=plan, new_form=form)

    def add() -> services.Changed:
        said = form.cleaned_data
        return services.add_activity(
            design,
            values=form.values,
            week=said["week"],
            moment=said["moment"],
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        )

    try:
        result = changed(request, design, add)
    except services.BadActivity as bad:
        form.take_problems(bad.problems)
        return shown(request, design, status=422, plan=plan, new_form=form)
    except Refused as refused:
        fresh: Plan = framed(request, refused.design, "assessment")["plan"]
        data = request.POST.copy()
        data["version"] = str(fresh.version)
        form = NewAssessmentForm(fresh, data, auto_id=NEW_ID)
        form.add_error(None, refused.problem)
        return shown(request, refused.design, status=refused.status, plan=fresh, new_form=form)
    return _done(request, result, focus=f"edit-{result.placement_pk}")


def _done(request: AuthedRequest, result: services.Changed, *, focus: str) -> HttpResponse:
    sentence = _("Done: %(step)s.") % {"step": result.label} if result.changed else _("Nothing was changed.")
    if not wants_fragment(request):
        messages.success(request, sentence)
    back = f"{reverse('courses:assessment', args=[result.design.course.code])}#{focus}"
    return shown(request, result.design, plan=result.plan, page=back, focus=focus, said=sentence)
