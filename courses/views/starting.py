"""Where a design begins: the choices of a course without one, patterns, last year's design, a finished example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blendedu.kit.fragment import SeeOther
from courses.access import (
    Can,
    course_for,
    courses_where,
    design_for,
    own_pattern_for,
    pattern_for,
    patterns_for,
)
from courses.editions import KINDS, found_in_outline
from courses.exchange.patterns import finished_example
from courses.forms.exchange import CopyForm, InsertForm, PatternForm, PatternSearch, ShareForm
from courses.outline import shifted
from courses.queries.frame import head_of
from courses.queries.imports import in_the_works, week_count
from courses.queries.outline import board_of, outline_of
from courses.queries.patterns import coming_term, found_patterns, sources_for, units_above
from courses.services import designs
from courses.services import patterns as services
from courses.services.plan import NotEditable, PlanRefused, StalePlan

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.editions import Found
    from courses.models import Course, Design, Pattern
    from courses.outline import Outline
    from courses.queries.outline import SmallBoard

PER_PAGE = 12
FOUND_SHOWN = 60
Context = dict[str, Any]  # Any: template contexts hold anything


def _frame(course: Course, **more: Any) -> Context:  # Any: template contexts hold anything
    return {"course": course, "tab": "studio", "head": head_of(course, on=timezone.localdate()), **more}


# --- The library ----------------------------------------------------------------------------------------------------


@require_GET
def patterns(request: AuthedRequest, code: str | None = None) -> HttpResponse:
    """The library; with a course, to take something into its design."""
    course = course_for(request.user, code, to=Can.LOOK) if code else None
    form = PatternSearch(request.GET)
    said = form.cleaned_data if form.is_valid() else {"q": "", "whose": ""}
    rows = found_patterns(patterns_for(request.user), request.user, q=said["q"], whose=said["whose"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = [(pattern, _board(pattern), _address(pattern, course)) for pattern in page]
    context = {"form": form, "page": page, "shown": shown, "is_search": bool(said["q"] or said["whose"])}
    if course is None:
        return render(request, "courses/patterns.html", context)
    return render(request, "courses/patterns_of_course.html", _frame(course, **context))


@require_GET
def pattern(request: AuthedRequest, key: UUID) -> HttpResponse:
    """A pattern to look at, with the courses that it can be taken into."""
    found = pattern_for(request.user, key)
    mine = courses_where(request.user, to=Can.DESIGN)
    taught = [(course, reverse("courses:pattern-insert", args=[course.code, key])) for course in mine]
    return render(request, "courses/pattern.html", _about(found, user=request.user, taught=taught))


@require_http_methods(["GET", "POST"])
def pattern_insert(request: AuthedRequest, code: str, key: UUID) -> HttpResponse:
    """Take a pattern into the draft from a week on; Undo takes it back."""
    course = course_for(request.user, code, to=Can.DESIGN)
    found = pattern_for(request.user, key)
    draft = in_the_works(course)
    if request.method == "GET":
        return _insert_page(request, course, found, draft)
    form = InsertForm(request.POST, draft=draft)
    if not form.is_valid():
        return _insert_page(request, course, found, draft, form=form, status=422)
    try:
        services.take(
            found,
            course=course,
            draft=draft,
            first_week=form.cleaned_data.get("first_week") or 1,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except (designs.DraftExists, StalePlan):
        problem = _("The design was changed meanwhile. Nothing was taken: look how it stands now, and take it again.")
        return _insert_page(request, course, found, in_the_works(course), problem=problem, status=409)
    except NotEditable:
        problem = _("The version in the works is with the DigiCoach, so nothing can be added to it. Nothing was taken.")
        return _insert_page(request, course, found, draft, problem=problem, status=409)
    except PlanRefused as refused:
        return _insert_page(request, course, found, draft, form=form, problem=str(refused), status=422)
    _say_taken(request, found)
    return SeeOther(reverse("courses:studio", args=[code]))


@require_http_methods(["GET", "POST"])
def pattern_share(request: AuthedRequest, code: str, number: int) -> HttpResponse:
    """Share some weeks of a design, or some of its activities, with colleagues."""
    design = design_for(request.user, code, number, to=Can.DESIGN)
    outline = outline_of(design)
    given: Context = {
        "outline": outline,
        "patterns": patterns_for(request.user),
        "units": units_above(design.course.unit),
    }
    if request.method == "GET":
        return _share_page(request, design, ShareForm(**given, initial={"based_on": request.GET.get("based_on", "")}))
    form = ShareForm(request.POST, **given)
    if not form.is_valid():
        return _share_page(request, design, form, status=422)
    said = form.cleaned_data
    try:
        shared = services.share(
            form.piece,
            title=said["title"],
            summary=said["summary"],
            advice=said["advice"],
            licence=said["licence"],
            unit=form.unit,
            based_on=said["based_on"],
            with_questions=said["with_questions"],
            by=request.user,
            at=timezone.now(),
        )
    except services.BadPattern as bad:
        form.add_error(None, str(bad))
        return _share_page(request, design, form, status=422)
    messages.success(request, _("“%(title)s” is in the library now.") % {"title": shared.title})
    return SeeOther(reverse("courses:pattern", args=[shared.key]))


@require_http_methods(["GET", "POST"])
def pattern_edit(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Change what is said of a pattern of one's own."""
    found = own_pattern_for(request.user, key)
    units = units_above(found.unit) if found.unit else []
    audience = str(found.unit_id) if found.unit_id else "everybody"
    start = {name: getattr(found, name) for name in ("title", "summary", "advice", "licence")} | {"audience": audience}
    form = PatternForm(request.POST if request.method == "POST" else None, units=units, initial=start)
    if request.method == "GET":
        return _edit_page(request, found, form)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    values = {name: form.cleaned_data[name] for name in ("title", "summary", "advice", "licence")}
    try:
        services.edit(found, values={**values, "unit": form.unit}, by=request.user, at=timezone.now())
    except services.BadPattern as bad:
        form.add_error("licence", str(bad))
        return _edit_page(request, found, form, status=422)
    messages.success(request, _("Saved."))
    return SeeOther(reverse("courses:pattern", args=[key]))


