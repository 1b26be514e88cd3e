"""The people of a run: members who join and leave, and their groups."""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blendedu.kit.fragment import SeeOther, fragment
from courses.access import Can, run_for
from courses.forms.runs import DrawForm, GroupForm, JoinForm, MoveForm
from courses.grouping import groups_for
from courses.queries.people import (
    dealt,
    found_members,
    group_cards,
    group_is_gone,
    group_of,
    joining,
    member_is_gone,
    member_of,
    other_courses_of,
)
from courses.services import people

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.models import Run

PER_PAGE = 50


def _page(run: Run, part: str, **more: Any) -> dict[str, Any]:  # what a template shows
    return {"course": run.course, "tab": "runs", "run": run, "part": part, "teaches": True, **more}


# --- Members ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def run_members(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Who follows a run, 50 on a page; and more students, shown first and enrolled once that is confirmed."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    if request.method == "GET":
        return _members(request, run, JoinForm(), status=200)
    form = JoinForm(request.POST, request.FILES)
    if not form.is_valid() or form.proposal is None:
        return _members(request, run, form, status=422)
    faulty_refused = form.proposal.faults and not request.POST.get("leave_out")
    if request.POST.get("step") != "confirm" or faulty_refused:
        context = _page(run, "members", proposal=form.proposal, joining=joining(form.proposal.rows, run.cohort))
        refused = request.POST.get("step") == "confirm"
        context |= {"carried": [("students", form.proposal.text)], "refused": refused}
        return render(request, "courses/run_join.html", context, status=422 if refused else 200)
    enrolled = people.enrol(run.cohort, form.proposal.rows, by=request.user, at=timezone.now())
    messages.success(request, _joined_words(enrolled, len(form.proposal.rows)))
    return SeeOther(reverse("courses:run-members", args=[code, pk]))


def _joined_words(enrolled: people.Enrolled, listed: int) -> str:
    joined, already = listed - enrolled.already, enrolled.already
    said = ngettext("%(count)d student joined the run.", "%(count)d students joined the run.", joined)
    said = said % {"count": joined}
    if already:
        were = ngettext("%(count)d was in it already.", "%(count)d were in it already.", already)
        said = f"{said} {were % {'count': already}}"
    return said


def _members(request: AuthedRequest, run: Run, form: JoinForm, *, status: int) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:80]
    page = Paginator(found_members(run.cohort, search), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "courses/run_members.html", _page(run, "members", page=page, search=search, form=form), status=status
    )


@require_http_methods(["GET", "POST"])
def member_leave(request: AuthedRequest, code: str, pk: int, member: int) -> HttpResponse:
    """Ask, and then take a student out of the run; their work stays."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    membership = member_of(run.cohort, member)
    if membership is None:
        # The second of two clicks finds nobody; a number of another run is nobody's business.
        if request.method == "GET" or not member_is_gone(member):
            raise Http404
        messages.info(request, _("That student is not in this run any more."))
        return SeeOther(reverse("courses:run-members", args=[code, pk]))
    if request.method == "GET":
        others = other_courses_of(run.cohort, run.course)
        return render(request, "courses/run_leave.html", _page(run, "members", membership=membership, others=others))
    people.leave(membership, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s is no longer in this run. Their work is kept.") % {"name": membership.user})
    return SeeOther(reverse("courses:run-members", args=[code, pk]))


# --- Groups -------------------------------------------------------------------------------------------------------


def _board(run: Run, **more: Any) -> dict[str, Any]:  # what a template shows
    cards = group_cards(run.cohort)
    page = _page(run, "groups", cards=cards, others=other_courses_of(run.cohort, run.course))
    return {**page, "group_form": GroupForm(), "draw_form": DrawForm(initial={"seed": None}), **more}


@require_GET
def run_groups(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """The groups of a run with their members."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    return render(request, "courses/run_groups.html", _board(run))


