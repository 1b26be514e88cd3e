"""Courses and who teaches and coaches them, for support staff. What is in a course is made in the Studio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from courses.models import Course, Teaching
from courses.services import framework

if TYPE_CHECKING:
    from django.http import HttpRequest


class TeachingInline(admin.TabularInline):
    model = Teaching
    extra = 1
    autocomplete_fields = ("user",)


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    list_display = ("code", "title", "unit", "credits", "coach")
    list_filter = ("unit",)
    list_select_related = ("unit", "coach")
    search_fields = ("code", "title")
    autocomplete_fields = ("unit", "coach")
    exclude = ("framework", "answered")
    inlines = (TeachingInline,)

    def save_model(
        self, request: HttpRequest, obj: Course, form: Any, change: bool
    ) -> None:  # as the admin declares it
        super().save_model(request, obj, form, change)
        framework.resolve([obj])  # a course that is new, or has another unit now
