"""Files that belong to an activity: where lecturers put them. How they reach students is in `files`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities.uploads import BadFile
from activities.words import why_not
from blendedu.kit.fragment import SeeOther
from courses.access import Can, placement_for
from courses.forms.materials import MaterialForm
from courses.queries.frame import head_of
from courses.queries.materials import files_of
from courses.services import materials as service
from courses.services.plan import NotEditable, StalePlan

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Placement

REMOVED = "material_removed"


@require_http_methods(["GET", "POST"])
def materials(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The files of an activity in a draft: look, put, replace."""
    placement = _placement(request, code, pk)
    if request.method == "GET":
        return _page(request, placement)
    kind = request.POST.get("kind", "")
    if kind not in placement.activity.type.takes_files:
        raise Http404
    form = MaterialForm(kind, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, placement, form, status=422)
    try:
        service.put_material(placement, kind=kind, **form.cleaned_data, by=request.user, at=timezone.now())
    except service.TooMany:
        form.add_error("file", _("There are as many files as can be here. Remove one first."))
    except BadFile as error:
        form.add_error("file", why_not(error))
    except (NotEditable, StalePlan):
        form.add_error(None, _("This version was changed or approved meanwhile. The file is not kept."))
    if form.errors:
        return _page(request, placement, form, status=409)
    _forget_removed(request)
    return SeeOther(_url(placement))


@require_POST
def material_remove(request: AuthedRequest, code: str, pk: int, material: int) -> HttpResponse:
    """Take a file away; the page that comes offers to put it back."""
    placement = _placement(request, code, pk)
    try:
        name, token = service.remove_material(placement, material, by=request.user, at=timezone.now())
    except service.NoSuchMaterial:
        raise Http404 from None
    except (NotEditable, StalePlan):
        return _page(request, placement, refused=_("This version was changed or approved meanwhile."), status=409)
    request.session[REMOVED] = {"placement": placement.pk, "name": name, "token": token}
    return SeeOther(_url(placement))


@require_POST
def material_back(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Put a file back that was taken away."""
    placement = _placement(request, code, pk)
    try:
        service.put_back(placement, request.POST.get("token", ""), by=request.user, at=timezone.now())
    except service.NoSuchMaterial:
        refused = _("This file cannot be put back any more. Upload it again.")
        return _page(request, placement, refused=refused, status=409)
    except service.TooMany:
        refused = _("There are as many files as can be here. Remove one first.")
        return _page(request, placement, refused=refused, status=409)
    except (NotEditable, StalePlan):
        return _page(request, placement, refused=_("This version was changed or approved meanwhile."), status=409)
    _forget_removed(request)
    return SeeOther(_url(placement))


def _placement(request: AuthedRequest, code: str, pk: int) -> Placement:
    placement = placement_for(request.user, code, pk, to=Can.LOOK if request.method == "GET" else Can.DESIGN)
    if not placement.activity.type.takes_files:
        raise Http404
    return placement


def _page(
    request: AuthedRequest,
    placement: Placement,
    bound: MaterialForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    if request.method != "GET":
        # It may be drawn after a copy was made, or after somebody else changed it: read the placement again.
        placement = placement_for(request.user, placement.design.course.code, placement.pk, to=Can.LOOK)
    may_change = placement.design.is_editable and Can.DESIGN in placement.design.rights
    context = {
        "placement": placement,
        "activity": placement.activity,
        "course": placement.design.course,
        "tab": "studio",
        "head": head_of(placement.design.course, on=timezone.localdate(), design=placement.design),
        "sections": [
            (section, bound if bound is not None and bound.kind == section.kind else MaterialForm(section.kind))
            for section in files_of(placement.activity)
        ],
        "may_change": may_change,
        "refused": refused,
        "removed": _removed_from(request, placement),
    }
    return render(request, "courses/materials.html", context, status=status)


def _removed_from(request: AuthedRequest, placement: Placement) -> dict[str, Any] | None:  # Any: what the session holds
    """The file that this person took away last, if it was here: it can be put back."""
    removed = request.session.get(REMOVED)
    return removed if removed and removed["placement"] == placement.pk else None


def _forget_removed(request: AuthedRequest) -> None:
    request.session.pop(REMOVED, None)


def _url(placement: Placement) -> str:
    return reverse("courses:materials", args=[placement.design.course.code, placement.pk])