@require_POST
def pattern_withdraw(request: AuthedRequest, key: UUID) -> HttpResponse:
    """Take a pattern of one's own out of the library."""
    found = own_pattern_for(request.user, key)
    services.withdraw(found, by=request.user, at=timezone.now())
    messages.success(
        request, _("“%(title)s” is out of the library. Designs that were made with it stay.") % {"title": found.title}
    )
    return SeeOther(reverse("courses:patterns"))


def _address(found: Pattern, course: Course | None) -> str:
    if course is not None and Can.DESIGN in course.rights:
        return reverse("courses:pattern-insert", args=[course.code, found.key])
    return reverse("courses:pattern", args=[found.key])


def _board(found: Pattern) -> SmallBoard | None:
    outline = services.read(found).outline
    return board_of(outline) if outline else None


def _about(found: Pattern, **more: Any) -> Context:  # Any: template contexts hold anything
    proposal = services.read(found)
    return {
        "pattern": found,
        "board": board_of(proposal.outline) if proposal.outline else None,
        "remarks": proposal.remarks,
        "links": [
            (names[link.source], names[link.target], link.note)
            for names in [{each.key: each.title for each in proposal.outline.activities}]
            for link in proposal.outline.links
        ]
        if proposal.outline
        else [],
        **more,
    }


