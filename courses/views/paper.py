"""A course on paper: what to print of a design, the design as PDF, the course guide of a run as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from courses.access import Can, run_for
from courses.exchange.paper import dossier, guide
from courses.forms.paper import PaperForm
from courses.queries.frame import head_of
from courses.queries.guide import guide_of
from courses.queries.plan import placements_of, plan_from
from courses.views.studio.pages import asked_design

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest


@require_GET
def paper(request: AuthedRequest, code: str) -> HttpResponse:
    """Choose what to print of a design, and get it."""
    design = asked_design(request, code, to=Can.LOOK)
    form = PaperForm(request.GET) if "download" in request.GET else PaperForm()
    if form.is_bound and form.is_valid():
        now = timezone.now()
        placements = list(placements_of(design))
        plan = plan_from(design, placements)
        said = form.cleaned_data
        file = dossier.write(design, plan, placements, parts=said["parts"], paper=said["paper"], at=now)
        return _pdf(file, _("%(code)s version %(number)s") % {"code": code, "number": design.number})
    context = {
        "course": design.course,
        "design": design,
        "tab": "studio",
        "form": form,
        "runs": list(design.course.runs.order_by("-starts_on", "-pk")[:5]),
        "head": head_of(design.course, on=timezone.localdate(), design=design),
    }
    return render(request, "courses/paper.html", context, status=422 if form.is_bound else 200)


@require_GET
def course_guide(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The course guide of a run, for its students and for staff."""
    run = run_for(request.user, code, pk, to=Can.SEE)
    file = guide.write(guide_of(run), at=timezone.now())
    return _pdf(file, _("Course guide %(code)s %(run)s") % {"code": code, "run": run.name})


def _pdf(file: bytes, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=True, filename=f"{slugify(name)}.pdf")
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
