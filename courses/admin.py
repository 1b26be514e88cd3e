"""Courses and who teaches and coaches them, for support staff. What is in a course is made in the Studio."""

from __future__ import annotations

from django.contrib import admin

from courses.models import Course, Teaching


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
    inlines = (TeachingInline,)
