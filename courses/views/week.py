"""My week, and the questions that students ask for class."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from blendedu.kit.fragment import SeeOther
from courses.access import seat_for
from courses.calendar import monday_of
from courses.forms.week import ClassQuestionForm, WeekForm
from courses.queries import week as week_queries
from courses.services import class_questions

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest


@never_cache
@require_GET
def week(request: AuthedRequest) -> HttpResponse:
    """What to prepare, where to be and what to follow up this week, over all courses."""
    now = timezone.now()
    form = WeekForm(request.GET)
    today = timezone.localdate()
    monday = form.monday() if form.is_valid() else None
    this_monday = monday_of(today)
    monday = monday or this_monday
    context = {
        "week": week_queries.week_of(request.user, monday, at=now),
        "is_now": monday == this_monday,
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "at": now,
    }
    return render(request, "courses/week.html", context, status=200 if form.is_valid() else 422)


@require_POST
def class_question(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Ask something that the lecturer reads before the session."""
    now = timezone.now()
    seat, run_offer = seat_for(request.user, code, pk, at=now)
    if not seat.can_act or not seat.activity.type.timed:
        raise PermissionDenied
    form = ClassQuestionForm(request.POST)
    page = reverse("courses:activity", args=[code, pk])
    if not form.is_valid():
        return render(request, "courses/class_question.html", {"form": form, "seat": seat, "page": page}, status=422)
    if now > seat.offer.due_at:
        form.add_error(None, _("This session is over. What you wrote is still here; ask it in the next one."))
        return render(request, "courses/class_question.html", {"form": form, "seat": seat, "page": page}, status=409)
    class_questions.ask(run_offer, author=request.user, text=form.cleaned_data["text"], at=now)
    return SeeOther(f"{page}#questions")
