"""Limits of review rules: the list of all rules, and one rule with a preview. For courses, programmes and units alike.

Whose limits they are is an `Owner`; programmes and the institution make theirs and use the same two pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from blendedu.kit.fragment import SeeOther, fragment, wants_fragment
from blendedu.kit.numbers import number_in
from courses.access import Can, course_for
from courses.findings import GROUNDS, RULE_BY_ID
from courses.forms.findings import LimitForm, limits_shown
from courses.queries.frame import head_of
from courses.queries.limits import SoFar, course_alone, inherited_by, nearest, outlook
from courses.services import limits as services
from courses.sources import COURSE_RANK, Layer
from courses.spoken import bounds_said, voice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from blendedu.kit.http import AuthedRequest
    from courses.findings import Rule
    from courses.models import Course

SALT = "courses.limits.preview"
STATES = {
    "ok": gettext_lazy("kept"),
    "note": gettext_lazy("a note"),
    "warn": gettext_lazy("a hint"),
    "alert": gettext_lazy("a strong hint"),
    "not_applicable": gettext_lazy("nothing to judge"),
    "off": gettext_lazy("switched off"),
}


@dataclass(frozen=True)
class Owner:
    """Whose limits are looked at, for which courses they hold, and what its pages are made of."""

    what: services.Owner
    kind: str  # unit, programme or course
    name: str
    rank: int
    courses: QuerySet[Course]
    inherited: Iterable[Layer]  # what is set farther away from the courses
    may_set: bool
    templates: str  # the folder with limits.html and limit.html
    list_url: str
    rule_url: Callable[[str], str]
    context: dict[str, Any]  # Any: what the frame shows

    def layer(self, rule: str, band: dict[str, Any], *, off: bool) -> Layer:  # Any: as a limit holds it
        """The limits that this owner would set."""
        return Layer(self.kind, self.what.pk, self.name, self.rank, rule, band, off)


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the list."""

    rule: Rule
    measures: str
    ground: str
    band: str
    table: str  # the band of the table, where another one holds
    off: bool
    by: str  # who set what holds; empty for the table
    own: bool
    reason: str
    url: str


def _line(owner: Owner, rule: Rule, own: Layer | None) -> Line:
    with_voice = voice()
    layer = own or nearest(owner.inherited, rule.id)
    band = rule.band.revised(layer.band) if layer else rule.band
    return Line(
        rule=rule,
        measures=with_voice.translate(rule.measures),
        ground=with_voice.translate(GROUNDS[rule.evidence, rule.strength]),
        band=bounds_said(rule, band, with_voice),
        table=bounds_said(rule, rule.band, with_voice) if band != rule.band else "",
        off=bool(layer and layer.off),
        by="" if own else (layer.name if layer else ""),
        own=own is not None,
        reason=layer.reason if layer else "",
        url=owner.rule_url(rule.id),
    )


def _own_layers(owner: Owner) -> dict[str, Layer]:
    rows = (row for row in owner.what.rule_limits.all() if row.is_set)
    return {
        row.rule: Layer(
            owner.kind, owner.what.pk, owner.name, owner.rank, row.rule, row.band, row.switched_off, row.reason
        )
        for row in rows
    }


def limits_page(request: AuthedRequest, owner: Owner) -> HttpResponse:
    """All rules with the limits that hold, whence they come, and what they stand on."""
    own = _own_layers(owner)
    lines = [_line(owner, rule, own.get(rule.id)) for rule in RULE_BY_ID.values()]
    changed = request.GET.get("show") == "set"
    shown = [line for line in lines if line.own or line.by] if changed else lines
    context = {
        **owner.context,
        "owner": owner,
        "lines": shown,
        "only_set": changed,
        "all_count": len(lines),
        "set_count": sum(1 for line in lines if line.own or line.by),
    }
    return render(request, f"{owner.templates}/limits.html", context)


def limit_page(request: AuthedRequest, owner: Owner, rule_id: str) -> HttpResponse:
    """One rule: its limits, a preview of others, and setting, resetting and taking back."""
    rule = RULE_BY_ID.get(rule_id)
    if rule is None:
        raise Http404
    if request.method == "POST" and not _tries(request):
        return _change(request, owner, rule)
    row = services.limit_of(owner.what, rule.id)
    if request.method == "POST":
        form = LimitForm(rule, request.POST, trying=True)
        status = 200 if form.is_valid() else 422
    else:
        form, status = LimitForm(rule, initial=_initial(owner, rule)), 200
    return _limit_shown(request, owner, rule, form, status=status, version=row.version if row else 0)


def _tries(request: AuthedRequest) -> bool:
    return "try" in request.POST or "so_far" in request.POST


def _initial(owner: Owner, rule: Rule) -> dict[str, Any]:  # Any: as Django's forms
    row = services.limit_of(owner.what, rule.id)
    layer = nearest(owner.inherited, rule.id)
    if row is not None and row.is_set:
        band, off, reason = rule.band.revised(row.band), row.switched_off, row.reason
    else:
        band, off, reason = (rule.band.revised(layer.band) if layer else rule.band), bool(layer and layer.off), ""
    return {**limits_shown(band), "off": off, "reason": reason, "version": row.version if row else 0}


def _limit_shown(
    request: AuthedRequest,
    owner: Owner,
    rule: Rule,
    form: LimitForm,
    *,
    status: int = 200,
    **extra: Any,  # Any: template contexts hold anything
) -> HttpResponse:
    tried = form.is_bound and form.is_valid()
    said = form.said if tried else None
    seen, before, token = None, None, ""
    if said is not None:
        candidate = owner.layer(rule.id, said["band"], off=said["switched_off"])
        before = _so_far(candidate, request.POST.get("so_far", ""))
        seen = outlook(owner.courses, candidate, before=before)
        token = _token(candidate, seen.so_far)
    row = services.limit_of(owner.what, rule.id)
    own = _own_layers(owner).get(rule.id)
    context = {
        **owner.context,
        "owner": owner,
        "line": _line(owner, rule, own),
        "why": _(rule.why),
        "form": form,
        "outlook": seen,
        "going_on": before is not None,
        "so_far": token,
        "counts": [(STATES[state], *counts) for state, counts in seen.so_far.counts.items()] if seen else [],
        "flips": [(flip, STATES[flip.before], STATES[flip.after]) for flip in seen.flips] if seen else [],
        "row": row,
        "may_undo": row is not None and (row.version > 1 or row.is_set),
        **extra,
    }
    if wants_fragment(request):
        part = ("more" if before else "preview") if _tries(request) else "limit"
        return fragment(request, "courses/_limit.html", part, context, status=status)
    return render(request, f"{owner.templates}/limit.html", context, status=status)


def _about(candidate: Layer) -> list[Any]:  # Any: as JSON holds a band
    return [candidate.kind, candidate.owner, candidate.rule, candidate.band, candidate.off]


def _token(candidate: Layer, so_far: SoFar) -> str:
    """How far a preview of these limits is, for the page to send along; nobody can have written it but this server."""
    return dumps([_about(candidate), asdict(so_far)], salt=SALT, compress=True)


def _so_far(candidate: Layer, token: str) -> SoFar | None:
    """Where a preview goes on; None where it begins, also because other limits were typed meanwhile."""
    try:
        about, said = loads(token, salt=SALT)
    except BadSignature:
        return None
    if about != _about(candidate):
        return None
    counts = {state: (now, then) for state, (now, then) in said["counts"].items()}
    return SoFar(said["looked_at"], said["flipped"], counts)


def _change(request: AuthedRequest, owner: Owner, rule: Rule) -> HttpResponse:
    """Set, reset or take back; what holds for the courses concerned is resolved in the same transaction."""
    form = LimitForm(rule, request.POST)
    takes_away = "reset" in request.POST or "undo" in request.POST
    if not takes_away and not form.is_valid():
        return _limit_shown(request, owner, rule, form, status=422)
    at, seen = timezone.now(), number_in(request.POST.get("version", "")) or 0
    known: dict[str, Any] = {"kind": owner.kind, "courses": owner.courses, "seen": seen, "by": request.user, "at": at}
    try:
        if "undo" in request.POST:
            services.take_back(owner.what, rule.id, **known)
            sentence = _("Taken back: the limits are as they were before.")
        elif "reset" in request.POST:
            services.set_limit(owner.what, rule.id, said=services.NOT_SET, **known)
            sentence = _("Nothing of its own is set here any more.")
        else:
            services.set_limit(owner.what, rule.id, said=form.said, **known)
            sentence = _("These limits hold now.")
    except services.StaleLimit:
        problem = _("Somebody else changed these limits meanwhile. How they stand is below; nothing was changed.")
        fresh = LimitForm(rule, initial=_initial(owner, rule))
        if not takes_away:
            # What was typed stays; sending it again is now a decision made with the fresh limits in sight.
            typed = request.POST.copy()
            typed["version"] = str(fresh.initial["version"])
            fresh = LimitForm(rule, typed)
            problem += " " + _("What you typed is kept: set it again if it should hold.")
        return _limit_shown(request, owner, rule, fresh, status=409, problem=problem)
    except services.NothingBefore:
        problem = _("There is nothing to take back.")
        fresh = LimitForm(rule, initial=_initial(owner, rule))
        return _limit_shown(request, owner, rule, fresh, status=409, problem=problem)
    if not wants_fragment(request):
        messages.success(request, sentence)
        return SeeOther(owner.rule_url(rule.id))
    fresh = LimitForm(rule, initial=_initial(owner, rule))
    response = _limit_shown(request, owner, rule, fresh, sentence=sentence)
    # "Reset" goes with what it reset; the other two stay where they were pressed.
    focus = "limit-undo" if "undo" in request.POST else "limit-set"
    return trigger_client_event(response, "focusOn", {"id": focus}, after="settle")


# --- The limits of a course -----------------------------------------------------------------------------------------


def _owner(request: AuthedRequest, code: str, *, to: Can) -> Owner:
    course = course_for(request.user, code, to=to)
    return Owner(
        what=course,
        kind="course",
        name="",
        rank=COURSE_RANK,
        courses=course_alone(course),
        inherited=inherited_by(course),
        may_set=Can.DESIGN in course.rights,
        templates="courses",
        list_url=reverse("courses:limits", args=[code]),
        rule_url=lambda rule: reverse("courses:limit", args=[code, rule]),
        context={
            "course": course,
            "tab": "studio",
            "head": lambda: head_of(course, on=timezone.localdate()),
        },
    )


@require_GET
def limits(request: AuthedRequest, code: str) -> HttpResponse:
    """The rules by which this course is judged."""
    return limits_page(request, _owner(request, code, to=Can.LOOK))


@require_http_methods(["GET", "POST"])
def limit(request: AuthedRequest, code: str, rule: str) -> HttpResponse:
    """The limits of one rule for this course."""
    to = Can.DESIGN if request.method == "POST" else Can.LOOK
    return limit_page(request, _owner(request, code, to=to), rule)
