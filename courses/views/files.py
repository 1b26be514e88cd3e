"""Stored files of a course: sent to whoever may have them, and never run by a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import Material
from blendedu.kit.serving import serve
from courses.access import attempt_file_for, material_for

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from blendedu.kit.http import AuthedRequest

PLAYED = {Material.Kind.CLIP, Material.Kind.CAPTIONS}


@require_safe
def attempt_file(request: AuthedRequest, code: str, pk: int) -> HttpResponseBase:
    """A file of a submission, for those who made it and the lecturers of the course."""
    file = attempt_file_for(request.user, code, pk)
    return serve(request, file.file, name=file.name, content_type=file.content_type)


@require_safe
def material(request: AuthedRequest, code: str, pk: int) -> HttpResponseBase:
    """A clip, its captions or a text. It never changes under its address, so a browser may keep it."""
    file = material_for(request.user, code, pk, at=timezone.now())
    inline = file.kind in PLAYED
    return serve(request, file.file, name=file.name, content_type=file.content_type, inline=inline, keep=True)