def _insert_page(
    request: AuthedRequest,
    course: Course,
    found: Pattern,
    draft: Design | None,
    *,
    form: InsertForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = _frame(
        course,
        **_about(found, user=request.user),
        draft=draft,
        is_locked=draft is not None and not draft.is_editable,
        form=form or InsertForm(draft=draft, week_count=week_count(draft)),
        problem=problem,
    )
    return render(request, "courses/pattern_insert.html", context, status=status)


def _say_taken(request: AuthedRequest, found: Pattern) -> None:
    messages.success(request, _("“%(title)s” is in the design. Fill in its outcomes.") % {"title": found.title})
    remarks = services.read(found).remarks
    if remarks:
        words = ngettext(
            "One thing was changed: %(text)s", "%(count)s things were changed, first: %(text)s", len(remarks)
        )
        messages.warning(request, words % {"count": len(remarks), "text": remarks[0].text})


def _share_page(request: AuthedRequest, design: Design, form: ShareForm, *, status: int = 200) -> HttpResponse:
    context = _frame(design.course, design=design, form=form, found=_found(form.outline))
    return render(request, "courses/pattern_share.html", context, status=status)


def _edit_page(request: AuthedRequest, found: Pattern, form: PatternForm, *, status: int = 200) -> HttpResponse:
    return render(request, "courses/pattern_edit.html", {"pattern": found, "form": form}, status=status)


# --- Last year's design ---------------------------------------------------------------------------------------------


@require_GET
def copy_sources(request: AuthedRequest, code: str) -> HttpResponse:
    """The designs that this course may begin from: its own, and those of courses that one may look at."""
    course = course_for(request.user, code, to=Can.DESIGN)
    sources = sources_for(courses_where(request.user, to=Can.LOOK), course)
    page = Paginator(sources, 20).get_page(request.GET.get("page"))
    return render(request, "courses/copy_sources.html", _frame(course, page=page, draft=in_the_works(course)))


@require_http_methods(["GET", "POST"])
def design_copy(request: AuthedRequest, code: str, source: str, number: int) -> HttpResponse:
    """Begin as another design was, some weeks later or earlier."""
    course = course_for(request.user, code, to=Can.DESIGN)
    design = design_for(request.user, source, number, to=Can.LOOK)
    form = CopyForm(request.POST) if request.method == "POST" else None
    if form is None:
        return _copy_page(request, course, design)
    if not form.is_valid():
        return _copy_page(request, course, design, form=form, status=422)
    said = form.cleaned_data
    try:
        designs.copy_design(
            design, to=course, shift=said["shift"], weeks=said["weeks"], by=request.user, at=timezone.now()
        )
    except designs.DraftExists:
        messages.info(request, _("This course has a design in the works already. Here it is; nothing was copied."))
    except designs.BadWeeks as bad:
        form.add_error("weeks", str(bad))
        return _copy_page(request, course, design, form=form, status=422)
    else:
        messages.success(request, _("The design begins as %(source)s was.") % {"source": design.course.title})
    return SeeOther(reverse("courses:studio", args=[code]))


def _copy_page(
    request: AuthedRequest, course: Course, source: Design, *, form: CopyForm | None = None, status: int = 200
) -> HttpResponse:
    outline = outline_of(source)
    shift, count = _asked_shift(request, form, outline.last_week)
    moved = shifted(outline, shift, count=count)
    context = _frame(
        course,
        source=source,
        form=form or CopyForm(initial={"shift": shift, "weeks": count}),
        board=board_of(moved),
        shelved=_shelved(moved) - _shelved(outline),
        found=_found(outline),
        term=coming_term(course.unit, on=timezone.localdate(), count=count),
        draft=in_the_works(course),
    )
    return render(request, "courses/design_copy.html", context, status=status)


def _asked_shift(request: AuthedRequest, form: CopyForm | None, last_week: int) -> tuple[int, int]:
    """The shift and the number of weeks to preview: as sent, or as the address says."""
    tried = form or CopyForm({"shift": request.GET.get("shift", "0"), "weeks": request.GET.get("weeks", last_week)})
    if tried.is_valid():
        return tried.cleaned_data["shift"], tried.cleaned_data["weeks"]
    return 0, max(1, last_week)


def _shelved(outline: Outline) -> int:
    return sum(each.week is None for each in outline.activities)


def _found(outline: Outline) -> list[tuple[str, str, Found]]:
    return [(_(KINDS[one.found.kind]), one.where, one.found) for one in found_in_outline(outline)[:FOUND_SHOWN]]


# --- A finished example ---------------------------------------------------------------------------------------------


@require_GET
def example(request: AuthedRequest, code: str) -> HttpResponse:
    """A finished design to look at beside an empty one."""
    course = course_for(request.user, code, to=Can.LOOK)
    outline = finished_example()
    context: Context = {"title": outline.title, "board": board_of(outline)}
    if getattr(request, "htmx", None) and request.htmx.target == "panel":
        return render(request, "courses/example.html#beside", {"course": course, **context})
    return render(request, "courses/example.html", _frame(course, **context))
