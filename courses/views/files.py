"""Files that people handed in: sent to whoever may have them, and never run by a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.access import attempt_file_for

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

    from blendedu.kit.http import AuthedRequest

# SECURITY: a file that somebody else made. Whatever it holds, it has no scripts, no forms and no origin of ours.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# What a browser may be told that it is; anything else is bytes to be saved.
HARMLESS = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/", "audio/", "text/plain", "text/vtt")


def serve(file_field: FieldFile, name: str, content_type: str, *, inline: bool = False) -> FileResponse:
    """Send a stored file under the name that its person gave it; to be saved, unless `inline` and harmless.

    The caller has fetched the row through `access`: there is no right checked here.
    """
    try:
        stored = file_field.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is not there any more.")) from None
    harmless = content_type.startswith(HARMLESS)
    shown = content_type if harmless or content_type == "application/pdf" else "application/octet-stream"
    # Django writes the name by RFC 6266: plain where it can be, encoded where it cannot.
    response = FileResponse(stored, as_attachment=not (inline and harmless), filename=name, content_type=shown)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def attempt_file(request: AuthedRequest, code: str, pk: int) -> FileResponse:
    """A file of a submission, for those who made it and the lecturers of the course."""
    file = attempt_file_for(request.user, code, pk)
    return serve(file.file, file.name, file.content_type)
