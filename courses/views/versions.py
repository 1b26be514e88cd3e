"""The versions of a course: what there is, any two side by side, a new draft from an older one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther
from blendedu.kit.numbers import number_in
from courses.access import Can, course_for, design_for, designs_for
from courses.queries.frame import head_of
from courses.queries.versions import Comparison, VersionList, version_lines
from courses.services import designs

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Course


@require_GET
def versions(request: AuthedRequest, code: str) -> HttpResponse:
    """Every version with who made and approved it, and the choice of two to compare."""
    return _shown(request, course_for(request.user, code, to=Can.LOOK))


def _shown(request: AuthedRequest, course: Course, *, status: int = 200, **extra: Any) -> HttpResponse:  # contexts
    listed = VersionList(version_lines(course))
    context = {
        "course": course,
        "tab": "review",
        "head": head_of(course, on=timezone.localdate()),
        "versions": listed,
        "can_restore": Can.DESIGN in course.rights,
        **extra,
    }
    return render(request, "courses/versions.html", context, status=status)


@require_GET
def version_compare(request: AuthedRequest, code: str) -> HttpResponse:
    """Two versions side by side: what came, went, moved and changed; the address can be shared."""
    numbers = [number_in(request.GET.get(name, "")) for name in ("from", "to")]
    if None in numbers:
        raise Http404
    old, new = designs_for(request.user, code, *(number for number in numbers if number is not None), to=Can.LOOK)
    comparison = Comparison(old, new)
    context = {
        "course": new.course,
        "design": new,
        "tab": "review",
        "head": head_of(new.course, on=timezone.localdate(), design=new, weeks=len(comparison.new_plan.weeks)),
        "comparison": comparison,
        "as_board": request.GET.get("view") == "board",
    }
    return render(request, "courses/version_compare.html", context)


@require_POST
def version_restore(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """Begin a new draft as this version was; nothing that exists is touched."""
    design = design_for(request.user, code, number, to=Can.DESIGN)
    try:
        draft = designs.next_version(design, by=request.user, at=timezone.now())
    except designs.DraftExists:
        return _shown(request, design.course, status=409, refused=design)
    said = {"number": draft.number, "old": number}
    messages.success(request, _("Version %(number)s begins as version %(old)s was.") % said)
    return SeeOther(reverse("courses:studio", args=[code]))
