"""The gradebook of a run, on pages of 100 students, and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from courses.access import Can, run_for
from courses.exchange import gradebook_csv
from courses.queries.gradebook import (
    assessed_offers,
    columns_of,
    former_rows_of,
    former_students_of,
    rows_of,
    students_of,
)

if TYPE_CHECKING:
    from django.core.paginator import Page

    from blendedu.kit.http import AuthedRequest
    from blendedu.people.models import Membership, User

PER_PAGE = 100


@never_cache
@require_GET
def gradebook(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Students by assessed offers; those who left are on a page of their own."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    offers = assessed_offers(run)
    number, left = request.GET.get("page"), request.GET.get("show") == "left"
    if left:
        former = Paginator(former_students_of(run, offers), PER_PAGE).get_page(number)
        page: Page[User] | Page[Membership] = former
        rows = former_rows_of(former, offers)
    else:
        current = Paginator(students_of(run), PER_PAGE).get_page(number)
        page = current
        rows = rows_of(current, offers)
    context = {
        "course": run.course,
        "tab": "runs",
        "run": run,
        "part": "gradebook",
        "teaches": True,
        "columns": columns_of(run, offers, at=timezone.now()),
        "page": page,
        "rows": rows,
        "left": left,
    }
    return render(request, "courses/gradebook.html", context)


@never_cache
@require_GET
def gradebook_export(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The whole gradebook as CSV, with everybody who ever took part."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    offers = assessed_offers(run)
    rows = [*rows_of(students_of(run), offers), *former_rows_of(former_students_of(run, offers), offers)]
    text = gradebook_csv.write(columns_of(run, offers, at=timezone.now()), rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(f"{code} {run.name}") or code}.csv"'
    return response
