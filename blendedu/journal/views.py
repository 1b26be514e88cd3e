"""The inbox and the bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from blendedu.journal.access import notice_for
from blendedu.journal.forms import RhythmForm
from blendedu.journal.queries import notices_of, unread_count
from blendedu.journal.services.notices import mark_read
from blendedu.kit.fragment import SeeOther

if TYPE_CHECKING:
    from blendedu.kit.http import AuthedRequest

NOTICES_PER_PAGE = 25


def _inbox(request: AuthedRequest, form: RhythmForm, *, status: int = 200) -> HttpResponse:
    page = Paginator(notices_of(request.user), NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "journal/inbox.html", {"page": page, "form": form}, status=status)


@never_cache
@require_GET
def inbox(request: AuthedRequest) -> HttpResponse:
    """Everything this person was told, newest first."""
    return _inbox(request, RhythmForm(instance=request.user))


@require_GET
def bell(request: AuthedRequest) -> HttpResponse:
    """The number on the bell, asked again and again: answered with 304 while it is the same."""
    count = unread_count(request.user)
    tag = f'"bell-{request.user.pk}-{count}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = render(request, "components/bell_count.html", {"count": count})
    # Kept by this browser only, and asked about each time.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    return response


@require_POST
def inbox_read(request: AuthedRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_read(request.user, None, at=timezone.now())
    return SeeOther(reverse("journal:inbox"))


@require_POST
def notice_open(request: AuthedRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about; it is read then."""
    notice = notice_for(request.user, pk)
    mark_read(request.user, [notice.pk], at=timezone.now())
    return SeeOther(notice.url or reverse("journal:inbox"))


@require_POST
def rhythm(request: AuthedRequest) -> HttpResponse:
    """Choose how often mail comes."""
    form = RhythmForm(request.POST, instance=request.user)
    if not form.is_valid():
        return _inbox(request, form, status=422)
    form.save()
    return redirect("journal:inbox")
