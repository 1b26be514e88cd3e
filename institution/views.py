"""The pages of the institution's policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blendedu.kit.fragment import SeeOther, fragment, wants_fragment
from courses.queries.limits import courses_below, layers_above
from courses.views.limits import Owner, limit_page, limits_page
from institution import queries, services
from institution.access import Can, Desk, desk_for, rule_for, unit_for, unit_read_by
from institution.drawing import bar_of, draw, marks_of
from institution.forms import DemandForm, RuleForm, UnitForm, initial_from
from institution.preview import preview_of, was_tried

if TYPE_CHECKING:
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from blendedu.people.models import Unit
    from institution.models import PolicyRule
    from institution.queries import UnitSettings

COURSES_A_PAGE = 25


@require_GET
def policy(request: AuthedRequest) -> HttpResponse:
    """The rules in force, those to come, and how many courses keep them."""
    desk = desk_for(request.user, to=Can.READ)
    today = timezone.localdate()
    book = queries.rule_book(desk.reads, on=today)
    subjects = queries.subjects_in(desk.looks, on=today) if desk.looks else []
    looks = Can.LOOK in desk.rights
    context = {
        "desk": desk,
        "book": book,
        "rules": [
            draw(rule, queries.outlook(rule.demand, rule.unit, subjects) if looks else None) for rule in book.in_force
        ],
        "courses": len(subjects),
        "form": DemandForm(units=queries.units_below(desk.announces)) if Can.ANNOUNCE in desk.rights else None,
    }
    return render(request, "institution/policy.html", context)


@require_GET
def rule(request: AuthedRequest, pk: int) -> HttpResponse:
    """One version of a rule: what it asks and why, its history, and the courses that break it or come close."""
    shown, desk = rule_for(request.user, pk, to=Can.READ)
    return render(request, "institution/rule.html", _rule_page(request, shown, desk))


@require_http_methods(["GET", "POST"])
def rule_new(request: AuthedRequest) -> HttpResponse:
    """Write a new rule, try it, announce it."""
    desk = desk_for(request.user, to=Can.ANNOUNCE)
    return _write_rule(request, desk, before=None)


@require_http_methods(["GET", "POST"])
def rule_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """Write the next version of a rule, try it, announce it."""
    before, desk = rule_for(request.user, pk, to=Can.ANNOUNCE)
    if before.withdrawn_on or not before.live:
        return _stale(request, before, desk)
    return _write_rule(request, desk, before=before)


@require_POST
def rule_withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    """End a rule today."""
    shown, desk = rule_for(request.user, pk, to=Can.ANNOUNCE)
    try:
        services.withdraw_rule(shown, actor=request.user, at=timezone.now(), on=timezone.localdate())
    except services.StaleRule:
        return _stale(request, shown, desk)
    messages.success(request, _("“%(title)s” is withdrawn. Its history stays.") % {"title": shown.title})
    return SeeOther(reverse("institution:policy"))


@require_GET
def settings(request: AuthedRequest) -> HttpResponse:
    """What holds for each unit: its teaching hour, and how large a small change is."""
    desk = desk_for(request.user, to=Can.SET)
    return render(request, "institution/settings.html", {"rows": queries.settings_of(desk.announces)})


@require_http_methods(["GET", "POST"])
def unit_settings(request: AuthedRequest, pk: int) -> HttpResponse:
    """Set what holds for one unit and everything below it."""
    unit = unit_for(request.user, pk, to=Can.SET)
    if request.method == "GET":
        return _unit_page(request, unit)
    form = UnitForm(request.POST, held=_settings_of(unit))
    if not form.is_valid():
        return _unit_page(request, unit, form=form, status=422)
    try:
        at_once = services.set_unit(
            unit,
            teaching_hour=form.cleaned_data["teaching_hour"],
            small_change_percent=form.cleaned_data["small_change_percent"],
            seen=form.seen,
            actor=request.user,
            at=timezone.now(),
        )
    except services.StaleUnit:
        return _unit_page(request, unit, status=409, stale=True)
    done = _("“%(unit)s” is set.") if at_once else _("“%(unit)s” is set. Its courses follow within minutes.")
    messages.success(request, done % {"unit": unit})
    return SeeOther(reverse("institution:settings"))


def _unit_page(
    request: AuthedRequest, unit: Unit, *, form: UnitForm | None = None, status: int = 200, stale: bool = False
) -> HttpResponse:
    held = _settings_of(unit)
    context = {"held": held, "unit": unit, "form": form or UnitForm(held=held), "stale": stale}
    return render(request, "institution/unit_settings.html", context, status=status)


def _settings_of(unit: Unit) -> UnitSettings:
    return next(row for row in queries.settings_of([unit]) if row.unit.pk == unit.pk)


def _write_rule(request: AuthedRequest, desk: Desk, *, before: PolicyRule | None) -> HttpResponse:
    if request.method == "POST" and "announce" in request.POST:
        return _announce(request, desk, before)
    asked = request.POST if request.method == "POST" else request.GET
    known = {name: value for name, value in asked.items() if name in RuleForm.base_fields}
    units = queries.units_below(desk.announces)
    form = RuleForm(units=units, today=timezone.localdate(), initial=known or initial_from(before))
    # While somebody is still typing, nothing is wrong with a limit that is not there yet.
    begun = bool(str(known.get("limit", "")).strip()) if wants_fragment(request) else bool(known or before)
    page = _rule_form_page(form, DemandForm(form.initial, units=units) if begun else None, before, asked.get("page"))
    # The small form on the page of all rules asks by GET; it tries a rule, and goes on to this page to announce it.
    page["announcing"] = request.method == "POST" or not wants_fragment(request)
    status = 422 if page["problems"] else 200
    return fragment(request, "institution/rule_form.html", "preview", page, status=status)


def _announce(request: AuthedRequest, desk: Desk, before: PolicyRule | None) -> HttpResponse:
    units = queries.units_below(desk.announces)
    form = RuleForm(request.POST, units=units, today=timezone.localdate())
    if form.is_valid() and not was_tried(request.POST.get("tried", ""), form.demand, form.cleaned_data["unit"]):
        form.add_error(
            None, _("What you changed since the preview has not been tried. Look at the new preview, then announce.")
        )
    if not form.is_valid():
        page = _rule_form_page(form, DemandForm(request.POST, units=units), before)
        return render(request, "institution/rule_form.html", page, status=422)
    try:
        announced = _announced(form, request, before)
    except services.AlreadyAnnounced as twice:
        announced = twice.rule
    except services.StaleRule:
        return _stale(request, before, desk) if before else SeeOther(reverse("institution:policy"))
    messages.success(
        request,
        _("“%(title)s” is announced. The DigiCoaches of courses that break it are told.") % {"title": announced.title},
    )
    return SeeOther(reverse("institution:rule", args=[announced.pk]))


def _announced(form: RuleForm, request: AuthedRequest, before: PolicyRule | None) -> PolicyRule:
    data = form.cleaned_data
    return services.announce_rule(
        data["unit"],
        title=data["title"],
        reason=data["reason"],
        demand=form.demand,
        force=data["force"],
        valid_from=data["valid_from"],
        actor=request.user,
        at=timezone.now(),
        supersedes=before,
        series=data["series"],
    )


def _rule_form_page(
    form: RuleForm, demand_form: DemandForm | None, before: PolicyRule | None, page: str | None = None
) -> dict[str, Any]:  # Any: a template context
    preview = None
    if demand_form is not None and demand_form.is_valid():
        unit = demand_form.cleaned_data["unit"]
        preview = preview_of(
            demand_form.demand, unit, on=timezone.localdate(), units=[unit, *_also(before)], before=before
        )
    return {
        "form": form,
        "problems": demand_form if demand_form is not None and not demand_form.is_valid() else None,
        "preview": preview,
        "marks": marks_of(preview.outlook) if preview else None,
        "bar": bar_of(preview.outlook) if preview else None,
        "announcing": True,
        "named": Paginator(preview.outlook.worth_naming, COURSES_A_PAGE).get_page(page) if preview else None,
        "before": before,
        "url": reverse("institution:rule-edit", args=[before.pk]) if before else reverse("institution:rule-new"),
    }


def _also(before: PolicyRule | None) -> list[Unit]:
    return [before.unit] if before is not None else []


def _rule_page(request: AuthedRequest, shown: PolicyRule, desk: Desk) -> dict[str, Any]:  # Any: a template context
    today = timezone.localdate()
    versions = list(queries.versions_of(shown.series))
    found = None
    if desk.may(Can.LOOK, shown):
        subjects = queries.subjects_in(desk.looks, on=today, demand=shown.demand, within=shown.unit)
        found = queries.outlook(shown.demand, shown.unit, subjects)
    return {
        "rule": draw(shown, found),
        "versions": versions,
        "latest": versions[0],
        "today": today,
        "named": Paginator(found.worth_naming, COURSES_A_PAGE).get_page(request.GET.get("page")) if found else None,
        "can_announce": desk.may(Can.ANNOUNCE, shown) and shown.live and not shown.withdrawn_on,
    }


def _stale(request: AuthedRequest, shown: PolicyRule, desk: Desk) -> HttpResponse:
    """Nothing was changed: somebody was faster. The page shows what holds now."""
    page = {**_rule_page(request, shown, desk), "stale": True}
    return render(request, "institution/rule.html", page, status=409)


# --- Limits of the review rules -------------------------------------------------------------------------------------


def _owner(request: AuthedRequest, pk: int) -> Owner:
    unit, may_set = unit_read_by(request.user, pk)
    if request.method == "POST" and not may_set:
        raise PermissionDenied
    return Owner(
        what=unit,
        kind="unit",
        name=unit.name,
        rank=unit.path.count("/"),
        courses=courses_below(unit),
        inherited=layers_above(unit),
        may_set=may_set,
        templates="institution",
        list_url=reverse("institution:limits", args=[pk]),
        rule_url=lambda rule: reverse("institution:limit", args=[pk, rule]),
        context={"unit": unit},
    )


@require_GET
def limits(request: AuthedRequest, pk: int) -> HttpResponse:
    """The rules by which the courses of a unit and below are judged."""
    return limits_page(request, _owner(request, pk))


@require_http_methods(["GET", "POST"])
def limit(request: AuthedRequest, pk: int, rule: str) -> HttpResponse:
    """The limits of one rule for the courses of a unit and below."""
    return limit_page(request, _owner(request, pk), rule)
