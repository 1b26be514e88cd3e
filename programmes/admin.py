"""Programmes and their courses, for support staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from courses.models import Course
from courses.services import framework
from programmes.models import CoursePlace, Programme

if TYPE_CHECKING:
    from django.http import HttpRequest


class CoursePlaceInline(admin.TabularInline):
    model = CoursePlace
    extra = 1
    autocomplete_fields = ("course",)


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ("code", "title", "unit", "credits")
    search_fields = ("code", "title")
    inlines = (CoursePlaceInline,)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:  # as the admin declares it
        programme: Programme = form.instance
        concerned = set(programme.course_places.values_list("course_id", flat=True))
        super().save_related(request, form, formsets, change)
        concerned |= set(programme.course_places.values_list("course_id", flat=True))
        # The limits of the programme hold for the courses in it, and for those that left no more.
        framework.resolve(Course.objects.filter(pk__in=concerned).select_related("unit"))
