"""Programmes and their courses, for support staff."""

from __future__ import annotations

from django.contrib import admin

from programmes.models import CoursePlace, Programme


class CoursePlaceInline(admin.TabularInline):
    model = CoursePlace
    extra = 1
    autocomplete_fields = ("course",)


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ("code", "title", "unit", "credits")
    search_fields = ("code", "title")
    inlines = (CoursePlaceInline,)
