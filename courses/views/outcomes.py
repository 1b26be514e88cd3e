"""Outcomes: their words, and the matrix of what serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther
from blendedu.kit.numbers import number_in
from courses.access import Can, design_for
from courses.forms.outcomes import OutcomeForm, VersionForm
from courses.queries.frame import head_of
from courses.queries.outcomes import outcomes_page
from courses.queries.plan import plan_of
from courses.services import plan as services

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Design


def _shown(request: AuthedRequest, design: Design, *, status: int = 200, **extra: Any) -> HttpResponse:  # forms
    plan = plan_of(design)
    may_edit = Can.DESIGN in design.rights and design.is_editable
    context = {
        "course": design.course,
        "design": design,
        "tab": "outcomes",
        "head": head_of(design.course, on=timezone.localdate(), design=design, weeks=len(plan.weeks)),
        "page": outcomes_page(plan),
        "may_edit": may_edit,
        "form": OutcomeForm(initial={"version": plan.version}),
        "edited": None,
        **extra,
    }
    return render(request, "courses/outcomes.html", context, status=status)


@require_GET
def outcomes(request: AuthedRequest, code: str) -> HttpResponse:
    """The outcomes of the newest design, or of the one that `?design=` names."""
    design = design_for(request.user, code, number_in(request.GET.get("design", "")), to=Can.LOOK)
    edit = number_in(request.GET.get("edit", ""))
    row = design.outcomes.filter(pk=edit).first() if edit is not None else None
    if row is None:
        return _shown(request, design)
    form = OutcomeForm(initial={"version": design.plan_version, "text": row.text, "level": row.level})
    return _shown(request, design, form=form, edited=row.pk)


@require_POST
def outcome_add(request: AuthedRequest, code: str) -> HttpResponse:
    """Add an outcome."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = OutcomeForm(request.POST)

    def add() -> None:
        said = form.cleaned_data
        services.add_outcome(
            design, text=said["text"], level=said["level"], by=request.user, version=said["version"], at=timezone.now()
        )

    return _done(request, design, form, add)


@require_POST
def outcome_edit(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Change the words or the level of an outcome."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = OutcomeForm(request.POST)

    def edit() -> None:
        said = form.cleaned_data
        services.edit_outcome(
            design,
            pk,
            text=said["text"],
            level=said["level"],
            by=request.user,
            version=said["version"],
            at=timezone.now(),
        )

    return _done(request, design, form, edit, edited=pk)


@require_POST
def outcome_remove(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take an outcome out; the Studio's Undo brings it back."""
    design = design_for(request.user, code, to=Can.DESIGN)
    form = VersionForm(request.POST)

    def remove() -> None:
        services.remove_outcome(design, pk, by=request.user, version=form.cleaned_data["version"], at=timezone.now())

    return _done(request, design, form, remove)


def _done(
    request: AuthedRequest,
    design: Design,
    form: OutcomeForm | VersionForm,
    act: Callable[[], None],
    edited: int | None = None,
) -> HttpResponse:
    shown = {"form": form, "edited": edited} if isinstance(form, OutcomeForm) else {}
    if not form.is_valid():
        return _shown(request, design, status=422, **shown)
    try:
        act()
    except services.StalePlan:
        fresh = design_for(request.user, design.course.code, design.number, to=Can.LOOK)
        if isinstance(form, OutcomeForm):
            # What was typed stays; sending it again is now a decision made with the fresh page in sight.
            form = OutcomeForm({**request.POST.dict(), "version": fresh.plan_version})
            form.add_error(
                None, _("Somebody changed the design meanwhile. What you typed is still here: check, and save again.")
            )
            return _shown(request, fresh, status=409, form=form, edited=edited)
        return _shown(
            request, fresh, status=409, problem=_("Somebody changed the design meanwhile. Look, and try again.")
        )
    except services.NotEditable:
        return _shown(request, design, status=409, problem=_("This version is not a draft, so it cannot be changed."))
    except services.PlanRefused as refused:
        if isinstance(form, OutcomeForm):
            form.add_error(None, str(refused))
            return _shown(request, design, status=422, **shown)
        return _shown(request, design, status=422, problem=str(refused))
    return SeeOther(reverse("courses:outcomes", args=[design.course.code]))