@require_POST
def groups_move(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Put the ticked students into a group, or into none."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    form = MoveForm(request.POST, cohort=run.cohort)
    page = reverse("courses:run-groups", args=[code, pk])
    if not form.is_valid():
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        status = 422 if form.has_error("members", "required") else 409
        return fragment(request, "courses/run_groups.html", "board", _board(run, problem=problem), status=status)
    chosen, to = form.cleaned_data["members"], form.cleaned_data["to"]
    moved = people.move_members(run.cohort, [row.pk for row in chosen], to=to, by=request.user, at=timezone.now())
    words = ngettext("%(count)d student moved to %(group)s.", "%(count)d students moved to %(group)s.", moved)
    said = words % {"count": moved, "group": to.name if to else _("no group")}
    if not request.htmx:
        messages.success(request, said)
    return fragment(request, "courses/run_groups.html", "moved", _board(run, said=said), page=page)


@require_POST
def group_new(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Make an empty group."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    form = GroupForm(request.POST)
    if form.is_valid():
        try:
            people.add_group(run.cohort, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        except people.GroupRefused as refused:
            form.add_error("name", str(refused))
    if form.errors:
        return render(request, "courses/run_groups.html", _board(run, group_form=form), status=422)
    return SeeOther(reverse("courses:run-groups", args=[code, pk]))


@require_POST
def group_rename(request: AuthedRequest, code: str, pk: int, group: int) -> HttpResponse:
    """Give a group another name."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    renamed = group_of(run.cohort, group)
    if renamed is None:
        raise Http404
    form = GroupForm(request.POST, auto_id=f"group-{group}-%s")
    if form.is_valid():
        try:
            people.rename_group(renamed, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        except people.GroupRefused as refused:
            form.add_error("name", str(refused))
    if form.errors:
        problem = " ".join(str(error) for error in form.errors.get("name", []))
        return render(request, "courses/run_groups.html", _board(run, problem=problem), status=422)
    return SeeOther(reverse("courses:run-groups", args=[code, pk]) + f"#group-{group}")


@require_POST
def group_remove(request: AuthedRequest, code: str, pk: int, group: int) -> HttpResponse:
    """Take a group away, unless it has work."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    removed = group_of(run.cohort, group)
    if removed is None:
        if not group_is_gone(group):
            raise Http404
        messages.info(request, _("That group is gone already."))
        return SeeOther(reverse("courses:run-groups", args=[code, pk]))
    try:
        people.remove_group(removed, by=request.user, at=timezone.now())
    except people.GroupRefused as refused:
        return render(request, "courses/run_groups.html", _board(run, problem=str(refused)), status=409)
    messages.success(request, _("%(group)s is gone; its members are without a group.") % {"group": removed.name})
    return SeeOther(reverse("courses:run-groups", args=[code, pk]))


@require_http_methods(["GET", "POST"])
def groups_deal(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Divide everybody at random: a draw to look at, as often as wanted, and then the one that was shown."""
    run = run_for(request.user, code, pk, to=Can.TEACH)
    form = DrawForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return render(request, "courses/run_groups.html", _board(run, draw_form=form), status=422)
    seed = form.cleaned_data["seed"]
    seed = SystemRandom().randrange(2**31) if seed is None else seed
    count = _groups_wanted(run, form)
    if request.method == "GET":
        return _drawn(request, run, form, count=count, seed=seed, status=200)
    try:
        made = people.deal_groups(
            run.cohort,
            groups=count,
            seed=seed,
            expected=form.cleaned_data["expected"],
            by=request.user,
            at=timezone.now(),
        )
    except people.StaleGroups:
        return _drawn(request, run, form, count=count, seed=seed, status=409)
    words = ngettext("%(count)d group was made.", "%(count)d groups were made.", made)
    messages.success(request, words % {"count": made})
    return SeeOther(reverse("courses:run-groups", args=[code, pk]))


def _groups_wanted(run: Run, form: DrawForm) -> int:
    number: int = form.cleaned_data["number"]
    if form.cleaned_data["by"] == "count":
        return number
    return groups_for(found_members(run.cohort, "").count(), size=number)


def _drawn(request: AuthedRequest, run: Run, form: DrawForm, *, count: int, seed: int, status: int) -> HttpResponse:
    draw = dealt(run.cohort, groups=count, seed=seed)
    chosen = form.cleaned_data
    carried = [("by", chosen["by"]), ("number", chosen["number"]), ("seed", seed), ("expected", draw.fingerprint)]
    context = _page(run, "groups", draw=draw, carried=carried, chosen=chosen, conflict=status == 409)
    context["others"] = other_courses_of(run.cohort, run.course)
    return render(request, "courses/run_draw.html", context, status=status)
