"""Addresses of the plan of assessment and feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from courses.views import assessment

if TYPE_CHECKING:
    from django.urls import URLPattern

PAGE = "courses/<slug:code>/assessment/"

urlpatterns: list[URLPattern] = [
    path(PAGE, assessment.assessment, name="assessment"),
    path(f"{PAGE}add/", assessment.assessment_add, name="assessment-add"),
    path(f"{PAGE}<int:pk>/edit/", assessment.assessment_edit, name="assessment-edit"),
]
