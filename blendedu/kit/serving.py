"""Sending stored files: whole or in part, so that a player can seek, and never run by a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files.base import File
    from django.db.models.fields.files import FieldFile
    from django.http import HttpRequest, HttpResponseBase

# SECURITY: a file that somebody else made. Whatever it holds, it has no scripts, no forms and no origin of ours.
POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# What a player in the page needs; everything else is saved and not shown.
PLAYED = ("video/", "audio/", "text/vtt")
# What a browser may be told that a file is; anything else is just bytes.
NAMED = (*PLAYED, "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv", "application/pdf")
CHUNK = 64 * 1024
A_MONTH = 30 * 24 * 3600


def serve(
    request: HttpRequest, stored: FieldFile, *, name: str, content_type: str, inline: bool = False, keep: bool = False
) -> HttpResponseBase:
    """Answer with a stored file, or with the part of it that was asked for, under the name that its person gave it.

    `inline` lets video, sound and captions play in the page; `keep` lets the browser keep what never changes. The
    caller has checked the right. Raises Http404 when the file is gone from the disk.
    """
    try:
        file = stored.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is not there any more.")) from None
    size = file.size
    part = _asked_part(request, size, tag=_tag(stored))
    response: HttpResponseBase
    if part is None:
        response = FileResponse(file)
        response["Content-Length"] = str(size)
    elif part.start >= part.stop:
        file.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
    else:
        response = StreamingHttpResponse(_read(file, part), status=206)
        response["Content-Length"] = str(len(part))
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    response["Content-Type"] = content_type if content_type.startswith(NAMED) else "application/octet-stream"
    shown = inline and content_type.startswith(PLAYED)
    disposition = content_disposition_header(as_attachment=not shown, filename=name)
    if disposition:
        response["Content-Disposition"] = disposition
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(stored)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={A_MONTH}, immutable" if keep else "private, no-store"
    return response


def _tag(stored: FieldFile) -> str:
    # A stored file is written once under a name of its own and never changed.
    return '"' + (stored.name or "").rpartition("/")[2] + '"'


def _asked_part(request: HttpRequest, size: int, *, tag: str) -> range | None:
    """The bytes of a Range header; None for the whole file, an empty range for what the file does not have.

    One range only (RFC 9110 lets a server ignore the rest): players ask for nothing else.
    """
    asked = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", "").replace(" ", ""))
    if asked is None or asked.groups() == ("", "") or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _read(file: File[bytes], part: range) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = len(part)
        while left:
            chunk = file.read(min(CHUNK, left))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk
