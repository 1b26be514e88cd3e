"""Designs that come from elsewhere, and go there: files, pasted tables, exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities.services.storing import NotStored
from activities.words import why_not
from blendedu.kit.fragment import SeeOther
from courses.access import Can, course_for, design_for, import_for
from courses.exchange import package, reading
from courses.exchange.proposal import Kind, Remark
from courses.forms.exchange import ColumnsForm, FileForm, PasteForm, TakeForm
from courses.queries.frame import head_of
from courses.queries.imports import imports_of, in_the_works, week_count
from courses.queries.outline import board_of, materials_of, outline_of
from courses.queries.plan import hour_of
from courses.services import imports
from courses.services.designs import DraftExists
from courses.services.plan import NotEditable, PlanRefused, StalePlan

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http.response import HttpResponseBase

    from blendedu.kit.http import AuthedRequest
    from courses.models import Course, Design, DesignImport

ROWS_SHOWN = 6


# --- Out ----------------------------------------------------------------------------------------------------------


@require_GET
def design_export(request: AuthedRequest, code: str, number: int, kind: str) -> HttpResponseBase:
    """A version of the design as a file; with the files of its activities as a ZIP, made while it is sent."""
    design = design_for(request.user, code, number, to=Can.LOOK)
    response: HttpResponseBase
    if kind == "zip":
        pieces = package.write(outline_of(design), materials_of(design))
        response = StreamingHttpResponse(pieces, content_type="application/zip")
    elif kind in reading.WRITERS:
        write, content_type = reading.WRITERS[kind]
        response = HttpResponse(write(outline_of(design)), content_type=content_type)
    else:
        raise Http404
    name = slugify(f"{code} {design.course.title} {_('version')} {number}")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


# --- In -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def design_import(request: AuthedRequest, code: str) -> HttpResponse:
    """Choose a file; what was read is shown before anything is taken."""
    course = course_for(request.user, code, to=Can.DESIGN)
    if request.method == "GET":
        return _sources(request, course)
    form = FileForm(request.POST, request.FILES, teaching_hour=hour_of(course))
    if not form.is_valid():
        return _sources(request, course, file_form=form, status=422)
    file = form.cleaned_data["file"]
    try:
        return _proposed(request, course, file.name or _("a file"), form.read, source=file)
    except NotStored as error:
        form.add_error("file", why_not(error))
        return _sources(request, course, file_form=form, status=422)


@require_POST
def table_paste(request: AuthedRequest, code: str) -> HttpResponse:
    """Take a table from the clipboard; what was guessed is shown before anything is taken."""
    course = course_for(request.user, code, to=Can.DESIGN)
    form = PasteForm(request.POST, teaching_hour=hour_of(course))
    if not form.is_valid():
        return _sources(request, course, paste_form=form, status=422)
    return _proposed(request, course, _("Pasted table"), form.read)


@require_GET
def import_page(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """What was read: what is taken, changed and left out; and how to take it."""
    imported = import_for(request.user, code, pk, to=Can.LOOK)
    if imported.taken_at is None and Can.DESIGN not in imported.course.rights:
        raise PermissionDenied  # somebody's open work; only the report of what was taken concerns others
    return _shown(request, imported)


@require_POST
def import_columns(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Correct what the columns hold."""
    imported = import_for(request.user, code, pk, to=Can.DESIGN)
    form = _columns_form(imported, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _shown(request, imported, columns=form, status=422)
    try:
        imports.set_columns(imported, form.columns, has_header=form.cleaned_data["has_header"])
    except imports.AlreadyTaken:
        messages.info(request, _("This was taken already; its columns stay as they were."))
    return SeeOther(_address(imported))


@require_POST
def import_take(request: AuthedRequest, code: str, pk: int) -> HttpResponse:
    """Take it: as a new design, added to the draft, or in its place. Undo takes it back."""
    imported = import_for(request.user, code, pk, to=Can.DESIGN)
    draft = in_the_works(imported.course)
    form = TakeForm(request.POST, draft=draft)
    if not form.is_valid():
        return _shown(request, imported, take=form, status=422)
    said = form.cleaned_data
    try:
        design = imports.take(
            imported,
            how=said["how"],
            design=draft,
            first_week=said.get("first_week") or 1,
            version=said["version"],
            by=request.user,
            at=timezone.now(),
        )
    except imports.AlreadyTaken:
        messages.info(request, _("This was taken already, once. Here is its report."))
        return SeeOther(_address(imported))
    except (DraftExists, StalePlan):
        problem = _("The design was changed meanwhile. Nothing was taken: look how it stands now, and take it again.")
        return _shown(request, imported, problem=problem, status=409)
    except NotEditable:
        problem = _("The version in the works is with the DigiCoach, so nothing can be added to it. Nothing was taken.")
        return _shown(request, imported, problem=problem, status=409)
    except PlanRefused as refused:
        return _shown(request, imported, take=form, problem=str(refused), status=422)
    except NotStored as error:
        return _shown(request, imported, take=form, problem=why_not(error), status=503)
    messages.success(request, _("“%(name)s” is taken. The report stays with its import.") % {"name": imported.name})
    return SeeOther(reverse("courses:studio", args=[design.course.code]))


def _proposed(
    request: AuthedRequest, course: Course, name: str, read: reading.Read, *, source: UploadedFile[Any] | None = None
) -> HttpResponse:
    imported = imports.propose(course, name, read, source=source, by=request.user, at=timezone.now())
    return SeeOther(_address(imported))


def _address(imported: DesignImport) -> str:
    return reverse("courses:import", args=[imported.course.code, imported.pk])


def _frame(course: Course, **more: Any) -> dict[str, Any]:  # Any: template contexts hold anything
    return {"course": course, "tab": "studio", "head": head_of(course, on=timezone.localdate()), **more}


def _sources(
    request: AuthedRequest,
    course: Course,
    *,
    file_form: FileForm | None = None,
    paste_form: PasteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _frame(
        course,
        file_form=file_form or FileForm(auto_id="file_%s"),
        paste_form=paste_form or PasteForm(auto_id="paste_%s"),
        imports=imports_of(course),
        draft=in_the_works(course),
    )
    return render(request, "courses/design_import.html", context, status=status)


def _columns_form(imported: DesignImport, data: Any = None) -> ColumnsForm | None:  # Any: what was sent
    if "table" not in imported.proposal:
        return None
    rows = imported.proposal["table"]["rows"]
    header = tuple(rows[0]) if imported.proposal["has_header"] else ()
    initial = {"has_header": imported.proposal["has_header"]}
    return ColumnsForm(data, columns=imported.proposal["columns"], header=header, initial=initial)


def _shown(
    request: AuthedRequest,
    imported: DesignImport,
    *,
    columns: ColumnsForm | None = None,
    take: TakeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    draft = in_the_works(imported.course)
    proposal = reading.proposal_of(imported.proposal)
    remarks = [Remark.from_json(said) for said in imported.report]
    table = imported.proposal.get("table")
    context = _frame(
        imported.course,
        imported=imported,
        format=reading.FORMATS.get(imported.format, imported.format),
        board=board_of(proposal.outline) if proposal.outline else None,
        problems=[remark for remark in remarks if remark.kind == Kind.PROBLEM],
        changed=[remark for remark in remarks if remark.kind == Kind.CHANGED],
        left_out=[remark for remark in remarks if remark.kind == Kind.LEFT_OUT],
        columns=columns or _columns_form(imported),
        rows=[(line, row) for line, row in zip(table["lines"], table["rows"], strict=True)][:ROWS_SHOWN]
        if table
        else [],
        row_count=len(table["rows"]) if table else 0,
        files=imported.proposal.get("files", ()),
        draft=draft,
        is_open=imported.taken_at is None and Can.DESIGN in imported.course.rights,
        is_locked=_is_locked(draft),
        take=take or TakeForm(draft=draft, week_count=week_count(draft)),
        problem=problem,
    )
    return render(request, "courses/import.html", context, status=status)


def _is_locked(draft: Design | None) -> bool:
    return draft is not None and not draft.is_editable
